/* schema_report_test.c: what is said of values that do not fit, and where. */
#include "schema_fixture.h"

#include "api/contract/schema_report.c"

/* Every violation as "pointer keyword argument", one a line. */
static const char *told(const char *schema, const char *value)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = &fixture_arena, .v = v};
    struct buf text;

    buf_init(&text, 1 << 20);
    bool fits = schema_validate(schema_of(schema), json(value), STR(""), &list);
    assert_int_equal(fits, list.n == 0);
    for (size_t i = 0; i < list.n; i++)
        buf_printf(&text, "%s%.*s %.*s %.*s", i ? "\n" : "", STR_ARG(v[i].pointer), STR_ARG(v[i].keyword),
                   STR_ARG(v[i].argument));
    struct str copy = arena_copy(&fixture_arena, buf_str(&text));
    buf_done(&text);
    return copy.p;
}

static void each_keyword_says_what_it_demands(void **state)
{
    (void)state;
    assert_string_equal(told("{\"type\": [\"string\", \"null\"]}", "1"), " type string, null");
    assert_string_equal(told("{\"enum\": [\"es\", \"en\", 1, null]}", "2"), " enum es, en, 1, null");
    assert_string_equal(told("{\"const\": [1, \"a\"]}", "2"), " const [1,\"a\"]");
    assert_string_equal(told("{\"maxLength\": 2, \"pattern\": \"^a\"}", "\"bcd\""), " maxLength 2\n pattern ^a");
    assert_string_equal(told("{\"format\": \"date\"}", "\"x\""), " format date");
    assert_string_equal(told("{\"minimum\": 1.5, \"multipleOf\": 2}", "1"), " minimum 1.5\n multipleOf 2");
    assert_string_equal(told("{\"minItems\": 3, \"uniqueItems\": true, \"contains\": false}", "[1, 1]"),
                        " minItems 3\n uniqueItems \n contains ");
    assert_string_equal(told("{\"maxProperties\": 0, \"propertyNames\": {\"maxLength\": 1}}", "{\"ab\": 1}"),
                        " maxProperties 0\n/ab propertyNames ");
    assert_string_equal(told("{\"not\": {}}", "1"), " not ");
    assert_string_equal(told("false", "1"), " unknown ");
}

static void pointers_lead_to_the_fault(void **state)
{
    const char *schema = "{\"properties\": {\"a/b\": {\"items\": {\"properties\": {\"~\": {\"type\": \"null\"}}}}},"
                         "\"required\": [\"a/b\", \"c\"], \"dependentRequired\": {\"a/b\": [\"d\"]},"
                         "\"additionalProperties\": false}";

    (void)state;
    assert_string_equal(told(schema, "{\"a/b\": [{}, {\"~\": 1}], \"e\": 2, \"\": 3}"),
                        "/c required c\n/d dependentRequired d\n/a~1b/1/~0 type null\n/e unknown \n/ unknown ");
}

static void pointers_go_on_from_the_base(void **state)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = &fixture_arena, .v = v};

    (void)state;
    assert_false(schema_validate(schema_of("{\"items\": false}"), json("[1]"), STR("/ids"), &list));
    assert_int_equal(list.n, 1);
    assert_true(str_eq(v[0].pointer, STR("/ids/0")));
    assert_int_equal(v[0].place, PLACE_BODY);
}

static void a_wrong_type_says_enough(void **state)
{
    (void)state;
    assert_string_equal(told("{\"type\": \"string\", \"enum\": [\"a\"]}", "1"), " type string");
}

static void references_and_conditions_are_looked_through(void **state)
{
    const char *schema = "{\"$defs\": {\"n\": {\"minimum\": 3}}, \"allOf\": [{\"$ref\": \"#/$defs/n\"},"
                         "{\"$ref\": \"#/$defs/n\"}], \"if\": {\"const\": 1}, \"then\": {\"const\": 4},"
                         "\"else\": {\"const\": 5}}";

    (void)state;
    assert_string_equal(told(schema, "1"), " minimum 3\n const 4"); /* and nothing twice */
    assert_string_equal(told(schema, "2"), " minimum 3\n const 5");
}

static void alternatives_speak_only_where_one_can_be_meant(void **state)
{
    const char *nullable = "{\"oneOf\": [{\"type\": \"object\", \"required\": [\"a\"]}, {\"type\": \"null\"}]}";
    const char *two = "{\"anyOf\": [{\"required\": [\"a\"]}, {\"required\": [\"b\"]}]}";

    (void)state;
    assert_string_equal(told(nullable, "{}"), "/a required a");
    assert_string_equal(told(nullable, "1"), " oneOf ");
    assert_string_equal(told(two, "{}"), " anyOf ");
    assert_string_equal(told("{\"oneOf\": [{\"minimum\": 1}, {\"minimum\": 2}]}", "3"), " oneOf ");
    assert_string_equal(told("{\"oneOf\": [{\"type\": \"integer\"}, {\"type\": [\"null\", \"integer\"]}]}", "3"), " oneOf ");
}

static void the_list_is_capped_and_says_so(void **state)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = &fixture_arena, .v = v};
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 20);
    buf_add(&text, STR("[0"));
    for (int i = 1; i < 1000; i++)
        buf_printf(&text, ",%d", i);
    buf_add(&text, STR("]\0"));
    assert_false(schema_validate(schema_of("{\"items\": {\"type\": \"null\"}}"), json(text.p), STR(""), &list));
    buf_done(&text);
    assert_int_equal(list.n, VIOLATIONS_MAX);
    assert_true(list.more);
    assert_true(str_eq(v[31].pointer, STR("/31")));
}

static void exactly_as_many_as_fit_are_not_more(void **state)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = &fixture_arena, .v = v};

    (void)state;
    for (int i = 0; i < VIOLATIONS_MAX; i++)
        violations_add(&list, PLACE_QUERY, STR("/a"), STR("unknown"), STR(""));
    assert_false(list.more);
    violations_add(&list, PLACE_QUERY, STR("/a"), STR("unknown"), STR(""));
    assert_true(list.more);
    assert_int_equal(list.n, VIOLATIONS_MAX);
}

static void endless_names_do_not_fill_the_arena(void **state)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = &fixture_arena, .v = v};
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 24);
    buf_add(&text, STR("{\"k\": {\""));
    for (int i = 0; i < 1000000; i++)
        buf_char(&text, '~');
    buf_add(&text, STR("\": 1}}\0"));
    assert_false(text.failed);
    const struct value *value = json(text.p);
    const struct schema *schema = schema_of("{\"properties\": {\"k\": {\"additionalProperties\": false}}}");
    size_t used = fixture_arena.used;
    assert_false(schema_validate(schema, value, STR(""), &list));
    buf_done(&text);
    assert_true(fixture_arena.used - used < 10000);
    assert_int_equal(list.n, 1);
    assert_true(str_eq(v[0].pointer, STR("/k")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_keyword_says_what_it_demands),
        cmocka_unit_test(pointers_lead_to_the_fault),
        cmocka_unit_test(pointers_go_on_from_the_base),
        cmocka_unit_test(a_wrong_type_says_enough),
        cmocka_unit_test(references_and_conditions_are_looked_through),
        cmocka_unit_test(alternatives_speak_only_where_one_can_be_meant),
        cmocka_unit_test(the_list_is_capped_and_says_so),
        cmocka_unit_test(exactly_as_many_as_fit_are_not_more),
        cmocka_unit_test(endless_names_do_not_fill_the_arena),
    };
    return RUN_WITH_FIXTURE(tests);
}
