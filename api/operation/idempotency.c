/* idempotency.c: takes Idempotency-Keys in the same transaction as the write. Knows nothing of the write. */
#include "operation/idempotency.h"

#include "base/crypto.h"

enum { FIXED = 3 }; /* what each request has, before the values of its path; for another source the same body is another request */

static struct str hash(struct arena *a, struct str key, const struct str *parts, size_t n)
{
    unsigned char digest[SHA256_BYTES];

    crypto_hmac(key, parts, n, digest);
    return crypto_hex(a, (struct str){(const char *)digest, sizeof digest});
}

bool idempotency_send(struct run *run, struct error *err)
{
    const struct call *call = run->call;
    struct str key = run->engine->idempotency_key;
    const struct str role = call->caller->subject.n ? STR("") : call->role; /* whose role changes meanwhile is who they were */
    const struct str scope[] = {role, call->caller->subject, call->idempotency_key, call->caller->case_key_hash};
    size_t n_scope = sizeof scope / sizeof scope[0] - !call_is_case(call); /* the key of the case is whose call it is */
    struct str request[FIXED + PATH_VALUES_MAX] = {call->operation->id, call->body_text, call->caller->source};

    for (size_t i = 0; i < call->route.n_values; i++)
        request[FIXED + i] = call->route.values[i];
    const char *values[] = {
        hash(call->arena, key, scope, n_scope).p,
        hash(call->arena, key, request, FIXED + call->route.n_values).p,
        arena_copy(call->arena, call->operation->id).p,
        run->binding.new_id,
    };
    return run_send_text(run, run_own_key(KEY_IDEMPOTENCY), "select cpwg.idempotency_take($1, $2, $3, $4::uuid)", values, 4, err);
}

bool idempotency_done(struct run *run, struct error *err)
{
    const struct db_result *result;
    return run_next(run, &result, err);
}
