/* db.c: transactions on one connection: what was queued, what its results mean, which statements are prepared.
 * Knows nothing of libpq (wire.c) and pools (pool.c). */
#include "db/db.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/cache.h"
#include "db/conn.h"
#include "db/sqlstate.h"
#include "db/wire.h"

enum {
    STEPS_MAX = 256,
    STEPS_TO_END = 2, /* kept free for a rollback and the Sync */
    DOOMED_MAX = 64,
    NAME_BYTES = 24,
};

/* What the server was asked and whose result is due, in order. */
enum step_kind { STEP_PREPARE, STEP_CLOSE, STEP_STATEMENT, STEP_SYNC };
struct step {
    enum step_kind kind;
    bool stream;
    struct cache_entry *entry; /* of STEP_PREPARE; NULL for the unnamed statement */
};

struct db_conn {
    struct wire wire;
    int64_t deadline_ns;
    struct cache cache;
    uint64_t last_serial;
    uint64_t doomed[DOOMED_MAX]; /* evicted statements, closed when the next transaction begins: there nothing can skip it */
    size_t n_doomed;
    struct step steps[STEPS_MAX];
    size_t n_steps, next_step;
    struct db_result **results; /* handed out, until db_return */
    size_t n_results, results_capacity;
    struct db_result *row; /* handed out of a stream, until the next */
    struct error failure;  /* the first of this transaction */
    bool writes, synced;
    bool lost;    /* nothing more can be sent or read */
    bool spoiled; /* in order, but not fit for another caller */
    bool explain; /* describing: the server's message may be told, it can quote nothing but the statement */
};

struct db_conn *conn_new(void)
{
    return calloc(1, sizeof(struct db_conn));
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

bool conn_take(struct db_conn *conn, int64_t deadline_ns, bool was_idle)
{
    conn->deadline_ns = deadline_ns;
    if (conn->wire.pg && was_idle && !wire_is_quiet(&conn->wire))
        close_wire(conn);
    return conn->wire.pg != NULL;
}

bool conn_open(struct db_conn *conn, const struct wire_target *target, int64_t connect_deadline_ns, struct error *err)
{
    return wire_open(&conn->wire, target, connect_deadline_ns, err);
}

/* Forgets the transaction. */
static void reset(struct db_conn *conn)
{
    conn->n_steps = conn->next_step = 0;
    conn->failure.code = ERR_NONE;
    conn->writes = conn->synced = false;
}

void conn_release(struct db_conn *conn)
{
    for (size_t i = 0; i < conn->n_results; i++)
        wire_free_result(conn->results[i]);
    wire_free_result(conn->row);
    conn->n_results = 0;
    conn->row = NULL;
    if (conn->wire.pg && (conn->lost || conn->spoiled || conn->n_steps > 0))
        close_wire(conn);
    reset(conn);
    conn->lost = conn->spoiled = false;
}

/* The first failure counts: what follows are its consequences. */
static void note_failure(struct db_conn *conn, enum error_code code, const char *argument)
{
    if (conn->failure.code == ERR_NONE)
        error_set(&conn->failure, code, "%s", argument);
}

static void lose(struct db_conn *conn, enum error_code code, const char *reason)
{
    conn->lost = true;
    note_failure(conn, conn->writes && conn->synced ? ERR_DB_UNCERTAIN : code, reason);
}

/* `how` is no WIRE_DONE. */
static void lose_wire(struct db_conn *conn, enum wire_outcome how)
{
    char reason[256];

    if (how == WIRE_LATE) {
        lose(conn, ERR_DB_TIMEOUT, "deadline passed");
        return;
    }
    wire_reason(&conn->wire, reason, sizeof reason);
    lose(conn, ERR_DB_UNAVAILABLE, reason);
}

static bool refuse(const struct db_conn *conn, struct error *err)
{
    *err = conn->failure;
    return false;
}

/* Notes that a command was queued; or, when it could not be, that the connection is gone. */
static bool push(struct db_conn *conn, bool queued, struct step step)
{
    if (queued)
        conn->steps[conn->n_steps++] = step;
    else
        lose_wire(conn, WIRE_LOST);
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
        push(conn, wire_text(&conn->wire, text), (struct step){.kind = STEP_CLOSE});
    }
}

/* Whether n more commands may be queued. */
static bool make_room(struct db_conn *conn, size_t n, struct error *err)
{
    assert(!conn->synced);
    if (conn->n_steps == 0 && conn->failure.code == ERR_NONE)
        close_doomed(conn);
    if (conn->n_steps + n + STEPS_TO_END > STEPS_MAX)
        note_failure(conn, ERR_INTERNAL, "too many statements in one transaction");
    return conn->failure.code == ERR_NONE || refuse(conn, err);
}

