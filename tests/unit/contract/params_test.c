/* params_test.c: parameters from text to values. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/contract/params.c"

enum { ARENA_BYTES = 64 << 20 };

static struct arena arena;
static struct schema_set *schemas;
static struct parameter parameters[16];
static struct operation operation;
static struct route route;
static struct header headers[8];
static size_t n_headers;
static struct violation room[VIOLATIONS_MAX];
static struct violations list;
static const struct value **values;

/* Schemas that the parameters below use. */
static const char document[] =
    "{\"uuid\":{\"type\":\"string\",\"format\":\"uuid\"},\"int\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":200,\"default\":50},"
    "\"any_int\":{\"type\":\"integer\"},\"bool\":{\"type\":\"boolean\"},\"number\":{\"type\":\"number\"},"
    "\"text\":{\"type\":\"string\",\"maxLength\":5},\"tags\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":3,\"items\":{\"type\":\"string\",\"maxLength\":5}},"
    "\"numbers\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}}";

static void declare(const char *name, enum place place, const char *pointer, bool required)
{
    struct parameter *parameter = &parameters[operation.n_parameters++];
    struct error err = {0};

    *parameter = (struct parameter){.name = str_of(name), .place = place, .required = required};
    if (!schema_compile(schemas, str_of(pointer), &parameter->schema, &err))
        fail_msg("%s", err.argument);
    parameter->list = schema_types(parameter->schema) == TYPE_ARRAY;
    parameter->default_value = schema_default(parameter->schema);
}

static int set_up(void **state)
{
    (void)state;
    const struct value *root;
    struct error err;

    arena_reset(&arena, 0);
    assert_true(value_parse(&arena, str_of(document), 8, &root, &err));
    schemas = schema_set_new(&arena, root);
    operation = (struct operation){.parameters = parameters};
    declare("id", PLACE_PATH, "/uuid", true);
    declare("limit", PLACE_QUERY, "/int", false);
    declare("count", PLACE_QUERY, "/any_int", false);
    declare("big", PLACE_QUERY, "/bool", false);
    declare("weight", PLACE_QUERY, "/number", false);
    declare("q", PLACE_QUERY, "/text", false);
    declare("tags", PLACE_QUERY, "/tags", false);
    declare("numbers", PLACE_QUERY, "/numbers", false);
    declare("If-Match", PLACE_HEADER, "/text", true);
    declare("X-Count", PLACE_HEADER, "/any_int", false);
    declare("X-Tags", PLACE_HEADER, "/tags", false);
    route = (struct route){.operation = &operation, .values = {STR("0b5c1a52-9d2f-4c8e-8f0e-3a1f0f7d9a11")}, .n_values = 1};
    n_headers = 0;
    list = (struct violations){.arena = &arena, .v = room};
    return 0;
}

static bool decode(const char *query)
{
    return params_decode(&arena, &route, str_of(query), (struct headers){headers, n_headers}, &values, &list);
}

static void add_header(const char *name, const char *value)
{
    headers[n_headers++] = (struct header){str_of(name), str_of(value)};
}

/* The value of a parameter as JSON, or "-". */
static const char *shown(const char *name)
{
    for (size_t i = 0; i < operation.n_parameters; i++)
        if (str_eq(parameters[i].name, str_of(name)))
            return values[i] ? value_text(&arena, values[i]).p : "-";
    fail_msg("no parameter %s", name);
    return NULL;
}

static void assert_takes(const char *query, const char *name, const char *expected)
{
    list.n = 0;
    if (!decode(query))
        fail_msg("\"%s\" is refused: %.*s", query, STR_ARG(list.v[0].keyword));
    assert_int_equal(list.n, 0);
    assert_string_equal(shown(name), expected);
}

static void assert_only_violation(enum place place, const char *pointer, const char *keyword)
{
    assert_int_equal(list.n, 1);
    assert_int_equal(list.v[0].place, place);
    if (!str_eq(list.v[0].pointer, str_of(pointer)) || !str_eq(list.v[0].keyword, str_of(keyword)))
        fail_msg("\"%.*s\" %.*s, not \"%s\" %s", STR_ARG(list.v[0].pointer), STR_ARG(list.v[0].keyword), pointer, keyword);
}

static void assert_refuses(const char *query, const char *pointer, const char *keyword)
{
    list.n = 0;
    if (decode(query))
        fail_msg("\"%s\" is taken", query);
    assert_only_violation(PLACE_QUERY, pointer, keyword);
}

