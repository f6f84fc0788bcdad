/* token.h: bearer tokens (JWT, RFC 7519, RFC 9068), verified and issued. The only part that knows libjwt. */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "base/arena.h"
#include "base/error.h"

enum { TOKEN_BYTES_MAX = 4096, TOKEN_LEEWAY_S = 30, TOKEN_LIFETIME_MAX_S = 366 * 86400, SCOPES_MAX = 64 };

/* What the local issuer and verifier need. Strings live as long as the program. */
struct token_keys {
    struct str secret; /* HS256 key, at least 32 bytes */
    struct str issuer, audience;
    struct token_cache *cache; /* of tokens verified under these keys; NULL: every token is verified anew */
};

/* Verified claims; strings in the request's arena. */
struct claims {
    struct str subject, role, affiliation, organization, source, id; /* id: jti */
    struct str scopes[SCOPES_MAX]; /* from `scope`, space-separated (RFC 8693 4.2) */
    size_t n_scopes;
    int64_t expires_s;
};

/* Verifies size, form, nesting, the header (alg HS256, typ JWT, kid "local" or none, nothing else), the signature,
 * exp, nbf and iat (TOKEN_LEEWAY_S of leeway), iss, aud and the form of our claims; sub and role are required.
 * ERR_TOKEN_INVALID with a reason that tells nothing of the token's content; ERR_OVERLOADED without memory. */
bool token_verify(const struct token_keys *keys, struct arena *a, struct str token, struct claims *ret, struct error *err);

/* Signs claims with a fresh jti for lifetime_s seconds, 1 to TOKEN_LIFETIME_MAX_S. ERR_TOKEN_INVALID when
 * token_verify would refuse the result. */
bool token_issue(const struct token_keys *keys, struct arena *a, const struct claims *claims, int64_t lifetime_s,
                 struct str *ret_token, struct error *err);

#endif
