/* unique.c: finds equal items by their hashes. Knows nothing of schemas. */
#include "contract/unique.h"

#include <math.h>
#include <stdlib.h>

enum { PAIRS_MAX = 16 }; /* up to so many items are compared each with each */

struct hashed {
    uint64_t hash;
    const struct value *item;
};

/* Bijective (the end of MurmurHash3). */
static uint64_t mix(uint64_t h)
{
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
    return h ^ (h >> 33);
}

static uint64_t hash_string(uint64_t seed, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        seed = (seed ^ (unsigned char)s.p[i]) * 1099511628211u;
    return mix(seed);
}

/* 1 and 1.0 are equal, so reals that are integers hash as those. */
static uint64_t hash_number(uint64_t seed, const struct value *number)
{
    uint64_t bits;

    if (number->type == VALUE_INTEGER)
        return mix(seed ^ (uint64_t)number->integer);
    if (fabs(number->real) < 0x1p63 && !(trunc(number->real) < number->real || trunc(number->real) > number->real))
        return mix(seed ^ (uint64_t)(int64_t)number->real);
    memcpy(&bits, &number->real, sizeof bits);
    return mix(seed ^ bits);
}

/* Equal values have equal hashes; members count in any order. Recurses as deep as the value nests. */
static uint64_t hash_value(uint64_t seed, const struct value *value)
{
    uint64_t hash = mix(seed + (uint64_t)value->type);

    switch (value->type) {
    case VALUE_INTEGER:
    case VALUE_REAL:
        return hash_number(seed, value);
    case VALUE_STRING:
        return hash_string(hash, value->string);
    case VALUE_ARRAY:
        for (size_t i = 0; i < value->array.n; i++)
            hash = hash_value(hash, value->array.v[i]);
        return hash;
    case VALUE_OBJECT:
        for (size_t i = 0; i < value->object.n; i++)
            hash += hash_value(hash_string(seed, value->object.v[i].name), value->object.v[i].value);
        return hash;
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
        break;
    }
    return hash;
}

/* Whether the items from `from` to before `to` differ; each with each. */
static bool differ(const struct hashed *items, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        for (size_t j = i + 1; j < to; j++)
            if (items[i].hash == items[j].hash && value_equal(items[i].item, items[j].item))
                return false;
    return true;
}

static int by_hash(const void *a, const void *b)
{
    uint64_t left = ((const struct hashed *)a)->hash, right = ((const struct hashed *)b)->hash;
    return (left > right) - (left < right);
}

static bool runs_differ(const struct hashed *items, size_t n)
{
    for (size_t from = 0, to; from < n; from = to) {
        to = from + 1;
        while (to < n && items[to].hash == items[from].hash)
            to++;
        if (!differ(items, from, to))
            return false;
    }
    return true;
}

/* Without memory for hashes: slow, but right. */
static bool all_differ(const struct value *array)
{
    for (size_t i = 0; i < array->array.n; i++)
        for (size_t j = i + 1; j < array->array.n; j++)
            if (value_equal(array->array.v[i], array->array.v[j]))
                return false;
    return true;
}

bool values_are_unique(const struct value *array)
{
    size_t n = array->array.n;
    struct hashed few[PAIRS_MAX], *items = n <= PAIRS_MAX ? few : calloc(n, sizeof *items);
    uint64_t seed = mix((uint64_t)(uintptr_t)few); /* not to be known outside, so that nobody can aim at equal hashes */

    if (!items)
        return all_differ(array);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct hashed){hash_value(seed, array->array.v[i]), array->array.v[i]};
    if (n > PAIRS_MAX)
        qsort(items, n, sizeof *items, by_hash);
    bool unique = n > PAIRS_MAX ? runs_differ(items, n) : differ(items, 0, n);
    if (items != few)
        free(items);
    return unique;
}
