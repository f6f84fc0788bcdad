/* number.h: arithmetic on JSON numbers as the decimals that they are written as. */
#ifndef CONTRACT_NUMBER_H
#define CONTRACT_NUMBER_H

#include "base/value.h"

/* digits * 10^exponent, without trailing zeros; the sign is left away. Zero is 0 * 10^0. */
struct decimal {
    uint64_t digits;
    int exponent;
};

/* The magnitude of a number; a real stands for the shortest decimal that reads back as it. */
struct decimal number_decimal(const struct value *number);

/* Whether number is factor times an integer; factor is not zero. Exact at any size. */
bool decimal_is_multiple(struct decimal number, struct decimal factor);

/* Less than, equal to or greater than 0 as a is below, equal to or above b; exact between integers and reals. */
int number_compare(const struct value *a, const struct value *b);

/* Whether a number has no fraction: 1 and 1.0 do not. */
bool number_is_integer(const struct value *number);

#endif
