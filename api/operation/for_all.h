/* for_all.h: reads that answer everybody the same, from memory where that has the answer. Internal to api/operation. */
#ifndef OPERATION_FOR_ALL_H
#define OPERATION_FOR_ALL_H

#include "operation/run.h"

/* A list is held in memory, to be kept, until it has more bytes than this, or than answers_largest(); then it goes on as a stream. */
enum { HELD_BYTES_MAX = 1 << 20 };

/* Answers a read, as read_execute and stream_execute do; what anybody may have is taken from the engine's answers, and kept there. */
bool for_all_execute(struct run *run, const struct stream *stream, struct reply *reply, struct error *err);

#endif
