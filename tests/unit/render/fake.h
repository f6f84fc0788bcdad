/* fake.h: results and schemas made by hand, so that shapes are tested without a database and without the schema compiler. */
#ifndef TESTS_RENDER_FAKE_H
#define TESTS_RENDER_FAKE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "render/shape_node.h"

struct db_result {
    int n;
    struct {
        const char *name;
        uint32_t type;
        const char *value; /* of the only row; NULL is NULL */
    } columns[16];
};

struct schema {
    unsigned types;
    enum schema_format format;
    const struct schema *items;
    bool sealed;
    unsigned marks;
    struct {
        const char *name;
        const struct schema *schema;
        bool required;
    } properties[16];
};

int db_rows(const struct db_result *result)
{
    (void)result;
    return 1;
}

int db_columns(const struct db_result *result)
{
    return result->n;
}

struct str db_column_name(const struct db_result *result, int column)
{
    return str_of(result->columns[column].name);
}

uint32_t db_column_type(const struct db_result *result, int column)
{
    return result->columns[column].type;
}

bool db_is_null(const struct db_result *result, int row, int column)
{
    assert_int_equal(row, 0);
    return !result->columns[column].value;
}

struct str db_value(const struct db_result *result, int row, int column)
{
    assert_int_equal(row, 0);
    return str_of(result->columns[column].value);
}

bool db_text(const struct db_result *result, int row, int column, struct str *ret)
{
    *ret = db_value(result, row, column);
    return !db_is_null(result, row, column);
}

unsigned schema_types(const struct schema *schema)
{
    return schema->types;
}

enum schema_format schema_format(const struct schema *schema)
{
    return schema->format;
}

bool schema_is_sealed(const struct schema *schema)
{
    return schema->sealed;
}

unsigned schema_marks(const struct schema *schema)
{
    return schema->sealed ? MARKS_SEALED : schema->marks;
}

const struct schema *schema_items(const struct schema *schema)
{
    return schema->items;
}

bool schema_property_at(const struct schema *schema, size_t i, struct str *ret_name, const struct schema **ret_property)
{
    if (!schema->properties[i].name)
        return false;
    *ret_name = str_of(schema->properties[i].name);
    *ret_property = schema->properties[i].schema;
    return true;
}

const struct schema *schema_property(const struct schema *schema, struct str name)
{
    for (size_t i = 0; schema->properties[i].name; i++)
        if (str_eq(name, str_of(schema->properties[i].name)))
            return schema->properties[i].schema;
    return NULL;
}

bool schema_requires(const struct schema *schema, struct str name)
{
    for (size_t i = 0; schema->properties[i].name; i++)
        if (str_eq(name, str_of(schema->properties[i].name)))
            return schema->properties[i].required;
    return false;
}

/* What sealed columns of the row are opened with; NULL opens nothing. */
static const struct seal *fake_seal;

static const struct schema text_schema = {.types = TYPE_STRING}, text_or_null = {.types = TYPE_STRING | TYPE_NULL},
                           uuid_schema = {.types = TYPE_STRING, .format = FORMAT_UUID},
                           integer_schema = {.types = TYPE_INTEGER}, number_schema = {.types = TYPE_NUMBER},
                           any_schema = {.types = TYPE_ANY};

/* A row whose only column is sealed, as it is stored: under that label, by that key. */
static inline struct db_result sealed_row(struct arena *a, const struct seal *seal, const char *column, const char *label, const char *json)
{
    return (struct db_result){1, {{column, DB_BYTEA, seal_close(seal, a, str_of(label), str_of(json)).p}}};
}

/* Compiles, which must succeed, and writes the only row by one of the writers. */
static inline void expect_row(const struct db_result *result, const struct schema *record, enum shape_kind kind,
                              void (*write)(const struct shape *, const struct db_result *, int, struct buf *), const char *expected)
{
    struct shape *shape;
    struct error err = {.code = ERR_NONE};
    struct buf b;

    buf_init(&b, 65536);
    if (!shape_new(result, record, kind, fake_seal, &shape, &err))
        fail_msg("refused: %s", err.argument);
    write(shape, result, 0, &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    assert_string_equal(b.p, expected);
    buf_done(&b);
    shape_free(shape);
}

#endif
