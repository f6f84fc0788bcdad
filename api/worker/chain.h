/* chain.h: takes committed rows of the audit into its chain, step by step. */
#ifndef WORKER_CHAIN_H
#define WORKER_CHAIN_H

#include "worker/link.h"

enum { CHAIN_ROWS_MAX = 1000, CHAIN_WINDOW = 10000 };

/* Where the chaining is. Rows commit in another order than that of their ids, so what came late is looked for again and again: each
 * sweep goes from `below` to the newest row, by windows. Only once every transaction that was running when a sweep ended has
 * ended too, and another sweep has passed, can no row come below that sweep's last id. Nothing of this is stored: who starts looks
 * through everything once. All zero before the first step. */
struct chain {
    struct db_pool *pool; /* of its own */
    struct str key;
    struct link head;        /* as it was left, or found */
    int64_t below, cursor;   /* all rows up to here: are in the chain for good; were looked at in this sweep */
    int64_t last_id;         /* the end of an earlier sweep, 0: none is waited for */
    int64_t last_xid;        /* of a transaction that began after it */
    int64_t settled;         /* last_id, when this sweep began after all those had ended */
};

/* What a step came to. */
struct chain_step {
    int rows;        /* taken into the chain */
    int64_t waiting; /* at most so many rows are not yet looked at */
    bool done;       /* the sweep has ended: all that was committed when it began is in the chain */
    bool elsewhere;  /* another instance was at it; nothing was done */
    bool cut;        /* the chain no longer ends, or passes, where it was left */
};

/* One transaction. On failure nothing was done, and the next step begins anew from the first row. */
bool chain_step(struct chain *chain, struct chain_step *ret, struct error *err);

#endif
