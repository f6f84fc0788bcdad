/* merge.h: a merge patch on a record (RFC 7396). Internal to api/operation. */
#ifndef OPERATION_MERGE_H
#define OPERATION_MERGE_H

#include "contract/schema.h"

/* The record as the patch leaves it. RFC 7396 removes what the patch sets to null; in a record that writes such members out,
 * removed and null are the same, so a member whose schema allows null is kept as null. */
const struct value *merge_record(struct arena *a, const struct schema *schema, const struct value *record, const struct value *patch);

#endif
