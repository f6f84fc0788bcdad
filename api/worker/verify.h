/* verify.h: looks through the audit's chain from its first row to its last, in constant memory. */
#ifndef WORKER_VERIFY_H
#define WORKER_VERIFY_H

#include "worker/link.h"

struct verify_report {
    struct link head;  /* as far as the chain holds; its position is how many rows do */
    int64_t waiting;   /* rows that have no place yet */
    int64_t broken_at; /* the first position that does not hold; 0: all do */
    const char *why;
    bool has_head; /* the one that was asked for is in the chain */
};

/* known: a head that was told before, or NULL. False only when the database could not be asked; what is wrong with the chain, the
 * report says. */
bool verify_chain(struct db_pool *pool, struct str key, const struct link *known, struct verify_report *ret, struct error *err);

/* Reads POSITION:HASH. */
bool verify_head_of(struct str text, struct link *ret);

#endif
