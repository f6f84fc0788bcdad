/* shape.c: compiles columns and a record's schema into a shape, and refuses what does not agree. Knows nothing of rows. */
#include "render/shape_node.h"

#include <stdlib.h>

enum { SHAPE_DEPTH_MAX = 8, KEYS_BYTES_MAX = 1 << 20 };

/* An object whose members are being added. */
struct level {
    size_t node;
    struct str path;             /* "title" in "title.es"; empty for the record */
    const struct schema *schema; /* NULL: nothing is checked */
};

struct making {
    const struct db_result *columns;
    struct shape *shape;
    const struct schema *record;
    enum shape_kind kind;
    struct level open[SHAPE_DEPTH_MAX];
    size_t depth; /* levels that are open */
    struct error *err;
};

static bool refuse(const struct making *m, struct str name, const char *reason)
{
    return error_set(m->err, ERR_CONTRACT, "column %.*s: %s", STR_ARG(name), reason);
}

/* Whether name is path, or below it. */
static bool is_within(struct str name, struct str path)
{
    return str_starts(name, path) && (path.n == 0 || name.n == path.n || name.p[path.n] == '.');
}

/* Whether one of the first n columns is path, or below it. */
static bool has_column(const struct making *m, int n, struct str path)
{
    for (int column = 0; column < n; column++)
        if (is_within(db_column_name(m->columns, column), path))
            return true;
    return false;
}

/* Whether some column is the member of that name in the object of that level, or below it. */
static bool has_member(const struct making *m, const struct level *level, struct str name)
{
    size_t start = level->path.n ? level->path.n + 1 : 0;

    for (int column = 0; column < db_columns(m->columns); column++) {
        struct str whole = db_column_name(m->columns, column);
        if (is_within(whole, level->path) && whole.n > start && is_within(str_skip(whole, start), name))
            return true;
    }
    return false;
}

static bool check_required(const struct making *m, const struct level *level)
{
    struct str name;
    const struct schema *property;

    for (size_t i = 0; level->schema && schema_property_at(level->schema, i, &name, &property); i++)
        if (schema_requires(level->schema, name) && !has_member(m, level, name))
            return error_set(m->err, ERR_CONTRACT, "column %.*s%s%.*s: missing, but required", STR_ARG(level->path),
                             level->path.n ? "." : "", STR_ARG(name));
    return true;
}

/* Closes objects until `depth` are left. */
static bool close_to(struct making *m, size_t depth)
{
    while (m->depth > depth) {
        const struct level *level = &m->open[--m->depth];
        m->shape->nodes[level->node].end = m->shape->n;
        if (!check_required(m, level))
            return false;
    }
    return true;
}

/* Adds a node; its key lies at an offset until the keys have stopped moving. */
static struct node *add_node(struct making *m, struct str name, const struct level *parent, const struct schema *schema)
{
    struct shape *shape = m->shape;
    struct node *node = &shape->nodes[shape->n++];

    node->key.n = shape->keys.n;
    buf_char(&shape->keys, ',');
    buf_json_string(&shape->keys, name);
    buf_char(&shape->keys, ':');
    node->column = -1;
    node->end = shape->n;
    node->nullable = !schema || schema_types(schema) & TYPE_NULL;
    node->required = schema && schema_requires(parent->schema, name);
    return node;
}

/* Opens the object at path, which a column's name goes through; segment is the path's last part. */
static bool open_object(struct making *m, int column, struct str segment, struct str path)
{
    const struct level *parent = &m->open[m->depth - 1];
    const struct schema *schema = parent->schema ? schema_property(parent->schema, segment) : NULL;
    struct str name = db_column_name(m->columns, column);

    if (m->depth == SHAPE_DEPTH_MAX)
        return refuse(m, name, "nested too deep");
    if (has_column(m, column, path))
        return refuse(m, name, "its object's other columns do not stand beside it");
    if (parent->schema && !schema)
        return refuse(m, name, "no such member in the contract");
    if (schema && !(schema_types(schema) & TYPE_OBJECT))
        return refuse(m, name, "goes through a member that is no object");
    add_node(m, segment, parent, schema);
    m->open[m->depth++] = (struct level){m->shape->n - 1, path, schema};
    return true;
}

/* The record's member of that dotted name, or NULL. */
static const struct schema *find_member(const struct schema *record, struct str name)
{
    struct str part;

    while (record && str_next(&name, '.', &part))
        record = schema_property(record, part);
    return record;
}

static bool add_leaf(struct making *m, int column, struct str segment)
{
    const struct level *parent = &m->open[m->depth - 1];
    struct str name = db_column_name(m->columns, column);
    bool geometry = m->kind == SHAPE_FEATURE && str_eq(name, STR("geometry"));
    const struct schema *schema = parent->schema && !geometry ? schema_property(parent->schema, segment) : NULL;
    uint32_t type = db_column_type(m->columns, column);
    struct shape *shape = m->shape;
    const char *unsealed = column_seals_not(type, m->kind == SHAPE_CSV ? find_member(m->record, name) : schema);
    enum shows shows;

    if (has_column(m, column, name))
        return refuse(m, name, "stands twice");
    if (!column_shows(type, &shows))
        return error_set(m->err, ERR_CONTRACT, "column %.*s: its type (oid %u) is never shown", STR_ARG(name), type);
    if (geometry && type != DB_JSON && type != DB_JSONB)
        return refuse(m, name, "GeoJSON is json or jsonb");
    if (parent->schema && !geometry && !schema)
        return refuse(m, name, "no such member in the contract");
    if (unsealed)
        return refuse(m, name, unsealed);
    if (schema && !column_fits(type, schema))
        return refuse(m, name, "its type does not fit the contract's");
    struct node *node = add_node(m, segment, parent, schema);
    node->column = column;
    node->shows = shows;
    node->apart = m->kind == SHAPE_FEATURE && (geometry || str_eq(name, STR("id")));
    if (node->apart)
        *(geometry ? &shape->geometry : &shape->id) = shape->n - 1;
    return true;
}

