/* new_case.c: makes case keys, the same for the same request. Knows nothing of how they are read or stored. */
#include "operation/new_case.h"

#include "auth/case_key.h"
#include "base/crypto.h"

static void derive(const struct call *call, const struct seal *seal, struct case_key *ret)
{
    unsigned char digest[SHA256_BYTES];
    struct str parts[6 + PATH_VALUES_MAX] = {
        call->idempotency_key, call->role, call->caller->subject, call->caller->case_key_hash, call->operation->id, call->body_text,
    };

    for (size_t i = 0; i < call->route.n_values; i++)
        parts[6 + i] = call->route.values[i];
    crypto_hmac(seal_key(seal, SEAL_CASE_KEY_DERIVATION), parts, 6 + call->route.n_values, digest);
    case_key_from_digest(digest, ret);
}

struct new_case new_case_make(const struct call *call, const struct seal *seal)
{
    struct case_key key;
    char text[CASE_KEY_TEXT_BYTES + 2]; /* the NUL makes room for the last quote */

    if (call->operation->takes_key && call->idempotency_key.n)
        derive(call, seal, &key);
    else
        case_key_random(&key);
    text[0] = '"';
    case_key_show(&key, text + 1);
    text[CASE_KEY_TEXT_BYTES + 1] = '"';
    return (struct new_case){
        .hash = case_key_hash(call->arena, &key, seal_key(seal, SEAL_CASE_KEY_PEPPER)),
        .sealed = seal_close(seal, call->arena, STR("case_key"), (struct str){text, CASE_KEY_TEXT_BYTES + 2}),
    };
}
