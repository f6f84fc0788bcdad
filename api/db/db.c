/* db.c: a lent connection: it opens and closes, and carries out the lender's transactions step by step.
 * Knows nothing of libpq (wire.c) and pools (pool.c). */
#include "db/db.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "db/conn.h"
#include "db/transaction.h"

static const int64_t PATIENCE_NS = INT64_C(1000) * 1000 * 1000; /* with a server in doubt */

struct db_conn *conn_new(void)
{
    struct db_conn *conn = calloc(1, sizeof(struct db_conn));

    if (conn)
        conn->at = &conn->own;
    return conn;
}

static void close_wire(struct db_conn *conn)
{
    wire_close(&conn->wire);
    cache_clear(&conn->cache);
    conn->n_doomed = 0;
}

void conn_free(struct db_conn *conn)
{
    if (!conn)
        return;
    if (conn->wire.pg)
        close_wire(conn);
    free(conn->results);
    free(conn);
}

bool conn_is_open(const struct db_conn *conn)
{
    return conn->wire.pg != NULL;
}

/* Asks the server for a word. */
static bool is_there(struct db_conn *conn)
{
    int64_t until_ns = clock_ns() + PATIENCE_NS;
    struct db_result *word = NULL;

    if (until_ns > conn->deadline_ns)
        until_ns = conn->deadline_ns;
    bool there = wire_sync(&conn->wire) && wire_flush(&conn->wire, until_ns) == WIRE_DONE &&
                 wire_receive(&conn->wire, until_ns, &word) == WIRE_SYNC;
    wire_free_result(word);
    conn->heard_ns = clock_ns();
    return there;
}

bool conn_take(struct db_conn *conn, int64_t deadline_ns, bool was_idle, int64_t doubted_ns)
{
    conn->deadline_ns = deadline_ns;
    if (conn->wire.pg && was_idle && (!wire_is_quiet(&conn->wire) || (conn->heard_ns <= doubted_ns && !is_there(conn))))
        close_wire(conn);
    return conn->wire.pg != NULL;
}

bool conn_open(struct db_conn *conn, struct wire_target *target, int64_t connect_deadline_ns, struct error *err)
{
    return wire_open(&conn->wire, target, connect_deadline_ns, err);
}

/* Forgets the lender's transaction. */
static void reset(struct db_conn *conn)
{
    transaction_reset(conn);
    conn->at = &conn->own;
    conn->own.failure.code = ERR_NONE;
    conn->own.writes = conn->own.synced = conn->own.ended = conn->explain = false;
}

bool conn_release(struct db_conn *conn)
{
    bool late = conn->lost && conn->loss.code == ERR_DB_TIMEOUT;

    for (size_t i = 0; i < conn->n_results; i++)
        wire_free_result(conn->results[i]);
    wire_free_result(conn->row);
    conn->n_results = 0;
    conn->row = NULL;
    if (conn->wire.pg && (conn->lost || conn->spoiled || conn->n_steps > 0 || wire_is_demoted(&conn->wire)))
        close_wire(conn);
    reset(conn);
    conn->lost = conn->spoiled = false;
    conn->heard_ns = clock_ns();
    return !late;
}

static bool refuse(const struct db_conn *conn, struct error *err)
{
    *err = conn->own.failure;
    return false;
}

bool db_send(struct db_conn *conn, const struct db_query *query, struct error *err)
{
    return transaction_send(conn, query) || refuse(conn, err);
}

bool db_send_text(struct db_conn *conn, const char *text, struct error *err)
{
    return transaction_text(conn, text) || refuse(conn, err);
}

static bool flush(struct db_conn *conn, struct error *err)
{
    enum wire_outcome outcome = conn->lost ? WIRE_DONE : wire_flush(&conn->wire, conn->deadline_ns);

    if (outcome != WIRE_DONE)
        transaction_lose_wire(conn, outcome);
    return !conn->lost || refuse(conn, err);
}

bool db_flush(struct db_conn *conn, struct error *err)
{
    if (conn->own.failure.code != ERR_NONE)
        return refuse(conn, err);
    if (!wire_ask_results(&conn->wire))
        transaction_lose_wire(conn, WIRE_LOST);
    return flush(conn, err);
}

bool db_sync(struct db_conn *conn, struct error *err)
{
    transaction_sync(conn);
    return flush(conn, err);
}

void db_writes(struct db_conn *conn)
{
    conn->own.writes = true;
}

