/* bits.h: what networks are compared by. */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdbool.h>
#include <string.h>

/* Whether the first n bits are the same, the highest of each byte first. */
static inline bool bits_equal(const unsigned char *a, const unsigned char *b, unsigned n)
{
    return memcmp(a, b, n / 8) == 0 && (n % 8 == 0 || (a[n / 8] ^ b[n / 8]) >> (8 - n % 8) == 0);
}

#endif
