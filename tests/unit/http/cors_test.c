/* cors_test.c: who may read answers from another origin's page. */
#include "api/http/cors.c"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct arena arena;

static void only_configured_origins_are_echoed(void **state)
{
    struct cors cors = cors_parse(&arena, STR(" https://a.example/, https://b.example:8443 ,,"));
    (void)state;
    assert_int_equal(cors.n, 2);
    assert_true(str_eq(cors_allow(&cors, STR("https://a.example"), false), STR("https://a.example")));
    assert_true(str_eq(cors_allow(&cors, STR("https://b.example:8443"), false), STR("https://b.example:8443")));
    assert_null(cors_allow(&cors, STR("https://a.example.evil"), false).p);
    assert_null(cors_allow(&cors, STR("null"), false).p);
    assert_null(cors_allow(&cors, (struct str){NULL, 0}, false).p);
}

static void everyone_may_read_what_is_public(void **state)
{
    struct cors cors = cors_parse(&arena, STR(""));
    (void)state;
    assert_int_equal(cors.n, 0);
    assert_true(str_eq(cors_allow(&cors, STR("https://x"), true), STR("*")));
}

static void preflights_name_origin_and_method(void **state)
{
    const struct header headers[] = {{STR_INIT("Origin"), STR_INIT("https://x")},
                                     {STR_INIT("Access-Control-Request-Method"), STR_INIT("POST")}};
    (void)state;
    assert_true(cors_is_preflight((struct headers){headers, 2}));
    assert_false(cors_is_preflight((struct headers){headers, 1}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_configured_origins_are_echoed),
        cmocka_unit_test(everyone_may_read_what_is_public),
        cmocka_unit_test(preflights_name_origin_and_method),
    };
    if (!arena_init(&arena, 1 << 20))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
