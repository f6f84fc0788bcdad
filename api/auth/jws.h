/* jws.h: a signed token (JWS, RFC 7515 3.1) taken apart, before anything in it is believed. Knows nothing of keys and claims. */
#ifndef AUTH_JWS_H
#define AUTH_JWS_H

#include "base/error.h"
#include "base/value.h"

enum { TOKEN_BYTES_MAX = 4096 };

/* What the header says; p is NULL where a member is absent, n is 0 where it is no text. */
struct jose_header {
    struct str alg, typ, kid;
    bool thumbprint, more; /* x5t or x5t#S256; anything else */
};

/* Borrowed from the text, or in the arena. */
struct jws {
    struct str text, signed_text, signature; /* signed_text: header and payload as they came; signature decoded */
    struct jose_header header;
    const struct value *payload; /* an object */
};

/* Looks at size, form and nesting. ERR_TOKEN_INVALID with a reason that tells nothing of its content; ERR_OVERLOADED without memory. */
bool jws_parse(struct arena *a, struct str text, struct jws *ret, struct error *err);

#endif
