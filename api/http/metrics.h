/* metrics.h: what the server counts, and Prometheus' text of it (exposition format 0.0.4). Counting takes no lock. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include "auth/issuers.h"
#include "base/buf.h"
#include "contract/contract.h"
#include "http/limit.h"

struct metrics;

/* One row per operation and one for requests that reach none; memory from a. */
struct metrics *metrics_new(struct arena *a, const struct contract *contract);

/* A request was answered. operation NULL: none was reached. code: the problem told, or ERR_NONE. */
void metrics_count(struct metrics *metrics, const struct operation *operation, int status, enum error_code code,
                   int64_t duration_ns);

/* A request was refused for that limit. */
void metrics_limited(struct metrics *metrics, enum limit limit);

/* What is so at the moment of asking. */
struct gauges {
    int connections, in_flight, waiting, connections_max;
    struct pool_gauge {
        const char *name;
        int open, in_use, waiting;
    } pools[2];
    bool ready;
    uint64_t answers_found; /* given from memory so far */
    size_t answers_bytes;
    bool chains; /* the audit's worker runs */
    struct audit_gauge {
        uint64_t chained;
        int64_t waiting;
        double lag_s;
    } audit;
    struct issuers *issuers; /* NULL where there are none */
};

void metrics_render(const struct metrics *metrics, const struct gauges *gauges, struct buf *b);

#endif
