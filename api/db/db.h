/* db.h: PostgreSQL: a bounded pool of pipelined connections, prepared statements per connection, results.
 * The only part that knows libpq. Knows nothing of contracts, HTTP or JSON. */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

/* Type OIDs that the service binds and reads (catalog/pg_type.dat). */
enum db_type {
    DB_BOOL = 16, DB_INT8 = 20, DB_INT2 = 21, DB_INT4 = 23, DB_TEXT = 25, DB_JSON = 114, DB_FLOAT4 = 700, DB_FLOAT8 = 701,
    DB_BYTEA = 17, DB_BPCHAR = 1042, DB_VARCHAR = 1043, DB_DATE = 1082, DB_TIME = 1083, DB_TIMESTAMPTZ = 1184,
    DB_NUMERIC = 1700, DB_UUID = 2950, DB_JSONB = 3802, DB_TEXT_ARRAY = 1009, DB_UUID_ARRAY = 2951, DB_INT8_ARRAY = 1016,
};

/* Parameters of a statement at most, as far as db_explain goes. */
enum { DB_PARAMETERS_MAX = 64 };

struct db_pool;
struct db_conn;
struct db_result;

struct db_pool_options {
    const char *conninfo; /* libpq connection string; may name several hosts */
    int size;             /* connections, 1..64 */
    int wait_ms;          /* longest wait for a free one */
    int share_from;       /* connections at work from which on scripts share those rather than take a free one; 0: size */
};

/* Makes the pool; opens no connection yet (they open when lent, so the service may start before its database). */
bool db_pool_new(const struct db_pool_options *options, struct db_pool **ret, struct error *err);
void db_pool_free(struct db_pool *pool);

/* Connections in use / waiting callers, for metrics and readiness. */
void db_pool_state(struct db_pool *pool, int *ret_open, int *ret_in_use, int *ret_waiting);

/* Lends a connection in pipeline mode, idle; connects or reconnects when it must. deadline_ns (clock_ns) bounds all
 * that is then done on it. ERR_OVERLOADED when none came free in wait_ms, ERR_DB_UNAVAILABLE when the server cannot
 * be reached (nor tried, just after a failed connect), ERR_DB_TIMEOUT when the deadline has passed. Return it with db_return,
 * whatever happened. */
bool db_lend(struct db_pool *pool, int64_t deadline_ns, struct db_conn **ret, struct error *err);

/* Gives it back. A connection that is not idle after its Sync (broken, mid-result, timed out) is closed instead. */
void db_return(struct db_pool *pool, struct db_conn *conn);

/* Identity of a prepared statement on every connection: the engine makes it unique for statement, variant, limit and role. */
struct db_key {
    uint64_t a, b;
};

struct db_query {
    struct db_key key;
    struct str text;            /* NUL-terminated; the same for the same key */
    const uint32_t *types;      /* type OID per parameter */
    const char *const *values;  /* text per parameter, NULL is SQL NULL */
    int n;
};

/* Queues a statement in the implicit transaction that the next db_sync ends; prepares it when it is new here (at most
 * 512 a connection; the least recently used are closed). It may stay here until db_flush or db_sync. At most about 250
 * statements a transaction, ERR_INTERNAL beyond. */
bool db_send(struct db_conn *conn, const struct db_query *query, struct error *err);

/* Queues text that takes no parameters and is not prepared. */
bool db_send_text(struct db_conn *conn, const char *text, struct error *err);

/* Sends all that is queued and asks for its results without ending the transaction. */
bool db_flush(struct db_conn *conn, struct error *err);

/* Ends the transaction: commits when every statement succeeded, else rolls back; sends. False only when the connection is
 * lost or the deadline passed: whether it committed, db_end tells. */
bool db_sync(struct db_conn *conn, struct error *err);

/* The result of the next queued statement, in order. On failure err is made from the SQLSTATE (sqlstate.h) and all that
 * follows up to the Sync fails too, with the same err. A broken connection is ERR_DB_UNAVAILABLE, or ERR_DB_UNCERTAIN when db_sync was sent
 * after writes (see db_writes); a passed deadline ERR_DB_TIMEOUT (or ERR_DB_UNCERTAIN likewise). The result lives until db_return. */
bool db_next(struct db_conn *conn, const struct db_result **ret, struct error *err);

/* Says that this transaction writes: decides between ERR_DB_UNAVAILABLE and ERR_DB_UNCERTAIN. */
void db_writes(struct db_conn *conn);

/* Reads on to the end of the transaction and tells whether it committed; must be called after db_sync. Skips results
 * that were not read. On failure err is the first of this transaction. Another may then begin on the same connection. */
bool db_end(struct db_conn *conn, struct error *err);

/* Rolls back what was queued so far, and reads to the end; another transaction may begin. For every way out before db_sync;
 * after db_sync it only reads to the end. */
void db_abandon(struct db_conn *conn);

/* Rows one by one for the statement sent last (before db_flush/db_sync): db_next then gives one row at a time, each until
 * the next db_next, and, after the last, a result with no rows. Memory stays constant. Stopping before the end: db_return. */
bool db_stream(struct db_conn *conn, struct error *err);

int db_rows(const struct db_result *result);
int db_columns(const struct db_result *result);
struct str db_column_name(const struct db_result *result, int column);
uint32_t db_column_type(const struct db_result *result, int column);
int db_parameters(const struct db_result *described);
uint32_t db_parameter_type(const struct db_result *described, int parameter);
bool db_is_null(const struct db_result *result, int row, int column);
struct str db_value(const struct db_result *result, int row, int column);
/* The same, false where it is NULL: one look for both. */
bool db_text(const struct db_result *result, int row, int column, struct str *ret);

/* For the check of statements: queues that text be prepared, in a transaction of nothing else; db_next gives the inferred parameter types
 * (db_parameters) and the columns, as a result without rows. Runs nothing. ERR_INTERNAL there tells the server's message. */
enum { DB_DESCRIBED_MAX = 90 }; /* a transaction */
bool db_describe(struct db_conn *conn, struct str text, const uint32_t *types, int n, struct error *err);

/* For `cpwg check`, between transactions: appends to `tree` how the server prints the analysed statement, with views in place; its log gets a copy. */
bool db_tree(struct db_conn *conn, struct str text, const uint32_t *types, int n, struct buf *tree, struct error *err);

/* Likewise: plans text with no value given, as the database role that was set by what is queued before it (db_send_text), whose
 * rights it needs as if it ran; ends that transaction. */
bool db_explain(struct db_conn *conn, struct str text, const uint32_t *types, int n, struct error *err);

#endif
