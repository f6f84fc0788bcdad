/* custom.c: the table of operations that are C. Knows nothing of what they do. */
#include "custom/custom.h"

const struct custom *custom_table(size_t *ret_n)
{
    static const struct custom table[] = {
        {.id = STR_INIT("getContract"), .run = custom_contract},
        {.id = STR_INIT("getProblem"), .run = custom_problem},
        {.id = STR_INIT("getIndex"), .run = custom_index},
        {.id = STR_INIT("getMe"), .run = custom_me},
        {.id = STR_INIT("getJwks"), .run = custom_jwks},
        {.id = STR_INIT("getAuthorizationServer"), .run = custom_authorization_server},
        {.id = STR_INIT("getProtectedResource"), .run = custom_protected_resource},
        {.id = STR_INIT("createToken"), .run = custom_create_token},
        {.id = STR_INIT("createApiClient"), .check = check_api_client},
        {.id = STR_INIT("changeApiClient"), .check = check_api_client},
        {.id = STR_INIT("checkPublication"), .derives = STR_INIT("findings"), .derive = derive_findings},
    };

    *ret_n = sizeof table / sizeof table[0];
    return table;
}
