/* buf.h: a growing byte buffer with a limit. Its failure sticks: many appends, one check. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    char *p;
    size_t n, capacity, max;
    bool failed; /* an append went over max, memory was refused, or buf_fail; what is held is incomplete */
    const char *why; /* buf_fail's, also for want of memory; NULL for want of room */
};

/* An empty buffer that may grow to max bytes. Owns its memory: end with buf_done. */
void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b);

/* An empty buffer over the caller's memory, which it fills and never outgrows. Not ended with buf_done. */
static inline struct buf buf_over(char *memory, size_t bytes)
{
    return (struct buf){.p = memory, .capacity = bytes, .max = bytes};
}

/* Empties it and forgets failure; keeps at most keep_bytes of memory for the next use. */
void buf_clear(struct buf *b, size_t keep_bytes);

/* Needs room for one byte more than the text, for vsnprintf's NUL. */
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends s as a JSON string with its quotes (RFC 8259 7): escapes quote, backslash and control characters, U+2028 and U+2029. */
void buf_json_string(struct buf *b, struct str s);

/* Appends n in decimal, with zeros in front up to so many digits (at most 20). */
void buf_number(struct buf *b, uint64_t n, int digits);

/* Appends bytes as lower-case hexadecimal. */
void buf_hex(struct buf *b, const unsigned char *bytes, size_t n);

/* Makes it fail for a reason of the caller's, a static text; the first failure stays. */
void buf_fail(struct buf *b, const char *why);

/* Makes room for n bytes and gives where they start (NULL when refused); the caller writes and then adds to b->n. */
char *buf_reserve(struct buf *b, size_t n);

/* In sight of every caller, since every value of every answer goes through them. */
static inline void buf_add(struct buf *b, struct str s)
{
    char *at = s.n == 0 ? NULL : !b->failed && s.n <= b->capacity - b->n ? b->p + b->n : buf_reserve(b, s.n);

    if (!at)
        return;
    memcpy(at, s.p, s.n);
    b->n += s.n;
}

static inline void buf_char(struct buf *b, char c)
{
    char *at = !b->failed && b->n < b->capacity ? b->p + b->n : buf_reserve(b, 1);

    if (!at)
        return;
    *at = c;
    b->n++;
}

static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

#endif
