/* client_assertion.h: a JWT that a client signed to show who it is (RFC 7523 3, private_key_jwt). Knows nothing of databases. */
#ifndef CUSTOM_CLIENT_ASSERTION_H
#define CUSTOM_CLIENT_ASSERTION_H

#include "auth/jws.h"

enum { ASSERTION_LIFETIME_MAX_S = 300 };

/* Strings borrowed from the text and in the arena. */
struct client_assertion {
    struct jws jws;
    struct str client_id, jti;
    int64_t expires_s;
};

/* Whom assertions are for, and when. */
struct assertion_terms {
    const struct str *audiences;
    size_t n;
    int64_t now_s; /* Unix time */
};

/* Reads its form and claims: iss and sub the client's id, aud one of the audiences, exp at most ASSERTION_LIFETIME_MAX_S ahead (and
 * TOKEN_LEEWAY_S), nbf and iat, jti. ERR_CLIENT; ERR_OVERLOADED without memory. */
bool client_assertion_read(struct arena *a, struct str text, const struct assertion_terms *terms, struct client_assertion *ret,
                           struct error *err);

/* Whether one of these JWKs (an array, or NULL) signed it: the one that its kid names, without kid the first that its alg is for. One
 * signature is checked in any case, so that time does not tell whether there is such a key. ERR_CLIENT; ERR_OVERLOADED without memory. */
bool client_assertion_is_signed(struct arena *a, const struct client_assertion *assertion, const struct value *keys, struct error *err);

/* Whether a JWK is a key that assertions may be signed with. ERR_INVALID; ERR_OVERLOADED without memory. */
bool client_assertion_takes_key(struct arena *a, const struct value *jwk, struct error *err);

#endif
