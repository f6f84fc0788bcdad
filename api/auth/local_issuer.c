/* local_issuer.c: derives keys from a secret, period by period. Knows nothing of claims. */
#include "auth/local_issuer.h"

#include "base/crypto.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 4, KID_BYTES = 43, WORK_BYTES = 4096 };

struct slot {
    int64_t period;
    struct signature_key *key; /* NULL: not made yet */
    char kid[KID_BYTES + 1];
};

struct local_issuer {
    struct str secret, url;
    pthread_mutex_t lock;
    struct slot slots[SLOTS]; /* of neighbouring periods: by the period's number modulo SLOTS */
};

struct local_issuer *local_issuer_new(struct str secret, struct str url)
{
    struct local_issuer *issuer = calloc(1, sizeof *issuer);

    if (!issuer)
        return NULL;
    issuer->secret = secret;
    issuer->url = url;
    pthread_mutex_init(&issuer->lock, NULL);
    return issuer;
}

void local_issuer_free(struct local_issuer *issuer)
{
    if (!issuer)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        signature_key_unref(issuer->slots[i].key);
    pthread_mutex_destroy(&issuer->lock);
    free(issuer);
}

struct str local_issuer_url(const struct local_issuer *issuer)
{
    return issuer->url;
}

/* RFC 7638 3: base64url of the SHA-256 of the members that make the key. Empty without memory. */
static void write_kid(const struct signature_key *key, char ret[KID_BYTES + 1])
{
    unsigned char digest[SHA256_BYTES];
    struct arena a;

    ret[0] = '\0';
    if (!arena_init(&a, WORK_BYTES))
        return;
    struct str jwk = signature_key_jwk(&a, key);
    if (jwk.p) {
        crypto_sha256(arena_printf(&a, "{%s}", jwk.p), digest);
        snprintf(ret, KID_BYTES + 1, "%s", crypto_base64url(&a, (struct str){(const char *)digest, sizeof digest}).p);
    }
    arena_done(&a);
}

static struct signature_key *derive(const struct local_issuer *issuer, int64_t period)
{
    unsigned char number[8], seed[SHA256_BYTES];
    const struct str part = {(const char *)number, sizeof number};

    for (int i = 0; i < 8; i++)
        number[i] = (unsigned char)((uint64_t)period >> (56 - 8 * i));
    crypto_hmac(issuer->secret, &part, 1, seed);
    struct signature_key *key = signature_key_ed25519(seed);
    crypto_wipe(seed, sizeof seed);
    return key;
}

/* The slot of a period with its key made; called under the lock. NULL without memory. */
static struct slot *slot_of(struct local_issuer *issuer, int64_t period)
{
    struct slot *slot = &issuer->slots[(uint64_t)period % SLOTS];

    if (slot->key && slot->period == period)
        return slot;
    struct slot fresh = {.period = period, .key = derive(issuer, period)};
    if (fresh.key)
        write_kid(fresh.key, fresh.kid);
    if (!fresh.kid[0]) {
        signature_key_unref(fresh.key);
        return NULL;
    }
    signature_key_unref(slot->key);
    *slot = fresh;
    return slot;
}

static int64_t period_of(int64_t now_s)
{
    return now_s / LOCAL_KEY_PERIOD_S;
}

struct signature_key *local_issuer_signer(struct local_issuer *issuer, struct arena *a, int64_t now_s, struct str *ret_kid)
{
    struct signature_key *key = NULL;

    pthread_mutex_lock(&issuer->lock);
    const struct slot *slot = slot_of(issuer, period_of(now_s));
    if (slot) {
        key = signature_key_ref(slot->key);
        *ret_kid = arena_copy(a, str_of(slot->kid));
    }
    pthread_mutex_unlock(&issuer->lock);
    return key;
}

bool local_issuer_key(struct local_issuer *issuer, struct str kid, int64_t now_s, struct signature_key **ret, struct error *err)
{
    struct signature_key *key = NULL;
    bool made = true;

    pthread_mutex_lock(&issuer->lock);
    for (int64_t period = period_of(now_s) - 1; !key && period <= period_of(now_s) + 1; period++) {
        const struct slot *slot = slot_of(issuer, period);
        made = made && slot;
        if (slot && str_eq(str_of(slot->kid), kid))
            key = signature_key_ref(slot->key);
    }
    pthread_mutex_unlock(&issuer->lock);
    if (!key)
        return made ? error_set(err, ERR_INVALID, "no such key") : error_set(err, ERR_OVERLOADED, "memory");
    *ret = key;
    return true;
}

bool local_issuer_jwks(struct local_issuer *issuer, struct arena *a, int64_t now_s, struct buf *b)
{
    bool ok = true;

    buf_add(b, STR("{\"keys\":["));
    pthread_mutex_lock(&issuer->lock);
    for (int64_t period = period_of(now_s) - 1; ok && period <= period_of(now_s) + 1; period++) {
        const struct slot *slot = slot_of(issuer, period);
        struct str jwk = slot ? signature_key_jwk(a, slot->key) : (struct str){NULL, 0};
        ok = jwk.p != NULL;
        if (ok)
            buf_printf(b, "%s{%s,\"alg\":\"EdDSA\",\"use\":\"sig\",\"kid\":\"%s\"}", period < period_of(now_s) ? "" : ",",
                       jwk.p, slot->kid);
    }
    pthread_mutex_unlock(&issuer->lock);
    buf_add(b, STR("]}"));
    return ok;
}
