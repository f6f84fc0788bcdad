/* token_request_test.c: forms and Basic credentials. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "api/custom/token_request.c"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 16u << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

#define GRANT "grant_type=client_credentials"
#define BASIC "Basic aWQ6c2VjcmV0" /* id:secret */
#define JWT_BEARER "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"

static enum error_code read_code(const char *form, const char *authorization, struct token_request *ret)
{
    struct error err = {.code = ERR_NONE};
    struct str header = authorization ? str_of(authorization) : (struct str){NULL, 0};

    *ret = (struct token_request){0};
    bool ok = token_request_read(&arena, str_of(form), header, ret, &err);
    assert_true(ok == (err.code == ERR_NONE));
    return err.code;
}

static void each_way_to_show_oneself_is_read(void **state)
{
    (void)state;
    struct token_request request;

    assert_int_equal(read_code(GRANT "&scope=a%3Ab+c", BASIC, &request), ERR_NONE);
    assert_true(str_eq(request.client_id, STR("id")) && str_eq(request.secret, STR("secret")) && str_eq(request.scope, STR("a:b c")));
    assert_null(request.assertion.p);
    assert_int_equal(read_code("client_id=i%20d&client_secret=s%2B&" GRANT, NULL, &request), ERR_NONE);
    assert_true(str_eq(request.client_id, STR("i d")) && str_eq(request.secret, STR("s+")) && !request.scope.p);
    assert_int_equal(read_code(GRANT "&client_assertion=a.b.c&" JWT_BEARER, NULL, &request), ERR_NONE);
    assert_true(str_eq(request.assertion, STR("a.b.c")) && !request.client_id.p && !request.secret.p);
}

static void basic_is_decoded_as_a_form_is(void **state)
{
    (void)state;
    struct token_request request;

    assert_int_equal(read_code(GRANT, "Basic YSUzQWI6YyUyQmQrZQ==", &request), ERR_NONE); /* a%3Ab:c%2Bd+e */
    assert_true(str_eq(request.client_id, STR("a:b")) && str_eq(request.secret, STR("c+d e")));
    assert_int_equal(read_code(GRANT, "bAsIc   aWQ6czpzOg==", &request), ERR_NONE); /* id:s:s: */
    assert_true(str_eq(request.client_id, STR("id")) && str_eq(request.secret, STR("s:s:")));
    assert_int_equal(read_code(GRANT, "Basic YX5+fjp/fz8=", &request), ERR_NONE); /* with + and / */
}

static void what_is_empty_or_unknown_does_not_count(void **state)
{
    (void)state;
    struct token_request request;

    assert_int_equal(read_code("&&" GRANT "&scope=&client_secret=&client_assertion&x=1&x=2&", BASIC, &request), ERR_NONE);
    assert_null(request.scope.p);
    assert_int_equal(read_code(GRANT "&client_id=id", BASIC, &request), ERR_NONE);
}

static void what_breaks_the_rules_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *form, *authorization;
        enum error_code code;
    } rows[] = {
        {"", BASIC, ERR_TOKEN_REQUEST},
        {"grant_type=", BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&" GRANT, BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&scope=&scope=", BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&scope=%", BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&scope=%00", BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&%ff=1", BASIC, ERR_TOKEN_REQUEST},
        {"grant_type=password", BASIC, ERR_GRANT_TYPE},
        {GRANT "&client_id=other", BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&client_id=id&client_secret=x", BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&client_assertion=x&" JWT_BEARER, BASIC, ERR_TOKEN_REQUEST},
        {GRANT "&client_assertion=x&client_id=id&client_secret=x&" JWT_BEARER, NULL, ERR_TOKEN_REQUEST},
        {GRANT "&client_assertion=x", NULL, ERR_TOKEN_REQUEST},
        {GRANT "&client_assertion=x&client_assertion_type=saml", NULL, ERR_TOKEN_REQUEST},
        {GRANT "&client_secret=x", NULL, ERR_TOKEN_REQUEST},
        {GRANT "&client_id=id", NULL, ERR_CLIENT},
        {GRANT, NULL, ERR_CLIENT},
        {GRANT, "", ERR_CLIENT},
        {GRANT, "Basic", ERR_CLIENT},
        {GRANT, "Bearer aWQ6c2VjcmV0", ERR_CLIENT},
        {GRANT, "Basic aWQ", ERR_CLIENT},         /* id */
        {GRANT, "Basic aWQ6", ERR_CLIENT},        /* id: */
        {GRANT, "Basic OnNlY3JldA==", ERR_CLIENT}, /* :secret */
        {GRANT, "Basic aWQ6c2VjcmV0===", ERR_CLIENT},
        {GRANT, "Basic aWQ6c2VjcmV0!", ERR_CLIENT},
        {GRANT, "Basic YX5-fjp_fz8=", ERR_CLIENT}, /* base64url */
        {GRANT, "Basic aWQ6c2VjcmV0 x", ERR_CLIENT},
        {GRANT, "Basic aWQ6JVpa", ERR_CLIENT}, /* id:%ZZ */
    };
    struct token_request request;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (read_code(rows[i].form, rows[i].authorization, &request) != rows[i].code)
            fail_msg("row %zu: %s", i, rows[i].form);
}

static void sizes_are_bounded(void **state)
{
    (void)state;
    static char form[TOKEN_REQUEST_BYTES_MAX + 64];
    struct token_request request;

    size_t n = (size_t)snprintf(form, sizeof form, GRANT "&x=");
    memset(form + n, 'x', TOKEN_REQUEST_BYTES_MAX - n);
    assert_int_equal(read_code(form, BASIC, &request), ERR_NONE);
    form[TOKEN_REQUEST_BYTES_MAX] = 'x';
    assert_int_equal(read_code(form, BASIC, &request), ERR_TOKEN_REQUEST);
    n = (size_t)snprintf(form, sizeof form, GRANT "&client_secret=x&client_id=");
    memset(form + n, 'x', CLIENT_ID_BYTES_MAX);
    form[n + CLIENT_ID_BYTES_MAX] = '\0';
    assert_int_equal(read_code(form, NULL, &request), ERR_NONE);
    form[n + CLIENT_ID_BYTES_MAX] = 'x';
    form[n + CLIENT_ID_BYTES_MAX + 1] = '\0';
    assert_int_equal(read_code(form, NULL, &request), ERR_TOKEN_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_way_to_show_oneself_is_read),
        cmocka_unit_test(basic_is_decoded_as_a_form_is),
        cmocka_unit_test(what_is_empty_or_unknown_does_not_count),
        cmocka_unit_test(what_breaks_the_rules_is_told_apart),
        cmocka_unit_test(sizes_are_bounded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
