/* pool.c: a bounded set of connections, lent in the order in which callers came. Knows nothing of what is sent on them. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "db/conn.h"
#include "db/db.h"

enum {
    POOL_SIZE_MAX = 64,
    CONNECT_MS_MAX = 5000,
    TELLING_MS = 1000, /* a connect that a caller's deadline ends sooner tells nothing of the server */
    RETRY_MS = 100,    /* after a failed connect nobody tries for so long, then one at a time */
};

static const int64_t NS_PER_MS = 1000000;

/* A caller in db_lend, on its own stack. */
struct waiter {
    pthread_cond_t wake;
    struct db_conn *conn; /* set by who hands it over */
    struct waiter *next;
};

struct db_pool {
    struct wire_target *target;
    int wait_ms;
    pthread_mutex_t lock; /* guards all below */
    pthread_condattr_t monotonic;
    struct waiter *first, **last;
    struct db_conn *all[POOL_SIZE_MAX], *free[POOL_SIZE_MAX]; /* free: a stack, the most recently used on top */
    int size, n_free, open, waiting;
    bool failing, probing; /* the last connect failed; somebody is trying again */
    int64_t failed_ns;
};

bool db_pool_new(const struct db_pool_options *options, struct db_pool **ret, struct error *err)
{
    struct db_pool *pool = calloc(1, sizeof *pool);

    assert(options->size >= 1 && options->size <= POOL_SIZE_MAX);
    if (!pool)
        return error_set(err, ERR_STARTUP, "out of memory");
    pthread_mutex_init(&pool->lock, NULL);
    pthread_condattr_init(&pool->monotonic);
    pthread_condattr_setclock(&pool->monotonic, CLOCK_MONOTONIC);
    pool->last = &pool->first;
    pool->wait_ms = options->wait_ms;
    if (!wire_target_new(options->conninfo, &pool->target, err)) {
        db_pool_free(pool);
        return false;
    }
    for (; pool->size < options->size; pool->size++) {
        struct db_conn *conn = conn_new();
        if (!conn) {
            db_pool_free(pool);
            return error_set(err, ERR_STARTUP, "out of memory");
        }
        pool->all[pool->size] = pool->free[pool->n_free++] = conn;
    }
    *ret = pool;
    return true;
}

void db_pool_free(struct db_pool *pool)
{
    if (!pool)
        return;
    assert(pool->n_free == pool->size && !pool->first);
    for (int i = 0; i < pool->size; i++)
        conn_free(pool->all[i]);
    wire_target_free(pool->target);
    pthread_condattr_destroy(&pool->monotonic);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

void db_pool_state(struct db_pool *pool, int *ret_open, int *ret_in_use, int *ret_waiting)
{
    pthread_mutex_lock(&pool->lock);
    *ret_open = pool->open;
    *ret_in_use = pool->size - pool->n_free;
    *ret_waiting = pool->waiting;
    pthread_mutex_unlock(&pool->lock);
}

/* Takes the open connection that was used last, or a closed one when none is open. */
static struct db_conn *pop(struct db_pool *pool)
{
    int at = pool->n_free - 1;

    while (at > 0 && !conn_is_open(pool->free[at]))
        at--;
    if (!conn_is_open(pool->free[at]))
        at = pool->n_free - 1;
    struct db_conn *conn = pool->free[at];
    pool->n_free--;
    for (; at < pool->n_free; at++)
        pool->free[at] = pool->free[at + 1];
    return conn;
}

/* Hands a connection to who has waited longest, or puts it back. */
static void give(struct db_pool *pool, struct db_conn *conn)
{
    struct waiter *waiter = pool->first;

    if (!waiter) {
        pool->free[pool->n_free++] = conn;
        return;
    }
    pool->first = waiter->next;
    if (!pool->first)
        pool->last = &pool->first;
    waiter->conn = conn;
    pthread_cond_signal(&waiter->wake);
}

/* Leaves the queue without a connection. */
static void leave(struct db_pool *pool, struct waiter *waiter)
{
    struct waiter **at = &pool->first;

    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
    if (pool->last == &waiter->next)
        pool->last = at;
}

/* Waits for its turn, with the lock held; NULL when until_ns came first. */
static struct db_conn *wait_turn(struct db_pool *pool, int64_t until_ns)
{
    struct waiter waiter = {.conn = NULL};
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};

    pthread_cond_init(&waiter.wake, &pool->monotonic);
    *pool->last = &waiter;
    pool->last = &waiter.next;
    pool->waiting++;
    while (!waiter.conn && pthread_cond_timedwait(&waiter.wake, &pool->lock, &until) == 0)
        ;
    if (!waiter.conn)
        leave(pool, &waiter);
    pool->waiting--;
    pthread_cond_destroy(&waiter.wake);
    return waiter.conn;
}

