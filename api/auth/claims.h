/* claims.h: what a token says of who carries it, read from a payload whose signature holds. Knows nothing of signatures. */
#ifndef AUTH_CLAIMS_H
#define AUTH_CLAIMS_H

#include "base/buf.h"
#include "base/error.h"
#include "base/value.h"
#include "contract/contract.h"

enum { CLAIM_BYTES_MAX = 255, SCOPES_MAX = ROLE_SCOPES_MAX, TOKEN_LEEWAY_S = 30 };

/* Who signed: `cpwg token` with the local secret; this service, for a system; a provider that is configured. */
enum token_origin { TOKEN_LOCAL, TOKEN_SYSTEM, TOKEN_PROVIDER };

/* Strings in the request's arena. */
struct claims {
    struct str subject, role, affiliation, organization, source;
    struct str id, client; /* jti, client_id: of our own tokens alone */
    struct str scopes[SCOPES_MAX]; /* from `scope`, space-separated (RFC 8693 4.2) */
    size_t n_scopes;
    bool scopes_by_role; /* they are all that the role may have */
    int64_t expires_s;
    enum token_origin origin;
};

/* exp (required), nbf and iat (RFC 7519 4.1.4 to 4.1.6), whole seconds, with TOKEN_LEEWAY_S. ERR_TOKEN_INVALID. */
bool claims_check_times(const struct value *payload, int64_t now_s, int64_t *ret_expires_s, struct error *err);

/* Whether aud (RFC 7519 4.1.3) is one of these, or a list that names one. */
bool claims_name_audience(const struct value *payload, const struct str *audiences, size_t n);

/* The claims of our own tokens: sub and role, and what else of struct claims is there. ERR_TOKEN_INVALID. */
bool claims_read(const struct value *payload, struct claims *ret, struct error *err);

/* The claim scope alone. ERR_TOKEN_INVALID. */
bool claims_read_scopes(const struct value *payload, struct claims *ret, struct error *err);

/* All that the role may have. */
void claims_take_scopes(struct claims *claims, const struct role *role);

/* Appends what claims_read reads, as members of an object, each after a comma. */
void claims_write(const struct claims *claims, struct buf *b);

/* 1 to CLAIM_BYTES_MAX bytes without control characters. */
bool claims_is_plain_text(struct str s);

/* resident, organization, city, police or council. */
bool claims_is_affiliation(struct str s);

#endif
