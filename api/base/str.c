/* str.c: borrowed text. Knows nothing of memory. */
#include "base/str.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_in(struct str s, const struct str *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], s))
            return true;
    return false;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq((struct str){s.p, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_skip(s, s.n - suffix.n), suffix);
}

size_t str_find(struct str s, char c)
{
    const char *at = s.n ? memchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

struct str str_skip(struct str s, size_t n)
{
    if (n == 0 || !s.p)
        return s;
    if (n > s.n)
        n = s.n;
    return (struct str){s.p + n, s.n - n};
}

struct str str_trim(struct str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = str_skip(s, 1);
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

bool str_next(struct str *rest, char separator, struct str *ret_part)
{
    if (!rest->p)
        return false;
    size_t at = str_find(*rest, separator);
    *ret_part = (struct str){rest->p, at};
    *rest = at == rest->n ? (struct str){NULL, 0} : str_skip(*rest, at + 1);
    return true;
}

bool str_to_i64(struct str s, int64_t *ret_number)
{
    bool negative = s.n && s.p[0] == '-';
    struct str digits = str_skip(s, negative ? 1 : 0);
    int64_t number = 0;

    if (digits.n == 0 || (digits.n > 1 && digits.p[0] == '0'))
        return false;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
        int digit = digits.p[i] - '0';
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, digit, &number)) /* kept negative: INT64_MIN has no positive */
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, number, &number))
        return false;
    *ret_number = number;
    return true;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < s.n; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * 1099511628211u;
    return hash;
}

/* Bytes of the well-formed sequence at p (Unicode 15, table 3-7), or 0. */
static size_t sequence_bytes(const unsigned char *p, size_t n)
{
    static const struct {
        unsigned char first, last, low, high, bytes;
    } forms[] = {
        {0x00, 0x7f, 0x00, 0x00, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    size_t form = 0;

    while (form < sizeof forms / sizeof forms[0] && (p[0] < forms[form].first || p[0] > forms[form].last))
        form++;
    if (form == sizeof forms / sizeof forms[0] || forms[form].bytes > n)
        return 0;
    if (forms[form].bytes > 1 && (p[1] < forms[form].low || p[1] > forms[form].high))
        return 0;
    for (size_t i = 2; i < forms[form].bytes; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return forms[form].bytes;
}

bool str_is_utf8(struct str s)
{
    const unsigned char *bytes = (const unsigned char *)s.p;

    for (size_t i = 0, step; i < s.n; i += step) {
        step = bytes[i] < 0x80 ? 1 : sequence_bytes(bytes + i, s.n - i);
        if (step == 0)
            return false;
    }
    return true;
}

size_t str_code_points(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return count;
}
