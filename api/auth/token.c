/* token.c: verifies and issues bearer tokens. Knows nothing of roles, requests or operations.
 *
 * No library for JWTs is asked: libjwt 1.10.2 recurses as deep as a token nests, takes its algorithm from the token, and crashes
 * when it is refused memory. The MAC of HS256 is base/crypto.h's, signatures are base/signature.h's. */
#include "auth/token.h"

#include "auth/jws.h"
#include "base/clock.h"
#include "base/crypto.h"

#include <assert.h>

#define KEY_ID "local"

static bool refuse(struct error *err, const char *reason)
{
    return error_set(err, ERR_TOKEN_INVALID, "%s", reason);
}

/* --- who signed. Each checks that header, key and algorithm belong together, and the signature. A header that says more (crit, jku, jwk,
 * x5u, x5c, zip) could only change that, and is refused. */

static bool has_only_known_members(const struct jose_header *header, bool thumbprints, struct error *err)
{
    return !(header->more || (header->thumbprint && !thumbprints)) || refuse(err, "the header has members other than alg, typ and kid");
}

/* HS256 (RFC 7518 3.2) under the local secret. */
static void sign_text(const struct token_keys *keys, struct str text, unsigned char ret[SHA256_BYTES])
{
    assert(keys->secret.n >= SHA256_BYTES);
    crypto_mac(keys->secret, text, ret);
}

/* By the local secret. */
static bool check_local(const struct token_keys *keys, const struct jws *token, struct error *err)
{
    const struct jose_header *header = &token->header;
    unsigned char mac[SHA256_BYTES];

    if (!str_eq(header->alg, STR("HS256")))
        return refuse(err, "the header's alg is not HS256");
    if (!str_eq(header->typ, STR("JWT")))
        return refuse(err, "the header's typ is not JWT");
    if (header->kid.p && !str_eq(header->kid, STR(KEY_ID)))
        return refuse(err, "the header's kid is not " KEY_ID);
    if (!has_only_known_members(header, false, err))
        return false;
    sign_text(keys, token->signed_text, mac);
    return (token->signature.n == sizeof mac && crypto_equal(token->signature.p, mac, sizeof mac)) ||
           refuse(err, "the signature does not match");
}

/* What is refused for want of memory is no reason to sign in again. */
static bool refuse_unless_overloaded(struct error *err, const char *reason)
{
    return err->code == ERR_OVERLOADED ? error_refused() : refuse(err, reason);
}

static bool check_signature(const struct signature_key *key, enum signature_algorithm algorithm, const struct jws *token, struct error *err)
{
    return signature_verify(key, algorithm, token->signed_text, token->signature, err) ||
           refuse_unless_overloaded(err, "the signature does not match");
}

/* By this service, for a system. */
static bool check_system(const struct token_keys *keys, const struct jws *token, int64_t now_s, struct error *err)
{
    const struct jose_header *header = &token->header;

    if (!str_eq(header->alg, STR("EdDSA")))
        return refuse(err, "the header's alg is not EdDSA");
    if (!str_eq(header->typ, STR("at+jwt")))
        return refuse(err, "the header's typ is not at+jwt");
    if (!has_only_known_members(header, false, err))
        return false;
    struct signature_key *key;
    if (!local_issuer_key(keys->systems, header->kid, now_s, &key, err))
        return refuse_unless_overloaded(err, "its issuer has no such key");
    bool ok = check_signature(key, SIGNATURE_EDDSA, token, err);
    signature_key_unref(key);
    return ok;
}

/* RFC 9068 4 has two ways to write the one type. */
static bool takes_type(const struct issuer_rules *rules, struct str typ)
{
    return (rules->takes_at_jwt && (str_eq(typ, STR("at+jwt")) || str_eq(typ, STR("application/at+jwt")))) ||
           (rules->takes_jwt && str_eq(typ, STR("JWT")));
}

