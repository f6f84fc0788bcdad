/* batch.c: several scripts in one send: queued one after the other, each with a Sync of its own, then read in the same order.
 * Knows nothing of libpq (wire.c) and of who waits for them (pool.c). */
#include "db/batch.h"

#include <assert.h>

#include "base/clock.h"
#include "db/transaction.h"

struct batch {
    struct db_conn *conn;
    struct db_script **scripts;
    size_t n;
    void (*decided)(void *to, size_t i);
    void *to;
    bool open[BATCH_MAX]; /* not decided: its owner waits */
    struct transaction *transactions; /* the connection's */
};

/* Tells a script's owner what became of it. */
static void decide(struct batch *b, size_t i)
{
    struct db_script *script = b->scripts[i];

    if (!b->open[i])
        return;
    b->open[i] = false;
    if (b->transactions[i].failure.code != ERR_NONE)
        script->failure = b->transactions[i].failure;
    b->decided(b->to, i);
}

/* Tells those from the i-th on whose time is over. */
static void expire(struct batch *b, size_t i)
{
    int64_t now = clock_ns();

    for (; i < b->n; i++) {
        struct transaction *transaction = &b->transactions[i];
        if (!b->open[i] || b->scripts[i]->deadline_ns > now)
            continue;
        transaction_fail(transaction, transaction->writes && transaction->synced ? ERR_DB_UNCERTAIN : ERR_DB_TIMEOUT, "deadline passed");
        decide(b, i);
    }
}

/* The first deadline among those from the i-th on; false when nobody waits any more. */
static bool first_deadline(const struct batch *b, size_t i, int64_t *ret_ns)
{
    *ret_ns = INT64_MAX;
    for (; i < b->n; i++)
        if (b->open[i] && b->scripts[i]->deadline_ns < *ret_ns)
            *ret_ns = b->scripts[i]->deadline_ns;
    return *ret_ns != INT64_MAX;
}

/* Waits for the next result of the i-th; false when nobody is left who waits. */
static bool await(struct batch *b, size_t i)
{
    int64_t deadline_ns;

    while (wire_is_busy(&b->conn->wire)) {
        if (!first_deadline(b, i, &deadline_ns))
            return false;
        if (wire_await(&b->conn->wire, deadline_ns) != WIRE_LATE)
            break;
        expire(b, i);
    }
    return true;
}

static void queue(struct batch *b, size_t i)
{
    const struct db_script *script = b->scripts[i];

    transaction_turn(b->conn, &b->transactions[i]);
    for (size_t q = 0; q < script->n; q++)
        if (!transaction_send(b->conn, &script->queries[q]))
            break;
    transaction_sync(b->conn);
}

/* Queues scripts from the i-th on, as many as may stand behind each other; gives the first that was not. */
static size_t queue_some(struct batch *b, size_t i)
{
    expire(b, i);
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
        if (!await(b, i)) {
            transaction_lose(b->conn, ERR_DB_TIMEOUT, "deadline passed");
            break;
        }
        struct db_result *result = transaction_read(b->conn);
        if (result && b->open[i])
            b->scripts[i]->results[b->scripts[i]->n_results++] = result;
        else
            wire_free_result(result);
    }
    decide(b, i);
}

static void start(struct batch *b)
{
    assert(b->n <= BATCH_MAX);
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
    struct batch b = {.conn = conn, .scripts = scripts, .n = n, .decided = decided, .to = to, .transactions = conn->batch};

    start(&b);
    for (size_t i = 0; i < n;) {
        size_t end = queue_some(&b, i);
        for (; i < end; i++)
            read_one(&b, i);
        transaction_reset(conn);
    }
    if (!conn->lost && !wire_is_idle(&conn->wire))
        conn->spoiled = true; /* a statement opened a transaction of its own, which plan_check refuses */
    conn->at = &conn->own;
}
