/* check.h: holds every statement against a running database and the contract. Internal to api/operation. */
#ifndef OPERATION_CHECK_H
#define OPERATION_CHECK_H

#include "operation/leak.h"
#include "operation/run.h"

/* Prepares every statement of the plan in every format, with no optional name given, with all, and with each alone; compares
 * parameters, columns and types with the contract. With facts also looks for filters that keep no index under row security.
 * ERR_CONTRACT names operation and line, or ERR_DB_*. */
bool check_plan(struct db_conn *conn, const struct plan *plan, const struct leak_facts *facts, struct error *err);

/* Asks the database what is leakproof, and what is under row security. ERR_DB_*. */
bool check_facts(struct db_conn *conn, struct arena *a, struct leak_facts *ret, struct error *err);

/* `given` with the bit of that format set and those of the others cleared, for statements whose lines depend on the format. */
uint64_t check_given(const struct plan *plan, uint64_t given, enum format format);

#endif