/* By a provider. */
static bool check_provider(struct issuer *issuer, const struct jws *token, struct error *err)
{
    const struct issuer_rules *rules = issuer_rules(issuer);
    const struct jose_header *header = &token->header;
    enum signature_algorithm algorithm;
    const struct signature_key *key;
    struct key_set *set;

    if (!signature_algorithm_named(header->alg, &algorithm) || !rules->algorithms[algorithm])
        return refuse(err, "the header's alg is not one of its issuer's");
    if (!takes_type(rules, header->typ))
        return refuse(err, "the header's typ is not one that is taken of its issuer");
    if (!header->kid.n || header->kid.n > KEY_ID_BYTES_MAX)
        return refuse(err, "the header's kid names no key");
    if (!has_only_known_members(header, true, err) || !issuer_key(issuer, header->kid, algorithm, &set, &key, err))
        return false;
    bool ok = check_signature(key, algorithm, token, err);
    key_set_unref(set);
    return ok;
}

/* --- all of it */

/* Whether the token is of those that this service signs for systems. Where they and local tokens share their issuer, alg tells. */
static bool is_for_system(const struct token_keys *keys, struct str iss, const struct jws *token)
{
    return keys->systems && str_eq(iss, local_issuer_url(keys->systems)) &&
           (!str_eq(iss, keys->issuer) || str_eq(token->header.alg, STR("EdDSA")));
}

/* By iss, which is not verified yet, finds who must have signed, and checks that they did. *ret_issuer stays NULL for our own. */
static bool check_signer(const struct token_keys *keys, const struct jws *token, struct issuer **ret_issuer, struct error *err)
{
    struct str iss = value_string(value_get(token->payload, STR("iss")));

    if (is_for_system(keys, iss, token))
        return check_system(keys, token, clock_unix_s(), err);
    if (keys->secret.n && str_eq(iss, keys->issuer))
        return check_local(keys, token, err);
    struct issuer *issuer = issuers_find(keys->issuers, iss);
    if (!issuer)
        return refuse(err, "it comes from another issuer");
    *ret_issuer = issuer;
    return check_provider(issuer, token, err);
}

static enum token_origin origin_of(const struct jws *token, const struct issuer *issuer)
{
    return issuer ? TOKEN_PROVIDER : str_eq(token->header.alg, STR("HS256")) ? TOKEN_LOCAL : TOKEN_SYSTEM;
}

bool token_verify(const struct token_keys *keys, struct arena *a, struct str text, struct claims *ret, struct error *err)
{
    struct claims claims = {0};
    struct issuer *issuer = NULL;
    struct jws token;

    if (!jws_parse(a, text, &token, err) || !check_signer(keys, &token, &issuer, err) ||
        !claims_check_times(token.payload, clock_unix_s(), &claims.expires_s, err))
        return false;
    const struct issuer_rules *rules = issuer ? issuer_rules(issuer) : NULL;
    if (!claims_name_audience(token.payload, rules ? rules->audiences : &keys->audience, rules ? rules->n_audiences : 1))
        return refuse(err, "it is meant for another audience");
    claims.origin = origin_of(&token, issuer);
    if (rules ? !claim_maps_apply(&rules->maps, keys->subject_key, a, token.payload, &claims, err)
              : !claims_read(token.payload, &claims, err))
        return false;
    *ret = claims;
    return true;
}

/* --- issuing */

/* The payload as JSON, NUL-terminated. False when it is larger than any token may be. */
static bool write_payload(const struct token_keys *keys, struct str issuer, const struct claims *claims, int64_t lifetime_s, struct buf *b)
{
    long long now = (long long)clock_unix_s();

    buf_printf(b, "{\"iat\":%lld,\"exp\":%lld,\"iss\":", now, now + (long long)lifetime_s);
    buf_json_string(b, issuer);
    buf_add(b, STR(",\"aud\":"));
    buf_json_string(b, keys->audience);
    claims_write(claims, b);
    buf_add(b, STR("}"));
    buf_char(b, '\0');
    return !b->failed;
}

