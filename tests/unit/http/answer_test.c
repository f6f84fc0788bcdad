/* answer_test.c: what may be kept by caches, and what a 401 asks for. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/http/answer.c"

static bool cacheable(struct operation operation, bool has_token)
{
    const struct context context = {.route.operation = &operation, .caller.has_token = has_token};
    return is_cacheable(&context, 200);
}

static void public_reads_are_cacheable_and_nothing_about_a_case(void **state)
{
    (void)state;
    const struct operation open = {.is_public = true, .reads = true}, closed = {.reads = true}, write = {.is_public = true};
    const struct operation own = {.reads = true, .takes_case_key = true}, either = {.is_public = true, .reads = true, .takes_case_key = true};

    assert_true(cacheable(open, false));
    assert_false(cacheable(open, true));
    assert_false(cacheable(closed, false) || cacheable(write, false) || cacheable(own, false));
    assert_false(cacheable(either, false)); /* the same path shows one's own case to whoever sends its key */
}

static void assert_challenge(enum error_code code, const char *argument, const char *wanted)
{
    struct arena arena;
    const struct config config = {.base_url = STR("https://api.example.org")};
    struct edge edge = {.options.config = &config};
    struct context context = {.edge = &edge, .arena = &arena};

    assert_true(arena_init(&arena, 1 << 16));
    error_set(&context.error, code, "%s", argument);
    add_challenge(&context);
    assert_int_equal(context.reply.n_headers, 1);
    assert_true(str_eq(context.reply.headers[0].name, STR("WWW-Authenticate")));
    assert_true(str_eq(context.reply.headers[0].value, str_of(wanted)));
    arena_done(&arena);
}

#define METADATA ", resource_metadata=\"https://api.example.org/.well-known/oauth-protected-resource\""

static void a_401_says_what_is_wanted(void **state)
{
    (void)state;
    assert_challenge(ERR_TOKEN_MISSING, "", "Bearer realm=\"cpwg\"" METADATA);
    assert_challenge(ERR_TOKEN_INVALID, "it has expired", "Bearer realm=\"cpwg\", error=\"invalid_token\"" METADATA);
    assert_challenge(ERR_SCOPE, "a:read", "Bearer realm=\"cpwg\", error=\"insufficient_scope\", scope=\"a:read\"");
    assert_challenge(ERR_CASE_KEY_MISSING, "", "CaseKey realm=\"cpwg\"");
    assert_challenge(ERR_CASE_KEY_INVALID, "", "CaseKey realm=\"cpwg\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(public_reads_are_cacheable_and_nothing_about_a_case),
        cmocka_unit_test(a_401_says_what_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
