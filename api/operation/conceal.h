/* conceal.h: what the contract seals, sealed before the database sees it. Internal to api/operation. */
#ifndef OPERATION_CONCEAL_H
#define OPERATION_CONCEAL_H

#include "base/seal.h"
#include "contract/schema.h"

/* A member's value as a bytea, in a; its label is the last part of its dotted path. */
struct str conceal_value(struct arena *a, const struct seal *seal, struct str path, const struct value *value);

/* The value with every sealed member in it as a JSON string that is read as bytea ("\\x..."), null as null; what holds none of
 * them is shared. Takes CONCEAL_BYTES_FACTOR bytes of arena per byte of the value's text at most. */
const struct value *conceal_members(struct arena *a, const struct seal *seal, const struct schema *schema, const struct value *value);
enum { CONCEAL_BYTES_FACTOR = 160 }; /* of {"n":1}, which a sealed number and two nodes take 1.2 kB for */

#endif
