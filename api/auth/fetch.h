/* fetch.h: gets documents of other servers, without letting them lead us anywhere. The only part that knows libcurl. */
#ifndef AUTH_FETCH_H
#define AUTH_FETCH_H

#include "base/arena.h"
#include "base/error.h"

enum { FETCH_BYTES_MAX = 256 * 1024, FETCH_MS_MAX = 5000, FETCH_CONNECT_MS_MAX = 3000 };

/* How far calls may go. Each includes the ones before it; none reaches link-local addresses (where clouds keep their secrets),
 * multicast or reserved ones. */
enum fetch_reach {
    FETCH_PUBLIC,  /* https to public addresses */
    FETCH_PRIVATE, /* and to private networks (RFC 1918, RFC 4193, RFC 6598) */
    FETCH_SANDBOX, /* and to this machine, by plain http too */
};

/* "public", "private", "sandbox"; false for all others. */
bool fetch_reach_named(struct str name, enum fetch_reach *ret);

/* Whether the scheme of an absolute URL may be used, and it has a host, and neither user nor fragment. */
bool fetch_takes_url(enum fetch_reach reach, struct str url);

struct fetched {
    struct str body;   /* in the arena */
    int64_t max_age_s; /* of Cache-Control (RFC 9111 5.2.2.1), 0 with no-store or no-cache; -1 when nothing is said */
};

/* GETs a document. Its name is resolved once, and the address that is connected to is looked at before; TLS 1.2 or newer, verified;
 * no redirects, proxies, cookies or compression; at most FETCH_BYTES_MAX bytes and FETCH_MS_MAX ms; ends soon when *stop becomes true.
 * Only status 200 is success. a is for the body. ERR_INVALID says in a few words what failed, and nothing of the body.
 * Call fetch_init once before, while there is only one thread. */
bool fetch_get(enum fetch_reach reach, const bool *stop, struct arena *a, struct str url, struct fetched *ret, struct error *err);

/* ca_file: certificates (PEM) of those who vouch for other servers, instead of the system's; NULL: the system's. It lives as long as calls
 * are made. False when libcurl does not start. */
bool fetch_init(const char *ca_file);

#endif
