/* params.h: path, query and header parameters, decoded and validated by the contract. */
#ifndef CONTRACT_PARAMS_H
#define CONTRACT_PARAMS_H

#include "base/message.h"
#include "contract/percent.h"
#include "contract/router.h"

/* Decodes every parameter of route->operation. ret_values (one per operation->parameters, from a) holds the typed
 * value, the contract's default, or NULL. Adds a violation per unknown, duplicate, missing or unfit parameter and
 * gives false if there is any. query: raw, without "?". */
bool params_decode(struct arena *a, const struct route *route, struct str query, struct headers headers,
                   const struct value ***ret_values, struct violations *list);

#endif
