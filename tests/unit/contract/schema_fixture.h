/* schema_fixture.h: schemas and values from JSON text, for the tests of schemas. */
#ifndef TESTS_SCHEMA_FIXTURE_H
#define TESTS_SCHEMA_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "contract/schema.h"

static struct arena fixture_arena;

static int fixture_set_up(void **state)
{
    (void)state;
    return arena_init(&fixture_arena, (size_t)1 << 30) ? 0 : -1;
}

static int fixture_tear_down(void **state)
{
    (void)state;
    arena_done(&fixture_arena);
    return 0;
}

static inline const struct value *json(const char *text)
{
    const struct value *value;
    struct error err;

    if (!value_parse(&fixture_arena, str_of(text), 200, &value, &err))
        fail_msg("bad JSON (%s): %s", err.argument, text);
    return value;
}

static inline const struct schema *schema_at(const char *document, const char *pointer)
{
    const struct schema *schema;
    struct error err;

    if (!schema_compile(schema_set_new(&fixture_arena, json(document)), str_of(pointer), &schema, &err))
        fail_msg("refused (%s): %s", err.argument, document);
    return schema;
}

static inline const struct schema *schema_of(const char *text)
{
    return schema_at(text, "");
}

static inline bool fits(const char *schema, const char *value)
{
    return schema_validate(schema_of(schema), json(value), STR(""), NULL);
}

#define RUN_WITH_FIXTURE(tests) cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down)

#endif
