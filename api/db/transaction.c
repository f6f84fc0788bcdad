/* transaction.c: transactions on one connection: what was queued, what its results mean, which statements are prepared.
 * Knows nothing of libpq (wire.c), of pools (pool.c) and of who waits. */
#include "db/transaction.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "db/sqlstate.h"

enum { NAME_BYTES = 24 };

void transaction_fail(struct transaction *transaction, enum error_code code, const char *argument)
{
    if (transaction->failure.code == ERR_NONE)
        error_set(&transaction->failure, code, "%s", argument);
}

/* Whether the server may have committed it without our knowing. */
static bool is_uncertain(const struct transaction *transaction)
{
    return transaction->writes && transaction->synced;
}

void transaction_lose(struct db_conn *conn, enum error_code code, const char *reason)
{
    if (!conn->lost)
        error_set(&conn->loss, code, "%s", reason);
    conn->lost = true;
    transaction_fail(conn->at, is_uncertain(conn->at) ? ERR_DB_UNCERTAIN : code, reason);
}

void transaction_lose_wire(struct db_conn *conn, enum wire_outcome how)
{
    char reason[256];

    if (how == WIRE_LATE) {
        transaction_lose(conn, ERR_DB_TIMEOUT, "deadline passed");
        return;
    }
    wire_reason(&conn->wire, reason, sizeof reason);
    transaction_lose(conn, ERR_DB_UNAVAILABLE, reason);
}

void transaction_turn(struct db_conn *conn, struct transaction *transaction)
{
    conn->at = transaction;
    if (conn->lost)
        transaction_lose(conn, conn->loss.code, conn->loss.argument);
}

void transaction_reset(struct db_conn *conn)
{
    conn->n_steps = conn->next_step = 0;
}

bool transaction_push(struct db_conn *conn, bool queued, struct step step)
{
    if (queued)
        conn->steps[conn->n_steps++] = step;
    else
        transaction_lose_wire(conn, WIRE_LOST);
    return queued;
}

static void statement_name(uint64_t serial, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "s%" PRIu64, serial);
}

static void close_doomed(struct db_conn *conn)
{
    while (conn->n_doomed > 0 && !conn->lost) {
        char name[NAME_BYTES], text[NAME_BYTES + sizeof "deallocate "];
        statement_name(conn->doomed[--conn->n_doomed], name);
        snprintf(text, sizeof text, "deallocate %s", name);
        transaction_push(conn, wire_text(&conn->wire, text), (struct step){.kind = STEP_CLOSE});
    }
}

bool transaction_fits(struct db_conn *conn, const struct db_query *queries, size_t n)
{
    if (conn->n_steps == 0)
        return true;
    if (conn->n_steps + 2 * n + STEPS_TO_END > STEPS_MAX)
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct cache_entry *entry = cache_find(&conn->cache, queries[i].key);
        if (entry && !entry->ready)
            return false;
    }
    return true;
}

bool transaction_has_room(struct db_conn *conn, size_t n)
{
    assert(!conn->at->synced);
    if (conn->n_steps == 0 && conn->at->failure.code == ERR_NONE)
        close_doomed(conn);
    if (conn->n_steps + n + STEPS_TO_END > STEPS_MAX)
        transaction_fail(conn->at, ERR_INTERNAL, "too many statements in one transaction");
    return conn->at->failure.code == ERR_NONE;
}

/* Queues the preparation of a new statement. What it evicts is used by nothing that is queued: that is the most recently
 * used, and less than the cache holds. */
_Static_assert((int)STEPS_MAX <= (int)CACHE_ENTRIES, "what is queued does not fill the cache");
static struct cache_entry *prepare(struct db_conn *conn, const struct db_query *query)
{
    char name[NAME_BYTES];
    uint64_t evicted;
    struct cache_entry *entry = cache_add(&conn->cache, query->key, ++conn->last_serial, &evicted);

