/* arena.c: bump allocation in a reserved region. Knows nothing of what is stored. */
#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 4096 };

bool arena_init(struct arena *a, size_t capacity_bytes)
{
    void *base = mmap(NULL, capacity_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return false;
    *a = (struct arena){.base = base, .used = 0, .capacity = capacity_bytes};
    return true;
}

void arena_reset(struct arena *a, size_t keep_bytes)
{
    keep_bytes = (keep_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (a->written > keep_bytes)
        madvise(a->base + keep_bytes, a->written - keep_bytes, MADV_DONTNEED);
    a->used = 0;
    a->written = a->written < keep_bytes ? a->written : keep_bytes; /* what is given back comes again as zeros */
}

void arena_done(struct arena *a)
{
    if (a->base)
        munmap(a->base, a->capacity);
    *a = (struct arena){0};
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t start = (a->used + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    assert(n <= a->capacity && start <= a->capacity - n);
    a->used = start + n;
    if (start < a->written) /* the rest is zero already, and costs no memory until it is used */
        memset(a->base + start, 0, a->used < a->written ? n : a->written - start);
    if (a->used > a->written)
        a->written = a->used;
    return a->base + start;
}

struct str arena_copy(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(copy, s.p, s.n);
    return (struct str){copy, s.n};
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(n >= 0);
    char *text = arena_alloc(a, (size_t)n + 1);
    vsnprintf(text, (size_t)n + 1, format, again);
    va_end(again);
    return (struct str){text, (size_t)n};
}
