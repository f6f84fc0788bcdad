/* check.h: holds every statement against a running database and the contract. Internal to api/operation. */
#ifndef OPERATION_CHECK_H
#define OPERATION_CHECK_H

#include "operation/run.h"

/* Prepares every statement of the plan in every format, with no optional name given, with all, and with each alone; compares
 * parameters, columns and types with the contract. ERR_CONTRACT names operation and line, or ERR_DB_*. */
bool check_plan(struct db_conn *conn, const struct plan *plan, struct error *err);

#endif
