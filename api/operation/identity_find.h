/* identity_find.h: asks the database who carries a token. */
#ifndef OPERATION_IDENTITY_FIND_H
#define OPERATION_IDENTITY_FIND_H

#include "auth/identity.h"
#include "db/db.h"

/* Looks for the person to whom the claims' subject is bound; strings in a. A token of a system stands for no person. ERR_DB_*: then
 * nobody knows what its holder may do. */
bool identity_find(struct db_pool *pool, struct arena *a, const struct claims *claims, int64_t deadline_ns, struct identity *ret,
                   struct error *err);

#endif
