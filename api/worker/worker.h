/* worker.h: the thread that works beside the requests: it takes the audit into its chain. */
#ifndef WORKER_WORKER_H
#define WORKER_WORKER_H

#include "base/seal.h"
#include "db/db.h"

struct worker;

struct worker_options {
    const char *conninfo;    /* libpq connection string of the service's login, which may become cpwg_worker */
    const struct seal *seal; /* must outlive the worker */
    int every_ms;
};

/* Starts it; it connects by itself, now or when the database is there. End with worker_stop. */
bool worker_start(const struct worker_options *options, struct worker **ret, struct error *err);

/* Takes in what was committed, for a few seconds at most, tells the head, ends the thread and frees. Accepts NULL. */
void worker_stop(struct worker *worker);

/* What is so at the moment of asking. */
struct worker_state {
    uint64_t chained; /* rows, by this instance, since it started */
    int64_t waiting;  /* at most so many rows had no place yet when it last looked */
    double lag_s;     /* all that was committed this long ago is in the chain */
};
void worker_state(struct worker *worker, struct worker_state *ret);

#endif