/* Closes objects that a name is not within, opens those that it goes through, adds the member. */
static bool add_column(struct making *m, int column)
{
    struct str name = db_column_name(m->columns, column), rest = name, segment;
    size_t shared = 1;

    if (m->kind == SHAPE_CSV)
        return add_leaf(m, column, name);
    while (shared < m->depth && is_within(name, m->open[shared].path) && name.n > m->open[shared].path.n)
        shared++;
    if (!close_to(m, shared))
        return false;
    if (shared > 1)
        rest = str_skip(name, m->open[shared - 1].path.n + 1);
    while (str_next(&rest, '.', &segment)) {
        struct str path = {name.p, (size_t)(segment.p - name.p) + segment.n};
        if (segment.n == 0)
            return refuse(m, name, "a part of its name is empty");
        if (!rest.p)
            return add_leaf(m, column, segment);
        if (!open_object(m, column, segment, path))
            return false;
    }
    return refuse(m, name, "has no name");
}

static bool add_columns(struct making *m)
{
    for (int column = 0; column < db_columns(m->columns); column++)
        if (!str_starts(db_column_name(m->columns, column), STR("_")) && !add_column(m, column))
            return false;
    if (!close_to(m, 0))
        return false;
    if (m->kind == SHAPE_FEATURE && !m->shape->geometry)
        return refuse(m, STR("geometry"), "missing, but a feature has one");
    return true;
}

/* The most nodes that columns make: one for each part of each name, and the record. */
static size_t nodes_max(const struct db_result *columns)
{
    size_t n = 1;

    for (int column = 0; column < db_columns(columns); column++) {
        struct str name = db_column_name(columns, column);
        n++;
        for (size_t i = 0; i < name.n; i++)
            n += name.p[i] == '.';
    }
    return n;
}

static void fix_keys(struct shape *shape)
{
    for (size_t i = 0; i < shape->n; i++) {
        size_t start = shape->nodes[i].key.n, end = i + 1 < shape->n ? shape->nodes[i + 1].key.n : shape->keys.n;
        shape->nodes[i].key = (struct str){shape->keys.p + start, end - start};
    }
}

/* Keeps what shape_fits compares. */
static void note_columns(struct shape *shape, const struct db_result *columns)
{
    for (int column = 0; column < shape->n_columns; column++) {
        shape->types[column] = db_column_type(columns, column);
        buf_add(&shape->names, db_column_name(columns, column));
        buf_char(&shape->names, '\0');
    }
}

bool shape_fits(const struct shape *shape, const struct db_result *columns)
{
    const char *name = shape->names.p;

    if (db_columns(columns) != shape->n_columns)
        return false;
    for (int column = 0; column < shape->n_columns; column++) {
        if (db_column_type(columns, column) != shape->types[column] || !str_eq(db_column_name(columns, column), str_of(name)))
            return false;
        name += strlen(name) + 1;
    }
    return true;
}

static struct shape *allocate(const struct db_result *columns)
{
    struct shape *shape = calloc(1, sizeof *shape);

    if (!shape)
        return NULL;
    shape->n_columns = db_columns(columns);
    shape->nodes = calloc(nodes_max(columns), sizeof *shape->nodes);
    shape->types = calloc((size_t)shape->n_columns + 1, sizeof *shape->types);
    buf_init(&shape->keys, KEYS_BYTES_MAX);
    buf_init(&shape->names, KEYS_BYTES_MAX);
    if (shape->nodes && shape->types)
        return shape;
    shape_free(shape);
    return NULL;
}

bool shape_new(const struct db_result *columns, const struct schema *record, enum shape_kind kind, const struct seal *seal,
               struct shape **ret, struct error *err)
{
    struct shape *shape = allocate(columns);
    struct making m = {.columns = columns, .shape = shape, .record = record, .kind = kind, .err = err};

    if (!shape)
        return error_set(err, ERR_OVERLOADED, "out of memory");
    shape->seal = seal;
    note_columns(shape, columns);
    m.open[0].schema = kind == SHAPE_CSV ? NULL : record;
    m.depth = 1;
    add_node(&m, STR(""), &m.open[0], NULL);
    bool ok = add_columns(&m) && (!(shape->keys.failed || shape->names.failed) || error_set(err, ERR_OVERLOADED, "out of memory"));
    if (!ok) {
        shape_free(shape);
        return false;
    }
    fix_keys(shape);
    *ret = shape;
    return true;
}

void shape_free(struct shape *shape)
{
    if (!shape)
        return;
    buf_done(&shape->keys);
    buf_done(&shape->names);
    free(shape->nodes);
    free(shape->types);
    free(shape);
}
