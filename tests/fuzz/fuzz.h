/* fuzz.h: what the targets share: an arena per input, and a way to say that something must hold. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* Ends the program, and with it the input is kept. */
static inline void expect(bool holds)
{
    if (!holds)
        abort();
}

/* The arena of this input, empty. */
static inline struct arena *fuzz_arena(void)
{
    static struct arena arena;

    expect(arena.base || arena_init(&arena, (size_t)1 << 30));
    arena_reset(&arena, 1 << 20);
    return &arena;
}

/* The part before the first c; *rest goes on after it. */
static inline struct str fuzz_part(struct str *rest, char c)
{
    size_t n = str_find(*rest, c);
    struct str part = {rest->p, n};

    *rest = n < rest->n ? str_skip(*rest, n + 1) : (struct str){rest->p + n, 0};
    return part;
}

#endif