static void absent_parameters_are_default_or_null(void **state)
{
    (void)state;
    assert_takes("", "limit", "50");
    assert_string_equal(shown("count"), "-");
    assert_string_equal(shown("tags"), "-");
    assert_string_equal(shown("X-Count"), "-");
    assert_string_equal(shown("id"), "\"0b5c1a52-9d2f-4c8e-8f0e-3a1f0f7d9a11\"");
}

static void integers_are_digits_and_bounded(void **state)
{
    (void)state;
    static const char *const bad[] = {"count=",    "count=+1", "count=1.0", "count=1e3",  "count=0x1", "count=--1", "count=-",
                                      "count=%201", "count=1+", "count=01",  "count=null", "count=9223372036854775808"};

    assert_takes("count=7", "count", "7");
    assert_takes("count=-7", "count", "-7");
    assert_takes("count=%37", "count", "7");
    assert_takes("count=9223372036854775807", "count", "9223372036854775807");
    assert_takes("limit=200", "limit", "200");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refuses(bad[i], "/count", "type");
    assert_refuses("limit=201", "/limit", "maximum");
    assert_refuses("limit=0", "/limit", "minimum");
}

static void booleans_are_true_or_false(void **state)
{
    (void)state;
    static const char *const bad[] = {"big", "big=", "big=1", "big=True", "big=yes", "big=true,", "big=null"};

    assert_takes("big=true", "big", "true");
    assert_takes("big=false", "big", "false");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refuses(bad[i], "/big", "type");
}

static void numbers_follow_the_grammar_of_json(void **state)
{
    (void)state;
    static const char *const bad[] = {"weight=", "weight=+1", "weight=.5", "weight=1.", "weight=NaN", "weight=Infinity", "weight=0x1p3",
                                      "weight=1+", "weight=%0A1", "weight=true", "weight=[1]", "weight=\"1\"", "weight=1e999", "weight=01"};

    assert_takes("weight=1.5", "weight", "1.5");
    assert_takes("weight=-2e2", "weight", "-200");
    assert_takes("weight=3", "weight", "3");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refuses(bad[i], "/weight", "type");
}

static void texts_are_unescaped(void **state)
{
    (void)state;
    assert_takes("q=a%20b", "q", "\"a b\"");
    assert_takes("q=a+b", "q", "\"a b\"");
    assert_takes("q=a%2Bb", "q", "\"a+b\"");
    assert_takes("q=a%26%3d", "q", "\"a&=\"");
    assert_takes("q=a=b", "q", "\"a=b\"");
    assert_takes("q=%C3%B1", "q", "\"\xc3\xb1\"");
    assert_takes("q=", "q", "\"\"");
    assert_takes("q", "q", "\"\"");
    assert_takes("%71=a", "q", "\"a\"");
    assert_refuses("q=abcdef", "/q", "maxLength");
}

static void broken_escapes_and_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"q=%", "q=%4", "q=%zz", "q=a%2", "q=%00", "q=%ff", "q=%C3", "q=%ED%A0%80", "q=\xff", "q=% 41"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refuses(bad[i], "/q", "syntax");
    assert_refuses("%zz=1", "", "syntax");
    assert_refuses("tags=a,%ff", "/tags/1", "syntax");
}

static void arrays_are_split_before_they_are_unescaped(void **state)
{
    (void)state;
    assert_takes("tags=a,b", "tags", "[\"a\",\"b\"]");
    assert_takes("tags=a%2Cb", "tags", "[\"a,b\"]");
    assert_takes("tags=a,", "tags", "[\"a\",\"\"]");
    assert_takes("numbers=1,2,3", "numbers", "[1,2,3]");
    assert_refuses("tags=", "/tags", "minItems");
    assert_refuses("numbers=", "/numbers", "minItems");
    assert_refuses("tags=a,b,c,d", "/tags", "maxItems");
    assert_refuses("tags=a,abcdef", "/tags/1", "maxLength");
    assert_refuses("numbers=1,x", "/numbers/1", "type");
    assert_refuses("numbers=1,", "/numbers/1", "type");
    assert_refuses("tags=a&tags=b", "/tags", "duplicate");
}

static void unknown_and_repeated_parameters_are_refused(void **state)
{
    (void)state;
    assert_refuses("nothing=1", "/nothing", "unknown");
    assert_refuses("a/b~c=1", "/a~1b~0c", "unknown");
    assert_refuses("=1", "/", "unknown");
    assert_refuses("Limit=1", "/Limit", "unknown");
    assert_refuses("id=1", "/id", "unknown");
    assert_refuses("If-Match=1", "/If-Match", "unknown");
    assert_refuses("q=a&q=a", "/q", "duplicate");
    assert_refuses("q=a&%71=b", "/q", "duplicate");
}

