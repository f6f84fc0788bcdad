/* unique.h: whether the items of an array differ from each other. */
#ifndef CONTRACT_UNIQUE_H
#define CONTRACT_UNIQUE_H

#include "base/value.h"

/* Whether no two items of an array are equal (as value_equal says). About n log n for n items. */
bool values_are_unique(const struct value *array);

#endif
