/* token_request.h: what is asked of the token endpoint, and how whoever asks shows who they are (RFC 6749 2.3, 4.4; RFC 7521 4.2).
 * Knows nothing of clients. */
#ifndef CUSTOM_TOKEN_REQUEST_H
#define CUSTOM_TOKEN_REQUEST_H

#include "base/arena.h"
#include "base/error.h"

enum { TOKEN_REQUEST_BYTES_MAX = 16384, CLIENT_ID_BYTES_MAX = 255 };

/* p is NULL for what is not there. One of secret and assertion is. */
struct token_request {
    struct str scope;
    struct str client_id; /* with an assertion it may be missing */
    struct str secret, assertion;
};

/* Reads a form and the header Authorization ({NULL, 0} when there is none); strings in a. An empty value counts as none, a parameter that
 * is not known not at all. ERR_TOKEN_REQUEST: a broken form, a parameter that stands twice, is missing or contradicts another, more
 * than one way to show who one is; ERR_GRANT_TYPE; ERR_CLIENT: no such way, or a header that is no Basic (RFC 7617). */
bool token_request_read(struct arena *a, struct str form, struct str authorization, struct token_request *ret, struct error *err);

#endif
