/* schema_fuzz.c: a schema, a NUL, a value: neither may crash or hang, and the violations must agree with the answer. */
#include "contract/schema.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str value_text = {(const char *)data, n}, schema_text = fuzz_part(&value_text, '\0');
    struct arena *a = fuzz_arena();
    const struct value *document, *value;
    const struct schema *schema;
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = a, .v = v};
    struct error err;

    if (!value_parse(a, schema_text, VALUE_DEPTH_MAX, &document, &err) ||
        !schema_compile(schema_set_new(a, document), STR(""), &schema, &err))
        return 0;
    schema_types(schema);
    schema_items(schema);
    if (!value_parse(a, value_text, VALUE_DEPTH_MAX, &value, &err))
        return 0;
    bool fits = schema_validate(schema, value, STR(""), NULL);
    expect(schema_validate(schema, value, STR(""), &list) == fits && fits == (list.n == 0));
    return 0;
}
