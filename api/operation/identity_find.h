/* identity_find.h: asks the database who carries a token. */
#ifndef OPERATION_IDENTITY_FIND_H
#define OPERATION_IDENTITY_FIND_H

#include "auth/identity.h"
#include "operation/client_record.h"

/* Looks for the person to whom the claims' subject is bound or, where the token is a system's, for that. ERR_DB_*: then nobody knows what
 * its holder may do. */
bool identity_find(const struct lookup *lookup, const struct claims *claims, struct identity *ret, struct error *err);

#endif
