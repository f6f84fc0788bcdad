/* canonical.h: one text for all values that are equal. */
#ifndef BASE_CANONICAL_H
#define BASE_CANONICAL_H

#include "base/value.h"

/* Appends a text that is the same for values which value_equal calls equal, and differs for all others: members sorted by name, whole
 * numbers without fraction or exponent. Not RFC 8785: it is hashed and never read. Takes 8 bytes of a for each member. */
void canonical_write(struct arena *a, struct buf *b, const struct value *value);

#endif
