/* number.c: decimals for multipleOf and comparison across integers and reals. Knows nothing of schemas. */
#include "contract/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

__extension__ typedef unsigned __int128 uint128;

enum { DIGITS_MAX = 19 }; /* 10^19 is the greatest power of ten in 64 bits */

static struct decimal without_trailing_zeros(struct decimal d)
{
    while (d.digits && d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d.digits ? d : (struct decimal){0, 0};
}

/* Reads "d.ddde-xx", which printf made with at most 17 digits. */
static struct decimal read_scientific(const char *text)
{
    struct decimal d = {0, 0};
    int fraction_digits = 0;
    bool in_fraction = false;

    for (; *text && *text != 'e'; text++) {
        if (*text == '.') {
            in_fraction = true;
        } else {
            d.digits = d.digits * 10 + (uint64_t)(*text - '0');
            fraction_digits += in_fraction;
        }
    }
    d.exponent = (*text ? (int)strtol(text + 1, NULL, 10) : 0) - fraction_digits;
    return without_trailing_zeros(d);
}

struct decimal number_decimal(const struct value *number)
{
    char text[40];

    if (number->type == VALUE_INTEGER) {
        uint64_t magnitude = number->integer < 0 ? 0 - (uint64_t)number->integer : (uint64_t)number->integer;
        return without_trailing_zeros((struct decimal){magnitude, 0});
    }
    double real = fabs(number->real);
    for (int digits = 14; digits <= 16; digits++) { /* 15 nearly always do, 17 always (IEEE 754 double) */
        snprintf(text, sizeof text, "%.*e", digits, real);
        double back = strtod(text, NULL);
        if (back >= real && back <= real)
            break;
    }
    return read_scientific(text);
}

/* a * 10^exponent mod m */
static uint64_t scaled_remainder(uint64_t a, int exponent, uint64_t m)
{
    uint128 result = a % m, power = 10 % m;

    for (unsigned e = (unsigned)exponent; e; e >>= 1) {
        if (e & 1)
            result = result * power % m;
        power = power * power % m;
    }
    return (uint64_t)result;
}

bool decimal_is_multiple(struct decimal number, struct decimal factor)
{
    int exponent = number.exponent - factor.exponent;
    uint128 scaled = factor.digits;

    if (number.digits == 0)
        return true;
    if (exponent >= 0)
        return scaled_remainder(number.digits, exponent, factor.digits) == 0;
    if (exponent < -DIGITS_MAX) /* factor's digits times 10^20 are above any 64 bits */
        return false;
    for (; exponent < 0; exponent++)
        scaled *= 10;
    return number.digits % scaled == 0;
}

static int compare_reals(double a, double b)
{
    return (a > b) - (a < b);
}

/* Exact: a double from 2^53 on has no fraction, and below it every integer is a double. */
static int compare_mixed(int64_t integer, double real)
{
    if (real >= 0x1p63)
        return -1;
    if (real < -0x1p63)
        return 1;
    int64_t whole = (int64_t)real;
    if (integer != whole)
        return integer < whole ? -1 : 1;
    return compare_reals(trunc(real), real);
}

int number_compare(const struct value *a, const struct value *b)
{
    if (a->type == VALUE_REAL && b->type == VALUE_REAL)
        return compare_reals(a->real, b->real);
    if (a->type == VALUE_REAL)
        return -compare_mixed(b->integer, a->real);
    if (b->type == VALUE_REAL)
        return compare_mixed(a->integer, b->real);
    return (a->integer > b->integer) - (a->integer < b->integer);
}

bool number_is_integer(const struct value *number)
{
    return number->type == VALUE_INTEGER || compare_reals(trunc(number->real), number->real) == 0;
}