static struct db_conn *acquire(struct db_pool *pool, int64_t deadline_ns)
{
    int64_t until = clock_ns() + pool->wait_ms * NS_PER_MS;
    struct db_conn *conn;

    pthread_mutex_lock(&pool->lock);
    if (pool->n_free > 0)
        conn = pop(pool);
    else
        conn = wait_turn(pool, until < deadline_ns ? until : deadline_ns);
    pthread_mutex_unlock(&pool->lock);
    return conn;
}

/* While the server is away, keeps callers from trying it all at once, each waiting in vain. */
static bool may_connect(struct db_pool *pool, bool *ret_probe)
{
    pthread_mutex_lock(&pool->lock);
    bool may = !pool->failing || (!pool->probing && clock_ns() - pool->failed_ns >= RETRY_MS * NS_PER_MS);
    *ret_probe = may && pool->failing;
    if (*ret_probe)
        pool->probing = true;
    pthread_mutex_unlock(&pool->lock);
    return may;
}

static void note_connect(struct db_pool *pool, bool connected, bool telling, bool probe)
{
    pthread_mutex_lock(&pool->lock);
    if (probe)
        pool->probing = false;
    if (telling)
        pool->failing = !connected;
    if (!connected)
        pool->failed_ns = clock_ns();
    pthread_mutex_unlock(&pool->lock);
}

static bool connect_bounded(struct db_pool *pool, struct db_conn *conn, int64_t deadline_ns, struct error *err)
{
    int64_t start = clock_ns(), until = start + CONNECT_MS_MAX * NS_PER_MS;
    bool probe;

    if (start >= deadline_ns)
        return error_set(err, ERR_DB_TIMEOUT, "deadline passed before connecting");
    if (!may_connect(pool, &probe))
        return error_set(err, ERR_DB_UNAVAILABLE, "the last connect failed");
    bool connected = conn_open(conn, pool->target, until < deadline_ns ? until : deadline_ns, err);
    int64_t end = clock_ns();
    note_connect(pool, connected, connected || end < deadline_ns || end - start >= TELLING_MS * NS_PER_MS, probe);
    return connected;
}

/* Gives a connection back after it was taken while open or closed. */
static void give_back(struct db_pool *pool, struct db_conn *conn, bool was_open)
{
    pthread_mutex_lock(&pool->lock);
    pool->open += conn_is_open(conn) - was_open;
    give(pool, conn);
    pthread_mutex_unlock(&pool->lock);
}

bool db_lend(struct db_pool *pool, int64_t deadline_ns, struct db_conn **ret, struct error *err)
{
    struct db_conn *conn = acquire(pool, deadline_ns);

    if (!conn)
        return error_set(err, ERR_OVERLOADED, "no connection came free");
    bool was_open = conn_is_open(conn);
    if (!conn_take(conn, deadline_ns) && !connect_bounded(pool, conn, deadline_ns, err)) {
        give_back(pool, conn, was_open);
        return false;
    }
    if (!was_open) {
        pthread_mutex_lock(&pool->lock);
        pool->open++;
        pthread_mutex_unlock(&pool->lock);
    }
    *ret = conn;
    return true;
}

void db_return(struct db_pool *pool, struct db_conn *conn)
{
    conn_release(conn);
    give_back(pool, conn, true);
}
