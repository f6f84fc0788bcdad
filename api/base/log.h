/* log.h: one JSON object per line on standard error. Thread-safe; a line is one write. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

/* A line {"time": ..., "level": ..., "event": ..., "text": ...}: for starting, stopping and faults. */
void log_event(const char *level, const char *event, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* What is told of a request. No bodies, queries, keys, addresses or tokens. */
struct log_request {
    struct str method, route; /* the path's template, "-" when unknown */
    struct str operation, role, trace_id, error; /* error: slug, or {NULL, 0} */
    struct str reason; /* internal reason of a 5xx, never sent to clients */
    int status;
    int64_t duration_us, db_us;
    size_t request_bytes, response_bytes;
};

void log_request(const struct log_request *request);

#endif
