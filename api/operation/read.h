/* read.h: the read pipeline: one round trip, one implicit transaction. Internal to api/operation. */
#ifndef OPERATION_READ_H
#define OPERATION_READ_H

#include "operation/run.h"

/* Answers a read of one record or of one page. */
bool read_execute(struct run *run, struct reply *reply, struct error *err);

/* Answers a list row by row in CSV, NDJSON or GeoJSON, in constant memory, on a connection of its own. */
bool stream_execute(struct run *run, const struct stream *stream, struct reply *reply, struct error *err);

/* Queues the context and the guard; when the call has If-None-Match, looks at the guard's revision before the heavy query
 * is sent. ret_unchanged: 304 was put into reply and nothing more is to be done. */
bool read_start(struct run *run, struct db_pool *pool, struct reply *reply, bool *ret_unchanged, struct error *err);

/* Reads what read_start left unread (the context, the guard) and puts the guard's ETag into reply. */
bool read_started(struct run *run, struct reply *reply, struct error *err);

/* Sets ETag from a result's _revision, if it has one; true when If-None-Match names it, and reply is 304 then. */
bool read_is_unchanged(const struct run *run, const struct db_result *result, struct reply *reply);

#endif
