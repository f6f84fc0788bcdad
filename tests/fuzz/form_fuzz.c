/* form_fuzz.c: a header Authorization, a line end, and the form of a token request: who is let on shows who they are in one way. */
#include "custom/token_request.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str form = {(const char *)data, n}, authorization = fuzz_part(&form, '\n');
    struct token_request request;
    struct error err;

    if (form.n > TOKEN_REQUEST_BYTES_MAX)
        return 0;
    if (token_request_read(fuzz_arena(), form, authorization.n ? authorization : (struct str){NULL, 0}, &request, &err))
        expect((request.secret.p != NULL) != (request.assertion.p != NULL) && request.client_id.n <= CLIENT_ID_BYTES_MAX);
    else
        expect(err.code == ERR_TOKEN_REQUEST || err.code == ERR_GRANT_TYPE || err.code == ERR_CLIENT);
    return 0;
}
