/* token.h: bearer tokens (JWT, RFC 7519, RFC 9068), verified and issued. */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "auth/claims.h"
#include "auth/issuers.h"
#include "auth/jws.h"
#include "auth/local_issuer.h"

#include <assert.h>

enum { TOKEN_LIFETIME_MAX_S = 366 * 86400, TOKEN_SYSTEM_LIFETIME_MAX_S = 3600 };
static_assert((int)TOKEN_SYSTEM_LIFETIME_MAX_S <= (int)LOCAL_KEY_PERIOD_S, "a key is known for as long as what it signed");

/* Who is believed, and about what. Strings live as long as the program. */
struct token_keys {
    struct str secret; /* HS256 key of local tokens, at least 32 bytes; empty: there are none */
    struct str issuer; /* of local tokens */
    struct str audience; /* of all tokens of our own */
    struct local_issuer *systems; /* of tokens of our own for systems; NULL: there are none */
    struct issuers *issuers; /* providers; NULL: there are none */
    struct str subject_key; /* 32 bytes, where there are providers: see claim_maps_apply */
    struct token_cache *cache; /* of tokens verified under these keys (caller.h); NULL: every token is verified anew */
};

/* Verifies a token: size, form, nesting; then its issuer, which is read from what is not verified yet, chooses the keys:
 *
 *   signed by             iss               alg                typ                kid
 *   the local secret      issuer            HS256              JWT                "local" or none
 *   this service          that of systems   EdDSA              at+jwt             one of its keys
 *   a provider            the provider's    what it may use    what it may use    one of its keys, for that alg
 *
 * Its header may hold nothing else (a provider's also x5t and x5t#S256, which are not looked at). Then the signature, and only then exp,
 * nbf and iat (TOKEN_LEEWAY_S of leeway), aud, and what it says of its holder: our own by claims_read, a provider's by its claim_maps.
 * ERR_TOKEN_INVALID with a reason that tells nothing of the token's content; ERR_ISSUER_UNAVAILABLE; ERR_OVERLOADED without memory. */
bool token_verify(const struct token_keys *keys, struct arena *a, struct str token, struct claims *ret, struct error *err);

/* Signs claims as `cpwg token` does, by the local secret, with a fresh jti for lifetime_s seconds, 1 to TOKEN_LIFETIME_MAX_S.
 * ERR_TOKEN_INVALID when token_verify would refuse the result, or they are too large; ERR_OVERLOADED without memory. */
bool token_issue(const struct token_keys *keys, struct arena *a, const struct claims *claims, int64_t lifetime_s,
                 struct str *ret_token, struct error *err);

/* Signs an access token (RFC 9068) for a system, by keys->systems, with a fresh jti for lifetime_s seconds, 1 to
 * TOKEN_SYSTEM_LIFETIME_MAX_S. The claims give subject and client (both the id of the api client, RFC 9068 2.2), role, scopes, and where
 * it has them affiliation, organization and source; id, expires_s and origin are not read. ERR_TOKEN_INVALID when token_verify would
 * refuse the result; ERR_OVERLOADED without memory. */
bool token_sign_system(const struct token_keys *keys, struct arena *a, const struct claims *claims, int64_t lifetime_s,
                       struct str *ret_token, struct error *err);

#endif
