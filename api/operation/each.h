/* each.h: the items of an array with x-each, taken or refused one by one. Internal to api/operation. */
#ifndef OPERATION_EACH_H
#define OPERATION_EACH_H

#include "base/seal.h"
#include "operation/call.h"

/* JSON texts, NUL-terminated, in the call's arena. */
struct each {
    const char *taken;   /* [{"index": 0, "hash": "<64 hexadecimal digits>", "record": item}, ...] */
    const char *refused; /* [{"index": 3, "errors": [{"pointer", "keyword", "detail"}, ...]}, ...] */
};

/* What is said of refused items: at most so many errors for one, and none once all that is said is so long. */
enum { EACH_ERRORS_MAX = 8, EACH_REFUSED_BYTES = 256 * 1024 };

/* Holds each item against the schema of items. A hash is a keyed BLAKE2b of the item as it came (base/canonical.h), before sealed members
 * are sealed, so that the same item has the same hash, whatever the order of its members. Pointers go into the item; details are
 * in the call's language, and never a value. When memory is refused, both texts are no JSON. */
struct each each_split(const struct call *call, const struct seal *seal, const struct schema *items, const struct value *array);

#endif
