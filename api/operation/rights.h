/* rights.h: holds the contract's scopes against the database's rights: whoever an operation admits can carry it out.
 * Internal to api/operation. */
#ifndef OPERATION_RIGHTS_H
#define OPERATION_RIGHTS_H

#include "operation/run.h"

/* Plans every statement of the plan as each role that the contract admits to its operation, without its optional lines; with all of
 * them, some role must be able to. Runs nothing. ERR_CONTRACT names operation, line, role and what it may not do; or ERR_DB_*. */
bool rights_check(struct db_conn *conn, const struct contract *contract, const struct plan *plan, struct error *err);

#endif
