/* schema_fits_test.c: which values fit. The official suite has most of it (tests/schema-suite); here is the rest. */
#include "schema_fixture.h"

#include "api/contract/schema_fits.c"

#include <time.h>

static void integers_may_be_written_as_reals(void **state)
{
    (void)state;
    assert_true(fits("{\"type\": \"integer\"}", "1.0"));
    assert_true(fits("{\"type\": \"integer\"}", "1e300"));
    assert_false(fits("{\"type\": \"integer\"}", "1.5"));
    assert_true(fits("{\"type\": [\"integer\", \"null\"]}", "null"));
    assert_true(fits("{\"type\": \"number\"}", "7"));
    assert_false(fits("{\"type\": \"boolean\"}", "0"));
}

static void constants_are_equal_as_json_says(void **state)
{
    (void)state;
    assert_true(fits("{\"const\": 1}", "1.0"));
    assert_false(fits("{\"const\": 0}", "false"));
    assert_false(fits("{\"enum\": [[true]]}", "[1]"));
    assert_true(fits("{\"enum\": [{\"a\": 1, \"b\": [2.0]}]}", "{\"b\": [2], \"a\": 1}"));
    assert_false(fits("{\"const\": 9007199254740993}", "9007199254740992.0"));
}

static void limits_are_exact_beyond_what_doubles_hold(void **state)
{
    (void)state;
    assert_false(fits("{\"maximum\": 9007199254740992.0}", "9007199254740993"));
    assert_true(fits("{\"exclusiveMaximum\": 9.3e18}", "9223372036854775807"));
    assert_false(fits("{\"minimum\": 1.1}", "1"));
    assert_true(fits("{\"exclusiveMinimum\": -1.5}", "-1"));
    assert_false(fits("{\"exclusiveMaximum\": -1}", "-1.0"));
}

static void lengths_count_code_points(void **state)
{
    (void)state;
    assert_true(fits("{\"minLength\": 2, \"maxLength\": 2.0}", "\"\\ud83d\\udca9\\u00e9\""));
    assert_false(fits("{\"minLength\": 2}", "\"\\ud83d\\udca9\""));
    assert_true(fits("{\"maxLength\": 1e300}", "\"abc\""));
}

static void references_unescape_percent_and_tilde(void **state)
{
    const char *schema = "{\"$defs\": {\"a~b\": {\"const\": 1}, \"c/d\": {\"const\": 2}, \"e%f\": {\"const\": 3},"
                         "\"\": {\"$defs\": {\"\": {\"const\": 4}}}},"
                         "\"properties\": {\"1\": {\"$ref\": \"#/$defs/a~0b\"}, \"2\": {\"$ref\": \"#/%24defs/c~1d\"},"
                         "\"3\": {\"$ref\": \"#/$defs/e%25f\"}, \"4\": {\"$ref\": \"#/$defs//$defs/\"}}}";

    (void)state;
    assert_true(fits(schema, "{\"1\": 1, \"2\": 2, \"3\": 3, \"4\": 4}"));
    assert_false(fits(schema, "{\"1\": 2}"));
    assert_false(fits(schema, "{\"2\": 1}"));
    assert_false(fits(schema, "{\"3\": 1}"));
    assert_false(fits(schema, "{\"4\": 1}"));
}

static void members_are_declared_by_name_or_pattern(void **state)
{
    const char *schema = "{\"properties\": {\"b\": {\"type\": \"string\"}, \"a\": true}, \"patternProperties\":"
                         "{\"^x\": {\"type\": \"integer\"}}, \"additionalProperties\": false}";

    (void)state;
    assert_true(fits(schema, "{\"a\": 1, \"b\": \"\", \"xy\": 2}"));
    assert_false(fits(schema, "{\"xy\": \"2\"}"));
    assert_false(fits(schema, "{\"c\": 1}"));
    assert_false(fits(schema, "{\"b\": 1}"));
    assert_true(fits(schema, "{}"));
}

static void many_equal_items_are_found_quickly(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 24);
    buf_add(&text, STR("[0.5, {\"a\": 1, \"b\": 2}"));
    for (int i = 0; i < 200000; i++)
        buf_printf(&text, ",%d", i);
    size_t unique = text.n;
    buf_add(&text, STR("]\0"));
    clock_t start = clock();
    assert_true(fits("{\"uniqueItems\": true}", text.p));
    text.n = unique;
    buf_add(&text, STR(", {\"b\": 2.0, \"a\": 1}]\0"));
    assert_false(fits("{\"uniqueItems\": true}", text.p));
    assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
    buf_done(&text);
}

/* What could not be looked at to the end fits nothing, and so does its contrary. */
static void work_without_end_is_refused_whichever_way_it_is_asked(void **state)
{
    enum { MANY = 300000 };
    const struct value *item = json("1"), **items = arena_array(&fixture_arena, const struct value *, MANY);
    struct value array = {.type = VALUE_ARRAY, .array = {items, MANY}};
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 16);
    buf_add(&text, STR("{\"not\": {\"items\": {\"allOf\": [true"));
    for (int i = 0; i < 100; i++)
        buf_printf(&text, ",{\"minimum\": %d}", -i);
    buf_add(&text, STR("]}}}\0"));
    for (size_t i = 0; i < MANY; i++)
        items[i] = item;
    assert_false(schema_validate(schema_of(text.p), &array, STR(""), NULL));
    buf_done(&text);
}

/* Two alternatives that both look into the child: 2^n looks without a memory. */
static void nested_alternatives_do_not_double_the_work_at_each_level(void **state)
{
    const char *child = "{\"properties\": {\"c\": {\"$ref\": \"#\"}}}";
    struct str schema = arena_printf(&fixture_arena, "{\"anyOf\": [{\"allOf\": [%s, false]}, %s], \"type\": \"object\"}",
                                     child, child);
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 16);
    for (int i = 0; i < 30; i++)
        buf_add(&text, STR("{\"c\":"));
    buf_add(&text, STR("1"));
    for (int i = 0; i < 30; i++)
        buf_char(&text, '}');
    buf_char(&text, '\0');
    assert_false(text.failed);
    clock_t start = clock();
    assert_false(fits(schema.p, text.p));
    assert_true(clock() - start < CLOCKS_PER_SEC);
    buf_done(&text);
}

static void values_deeper_than_any_body_do_not_fit_and_do_not_crash(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 190; i++)
        buf_char(&text, '[');
    for (int i = 0; i < 190; i++)
        buf_char(&text, ']');
    buf_char(&text, '\0');
    assert_false(text.failed);
    assert_true(fits("{\"items\": {\"$ref\": \"#\"}}", text.p));
    buf_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_may_be_written_as_reals),
        cmocka_unit_test(constants_are_equal_as_json_says),
        cmocka_unit_test(limits_are_exact_beyond_what_doubles_hold),
        cmocka_unit_test(lengths_count_code_points),
        cmocka_unit_test(references_unescape_percent_and_tilde),
        cmocka_unit_test(members_are_declared_by_name_or_pattern),
        cmocka_unit_test(many_equal_items_are_found_quickly),
        cmocka_unit_test(work_without_end_is_refused_whichever_way_it_is_asked),
        cmocka_unit_test(nested_alternatives_do_not_double_the_work_at_each_level),
        cmocka_unit_test(values_deeper_than_any_body_do_not_fit_and_do_not_crash),
    };
    return RUN_WITH_FIXTURE(tests);
}
