/* pool.c: a bounded set of connections, lent in the order in which callers came. Knows nothing of what is sent on them.
 * Callers wait, and are woken, without the lock: who wakes to a lock that is still held only goes back to sleep. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
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
    sem_t wake;
    struct db_conn *conn; /* set by who hands it over and then posts wake; not before may the waiter go */
    struct waiter *next;
};

struct db_pool {
    struct wire_target *target;
    int wait_ms;
    pthread_mutex_t lock; /* guards all below */
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

/* Gives a connection to who has waited longest, who is then to be woken without the lock; NULL when nobody waits. */
static struct waiter *give(struct db_pool *pool, struct db_conn *conn)
{
    struct waiter *waiter = pool->first;

    if (!waiter) {
        pool->free[pool->n_free++] = conn;
        return NULL;
    }
    pool->first = waiter->next;
    if (!pool->first)
        pool->last = &pool->first;
    pool->waiting--;
    __atomic_store_n(&waiter->conn, conn, __ATOMIC_RELEASE);
    return waiter;
}

static void stand_in_line(struct db_pool *pool, struct waiter *waiter)
{
    sem_init(&waiter->wake, 0, 0);
    *pool->last = waiter;
    pool->last = &waiter->next;
    pool->waiting++;
}

/* Leaves the line; false when a connection came meanwhile. */
static bool leave(struct db_pool *pool, struct waiter *waiter)
{
    struct waiter **at = &pool->first;

    while (*at && *at != waiter)
        at = &(*at)->next;
    if (!*at)
        return false;
    *at = waiter->next;
    if (pool->last == &waiter->next)
        pool->last = at;
    pool->waiting--;
    return true;
}

/* Waits for its turn, without the lock; NULL when until_ns came first. */
static struct db_conn *wait_turn(struct db_pool *pool, struct waiter *waiter, int64_t until_ns)
{
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    int status;

    do
        status = sem_clockwait(&waiter->wake, CLOCK_MONOTONIC, &until);
    while (status != 0 && errno == EINTR);
    if (status != 0) {
        pthread_mutex_lock(&pool->lock);
        bool left = leave(pool, waiter);
        pthread_mutex_unlock(&pool->lock);
        while (!left && sem_wait(&waiter->wake) != 0)
            ; /* interrupted */
    }
    sem_destroy(&waiter->wake);
    return __atomic_load_n(&waiter->conn, __ATOMIC_ACQUIRE);
}

/* Sets whether the connection lay idle, rather than came from hand to hand. */
static struct db_conn *acquire(struct db_pool *pool, int64_t deadline_ns, bool *ret_idle)
{
    int64_t until = clock_ns() + pool->wait_ms * NS_PER_MS;
    struct waiter waiter = {.conn = NULL};
    struct db_conn *conn = NULL;

    pthread_mutex_lock(&pool->lock);
    *ret_idle = pool->n_free > 0;
    if (*ret_idle)
        conn = pop(pool);
    else
        stand_in_line(pool, &waiter);
    pthread_mutex_unlock(&pool->lock);
    return conn ? conn : wait_turn(pool, &waiter, until < deadline_ns ? until : deadline_ns);
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
    struct waiter *waiter = give(pool, conn);
    pthread_mutex_unlock(&pool->lock);
    if (waiter)
        sem_post(&waiter->wake);
}

bool db_lend(struct db_pool *pool, int64_t deadline_ns, struct db_conn **ret, struct error *err)
{
    bool idle;
    struct db_conn *conn = acquire(pool, deadline_ns, &idle);

    if (!conn)
        return error_set(err, ERR_OVERLOADED, "no connection came free");
    bool was_open = conn_is_open(conn);
    if (!conn_take(conn, deadline_ns, idle) && !connect_bounded(pool, conn, deadline_ns, err)) {
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
