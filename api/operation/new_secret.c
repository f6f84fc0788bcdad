/* new_secret.c: makes secrets, the same for the same request. Knows nothing of how they are stored. */
#include "operation/new_secret.h"

#include "base/crypto.h"

static void derive(enum secret_kind kind, const struct call *call, const struct seal *seal, struct secret *ret)
{
    enum { FIXED = 7 };
    unsigned char digest[SHA256_BYTES];
    const struct str role = call->caller->subject.n ? STR("") : call->role; /* as for Idempotency-Keys */
    struct str parts[FIXED + PATH_VALUES_MAX] = {
        secret_name(kind), call->idempotency_key, role, call->caller->subject, call->caller->case_key_hash,
        call->operation->id, call->body_text,
    };

    for (size_t i = 0; i < call->route.n_values; i++)
        parts[FIXED + i] = call->route.values[i];
    crypto_hmac(seal_key(seal, SEAL_SECRET_DERIVATION), parts, FIXED + call->route.n_values, digest);
    secret_from_digest(digest, ret);
}

struct new_secret new_secret_make(enum secret_kind kind, const struct call *call, const struct seal *seal)
{
    struct secret secret;
    char text[SECRET_TEXT_BYTES + 2]; /* the NUL makes room for the last quote */

    if (call->operation->takes_key && call->idempotency_key.n)
        derive(kind, call, seal, &secret);
    else
        secret_random(&secret);
    text[0] = '"';
    secret_show(&secret, text + 1);
    text[SECRET_TEXT_BYTES + 1] = '"';
    return (struct new_secret){
        .hash = secret_hash(call->arena, seal, kind, &secret),
        .sealed = seal_close(seal, call->arena, secret_name(kind), (struct str){text, SECRET_TEXT_BYTES + 2}),
    };
}

struct str new_secret_hash_of(enum secret_kind kind, struct arena *a, struct str text, const struct seal *seal)
{
    struct secret secret;

    return secret_read(text, &secret) ? secret_hash(a, seal, kind, &secret) : (struct str){NULL, 0};
}
