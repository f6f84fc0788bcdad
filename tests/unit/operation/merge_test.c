/* merge_test.c: merge patches, by the RFC and on records that write null members out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/operation/merge.c"

static struct arena arena;

static const struct value *parse(const char *text)
{
    const struct value *value;
    struct error err;
    assert_true(value_parse(&arena, str_of(text), 32, &value, &err));
    return value;
}

static void without_a_schema_it_follows_rfc_7396(void **state)
{
    (void)state;
    static const struct {
        const char *target, *patch, *result;
    } rows[] = {
        /* appendix A */
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
        {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
        {"{\"a\":\"foo\"}", "null", "null"},
        {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
        /* section 3 */
        {"{\"title\":\"Goodbye!\",\"author\":{\"givenName\":\"John\",\"familyName\":\"Doe\"},"
         "\"tags\":[\"example\",\"sample\"],\"content\":\"This will be unchanged\"}",
         "{\"title\":\"Hello!\",\"phoneNumber\":\"+01-123-456-7890\",\"author\":{\"familyName\":null},"
         "\"tags\":[\"example\"]}",
         "{\"title\":\"Hello!\",\"author\":{\"givenName\":\"John\"},\"tags\":[\"example\"],"
         "\"content\":\"This will be unchanged\",\"phoneNumber\":\"+01-123-456-7890\"}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct value *target = parse(rows[i].target), *result = parse(rows[i].result);
        const struct value *merged = merge_record(&arena, NULL, target, parse(rows[i].patch));
        if (!value_equal(merged, result))
            fail_msg("%s: %s", rows[i].patch, value_text(&arena, merged).p);
        assert_string_equal(value_text(&arena, target).p, rows[i].target); /* untouched */
    }
    assert_string_equal(value_text(&arena, merge_record(&arena, NULL, NULL, parse("{\"a\":{\"b\":null}}"))).p, "{\"a\":{}}");
}

static void null_stays_where_the_record_may_hold_it(void **state)
{
    static const char schema_text[] =
        "{\"type\":\"object\",\"properties\":{\"site\":{\"type\":[\"string\",\"null\"]},\"name\":{\"type\":\"string\"},"
        "\"text\":{\"type\":[\"object\",\"null\"],\"properties\":{\"es\":{\"type\":\"string\"},"
        "\"note\":{\"type\":[\"string\",\"null\"]}}}}}";
    static const struct {
        const char *patch, *result;
    } rows[] = {
        {"{\"site\":null}", "{\"name\":\"n\",\"text\":{\"es\":\"e\",\"note\":\"x\"},\"site\":null}"},
        {"{\"name\":null}", "{\"site\":\"s\",\"text\":{\"es\":\"e\",\"note\":\"x\"}}"},
        {"{\"text\":null}", "{\"site\":\"s\",\"name\":\"n\",\"text\":null}"},
        {"{\"text\":{\"note\":null}}", "{\"site\":\"s\",\"name\":\"n\",\"text\":{\"es\":\"e\",\"note\":null}}"},
        {"{\"text\":{\"es\":null}}", "{\"site\":\"s\",\"name\":\"n\",\"text\":{\"note\":\"x\"}}"},
        {"{\"unknown\":null}", "{\"site\":\"s\",\"name\":\"n\",\"text\":{\"es\":\"e\",\"note\":\"x\"}}"},
    };
    const struct value *record = parse("{\"site\":\"s\",\"name\":\"n\",\"text\":{\"es\":\"e\",\"note\":\"x\"}}");
    const struct schema *schema;
    struct error err;
    (void)state;

    assert_true(schema_compile(schema_set_new(&arena, parse(schema_text)), STR(""), &schema, &err));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(value_text(&arena, merge_record(&arena, schema, record, parse(rows[i].patch))).p, rows[i].result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_schema_it_follows_rfc_7396),
        cmocka_unit_test(null_stays_where_the_record_may_hold_it),
    };
    if (!arena_init(&arena, 1 << 22))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
