/* value_test.c: JSON in, JSON out; above all what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

/* Allocations of jansson that still succeed. */
static int allocations_left = INT32_MAX;

static void *failing_malloc(size_t n)
{
    return allocations_left-- > 0 ? malloc(n) : NULL;
}

#define malloc failing_malloc
#include "api/base/value.c"
#undef malloc

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 256 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static const struct value *parse(const char *text)
{
    const struct value *value = NULL;
    struct error err;

    if (!value_parse(&arena, str_of(text), VALUE_DEPTH_MAX, &value, &err))
        fail_msg("%s: %s", text, err.argument);
    return value;
}

static const struct {
    struct str text;
    const char *reason;
} refused[] = {
    {STR_INIT(""), "ends too early"},
    {STR_INIT("   "), "ends too early"},
    {STR_INIT("{"), "ends too early"},
    {STR_INIT("[1,2"), "ends too early"},
    {STR_INIT("\"abc"), "ends too early"},
    {STR_INIT("{\"a\":1,\"a\":2}"), "duplicate member"},
    {STR_INIT("{\"a\":{\"b\":1,\"b\":1}}"), "duplicate member"},
    {STR_INIT("{\"a\":1,\"\\u0061\":2}"), "duplicate member"}, /* the same name, written otherwise */
    {STR_INIT("\"\\u0000\""), "NUL character"},
    {STR_INIT("{\"a\\u0000b\":1}"), "NUL character"},
    {STR_INIT("\"a\0b\""), "NUL character"},
    {STR_INIT("1\0"), "NUL character"},
    {STR_INIT("{\"a\":1}\0{\"b\":2}"), "NUL character"},
    {STR_INIT("\"\\ud800\""), "syntax error"},
    {STR_INIT("\"\\udc00\""), "syntax error"},
    {STR_INIT("\"\\ud800\\u0041\""), "syntax error"},
    {STR_INIT("\"\\ud800\\ud800\""), "syntax error"},
    {STR_INIT("\"\xed\xa0\x80\""), "not valid UTF-8"},
    {STR_INIT("\"\xff\""), "not valid UTF-8"},
    {STR_INIT("\"\xc0\xaf\""), "not valid UTF-8"},
    {STR_INIT("\xef\xbb\xbf{}"), "syntax error"}, /* byte order mark */
    {STR_INIT("1e400"), "number out of range"},
    {STR_INIT("[-1e999]"), "number out of range"},
    {STR_INIT("9223372036854775808"), "number out of range"},
    {STR_INIT("-9223372036854775809"), "number out of range"},
    {STR_INIT("1 2"), "something follows the value"},
    {STR_INIT("{}]"), "something follows the value"},
    {STR_INIT("{} x"), "something follows the value"},
    {STR_INIT("01"), "syntax error"},
    {STR_INIT("+1"), "syntax error"},
    {STR_INIT(".5"), "syntax error"},
    {STR_INIT("1."), "syntax error"},
    {STR_INIT("NaN"), "syntax error"},
    {STR_INIT("True"), "syntax error"},
    {STR_INIT("'a'"), "syntax error"},
    {STR_INIT("[1,]"), "syntax error"},
    {STR_INIT("{\"a\":1,}"), "syntax error"},
    {STR_INIT("{a:1}"), "syntax error"},
    {STR_INIT("[1 /* c */]"), "syntax error"},
    {STR_INIT("\"a\nb\""), "syntax error"},
    {STR_INIT("\"\\x41\""), "syntax error"},
};

static void value_parse_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        const struct value *value = NULL;
        struct error err = {0};
        if (value_parse(&arena, refused[i].text, VALUE_DEPTH_MAX, &value, &err))
            fail_msg("taken: %s", refused[i].text.p);
        assert_null(value);
        assert_int_equal(err.code, ERR_SYNTAX);
        if (strncmp(err.argument, refused[i].reason, strlen(refused[i].reason)) != 0)
            fail_msg("%s: %s", refused[i].text.p, err.argument);
    }
}

static void value_parse_tells_where_but_not_what(void **state)
{
    (void)state;
    const struct value *value;
    struct error err;

    assert_false(value_parse(&arena, STR("{\n  \"secret\": hunter2}"), 8, &value, &err));
    assert_string_equal(err.argument, "syntax error, line 2, column 18");
    assert_false(value_parse(&arena, (struct str){NULL, 0}, 8, &value, &err));
}

