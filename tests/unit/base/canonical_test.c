/* canonical_test.c: equal values look the same, and only they. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/canonical.c"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 22) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static const struct value *json(const char *text)
{
    const struct value *value;
    struct error err;

    if (!value_parse(&arena, str_of(text), VALUE_DEPTH_MAX, &value, &err))
        fail_msg("%s: %s", err.argument, text);
    return value;
}

static const char *canonical(const char *text)
{
    struct buf b;

    buf_init(&b, 1 << 16);
    canonical_write(&arena, &b, json(text));
    const char *made = arena_copy(&arena, buf_str(&b)).p;
    buf_done(&b);
    return made;
}

static void members_are_sorted_at_every_depth(void **state)
{
    (void)state;
    assert_string_equal(canonical("{\"b\":1,\"a\":[{\"d\":null,\"c\":true}]}"), "{\"a\":[{\"c\":true,\"d\":null}],\"b\":1}");
    assert_string_equal(canonical("{\"ab\":1,\"a\":2,\"B\":3,\"\":4}"), "{\"\":4,\"B\":3,\"a\":2,\"ab\":1}");
    assert_string_equal(canonical("[[],{},\"\"]"), "[[],{},\"\"]");
    assert_string_equal(canonical("[2,1]"), "[2,1]");
}

static void texts_are_equal_exactly_where_values_are(void **state)
{
    (void)state;
    static const char *const values[] = {
        "null", "false", "true", "0", "-0.0", "1", "1.0", "1e0", "-1", "0.1", "0.10", "0.30000000000000004", "0.3", "1e300", "10e299",
        "9007199254740993", "9007199254740992", "9007199254740992.0", "9223372036854775807", "9223372036854775808.0", "-9223372036854775808",
        "-9223372036854775808.0", "\"1\"", "\"\"", "\"a\"", "\"\\u0061\"", "\"\\u2028\"", "[]", "{}", "[1]", "[1.0]", "[[1]]", "{\"a\":1}",
        "{\"a\":1.0}", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", "{\"a\":{\"b\":2}}", "[\"a\",1]", "{\"a\":[1]}", "\"[1]\"", "5e-324", "1e-323",
    };
    size_t n = sizeof values / sizeof values[0];

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            bool equal = value_equal(json(values[i]), json(values[j]));
            if (equal != (strcmp(canonical(values[i]), canonical(values[j])) == 0))
                fail_msg("%s and %s: %s and %s", values[i], values[j], canonical(values[i]), canonical(values[j]));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_sorted_at_every_depth),
        cmocka_unit_test(texts_are_equal_exactly_where_values_are),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