    if (evicted && conn->n_doomed < DOOMED_MAX)
        conn->doomed[conn->n_doomed++] = evicted;
    else if (evicted)
        conn->spoiled = true;
    if (!entry) {
        transaction_fail(conn->at, ERR_INTERNAL, "too many new statements in one transaction");
        return NULL;
    }
    statement_name(entry->serial, name);
    if (transaction_push(conn, wire_prepare(&conn->wire, name, query), (struct step){.kind = STEP_PREPARE, .entry = entry}))
        return entry;
    cache_remove(&conn->cache, entry);
    return NULL;
}

bool transaction_send(struct db_conn *conn, const struct db_query *query)
{
    char name[NAME_BYTES];

    if (!transaction_has_room(conn, 2))
        return false;
    struct cache_entry *entry = cache_find(&conn->cache, query->key);
    if (!entry && !(entry = prepare(conn, query)))
        return false;
    statement_name(entry->serial, name);
    return transaction_push(conn, wire_execute(&conn->wire, name, query), (struct step){.kind = STEP_STATEMENT});
}

bool transaction_text(struct db_conn *conn, const char *text)
{
    return transaction_has_room(conn, 1) &&
           transaction_push(conn, wire_text(&conn->wire, text), (struct step){.kind = STEP_STATEMENT});
}

void transaction_sync(struct db_conn *conn)
{
    struct transaction *transaction = conn->at;

    assert(!transaction->synced);
    if (conn->lost)
        return;
    if (transaction->failure.code != ERR_NONE) /* without BEGIN it warns and rolls back; the server skips it after an error of its own */
        transaction_push(conn, wire_text(&conn->wire, "rollback"), (struct step){.kind = STEP_STATEMENT});
    transaction->synced = true; /* first: it may have been sent even when sending fails */
    transaction_push(conn, wire_sync(&conn->wire), (struct step){.kind = STEP_SYNC});
}

void transaction_arm(struct db_conn *conn)
{
    if (conn->next_step < conn->n_steps && conn->steps[conn->next_step].stream && conn->at->failure.code == ERR_NONE &&
        !wire_single_rows(&conn->wire))
        transaction_lose(conn, ERR_INTERNAL, "rows cannot be streamed");
}

/* Takes down what the server reported about a step. */
static void note_report(struct db_conn *conn, enum step_kind kind, const struct db_result *failed)
{
    struct wire_report report = wire_report(failed);
    struct error error;

    sqlstate_error(report.sqlstate, report.constraint, report.detail, &error);
    if (conn->explain)
        error_set(&error, error.code, "SQLSTATE %.*s: %.*s", STR_ARG(report.sqlstate), STR_ARG(report.message));
    conn->spoiled = conn->spoiled || sqlstate_spoils(report.sqlstate);
    if (kind != STEP_SYNC) /* at the Sync it may have committed before it died */
        transaction_fail(conn->at, error.code, error.argument);
    if (report.fatal)
        transaction_lose(conn, error.code, error.argument);
    transaction_fail(conn->at, error.code, error.argument);
}

struct db_result *transaction_read(struct db_conn *conn)
{
    struct step step = conn->steps[conn->next_step];
    struct db_result *result;
    enum wire_outcome outcome = wire_receive(&conn->wire, conn->deadline_ns, &result);

    if (outcome == WIRE_LOST || outcome == WIRE_LATE)
        transaction_lose_wire(conn, outcome);
    else if (outcome == WIRE_FAILED)
        note_report(conn, step.kind, result);
    else if ((outcome == WIRE_SYNC) != (step.kind == STEP_SYNC))
        transaction_lose(conn, ERR_INTERNAL, "results out of step");
    if (step.entry && outcome == WIRE_DONE)
        step.entry->ready = true;
    else if (step.entry)
        cache_remove(&conn->cache, step.entry);
    if (outcome != WIRE_ROW && !(outcome == WIRE_FAILED && step.kind == STEP_SYNC)) { /* a commit that failed: Sync follows */
        conn->next_step++;
        transaction_arm(conn);
    }
    conn->at->ended = conn->at->ended || outcome == WIRE_SYNC;
    if (step.kind == STEP_STATEMENT && conn->at->failure.code == ERR_NONE)
        return result;
    wire_free_result(result);
    return NULL;
}