bool db_stream(struct db_conn *conn, struct error *err)
{
    assert(conn->n_steps > 0 && conn->steps[conn->n_steps - 1].kind == STEP_STATEMENT);
    conn->steps[conn->n_steps - 1].stream = true;
    if (conn->next_step == conn->n_steps - 1)
        transaction_arm(conn);
    return conn->own.failure.code == ERR_NONE || refuse(conn, err);
}

/* Keeps a result for its reader. */
static bool keep(struct db_conn *conn, struct db_result *result)
{
    if (conn->n_results == conn->results_capacity) {
        size_t capacity = conn->results_capacity ? conn->results_capacity * 2 : 16;
        struct db_result **results = realloc(conn->results, capacity * sizeof(void *));
        if (!results) {
            wire_free_result(result);
            transaction_lose(conn, ERR_INTERNAL, "out of memory");
            return false;
        }
        conn->results = results;
        conn->results_capacity = capacity;
    }
    conn->results[conn->n_results++] = result;
    return true;
}

bool db_next(struct db_conn *conn, const struct db_result **ret, struct error *err)
{
    wire_free_result(conn->row);
    conn->row = NULL;
    while (conn->own.failure.code == ERR_NONE) {
        assert(conn->next_step < conn->n_steps && conn->steps[conn->next_step].kind != STEP_SYNC);
        bool streams = conn->steps[conn->next_step].stream;
        struct db_result *result = transaction_read(conn);
        if (!result)
            continue;
        *ret = result;
        if (streams)
            conn->row = result;
        else if (!keep(conn, result))
            break;
        return true;
    }
    return refuse(conn, err);
}

bool db_end(struct db_conn *conn, struct error *err)
{
    assert(conn->own.synced || conn->lost);
    while (!conn->lost && !conn->own.ended)
        wire_free_result(transaction_read(conn));
    if (conn->lost)
        return refuse(conn, err);
    if (!wire_is_idle(&conn->wire)) {
        transaction_fail(&conn->own, ERR_INTERNAL, "a statement opened a transaction of its own");
        conn->spoiled = true;
    }
    bool committed = conn->own.failure.code == ERR_NONE || refuse(conn, err);
    reset(conn);
    return committed;
}

void db_abandon(struct db_conn *conn)
{
    struct error ignored;

    conn->own.writes = false;
    if (conn->lost)
        return;
    if (conn->n_steps == 0) {
        reset(conn);
        return;
    }
    transaction_fail(&conn->own, ERR_INTERNAL, "abandoned");
    if (!conn->own.synced)
        db_sync(conn, &ignored);
    db_end(conn, &ignored);
}

_Static_assert(DOOMED_MAX + 2 * DB_DESCRIBED_MAX + STEPS_TO_END <= STEPS_MAX, "as many as are promised can be queued");
bool db_describe(struct db_conn *conn, struct str text, const uint32_t *types, int n, struct error *err)
{
    struct db_query query = {.text = text, .types = types, .n = n};

    conn->explain = true;
    return (transaction_has_room(conn, 2) &&
            transaction_push(conn, wire_prepare(&conn->wire, "", &query), (struct step){.kind = STEP_PREPARE}) &&
            transaction_push(conn, wire_describe(&conn->wire, ""), (struct step){.kind = STEP_STATEMENT})) ||
           refuse(conn, err);
}

bool db_tree(struct db_conn *conn, struct str text, const uint32_t *types, int n, struct buf *tree, struct error *err)
{
    static const char print[] = "select set_config('debug_pretty_print', 'off', true), set_config('debug_print_rewritten', 'on', true), "
                                "set_config('client_min_messages', 'log', true)";
    struct db_query query = {.text = text, .types = types, .n = n};

    if (!db_send_text(conn, print, err))
        return false;
    wire_keep_trees(&conn->wire, tree);
    if (transaction_push(conn, wire_prepare(&conn->wire, "", &query), (struct step){.kind = STEP_PREPARE}))
        db_sync(conn, err);
    bool ok = db_end(conn, err);
    if (conn->wire.pg)
        wire_keep_trees(&conn->wire, NULL);
    return ok;
}

bool db_explain(struct db_conn *conn, struct str text, const uint32_t *types, int n, struct error *err)
{
    static const char *const nothing[DB_PARAMETERS_MAX];
    struct db_query query = {.text = text, .types = types, .values = nothing, .n = n};

    assert(n <= DB_PARAMETERS_MAX);
    conn->explain = true;
    if (transaction_push(conn, wire_prepare(&conn->wire, "", &query), (struct step){.kind = STEP_PREPARE}))
        transaction_push(conn, wire_execute(&conn->wire, "", &query), (struct step){.kind = STEP_STATEMENT});
    db_sync(conn, err);
    return db_end(conn, err);
}
