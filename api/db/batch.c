/* batch.c: several scripts in one send: queued one after the other, each with a Sync of its own, then read in the same order.
 * Where several of them write, none waits for the disk by itself: they commit with synchronous_commit off, and a transaction behind
 * them, which does wait, makes all durable that stands before it in the log. Nobody is told of a commit before.
 * Knows nothing of libpq (wire.c) and of who waits for them (pool.c). */
#include "db/batch.h"

#include <assert.h>

#include "base/clock.h"
#include "db/transaction.h"

struct batch {
    struct db_conn *conn;
    struct db_script *scripts[BATCH_MAX + 1];
    size_t n;
    void (*decided)(void *to, size_t i);
    void *to;
    bool open[BATCH_MAX + 1];     /* not decided: its owner waits */
    bool deferred[BATCH_MAX + 1]; /* it commits before it is durable */
    struct transaction *transactions; /* the connection's, */
    struct db_script *flush;          /* and its: makes the deferred ones durable, the last of the scripts where there are such */
};

static void decide(struct batch *b, size_t i);

/* Tells those whose commit waited for the flush. */
static void decide_deferred(struct batch *b, const struct transaction *flush)
{
    for (size_t i = 0; i + 1 < b->n; i++) {
        if (flush->failure.code != ERR_NONE && b->open[i])
            transaction_fail(&b->transactions[i], ERR_DB_UNCERTAIN, flush->failure.argument);
        decide(b, i);
    }
}

/* Tells a script's owner what became of it. */
static void decide(struct batch *b, size_t i)
{
    struct db_script *script = b->scripts[i];

    if (!b->open[i])
        return;
    b->open[i] = false;
    if (script == b->flush) {
        decide_deferred(b, &b->transactions[i]);
        return;
    }
    if (b->transactions[i].failure.code != ERR_NONE)
        script->failure = b->transactions[i].failure;
    b->decided(b->to, i);
}

/* Tells those whose time is over. */
static void expire(struct batch *b)
{
    int64_t now = clock_ns();

    for (size_t i = 0; i < b->n; i++) {
        struct transaction *transaction = &b->transactions[i];
        if (!b->open[i] || b->scripts[i]->deadline_ns > now)
            continue;
        transaction_fail(transaction, transaction->writes && transaction->synced ? ERR_DB_UNCERTAIN : ERR_DB_TIMEOUT, "deadline passed");
        decide(b, i);
    }
}

/* The first deadline; false when nobody waits any more. */
static bool first_deadline(const struct batch *b, int64_t *ret_ns)
{
    *ret_ns = INT64_MAX;
    for (size_t i = 0; i < b->n; i++)
        if (b->open[i] && b->scripts[i]->deadline_ns < *ret_ns)
            *ret_ns = b->scripts[i]->deadline_ns;
    return *ret_ns != INT64_MAX;
}

/* Waits for the next result; false when nobody is left who waits. */
static bool await(struct batch *b)
{
    int64_t deadline_ns;

    while (wire_is_busy(&b->conn->wire)) {
        if (!first_deadline(b, &deadline_ns))
            return false;
        if (wire_await(&b->conn->wire, deadline_ns) != WIRE_LATE)
            break;
        expire(b);
    }
    return true;
}

static void queue(struct batch *b, size_t i)
{
    const struct db_script *script = b->scripts[i];

    transaction_turn(b->conn, &b->transactions[i]);
    for (size_t q = 0; q < script->n; q++)
        if (!transaction_send(b->conn, q == 0 && b->deferred[i] ? &script->deferred : &script->queries[q]))
            break;
    transaction_sync(b->conn);
}

/* Queues scripts from the i-th on, as many as may stand behind each other; gives the first that was not. */
static size_t queue_some(struct batch *b, size_t i)
{
    expire(b);
    for (; i < b->n; i++) {
        if (!b->open[i])
            continue;
        if (!transaction_fits(b->conn, b->scripts[i]->queries, b->scripts[i]->n))
            break;
        queue(b, i);
    }
    return i;
}

/* Reads the i-th to its end. Where its owner has left, what it gives is thrown away. */
static void read_one(struct batch *b, size_t i)
{
    struct transaction *transaction = &b->transactions[i];

    transaction_turn(b->conn, transaction);
    while (!b->conn->lost && transaction->synced && !transaction->ended) {
        if (!await(b)) {
            transaction_lose(b->conn, ERR_DB_TIMEOUT, "deadline passed");
            break;
        }
        struct db_result *result = transaction_read(b->conn);
        if (result && b->open[i] && b->scripts[i] != b->flush)
            b->scripts[i]->results[b->scripts[i]->n_results++] = result;
        else
            wire_free_result(result);
    }
    if (!b->deferred[i] || transaction->failure.code != ERR_NONE)
        decide(b, i);
}

/* Has the n scripts' commits wait for one flush where several write. What the flush writes is a message to nobody, 40 bytes of the log: a
 * transaction that writes nothing does not wait for the disk. */
static void defer(struct batch *b)
{
    static const struct db_query message = {
        .key = {UINT64_MAX, UINT64_MAX}, .text = STR_INIT(DB_FLUSH),
    };
    size_t writers = 0;

    for (size_t i = 0; i < b->n; i++) {
        b->deferred[i] = b->scripts[i]->deferred.text.n > 0;
        writers += b->deferred[i];
    }
    if (writers < 2) {
        memset(b->deferred, 0, b->n * sizeof *b->deferred);
        return;
    }
    b->flush->queries[0] = message;
    b->flush->n = 1;
    b->flush->writes = true;
    b->flush->deadline_ns = 0;
    for (size_t i = 0; i < b->n; i++)
        if (b->deferred[i] && b->scripts[i]->deadline_ns > b->flush->deadline_ns)
            b->flush->deadline_ns = b->scripts[i]->deadline_ns;
    b->deferred[b->n] = false;
    b->scripts[b->n++] = b->flush;
}

static void start(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        assert(b->scripts[i]->n <= DB_SCRIPT_MAX);
        b->open[i] = true;
        b->transactions[i].failure.code = ERR_NONE;
        b->transactions[i].writes = b->scripts[i]->writes;
        b->transactions[i].synced = b->transactions[i].ended = false;
    }
}

void batch_run(struct db_conn *conn, struct db_script **scripts, size_t n, void (*decided)(void *to, size_t i), void *to)
{
    struct batch b = {.conn = conn, .n = n, .decided = decided, .to = to, .transactions = conn->batch, .flush = &conn->flush};

    assert(n <= BATCH_MAX);
    for (size_t i = 0; i < n; i++)
        b.scripts[i] = scripts[i];
    defer(&b);
    start(&b);
    for (size_t i = 0; i < b.n;) {
        size_t end = queue_some(&b, i);
        for (; i < end; i++)
            read_one(&b, i);
        transaction_reset(conn);
    }
    if (!conn->lost && !wire_is_idle(&conn->wire))
        conn->spoiled = true; /* a statement opened a transaction of its own, which plan_check refuses */
    conn->at = &conn->own;
}