static void every_fault_is_told_at_once(void **state)
{
    (void)state;
    assert_false(decode("limit=x&nothing=1&big=2"));
    assert_int_equal(list.n, 3);
}

static void empty_pairs_mean_nothing(void **state)
{
    (void)state;
    assert_takes("&&q=a&", "q", "\"a\"");
}

static void too_many_parameters_are_refused(void **state)
{
    (void)state;
    char query[140] = "";

    memset(query, '&', 63);
    assert_true(decode(query));
    memset(query, '&', 64);
    assert_refuses(query, "", "maxItems");
}

static void values_of_the_path_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *keyword;
    } bad[] = {{"7", "format"}, {"%", "syntax"}, {"%00", "syntax"}, {"a+b", "format"}};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        list.n = 0;
        route.values[0] = str_of(bad[i].raw);
        assert_false(decode(""));
        assert_only_violation(PLACE_PATH, "/id", bad[i].keyword);
    }
}

static void a_plus_in_the_path_is_a_plus(void **state)
{
    (void)state;
    struct error err;

    assert_true(schema_compile(schemas, STR("/text"), &parameters[0].schema, &err));
    route.values[0] = STR("a+%20b");
    assert_takes("", "id", "\"a+ b\"");
}

static void headers_are_trimmed_and_found_in_any_case(void **state)
{
    (void)state;
    add_header("x-COUNT", " \t7 ");
    add_header("Other", "%zz");
    add_header("if-match", "\"1\"");
    add_header("X-Tags", "a , b%2C");
    assert_takes("", "X-Count", "7");
    assert_string_equal(shown("If-Match"), "\"\\\"1\\\"\"");
    assert_string_equal(shown("X-Tags"), "[\"a\",\"b%2C\"]");
}

static void repeated_and_unfit_headers_are_refused(void **state)
{
    (void)state;
    add_header("X-Count", "7");
    add_header("x-count", "7");
    assert_false(decode(""));
    assert_only_violation(PLACE_HEADER, "/X-Count", "duplicate");
    list.n = n_headers = 0;
    add_header("X-Count", "seven");
    assert_false(decode(""));
    assert_only_violation(PLACE_HEADER, "/X-Count", "type");
    list.n = n_headers = 0;
    add_header("If-Match", "\xff");
    assert_false(decode(""));
    assert_only_violation(PLACE_HEADER, "/If-Match", "syntax");
}

static void a_missing_if_match_is_not_told_here(void **state)
{
    (void)state;
    assert_true(decode(""));
    assert_string_equal(shown("If-Match"), "-");
}

static void other_required_parameters_are_missed(void **state)
{
    (void)state;
    declare("Idempotency-Key", PLACE_HEADER, "/text", true);
    assert_false(decode(""));
    assert_only_violation(PLACE_HEADER, "/Idempotency-Key", "required");
    list.n = 0;
    operation.n_parameters--;
    declare("must", PLACE_QUERY, "/text", true);
    assert_refuses("", "/must", "required");
    assert_refuses("must=abcdef", "/must", "maxLength");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(absent_parameters_are_default_or_null, set_up),
        cmocka_unit_test_setup(integers_are_digits_and_bounded, set_up),
        cmocka_unit_test_setup(booleans_are_true_or_false, set_up),
        cmocka_unit_test_setup(numbers_follow_the_grammar_of_json, set_up),
        cmocka_unit_test_setup(texts_are_unescaped, set_up),
        cmocka_unit_test_setup(broken_escapes_and_bytes_are_refused, set_up),
        cmocka_unit_test_setup(arrays_are_split_before_they_are_unescaped, set_up),
        cmocka_unit_test_setup(unknown_and_repeated_parameters_are_refused, set_up),
        cmocka_unit_test_setup(every_fault_is_told_at_once, set_up),
        cmocka_unit_test_setup(empty_pairs_mean_nothing, set_up),
        cmocka_unit_test_setup(too_many_parameters_are_refused, set_up),
        cmocka_unit_test_setup(values_of_the_path_are_checked, set_up),
        cmocka_unit_test_setup(a_plus_in_the_path_is_a_plus, set_up),
        cmocka_unit_test_setup(headers_are_trimmed_and_found_in_any_case, set_up),
        cmocka_unit_test_setup(repeated_and_unfit_headers_are_refused, set_up),
        cmocka_unit_test_setup(a_missing_if_match_is_not_told_here, set_up),
        cmocka_unit_test_setup(other_required_parameters_are_missed, set_up),
    };

    assert_true(arena_init(&arena, ARENA_BYTES));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
