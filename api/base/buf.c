/* buf.c: the growing byte buffer. Knows nothing of what is written, but for JSON's string escapes. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_BYTES = 1024 };

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b, size_t keep_bytes)
{
    if (b->capacity > keep_bytes) {
        free(b->p);
        b->p = NULL;
        b->capacity = 0;
    }
    b->n = 0;
    b->failed = false;
    b->why = NULL;
}

/* Grows to hold at least `need` bytes; doubles, so that appending stays linear. */
static bool grow(struct buf *b, size_t need)
{
    size_t capacity = b->capacity ? b->capacity : FIRST_BYTES;

    while (capacity < need)
        capacity *= 2;
    if (capacity > b->max)
        capacity = b->max;
    char *p = realloc(b->p, capacity);
    if (!p)
        return false;
    b->p = p;
    b->capacity = capacity;
    return true;
}

char *buf_reserve(struct buf *b, size_t n)
{
    if (!b->failed && n <= b->max - b->n && n > b->capacity - b->n && !grow(b, b->n + n))
        buf_fail(b, "out of memory");
    b->failed |= n > b->max - b->n;
    return b->failed || !b->p ? NULL : b->p + b->n;
}

void buf_fail(struct buf *b, const char *why)
{
    if (!b->failed)
        b->why = why;
    b->failed = true;
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args, again;

    va_start(args, format);
    va_copy(again, args);
    size_t room = b->failed || !b->p ? 0 : b->capacity - b->n;
    int n = vsnprintf(room ? b->p + b->n : NULL, room, format, args);
    va_end(args);
    char *at = n < 0 ? NULL : buf_reserve(b, (size_t)n + 1); /* vsnprintf writes a NUL */
    if (at && (size_t)n >= room)
        vsnprintf(at, (size_t)n + 1, format, again);
    if (at)
        b->n += (size_t)n;
    va_end(again);
}

void buf_number(struct buf *b, uint64_t n, int digits)
{
    enum { DIGITS_MAX = 20 };
    char text[DIGITS_MAX], *at = text + sizeof text;

    for (; n || digits > 0; n /= 10, digits--)
        *--at = (char)('0' + n % 10);
    buf_add(b, (struct str){at, (size_t)(text + sizeof text - at)});
}

void buf_hex(struct buf *b, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *at = buf_reserve(b, 2 * n);

    for (size_t i = 0; at && i < n; i++) {
        *at++ = digits[bytes[i] >> 4];
        *at++ = digits[bytes[i] & 15];
    }
    b->n += at ? 2 * n : 0;
}

/* Where an escape may begin, of a byte or of each of several; 0xe2 begins U+2028 and U+2029. */
#define MAY_ESCAPE(x) (((x) < 0x20) | ((x) == '"') | ((x) == '\\') | ((x) == 0xe2))

/* Sixteen at a time (GCC manual, "Vector Extensions"; clang has them, too): looking through texts byte by byte was a third of
 * our own instructions for a page. */
typedef unsigned char sixteen __attribute__((vector_size(16)));

/* Whether one of sixteen bytes may begin an escape. */
static bool any_special(const char *p)
{
    sixteen x, found;
    uint64_t halves[2];

    memcpy(&x, p, sizeof x);
    found = (sixteen)MAY_ESCAPE(x);
    memcpy(halves, &found, sizeof halves);
    return halves[0] | halves[1];
}

/* Bytes at the front of s that need no escape. */
static size_t plain_bytes(struct str s)
{
    char rest[sizeof(sixteen)] = "................";
    size_t i = 0;

    while (i + sizeof rest <= s.n && !any_special(s.p + i))
        i += sizeof rest;
    if (i < s.n && i + sizeof rest > s.n) {
        memcpy(rest, s.p + i, s.n - i);
        if (!any_special(rest))
            return s.n;
    }
    while (i < s.n && !MAY_ESCAPE((unsigned char)s.p[i]))
        i++;
    return i;
}

/* From the byte on that needs an escape. */
static void add_escaped(struct buf *b, struct str s)
{
    static const char short_form[] = "btn?fr"; /* U+0008 to U+000D */

    while (s.n) {
        unsigned char c = (unsigned char)s.p[0];
        size_t bytes = 1;
        if (str_starts(s, STR("\xe2\x80\xa8")) || str_starts(s, STR("\xe2\x80\xa9"))) {
            buf_printf(b, "\\u%04x", (unsigned char)s.p[2] == 0xa8 ? 0x2028 : 0x2029);
            bytes = 3;
        } else if (c == '"' || c == '\\') {
            buf_printf(b, "\\%c", c);
        } else if (c >= 0x08 && c <= 0x0d && c != 0x0b) {
            buf_printf(b, "\\%c", short_form[c - 0x08]);
        } else if (c < 0x20) {
            buf_printf(b, "\\u%04x", c);
        } else {
            buf_char(b, (char)c);
        }
        s = str_skip(s, bytes);
        size_t plain = plain_bytes(s);
        buf_add(b, (struct str){s.p, plain});
        s = str_skip(s, plain);
    }
}

void buf_json_string(struct buf *b, struct str s)
{
    size_t plain = plain_bytes(s);
    char *at = buf_reserve(b, plain + 2);

    if (!at)
        return;
    *at = '"';
    if (plain)
        memcpy(at + 1, s.p, plain);
    b->n += plain + 1;
    if (plain < s.n)
        add_escaped(b, str_skip(s, plain));
    buf_char(b, '"');
}
