/* arena.h: memory that lives as long as its owner, a request or the whole program. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

/* A region of address space, used from the front; pages cost memory only once touched.
 * Callers bound what they ask for (bodies, headers, rows) before they allocate, so that it never runs out:
 * running out is a mistake of ours and ends the program. */
struct arena {
    char *base;
    size_t used, capacity;
    size_t written; /* from the front; all behind it is zero */
};

/* Reserves capacity_bytes of address space. False when the system refuses. */
bool arena_init(struct arena *a, size_t capacity_bytes);

/* Forgets all that was allocated, and gives pages beyond keep_bytes back to the system. */
void arena_reset(struct arena *a, size_t keep_bytes);

void arena_done(struct arena *a);

/* n zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((returns_nonnull, alloc_size(2)));

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (count)))

/* A copy of s, followed by a NUL that is not counted. */
struct str arena_copy(struct arena *a, struct str s);

/* Formatted text, followed by a NUL that is not counted. */
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
