/* cors.h: which pages of other origins may read an answer (Fetch standard, CORS protocol). No cookies are ever used, so
 * credentials mode is never allowed; tokens travel in Authorization. */
#ifndef HTTP_CORS_H
#define HTTP_CORS_H

#include "base/arena.h"
#include "base/message.h"

struct cors {
    const struct str *origins;
    size_t n;
};

/* From the comma-separated list of configured origins, in a. Trailing slashes are ignored. */
struct cors cors_parse(struct arena *a, struct str origins);

/* What Access-Control-Allow-Origin says: "*" where everyone may read, the origin when it is configured, {NULL, 0} for no header. */
struct str cors_allow(const struct cors *cors, struct str origin, bool everyone);

/* Whether an OPTIONS request asks for permission: it has Origin and Access-Control-Request-Method. */
bool cors_is_preflight(struct headers headers);

#define CORS_EXPOSE                                                                                                    \
    "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After, Idempotency-Replayed, WWW-Authenticate"
#define CORS_ALLOW_HEADERS                                                                                             \
    "Authorization, Case-Key, If-Match, If-None-Match, Idempotency-Key, Prefer, Content-Type, traceparent"
#define CORS_MAX_AGE_S "600"

#endif
