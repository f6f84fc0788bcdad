/* limit.h: how much is left to somebody of what a policy grants, by the generic cell rate algorithm: a number for each that tells
 * when all of it would be there again. Holds neither names nor addresses: entries are found by a hash under a key that is drawn anew
 * each day and at the start, and the table is emptied with it. Bounded and of constant time. Knows nothing of requests. */
#ifndef HTTP_LIMIT_H
#define HTTP_LIMIT_H

#include "base/config.h"

/* limit, name on the wire, setting with the number (0: no limit), seconds in which so many are granted. */
#define LIMIT_LIST(X)                                                                                                  \
    X(LIMIT_ANONYMOUS, "anonymous", limit_anonymous, 60)     /* requests without a token, by address */                \
    X(LIMIT_CLIENT, "client", limit_client, 60)              /* requests with a token, by its subject */               \
    X(LIMIT_CREDENTIALS, "credentials", limit_credentials, 60) /* tokens that are refused, by address */               \
    X(LIMIT_CASE_KEY, "case_key", limit_case_key, 60)        /* case keys that open nothing, by address */             \
    X(LIMIT_CASE_KEY_DAY, "case_key_day", limit_case_key_day, 86400)                                                   \
    X(LIMIT_FILING, "filing", limit_filing, 3600)            /* cases filed without a token, by address */

#define LIMIT_CODE(limit, ...) limit,
enum limit { LIMIT_NONE, LIMIT_LIST(LIMIT_CODE) LIMITS };
#undef LIMIT_CODE

struct limit_policy {
    struct str name;
    int requests, window_s; /* requests 0: no limit */
    struct str field;       /* as RateLimit-Policy tells it: "client";q=6000;w=60 (draft-ietf-httpapi-ratelimit-headers-10) */
};

/* Whom to count: one of the two or, as one, the pair (a client's secret, tried from an address). Borrowed for the call. */
struct limit_who {
    struct str client, address;
};

/* What is left of a policy. limit LIMIT_NONE: no policy applies. */
struct limit_state {
    enum limit limit;
    bool refused;
    int remaining;
    int wait_s; /* until there is one more, rounded up */
};

struct limits;

/* The policies as config sets them. Memory (512 kB for each that is on) from a. */
struct limits *limits_new(struct arena *a, const struct config *config);

const struct limit_policy *limits_policy(const struct limits *limits, enum limit limit);

/* Takes one of what the policy grants; false, and takes nothing, where none is left. now_ns by clock_ns(). Thread-safe.
 * Where the table has no room for somebody new, they share what is left with others who came too late. */
bool limits_take(struct limits *limits, enum limit limit, struct limit_who who, int64_t now_ns, struct limit_state *ret);

/* The same without taking: for what counts by its outcome. */
bool limits_look(struct limits *limits, enum limit limit, struct limit_who who, int64_t now_ns, struct limit_state *ret);

#endif