/* A header and a payload as the first two parts of a JWS (RFC 7515 7.1). */
static struct str join(struct arena *a, struct str header, const char *payload)
{
    return arena_printf(a, "%s.%s", crypto_base64url(a, header).p, crypto_base64url(a, str_of(payload)).p);
}

static struct str add_signature(struct arena *a, struct str text, const unsigned char *signature, size_t n)
{
    return arena_printf(a, "%s.%s", text.p, crypto_base64url(a, (struct str){(const char *)signature, n}).p);
}

/* Signs a payload with the local secret. */
static struct str sign_local(const struct token_keys *keys, struct arena *a, const char *payload)
{
    unsigned char mac[SHA256_BYTES];
    struct str text = join(a, STR("{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"" KEY_ID "\"}"), payload);

    sign_text(keys, text, mac);
    return add_signature(a, text, mac, sizeof mac);
}

/* Signs a payload with the key that signs for systems now. {NULL, 0} without memory. */
static struct str sign_for_system(const struct token_keys *keys, struct arena *a, const char *payload)
{
    unsigned char signature[ED25519_SIGNATURE_BYTES];
    struct str kid, token = {NULL, 0};
    struct signature_key *key = local_issuer_signer(keys->systems, a, clock_unix_s(), &kid);

    if (!key)
        return token;
    struct str text = join(a, arena_printf(a, "{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", kid.p), payload);
    if (signature_sign(key, text, signature))
        token = add_signature(a, text, signature, sizeof signature);
    signature_key_unref(key);
    return token;
}

/* What is to be signed, and by whom. */
struct issuing {
    const struct claims *claims;
    int64_t lifetime_s, lifetime_max_s;
    struct str issuer;
    struct str (*sign)(const struct token_keys *keys, struct arena *a, const char *payload);
};

static bool issue(const struct token_keys *keys, struct arena *a, const struct issuing *issuing, struct str *ret_token, struct error *err)
{
    char id[UUID_TEXT_BYTES + 1];
    struct claims claims = *issuing->claims, verified;
    struct str token = {NULL, 0};
    struct buf payload;

    if (issuing->lifetime_s < 1 || issuing->lifetime_s > issuing->lifetime_max_s)
        return error_set(err, ERR_TOKEN_INVALID, "the lifetime is not between 1 and %lld seconds", (long long)issuing->lifetime_max_s);
    crypto_uuid(id);
    claims.id = str_of(id);
    buf_init(&payload, TOKEN_BYTES_MAX);
    if (write_payload(keys, issuing->issuer, &claims, issuing->lifetime_s, &payload))
        token = issuing->sign(keys, a, payload.p);
    bool too_large = payload.failed && !payload.why;
    buf_done(&payload);
    if (!token.p)
        return too_large ? refuse(err, "its claims are too large") : error_set(err, ERR_OVERLOADED, "memory");
    if (!token_verify(keys, a, token, &verified, err)) /* nothing is issued that would not be taken */
        return false;
    *ret_token = token;
    return true;
}

bool token_issue(const struct token_keys *keys, struct arena *a, const struct claims *claims, int64_t lifetime_s,
                 struct str *ret_token, struct error *err)
{
    return issue(keys, a, &(struct issuing){claims, lifetime_s, TOKEN_LIFETIME_MAX_S, keys->issuer, sign_local}, ret_token, err);
}

bool token_sign_system(const struct token_keys *keys, struct arena *a, const struct claims *claims, int64_t lifetime_s,
                       struct str *ret_token, struct error *err)
{
    const struct issuing issuing = {claims, lifetime_s, TOKEN_SYSTEM_LIFETIME_MAX_S, local_issuer_url(keys->systems), sign_for_system};

    if (!claims->client.n || !str_eq(claims->client, claims->subject))
        return refuse(err, "a system's subject is its client_id"); /* RFC 9068 2.2 */
    return issue(keys, a, &issuing, ret_token, err);
}
