/* schema_fuzz.c: a schema, a NUL, a value: neither may crash or hang, and the violations must agree with the answer. */
#include <stdlib.h>

#include "contract/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct arena arena;

static void validate(struct str schema_text, struct str value_text)
{
    const struct value *document, *value;
    const struct schema *schema;
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = &arena, .v = v};
    struct error err;

    if (!value_parse(&arena, schema_text, VALUE_DEPTH_MAX, &document, &err) ||
        !schema_compile(schema_set_new(&arena, document), STR(""), &schema, &err))
        return;
    schema_types(schema);
    schema_items(schema);
    if (!value_parse(&arena, value_text, VALUE_DEPTH_MAX, &value, &err))
        return;
    bool fits = schema_validate(schema, value, STR(""), NULL);
    if (schema_validate(schema, value, STR(""), &list) != fits || fits != (list.n == 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n};
    size_t split = str_find(text, '\0');

    if (!arena.base && !arena_init(&arena, (size_t)1 << 30))
        abort();
    arena_reset(&arena, 1 << 20);
    validate((struct str){text.p, split}, str_skip(text, split + 1));
    return 0;
}