bool db_knows(struct db_conn *conn, struct db_key key)
{
    return cache_find(&conn->cache, key) != NULL;
}

/* Queues the preparation of a new statement. */
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
        note_failure(conn, ERR_INTERNAL, "too many new statements in one transaction");
        return NULL;
    }
    statement_name(entry->serial, name);
    if (push(conn, wire_prepare(&conn->wire, name, query), (struct step){.kind = STEP_PREPARE, .entry = entry}))
        return entry;
    cache_remove(&conn->cache, entry);
    return NULL;
}

bool db_send(struct db_conn *conn, const struct db_query *query, struct error *err)
{
    char name[NAME_BYTES];

    if (!make_room(conn, 2, err))
        return false;
    struct cache_entry *entry = cache_find(&conn->cache, query->key);
    assert(entry || query->text.p);
    if (!entry && !(entry = prepare(conn, query)))
        return refuse(conn, err);
    statement_name(entry->serial, name);
    return push(conn, wire_execute(&conn->wire, name, query), (struct step){.kind = STEP_STATEMENT}) || refuse(conn, err);
}

bool db_send_text(struct db_conn *conn, const char *text, struct error *err)
{
    return make_room(conn, 1, err) &&
           (push(conn, wire_text(&conn->wire, text), (struct step){.kind = STEP_STATEMENT}) || refuse(conn, err));
}

static bool flush(struct db_conn *conn, struct error *err)
{
    enum wire_outcome outcome = conn->lost ? WIRE_DONE : wire_flush(&conn->wire, conn->deadline_ns);

    if (outcome != WIRE_DONE)
        lose_wire(conn, outcome);
    return !conn->lost || refuse(conn, err);
}

bool db_flush(struct db_conn *conn, struct error *err)
{
    if (conn->failure.code != ERR_NONE)
        return refuse(conn, err);
    if (!wire_ask_results(&conn->wire))
        lose_wire(conn, WIRE_LOST);
    return flush(conn, err);
}

bool db_sync(struct db_conn *conn, struct error *err)
{
    assert(!conn->synced);
    if (conn->lost)
        return refuse(conn, err);
    if (conn->failure.code != ERR_NONE) /* without BEGIN it warns and rolls back; the server skips it after an error of its own */
        push(conn, wire_text(&conn->wire, "rollback"), (struct step){.kind = STEP_STATEMENT});
    conn->synced = true; /* first: it may have been sent even when sending fails */
    push(conn, wire_sync(&conn->wire), (struct step){.kind = STEP_SYNC});
    return flush(conn, err);
}

void db_writes(struct db_conn *conn)
{
    conn->writes = true;
}

/* Has the rows of the next step sent one by one, when that is asked; it must be said before the first is read. */
static void arm(struct db_conn *conn)
{
    if (conn->next_step < conn->n_steps && conn->steps[conn->next_step].stream && conn->failure.code == ERR_NONE &&
        !wire_single_rows(&conn->wire))
        lose(conn, ERR_INTERNAL, "rows cannot be streamed");
}

bool db_stream(struct db_conn *conn, struct error *err)
{
    assert(conn->n_steps > 0 && conn->steps[conn->n_steps - 1].kind == STEP_STATEMENT);
    conn->steps[conn->n_steps - 1].stream = true;
    if (conn->next_step == conn->n_steps - 1)
        arm(conn);
    return conn->failure.code == ERR_NONE || refuse(conn, err);
}

/* Takes down what the server reported about a step. */
static void note_report(struct db_conn *conn, enum step_kind kind, const struct db_result *failed)
{
    struct wire_report report = wire_report(failed);
    struct error error;

    sqlstate_error(report.sqlstate, report.constraint, report.detail, &error);
    if (conn->explain && error.code == ERR_INTERNAL)
        error_set(&error, ERR_INTERNAL, "SQLSTATE %.*s: %.*s", STR_ARG(report.sqlstate), STR_ARG(report.message));
    conn->spoiled = conn->spoiled || sqlstate_spoils(report.sqlstate);
    if (report.fatal && kind == STEP_SYNC)
        lose(conn, error.code, error.argument); /* it may have committed before it died */
    note_failure(conn, error.code, error.argument);
    conn->lost = conn->lost || report.fatal;
}

