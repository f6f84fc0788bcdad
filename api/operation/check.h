/* check.h: holds every statement against a running database and the contract. Internal to api/operation. */
#ifndef OPERATION_CHECK_H
#define OPERATION_CHECK_H

#include "operation/leak.h"
#include "operation/question.h"

/* Has every question about the n plans (question.h) prepared, and compares parameters, columns and types with the contract. With
 * facts also looks for filters that keep no index under row security. ERR_CONTRACT names operation and line of the first that is wrong;
 * or ERR_DB_*, ERR_OVERLOADED: of the database. */
bool check_plans(struct db_conn *conn, const struct plan *plans, size_t n, const struct leak_facts *facts, struct error *err);

/* Asks the database what is leakproof, and what is under row security. ERR_DB_*. */
bool check_facts(struct db_conn *conn, struct arena *a, struct leak_facts *ret, struct error *err);

#endif
