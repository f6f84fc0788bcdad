/* str.h: borrowed text with a length. Owns nothing; whoever lends the bytes keeps them alive. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Text as pointer and length. p may be NULL only where n is 0. Not NUL-terminated. */
struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
/* For initialisers of static tables. */
#define STR_INIT(literal) {"" literal, sizeof(literal) - 1}
/* For "%.*s". */
#define STR_ARG(s) (int)(s).n, (s).p

static inline struct str str_of(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Equal but for the case of ASCII letters (header names, RFC 9110 5.1). */
bool str_eq_nocase(struct str a, struct str b);

/* Whether a list of n texts has it. */
bool str_in(struct str s, const struct str *list, size_t n);

/* Orders by bytes, as memcmp does; for qsort and bsearch. */
int str_compare(struct str a, struct str b);

bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Index of the first `c` in s, or s.n. */
size_t str_find(struct str s, char c);

/* s without the first n bytes; n is cut to s.n. */
struct str str_skip(struct str s, size_t n);

/* Without spaces and tabs at both ends (RFC 9110 OWS). */
struct str str_trim(struct str s);

/* Takes the part before the next `separator` off *rest and gives it; false when nothing is left.
 * "a,,b" gives "a", "", "b"; "" gives ""; {NULL, 0} gives nothing. *rest.p becomes NULL after the last part. */
bool str_next(struct str *rest, char separator, struct str *ret_part);

/* Parses -?[0-9]+ that fits 64 bits and is all of s; no plus, no spaces, no leading zeros but "0" itself. */
bool str_to_i64(struct str s, int64_t *ret_number);

/* FNV-1a, 64 bit. For tables, never for secrets. */
uint64_t str_hash(struct str s);

/* Whether s is valid UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF). */
bool str_is_utf8(struct str s);

/* Number of code points of valid UTF-8. */
size_t str_code_points(struct str s);

#endif
