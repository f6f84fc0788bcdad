/* chunked_outcome.h: what becomes of a chunked body that comes in steps, to be compared with what becomes of it whole. */
#ifndef TESTS_HTTP_CHUNKED_OUTCOME_H
#define TESTS_HTTP_CHUNKED_OUTCOME_H

#include <stdlib.h>

#include "base/buf.h"
#include "http/chunked.h"

enum { BYTES_MAX = 1024 };

struct outcome {
    enum chunked_state state;
    size_t n;   /* bytes taken */
    bool holds; /* what the decoder promises of each step */
    char memory[BYTES_MAX];
    struct buf data;
};

/* Takes what it can of one step, which lies in memory of its own. */
static inline void outcome_step(struct chunked *chunked, struct str step, struct outcome *ret)
{
    char *copy = malloc(step.n);
    struct str rest = {copy, step.n}, data = {NULL, 0};

    ret->holds &= copy != NULL;
    if (!copy)
        return;
    memcpy(copy, step.p, step.n);
    while ((ret->state = chunked_next(chunked, &rest, &data)) == CHUNKED_DATA) {
        ret->holds &= data.n > 0;
        buf_add(&ret->data, data);
    }
    ret->holds &= !data.p && data.n == 0 && (ret->state != CHUNKED_MORE || rest.n == 0) && !ret->data.failed;
    ret->n += step.n - rest.n;
    free(copy);
}

/* Lets `step` bytes of a text come at a time, until the state is for good or there are no more. */
static inline void outcome_receive(struct str text, size_t step, size_t bytes_max, struct outcome *ret)
{
    struct chunked chunked = {.bytes_max = bytes_max};

    ret->state = CHUNKED_MORE;
    ret->n = 0;
    ret->holds = true;
    ret->data = buf_over(ret->memory, sizeof ret->memory);
    while (ret->holds && ret->state == CHUNKED_MORE && ret->n < text.n) {
        size_t n = step < text.n - ret->n ? step : text.n - ret->n;
        outcome_step(&chunked, (struct str){text.p + ret->n, n}, ret);
    }
}

#endif
