/* sqlstate.c: from PostgreSQL's error codes (manual, appendix A) to ours, as a table. Knows nothing of connections. */
#include "db/sqlstate.h"

enum argument { STATE, CONSTRAINT, DETAIL };

/* The first row whose prefix fits counts: five characters are one state, two a class. */
static const struct {
    struct str prefix;
    enum error_code code;
    enum argument argument;
    bool spoils; /* the connection cannot serve the next request */
} rows[] = {
    {STR_INIT(SQLSTATE_TRANSITION), ERR_TRANSITION, DETAIL, false},
    {STR_INIT(SQLSTATE_IDEMPOTENCY_RUNNING), ERR_IDEMPOTENCY_RUNNING, STATE, false},
    {STR_INIT(SQLSTATE_IDEMPOTENCY_REUSED), ERR_IDEMPOTENCY_REUSED, STATE, false},
    {STR_INIT(SQLSTATE_IDEMPOTENCY_DONE), ERR_REPLAY, DETAIL, false},
    {STR_INIT(SQLSTATE_NOT_FOUND), ERR_NOT_FOUND, STATE, false},
    {STR_INIT(SQLSTATE_FORBIDDEN), ERR_FORBIDDEN, STATE, false},
    {STR_INIT(SQLSTATE_TOO_OFTEN), ERR_TOO_OFTEN, DETAIL, false},
    {STR_INIT(SQLSTATE_CONFLICT), ERR_CONFLICT, DETAIL, false},
    {STR_INIT(SQLSTATE_UNLINKABLE), ERR_UNLINKABLE, STATE, false},
    {STR_INIT(SQLSTATE_LACKING), ERR_INTERNAL, STATE, false},
    {STR_INIT("23503"), ERR_REFERENCE, CONSTRAINT, false},   /* foreign_key_violation */
    {STR_INIT("23505"), ERR_CONFLICT, CONSTRAINT, false},    /* unique_violation */
    {STR_INIT("23P01"), ERR_CONFLICT, CONSTRAINT, false},    /* exclusion_violation */
    {STR_INIT("42501"), ERR_FORBIDDEN, STATE, false},        /* insufficient_privilege, row-level security too */
    {STR_INIT("40"), ERR_OVERLOADED, STATE, false},          /* serialization_failure, deadlock_detected */
    {STR_INIT("55P03"), ERR_OVERLOADED, STATE, false},       /* lock_not_available */
    {STR_INIT("25006"), ERR_DB_UNAVAILABLE, STATE, true},    /* read_only_sql_transaction: a standby, or demoted */
    {STR_INIT("25P04"), ERR_DB_TIMEOUT, STATE, false},       /* transaction_timeout (PostgreSQL 17) */
    {STR_INIT("26"), ERR_DB_UNAVAILABLE, STATE, true},       /* prepared statement gone, or its tables have changed */
    {STR_INIT("57014"), ERR_DB_TIMEOUT, STATE, false},       /* query_canceled */
    {STR_INIT("08"), ERR_DB_UNAVAILABLE, STATE, true},       /* connection exceptions */
    {STR_INIT("53"), ERR_DB_UNAVAILABLE, STATE, false},      /* disk full, out of memory, too many connections */
    {STR_INIT("57"), ERR_DB_UNAVAILABLE, STATE, true},       /* shutdown, crash, starting up */
    {STR_INIT("58"), ERR_DB_UNAVAILABLE, STATE, false},      /* I/O errors outside PostgreSQL */
    {STR_INIT(""), ERR_INTERNAL, STATE, false},
};

static size_t row_of(struct str sqlstate)
{
    size_t row = 0;
    while (!str_starts(sqlstate, rows[row].prefix)) /* ends: the last row fits all */
        row++;
    return row;
}

void sqlstate_error(struct str sqlstate, struct str constraint, struct str detail, struct error *err)
{
    size_t row = row_of(sqlstate);
    enum error_code code = rows[row].code;

    if (rows[row].argument == DETAIL)
        error_set(err, code, "%.*s", STR_ARG(detail));
    else if (rows[row].argument == CONSTRAINT && constraint.n)
        error_set(err, code, "%.*s", STR_ARG(constraint));
    else
        error_set(err, code, "SQLSTATE %.*s%s%.*s", STR_ARG(sqlstate), constraint.n ? " " : "", STR_ARG(constraint));
}

bool sqlstate_spoils(struct str sqlstate)
{
    return rows[row_of(sqlstate)].spoils;
}
