/* check_client_keys.c: looks at the keys of createApiClient and changeApiClient. In C because SQL cannot tell whether a key is sound. */
#include "custom/client_assertion.h"
#include "custom/custom.h"

bool check_client_keys(const struct call *call, struct error *err)
{
    const struct value *keys = value_at(call->body, STR("/jwks/keys"));

    return !keys || client_assertion_takes_keys(call->arena, keys) ||
           error_set(err, ERR_CONFLICT, "a key of jwks is too short or none, or two have one kid");
}
