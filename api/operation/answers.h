/* answers.h: what the public was answered, kept for as long as it holds: until something is published (the database tells) or
 * changed here, and ANSWERS_AGE_MAX_S at most, as long as anybody else may keep it. Who asks while an answer is being made waits for that one
 * rather than make it again. For any number of threads. Knows nothing of how answers are made. */
#ifndef OPERATION_ANSWERS_H
#define OPERATION_ANSWERS_H

#include "operation/call.h"

/* ANSWERS_AGE_MAX_S: the max-age that is sent with public answers. */
enum { ANSWERS_AGE_MAX_S = 60, ANSWERS_SETS = 256, ANSWERS_WAYS = 4, ANSWERS_HEADERS_MAX = 4 };

struct answers;
struct kept;

/* Keeps at most bytes_max of answers; no answer of more than a sixteenth of that. Trusts nothing yet. NULL without memory. */
struct answers *answers_new(size_t bytes_max);

/* No thread uses it any more. Accepts NULL. */
void answers_free(struct answers *answers);

/* Nothing that was made, or that began to be made, before is given any more. */
void answers_forget(struct answers *answers);

/* Whether it is told of what is published (answers_forget). Where not, answers_take passes everything. */
void answers_trust(struct answers *answers, bool is_told);

/* The largest that it keeps, in bytes. */
size_t answers_largest(const struct answers *answers);

enum answers_outcome {
    ANSWERS_FOUND, /* *reply is the answer, or 304 where the caller has it */
    ANSWERS_MAKE,  /* make it, then call answers_made with *ret, whatever comes of it */
    ANSWERS_PASS,  /* make it; it is not kept */
};

/* Looks for the answer to a call by nobody in particular; waits for one that is being made, until call->deadline_ns. */
enum answers_outcome answers_take(struct answers *answers, const struct call *call, struct reply *reply, struct kept **ret);

/* Keeps the reply and gives it to those who wait; NULL when there is none: they make theirs themselves. */
void answers_made(struct answers *answers, struct kept *kept, const struct reply *reply);

/* How many were found so far, and how many bytes are held. */
void answers_state(struct answers *answers, uint64_t *ret_found, size_t *ret_bytes);

#endif
