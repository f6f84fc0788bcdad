/* issuers.h: the providers' keys, kept fresh in the background. Knows nothing of tokens. */
#ifndef AUTH_ISSUERS_H
#define AUTH_ISSUERS_H

#include "auth/issuer_rules.h"
#include "auth/key_set.h"

enum {
    ISSUER_FRESH_S = 600,      /* how long keys stay unasked; Cache-Control may shorten that to */
    ISSUER_FRESH_MIN_S = 60,
    ISSUER_RETRY_MIN_MS = 1000, /* after a failure, doubled each time up to */
    ISSUER_RETRY_MAX_MS = 60000,
    ISSUER_HURRY_MS = 10000,   /* between two refreshes that unknown kids asked for */
    ISSUER_WAIT_MS = 2000,     /* how long a token of an unknown kid waits for a refresh */
    ISSUER_WAITERS_MAX = 32,   /* at once, of an issuer: they hold places of in_flight_max */
};

/* One of issuers; lives as long as they do. For any number of threads. */
struct issuer;
struct issuers;

/* What happened at a refresh: failure NULL, and now so many keys are known; or why it failed, and the former keys are kept. */
struct issuer_event {
    struct str host;
    const char *failure;
    size_t keys;
    bool changed; /* other keys than before, or it failed, or it had failed before */
};

struct issuers_options {
    struct issuer_list list; /* outlives the issuers */
    enum fetch_reach reach;
    void (*report)(const struct issuer_event *event); /* from threads of the issuers */
    bool (*fetch)(enum fetch_reach reach, const bool *stop, struct arena *a, struct str url, struct fetched *ret,
                  struct error *err); /* fetch_get */
};

/* NULL without memory. No key is known yet, and nothing runs. */
struct issuers *issuers_new(const struct issuers_options *options);

/* Starts a thread for each issuer, so that a slow one holds up nobody else's keys: discovers, fetches, and does so again when keys
 * get old. ERR_STARTUP when the system has no thread. */
bool issuers_start(struct issuers *issuers, struct error *err);

/* Ends the threads and frees. NULL is fine. */
void issuers_free(struct issuers *issuers);

/* The issuer of that URL, or NULL. issuers may be NULL. */
struct issuer *issuers_find(struct issuers *issuers, struct str url);

const struct issuer_rules *issuer_rules(const struct issuer *issuer);

/* The key of that kid for that algorithm, which lives until key_set_unref(*ret_set). A kid that is not known is asked for, at most once in
 * ISSUER_HURRY_MS, and waited for, at most ISSUER_WAIT_MS. ERR_TOKEN_INVALID when there is no such key, or it is for something else;
 * ERR_ISSUER_UNAVAILABLE when that cannot be told, since the provider did not answer; ERR_OVERLOADED when too many wait. */
bool issuer_key(struct issuer *issuer, struct str kid, enum signature_algorithm algorithm, struct key_set **ret_set,
                const struct signature_key **ret_key, struct error *err);

/* For metrics, and for whoever asks which issuers there are. */
struct issuer_state {
    struct str issuer, host;
    uint64_t fetched, failed; /* refreshes */
    size_t keys;
    int64_t age_s; /* of the keys; -1 when there are none */
};

/* False past the last. issuers may be NULL. */
bool issuers_state(struct issuers *issuers, size_t i, struct issuer_state *ret);

#endif
