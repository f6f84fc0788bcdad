/* run.h: the transaction of one call: its context, the plan's statements, their results; on a lent connection where something is
 * to be decided between them, else as a script, which is cheaper. Internal to api/operation. */
#ifndef OPERATION_RUN_H
#define OPERATION_RUN_H

#include "db/script.h"
#include "operation/bind.h"
#include "operation/prepared.h"

/* How far the transaction is; decides how run_close leaves the connection. */
enum run_state { RUN_CLOSED, RUN_OPEN, RUN_SYNCED, RUN_ENDED, RUN_BROKEN };

struct run {
    const struct engine *engine;
    const struct plan *plan;
    const struct call *call;
    struct db_pool *pool;
    struct db_conn *conn;      /* lent; NULL for a script */
    struct db_script script;
    size_t n_read;             /* of the script's results */
    struct prepared *own;      /* what the engine's table had no room for */
    enum run_state state;
    struct binding binding;
    size_t role;     /* index of call->role in the contract */
    bool guard_read; /* the context's and the guard's results were read */
    bool takes_key;  /* an Idempotency-Key was sent, and its taking comes right after the context */
};

/* Which text of a statement is sent. limit: 0 where the statement has no :limit. */
struct variant {
    int limit;
    bool counts; /* counts the rows instead of giving them */
};

enum { ROWS_UNLIMITED = INT32_MAX, TOTAL_MAX = 10000 };

/* Lends a connection and queues who calls: the role to run as, the claims, read-only for reads. End with run_close. */
bool run_open(struct run *run, struct db_pool *pool, bool read_only, struct error *err);

/* The same without a connection: what is queued is a script, which run_sync hands to the pool as a whole. */
bool run_collect(struct run *run, struct db_pool *pool, bool read_only, struct error *err);

/* Ends the transaction; what was queued goes out. A script is carried out then; false when it failed. */
bool run_sync(struct run *run, struct error *err);

/* Gives the result of the next statement, in order; it lives until run_close. */
bool run_next(struct run *run, const struct db_result **ret, struct error *err);

/* Reads to the end of the transaction: true when it committed. */
bool run_end(struct run *run, struct error *err);

/* Returns the connection, clean: what was not synced is rolled back, what was not read is skipped. A transaction that is
 * broken off (RUN_BROKEN) costs the connection instead, since the rest of its rows may be long. */
void run_close(struct run *run);

/* Reads the result of the context; it comes before every other result. */
bool run_context_done(struct run *run, struct error *err);

/* Queues a statement of the plan with the call's values. */
bool run_send(struct run *run, const struct sql_statement *statement, struct variant variant, struct error *err);

/* Queues any other statement with text parameters, known by a key of its own. */
bool run_send_text(struct run *run, struct db_key key, const char *text, const char *const *values, int n, struct error *err);

/* How the columns of that statement's result become members. The shape lives until run_close. */
bool run_shape(struct run *run, const struct sql_statement *statement, struct variant variant, const struct db_result *result,
               const struct shape **ret, struct error *err);

/* What a format makes of a row. */
enum shape_kind run_shape_kind(enum format format);

/* The statement's text with its parameters in order, for the check. */
struct str run_text(struct arena *a, const struct plan *plan, const struct sql_statement *statement, uint64_t given,
                    struct variant variant, struct sql_order *ret_order);

/* Keys of the engine's own statements; plans use smaller ones. */
enum run_key { KEY_CONTEXT_PUBLIC = 1, KEY_CONTEXT_READ, KEY_CONTEXT_WRITE, KEY_IDEMPOTENCY, KEY_CONTEXT_CASE_READ, KEY_CONTEXT_CASE_WRITE,
               KEY_CONTEXT_DEFERRED, KEY_CONTEXT_CASE_DEFERRED, KEY_FLUSH };
static inline struct db_key run_own_key(enum run_key key)
{
    return (struct db_key){UINT64_MAX, (uint64_t)key};
}

#endif
