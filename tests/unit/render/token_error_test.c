/* token_error_test.c: errors as OAuth tells them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/render/token_error.c"

static void expect(enum error_code code, const char *argument, const char *expected)
{
    char memory[1024];
    struct buf b = buf_over(memory, sizeof memory);
    struct error err;

    error_set(&err, code, "%s", argument);
    token_error_render(&err, &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    assert_string_equal(memory, expected);
}

#define ANSWER(error, description, slug) \
    "{\"error\":\"" error "\",\"error_description\":\"" description "\",\"error_uri\":\"/problems/" slug "\"}"

static void codes_are_those_of_the_rfc(void **state)
{
    (void)state;
    expect(ERR_CLIENT, "",
           ANSWER("invalid_client", "The client is not known, is revoked, calls from elsewhere than it may, or did not show itself as it must; all "
                                    "of these look the same.", "invalid-client"));
    expect(ERR_GRANT_TYPE, "", ANSWER("unsupported_grant_type", "Tokens are given for client_credentials alone.", "unsupported-grant-type"));
    expect(ERR_CLIENT_SCOPE, "", ANSWER("invalid_scope", "The scope that is asked for is not one of the client's.", "invalid-scope"));
    expect(ERR_TOKEN_REQUEST, "client_id is missing",
           ANSWER("invalid_request", "The request for a token breaks a rule of RFC 6749: client_id is missing.", "invalid-token-request"));
    expect(ERR_SYNTAX, "it is empty", ANSWER("invalid_request", "The body is not the JSON that this service reads: it is empty.", "malformed-json"));
}

static void descriptions_hold_no_character_that_the_rfc_forbids(void **state)
{
    (void)state;
    expect(ERR_TOKEN_REQUEST, "a\"b\\c\n\xc3\xb1",
           ANSWER("invalid_request", "The request for a token breaks a rule of RFC 6749: a'b'c'''.", "invalid-token-request"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_rfc),
        cmocka_unit_test(descriptions_hold_no_character_that_the_rfc_forbids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