/* Reads the result of the next step, which has gone by then unless more of its rows follow. *ret may be NULL. */
static void read_step(struct db_conn *conn, struct db_result **ret)
{
    struct step step = conn->steps[conn->next_step];
    enum wire_outcome outcome = wire_receive(&conn->wire, conn->deadline_ns, ret);

    if (outcome == WIRE_LOST || outcome == WIRE_LATE)
        lose_wire(conn, outcome);
    else if (outcome == WIRE_FAILED)
        note_report(conn, step.kind, *ret);
    else if ((outcome == WIRE_SYNC) != (step.kind == STEP_SYNC))
        lose(conn, ERR_INTERNAL, "results out of step");
    if (step.entry && outcome == WIRE_DONE)
        step.entry->ready = true;
    else if (step.entry)
        cache_remove(&conn->cache, step.entry);
    if (outcome == WIRE_ROW || (outcome == WIRE_FAILED && step.kind == STEP_SYNC)) /* a commit that failed: Sync follows */
        return;
    conn->next_step++;
    arm(conn);
}

/* Keeps a result for its reader. */
static bool keep(struct db_conn *conn, struct db_result *result)
{
    if (conn->n_results == conn->results_capacity) {
        size_t capacity = conn->results_capacity ? conn->results_capacity * 2 : 16;
        struct db_result **results = realloc(conn->results, capacity * sizeof(void *));
        if (!results) {
            wire_free_result(result);
            lose(conn, ERR_INTERNAL, "out of memory");
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
    while (conn->failure.code == ERR_NONE) {
        assert(conn->next_step < conn->n_steps && conn->steps[conn->next_step].kind != STEP_SYNC);
        struct db_result *result;
        struct step step = conn->steps[conn->next_step];
        read_step(conn, &result);
        if (conn->failure.code != ERR_NONE || step.kind != STEP_STATEMENT) {
            wire_free_result(result);
            continue;
        }
        *ret = result;
        if (step.stream)
            conn->row = result;
        else if (!keep(conn, result))
            break;
        return true;
    }
    return refuse(conn, err);
}

bool db_end(struct db_conn *conn, struct error *err)
{
    assert(conn->synced || conn->lost);
    while (!conn->lost && conn->next_step < conn->n_steps) {
        struct db_result *result;
        read_step(conn, &result);
        wire_free_result(result);
    }
    if (conn->lost)
        return refuse(conn, err);
    if (!wire_is_idle(&conn->wire)) {
        note_failure(conn, ERR_INTERNAL, "a statement opened a transaction of its own");
        conn->spoiled = true;
    }
    bool committed = conn->failure.code == ERR_NONE || refuse(conn, err);
    reset(conn);
    return committed;
}

void db_abandon(struct db_conn *conn)
{
    struct error ignored;

    conn->writes = false;
    if (conn->lost)
        return;
    if (conn->n_steps == 0) {
        reset(conn);
        return;
    }
    note_failure(conn, ERR_INTERNAL, "abandoned");
    if (!conn->synced)
        db_sync(conn, &ignored);
    db_end(conn, &ignored);
}

void *db_note(struct db_conn *conn, struct db_key key)
{
    struct cache_entry *entry = cache_find(&conn->cache, key);
    return entry ? entry->note : NULL;
}

void db_set_note(struct db_conn *conn, struct db_key key, void *note, void (*free_note)(void *))
{
    struct cache_entry *entry = cache_find(&conn->cache, key);

    if (entry)
        cache_note(entry, note, free_note);
    else if (note && free_note)
        free_note(note);
}

bool db_describe(struct db_conn *conn, struct str text, const uint32_t *types, int n, const struct db_result **ret,
                 struct error *err)
{
    struct db_query query = {.text = text, .types = types, .n = n};

    assert(conn->n_steps == 0);
    if (!make_room(conn, 2, err))
        return false;
    conn->explain = true;
    if (push(conn, wire_prepare(&conn->wire, "", &query), (struct step){.kind = STEP_PREPARE}) &&
        push(conn, wire_describe(&conn->wire, ""), (struct step){.kind = STEP_STATEMENT}) && db_sync(conn, err))
        db_next(conn, ret, err);
    conn->explain = false;
    return db_end(conn, err); /* tells the first failure again */
}

bool db_tree(struct db_conn *conn, struct str text, const uint32_t *types, int n, struct buf *tree, struct error *err)
{
    static const char print[] = "select set_config('debug_pretty_print', 'off', true), set_config('debug_print_rewritten', 'on', true), "
                                "set_config('client_min_messages', 'log', true)";
    struct db_query query = {.text = text, .types = types, .n = n};

    if (!db_send_text(conn, print, err))
        return false;
    wire_keep_trees(&conn->wire, tree);
    if (push(conn, wire_prepare(&conn->wire, "", &query), (struct step){.kind = STEP_PREPARE}))
        db_sync(conn, err);
    bool ok = db_end(conn, err);
    if (conn->wire.pg)
        wire_keep_trees(&conn->wire, NULL);
    return ok;
}