static void value_parse_bounds_nesting_before_it_recurses(void **state)
{
    (void)state;
    static char deep[2 << 20];
    const struct value *value;
    struct error err;

    assert_true(value_parse(&arena, STR("[{\"a\":[1]}]"), 3, &value, &err));
    assert_false(value_parse(&arena, STR("[{\"a\":[1]}]"), 2, &value, &err));
    assert_string_equal(err.argument, "nested more than 2 deep");
    assert_true(value_parse(&arena, STR("1"), 0, &value, &err));
    assert_false(value_parse(&arena, STR("[]"), 0, &value, &err));
    assert_true(value_parse(&arena, STR("[\"[[[[\\\"[[[[\\\\\",[],[],{}]"), 2, &value, &err)); /* brackets in strings */
    assert_false(value_parse(&arena, STR("[\"\\\\\",[[]]]"), 2, &value, &err)); /* the string ends after \\ */
    assert_true(value_parse(&arena, STR("[\"a\\n[\\\"[\\\\\\\"[\",\"\\u00e9[\",[]]"), 2, &value, &err));
    for (size_t n = 1; n < strlen("\"a\\\\\\\""); n++) /* strings that do not end */
        assert_false(value_parse(&arena, (struct str){"\"a\\\\\\\"", n}, 2, &value, &err));
    memset(deep, '[', sizeof deep);
    assert_false(value_parse(&arena, (struct str){deep, sizeof deep}, VALUE_DEPTH_MAX, &value, &err));
    memcpy(deep, "]]]]]]]]", 8); /* closing first must not buy depth */
    assert_false(value_parse(&arena, (struct str){deep, 45}, VALUE_DEPTH_MAX, &value, &err));
}

static void value_writes_what_it_read(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "\"\"", "[]", "{}",
        "0.1", "-0.5", "3.14159", "1e+300", "4.94065645841247e-324", "1.7976931348623157e+308", "2.2250738585072014e-308",
        "0.30000000000000004", "1e-07", "123456789012345.6", "1e+20",
        "[1,[2,[3]],{\"b\":1,\"a\":[null,true]}]", "{\"z\":1,\"a\":2,\"\":3}", "\"ñ😀\\\"\\\\\\n\\u0001\\u2028\"",
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(value_text(&arena, parse(rows[i])).p, rows[i]);
    assert_string_equal(value_text(&arena, parse(" { \"a\" : [ 1.0 , 1E2, \"\\/\\u00f1\\ud83d\\ude00\" ] } ")).p,
                        "{\"a\":[1,100,\"/ñ😀\"]}");
}

static void value_reals_read_back_the_same(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252u;

    for (int i = 0; i < 20000; i++) {
        double real;
        bits ^= bits << 13; /* xorshift64 */
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&real, &bits, sizeof real);
        if (!isfinite(real))
            continue;
        struct value value = {.type = VALUE_REAL, .real = real};
        struct str text = value_text(&arena, &value);
        const struct value *back = parse(text.p);
        assert_true(value_equal(back, &value));
        assert_true(text.n <= 24);
    }
    arena_reset(&arena, 0);
}

static void value_finds_members_and_pointers(void **state)
{
    (void)state;
    /* the example of RFC 6901 5 */
    const struct value *root = parse("{\"foo\":[\"bar\",\"baz\"],\"\":0,\"a/b\":1,\"c%d\":2,\"e^f\":3,\"g|h\":4,"
                                     "\"i\\\\j\":5,\"k\\\"l\":6,\" \":7,\"m~n\":8,\"~1\":9}");
    static const struct {
        struct str pointer;
        const char *text;
    } rows[] = {
        {STR_INIT("/foo"), "[\"bar\",\"baz\"]"}, {STR_INIT("/foo/0"), "\"bar\""}, {STR_INIT("/"), "0"},
        {STR_INIT("/a~1b"), "1"}, {STR_INIT("/c%d"), "2"}, {STR_INIT("/e^f"), "3"}, {STR_INIT("/g|h"), "4"},
        {STR_INIT("/i\\j"), "5"}, {STR_INIT("/k\"l"), "6"}, {STR_INIT("/ "), "7"}, {STR_INIT("/m~0n"), "8"},
        {STR_INIT("/~01"), "9"},
    };
    static const struct str nowhere[] = {
        STR_INIT("/fo"),     STR_INIT("/fooo"),   STR_INIT("/foo/2"), STR_INIT("/foo/-1"), STR_INIT("/foo/01"),
        STR_INIT("/foo/-"),  STR_INIT("/foo/0/"), STR_INIT("/a/b"),   STR_INIT("foo"),     STR_INIT("xfoo"),
        STR_INIT("/foo/ 0"),
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(value_text(&arena, value_at(root, rows[i].pointer)).p, rows[i].text);
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++)
        if (value_at(root, nowhere[i]))
            fail_msg("found: %s", nowhere[i].p);
    assert_ptr_equal(value_at(root, STR("")), root);
    assert_null(value_at(NULL, STR("/a")));
    assert_null(value_get(NULL, STR("a")));
    assert_null(value_get(parse("[1]"), STR("0")));
    assert_null(value_string(NULL).p);
    assert_null(value_string(parse("1")).p);
    assert_true(value_is_true(parse("true")) && !value_is_true(parse("1")) && !value_is_true(NULL));
    assert_true(value_is_number(parse("1.5")) && !value_is_number(parse("\"1\"")) && !value_is_number(NULL));
}

static void value_equal_is_that_of_json_schema(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"1", "1.0", true},
        {"0", "-0.0", true},
        {"1", "1.5", false},
        {"1", "true", false},
        {"0", "false", false},
        {"0", "null", false},
        {"\"1\"", "1", false},
        {"\"a\"", "\"\\u0061\"", true},
        {"\"a\"", "\"A\"", false},
        {"[1,2]", "[2,1]", false},
        {"[1]", "[1,1]", false},
        {"[]", "{}", false},
        {"{\"a\":1,\"b\":[2.0]}", "{\"b\":[2],\"a\":1}", true},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
        {"9007199254740993", "9007199254740992.0", false}, /* 2^53 + 1: no double */
        {"9223372036854775807", "9223372036854775808.0", false},
        {"-9223372036854775808", "-9223372036854775808.0", true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(value_equal(parse(rows[i].a), parse(rows[i].b)), rows[i].equal);
        assert_int_equal(value_equal(parse(rows[i].b), parse(rows[i].a)), rows[i].equal);
    }
}

/* An object of n members "0": 0, "1": 1, ... in that order or the other; the last one's value is `last`. */
static const struct value *large_object(int n, bool reversed, int last)
{
    struct buf text;

    buf_init(&text, 1 << 24);
    for (int i = 0; i < n; i++) {
        int number = reversed ? n - 1 - i : i;
        buf_printf(&text, "%c\"%d\":%d", i ? ',' : '{', number, number == n - 1 ? last : number);
    }
    buf_add(&text, STR("}\0"));
    const struct value *object = parse(text.p);
    buf_done(&text);
    return object;
}

static void large_objects_are_compared_in_any_order_and_quickly(void **state)
{
    (void)state;
    const struct value *one = large_object(60000, false, 1), *same = large_object(60000, true, 1), *other = large_object(60000, true, 2);
    clock_t start = clock();

    assert_true(value_equal(one, same));
    assert_false(value_equal(one, other));
    assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
}

static void large_objects_are_compared_without_memory_too(void **state)
{
    (void)state;
    const struct value *one = large_object(100, false, 1), *same = large_object(100, true, 1), *other = large_object(100, true, 2);

    allocations_left = 0;
    bool equal = value_equal(one, same), different = !value_equal(one, other);
    allocations_left = INT32_MAX;
    assert_true(equal && different);
}

/* The shapes that take most arena per byte of text. */
static void value_parse_takes_no_more_arena_than_it_says(void **state)
{
    (void)state;
    static const char *const shapes[] = {"1,", "\"\",", "\"a\",", "[],", "{},", "[1],", "{\"\":1},", "1.5,", "{\"a\":{}},"};
    static char text[100002];

    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        size_t n = 0, step = strlen(shapes[i]);
        text[n++] = '[';
        for (; n + step < sizeof text - 1; n += step)
            memcpy(text + n, shapes[i], step);
        text[n - 1] = ']'; /* in place of the last comma */
        text[n] = '\0';
        arena_reset(&arena, 0);
        parse(text);
        assert_true(arena.used <= n * VALUE_BYTES_FACTOR + VALUE_BYTES_FACTOR);
    }
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) { /* and alone */
        struct str alone = {shapes[i], strlen(shapes[i]) - 1};
        arena_reset(&arena, 0);
        parse(arena_copy(&arena, alone).p);
        assert_true(arena.used <= alone.n * VALUE_BYTES_FACTOR * 2 + 32);
    }
}

static void value_parse_says_when_memory_is_refused(void **state)
{
    (void)state;
    const struct value *value;
    struct error err = {0};
    struct buf text;
    int n = 0;

    buf_init(&text, 1 << 20);
    buf_char(&text, '[');
    for (int i = 0; i < 500; i++)
        buf_add(&text, STR("{\"a\":[1,2.5,\"text\",{\"b\":null}],\"long\":\"0123456789012345678901234\"},"));
    buf_add(&text, STR("1]"));
    for (bool ok = false; !ok; n++) {
        allocations_left = n;
        ok = value_parse(&arena, buf_str(&text), 8, &value, &err);
        if (!ok && err.code != ERR_OVERLOADED)
            fail_msg("allocation %d: %s", n, err.argument);
    }
    allocations_left = INT32_MAX;
    buf_done(&text);
    assert_true(n > 5); /* chunks, each larger than the one before */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_parse_refuses),
        cmocka_unit_test(value_parse_tells_where_but_not_what),
        cmocka_unit_test(value_parse_bounds_nesting_before_it_recurses),
        cmocka_unit_test(value_writes_what_it_read),
        cmocka_unit_test(value_reals_read_back_the_same),
        cmocka_unit_test(value_finds_members_and_pointers),
        cmocka_unit_test(value_equal_is_that_of_json_schema),
        cmocka_unit_test(large_objects_are_compared_in_any_order_and_quickly),
        cmocka_unit_test(large_objects_are_compared_without_memory_too),
        cmocka_unit_test(value_parse_takes_no_more_arena_than_it_says),
        cmocka_unit_test(value_parse_says_when_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
