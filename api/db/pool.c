/* pool.c: a bounded set of connections, lent in the order in which callers came. Knows nothing of what is sent on them.
 * Callers wait, and are woken, without the lock: who wakes to a lock that is still held only goes back to sleep.
 * Scripts that wait behind each other share the connection that comes free: the last of them gets it and leads, which
 * costs it nothing, since its own results come last. A lender has its connection alone. While enough connections are at
 * work, scripts wait for one of those rather than take a free one: few that are kept busy cost less than many
 * that sleep and wake. Only when none of them comes for a while, since their work is long, is another one taken. Those that
 * write and cannot defer it (script.h) take what is free: one after the other they would wait for the disk. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "db/batch.h"
#include "db/conn.h"
#include "task/loop.h"
#include "task/wait.h"

enum {
    POOL_SIZE_MAX = 64,
    CONNECT_MS_MAX = 5000,
    TELLING_MS = 1000, /* a connect that a caller's deadline ends sooner tells nothing of the server */
    RETRY_MS = 100,    /* after a failed connect nobody tries for so long, then one at a time */
    PATIENCE_MS = 20,  /* reads that saw no connection change hands for so long take a free one */
};

static const int64_t NS_PER_MS = 1000000;

/* A caller in db_lend or db_run, on its own stack. */
struct waiter {
    struct latch wake;
    struct db_conn *conn; /* set by who hands it over and then releases wake; not before may the waiter go */
    struct db_script *script; /* NULL: of a lender */
    bool served;              /* its script was carried out by another, who then releases wake */
    bool idle;                /* conn lay idle, rather than came from hand to hand */
    bool shares;              /* waits although one is free; where none is, none will be while somebody stands in line */
    uint64_t seen;            /* how many connections had been given when it last looked */
    uint64_t epoch;           /* of the pool when its script began */
    struct waiter *next;      /* in the line, then in the batch */
    struct waiter *batch;     /* the first of those whose scripts go with this one's, which is the last */
};

struct db_pool {
    struct wire_target *target;
    int wait_ms;
    int64_t patience_ns;
    pthread_mutex_t lock; /* guards all below */
    struct waiter *first, **last;
    struct db_conn *all[POOL_SIZE_MAX], *free[POOL_SIZE_MAX]; /* free: a stack, the most recently used on top */
    int size, n_free, open, waiting, share_from;
    uint64_t given; /* connections, to those in line */
    int gathering;  /* who have a connection and wait for others to go along; changed with __atomic builtins */
    int busy;       /* connections on which scripts are at work, without those that were found to take long: */
    uint64_t epoch; /* how often all that were at work were found so */
    bool failing, probing; /* the last connect failed; somebody is trying again */
    int64_t failed_ns, doubted_ns; /* doubted_ns: when the server last let a deadline pass; what lies idle since may be as dead */
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
    pool->patience_ns = options->wait_ms < 4 * PATIENCE_MS ? options->wait_ms * NS_PER_MS / 4 : PATIENCE_MS * NS_PER_MS;
    pool->share_from = options->share_from ? options->share_from : options->size;
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

/* Counts a connection that goes to the waiter's script. */
static void begin_work(struct db_pool *pool, struct waiter *waiter)
{
    waiter->epoch = pool->epoch;
    pool->busy += waiter->script != NULL;
}

static void end_work(struct db_pool *pool, const struct waiter *waiter)
{
    pool->busy -= waiter->script && waiter->epoch == pool->epoch;
}

/* How many scripts may go together: each connection gets its share of those who wait. One alone where connecting may come
 * first, which ends at that one's deadline. */
static int share_of(const struct db_pool *pool, const struct db_conn *conn, bool idle)
{
    int share = pool->waiting / pool->share_from + 1;

    if (idle || !conn_is_open(conn))
        return 1;
    return share < BATCH_MAX ? share : BATCH_MAX;
}

/* The first n leave the line, up to the last of them. */
static void take_from_line(struct db_pool *pool, const struct waiter *last, int n)
{
    pool->first = last->next;
    if (!pool->first)
        pool->last = &pool->first;
    pool->waiting -= n;
    pool->given++;
}

/* Gives a connection to who has waited longest, and to whose scripts can go together, the last of whom is then to be woken
 * without the lock. Somebody waits. */
static struct waiter *give(struct db_pool *pool, struct db_conn *conn, bool idle)
{
    struct waiter *first = pool->first, *last = first;
    int n = 1, share = share_of(pool, conn, idle);

    for (; n < share && last->script && last->next && last->next->script; n++)
        last = last->next;
    take_from_line(pool, last, n);
    last->batch = first;
    last->idle = idle;
    begin_work(pool, last);
    __atomic_store_n(&last->conn, conn, __ATOMIC_RELEASE);
    return last;
}

static void stand_in_line(struct db_pool *pool, struct waiter *waiter)
{
    latch_init(&waiter->wake);
    *pool->last = waiter;
    pool->last = &waiter->next;
    pool->waiting++;
    waiter->seen = pool->given;
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

/* Where no connection has changed hands since it last looked, what is at work takes long: then has a free one given to the
 * first in line, and those who come now need not wait. */
static void hurry(struct db_pool *pool, struct waiter *waiter)
{
    struct waiter *first = NULL;

    pthread_mutex_lock(&pool->lock);
    if (pool->first && pool->n_free > 0 && pool->given == waiter->seen) {
        pool->epoch++;
        pool->busy = 0;
        first = give(pool, pop(pool), true);
    }
    waiter->seen = pool->given;
    pthread_mutex_unlock(&pool->lock);
    if (first)
        latch_release(&first->wake);
}

/* Waits for its turn, without the lock; gives its connection. NULL when until_ns came first, or when its script was served. */
static struct db_conn *wait_turn(struct db_pool *pool, struct waiter *waiter, int64_t until_ns)
{
    bool woken = false;

    while (waiter->shares && !woken && clock_ns() + pool->patience_ns < until_ns) {
        woken = latch_await(&waiter->wake, clock_ns() + pool->patience_ns);
        if (!woken)
            hurry(pool, waiter);
    }
    if (!woken && !latch_await(&waiter->wake, until_ns)) {
        pthread_mutex_lock(&pool->lock);
        bool left = leave(pool, waiter);
        pthread_mutex_unlock(&pool->lock);
        if (!left)
            latch_await(&waiter->wake, INT64_MAX);
    }
    latch_done(&waiter->wake);
    return __atomic_load_n(&waiter->conn, __ATOMIC_ACQUIRE);
}

static bool can_share(const struct db_script *script)
{
    return !script->writes || script->deferred.text.n > 0;
}

/* NULL, too, when the script was served. */
static struct db_conn *acquire(struct db_pool *pool, struct waiter *waiter, int64_t deadline_ns)
{
    int64_t until = clock_ns() + pool->wait_ms * NS_PER_MS;
    struct db_conn *conn = NULL;

    pthread_mutex_lock(&pool->lock);
    waiter->shares = pool->n_free > 0 && waiter->script && can_share(waiter->script) && pool->busy >= pool->share_from;
    waiter->idle = pool->n_free > 0 && !waiter->shares;
    if (waiter->idle) {
        begin_work(pool, waiter);
        conn = pop(pool);
    } else {
        stand_in_line(pool, waiter);
    }
    pthread_mutex_unlock(&pool->lock);
    return conn ? conn : wait_turn(pool, waiter, until < deadline_ns ? until : deadline_ns);
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

struct connecting {
    struct db_conn *conn;
    struct wire_target *target;
    int64_t until_ns;
    struct error *err;
    bool done;
};

/* libpq waits for the names of hosts in its own way. */
static void connect_aside(void *to)
{
    struct connecting *it = to;
    it->done = conn_open(it->conn, it->target, it->until_ns, it->err);
}

static bool connect_bounded(struct db_pool *pool, struct db_conn *conn, int64_t deadline_ns, struct error *err)
{
    int64_t start = clock_ns(), until = start + CONNECT_MS_MAX * NS_PER_MS;
    bool probe;

    if (start >= deadline_ns)
        return error_set(err, ERR_DB_TIMEOUT, "deadline passed before connecting");
    if (!may_connect(pool, &probe))
        return error_set(err, ERR_DB_UNAVAILABLE, "the last connect failed");
    struct connecting connecting = {conn, pool->target, until < deadline_ns ? until : deadline_ns, err, false};
    wait_aside(connect_aside, &connecting);
    bool connected = connecting.done;
    int64_t end = clock_ns();
    note_connect(pool, connected, connected || end < deadline_ns || end - start >= TELLING_MS * NS_PER_MS, probe);
    return connected;
}

/* Puts a connection in order and gives it back, after it was taken while open or closed, for somebody's script or (NULL) by a lender. */
static void give_back(struct db_pool *pool, struct db_conn *conn, bool was_open, const struct waiter *worker)
{
    struct waiter *waiter = NULL;
    bool kept_time = conn_release(conn);

    pthread_mutex_lock(&pool->lock);
    if (!kept_time)
        __atomic_store_n(&pool->doubted_ns, clock_ns(), __ATOMIC_RELAXED);
    if (worker)
        end_work(pool, worker);
    pool->open += conn_is_open(conn) - was_open;
    if (pool->first)
        waiter = give(pool, conn, false);
    else
        pool->free[pool->n_free++] = conn;
    pthread_mutex_unlock(&pool->lock);
    if (waiter)
        latch_release(&waiter->wake);
}

/* Readies a connection that the waiter acquired; where it cannot, gives it back. */
static bool ready(struct db_pool *pool, const struct waiter *waiter, struct db_conn *conn, int64_t deadline_ns, struct error *err)
{
    bool was_open = conn_is_open(conn);
    int64_t doubted_ns = __atomic_load_n(&pool->doubted_ns, __ATOMIC_RELAXED);

    if (!conn_take(conn, deadline_ns, waiter->idle, doubted_ns) && !connect_bounded(pool, conn, deadline_ns, err)) {
        give_back(pool, conn, was_open, waiter);
        return false;
    }
    if (!was_open) {
        pthread_mutex_lock(&pool->lock);
        pool->open++;
        pthread_mutex_unlock(&pool->lock);
    }
    return true;
}

bool db_lend(struct db_pool *pool, int64_t deadline_ns, struct db_conn **ret, struct error *err)
{
    struct waiter waiter = {.script = NULL};

    struct db_conn *conn = acquire(pool, &waiter, deadline_ns);
    if (!conn)
        return error_set(err, ERR_OVERLOADED, "no connection came free");
    if (!ready(pool, &waiter, conn, deadline_ns, err))
        return false;
    *ret = conn;
    return true;
}

void db_return(struct db_pool *pool, struct db_conn *conn)
{
    give_back(pool, conn, true, NULL);
}

/* Those whose scripts go together, the leader last. */
struct party {
    struct waiter *waiters[BATCH_MAX];
    size_t n;
};

/* Wakes the owner of a script that was decided; the leader is awake. */
static void wake(void *to, size_t i)
{
    const struct party *party = to;

    if (i + 1 == party->n)
        return;
    __atomic_store_n(&party->waiters[i]->served, true, __ATOMIC_RELEASE);
    latch_release(&party->waiters[i]->wake);
}

/* Carries out the scripts that came with a connection, the leader's own among them, and passes it on. */
static void lead(struct db_pool *pool, struct waiter *leader, struct db_conn *conn)
{
    struct party party = {.n = 0};
    struct db_script *scripts[BATCH_MAX];

    for (struct waiter *waiter = leader->batch ? leader->batch : leader;; waiter = waiter->next) {
        scripts[party.n] = waiter->script;
        party.waiters[party.n++] = waiter;
        if (waiter == leader)
            break;
    }
    batch_run(conn, scripts, party.n, wake, &party);
    give_back(pool, conn, true, leader);
}

/* A task that takes an idle connection lets those go along that the same round of its loop brings. */
static void gather(struct db_pool *pool, struct waiter *leader)
{
    struct waiter *first, *last = NULL;
    int n = 0;

    if (!leader->idle || !task_self() || !can_share(leader->script))
        return;
    __atomic_add_fetch(&pool->gathering, 1, __ATOMIC_RELAXED);
    task_yield();
    pthread_mutex_lock(&pool->lock);
    int share = pool->waiting / __atomic_fetch_sub(&pool->gathering, 1, __ATOMIC_RELAXED);
    first = pool->first;
    for (struct waiter *next = first; n < share && n < BATCH_MAX - 1 && next && next->script; next = next->next, n++)
        last = next;
    if (last) {
        take_from_line(pool, last, n);
        last->next = leader;
        leader->batch = first;
    }
    pthread_mutex_unlock(&pool->lock);
}

bool db_run(struct db_pool *pool, struct db_script *script, struct error *err)
{
    struct waiter waiter = {.script = script};

    script->n_results = 0;
    script->failure.code = ERR_NONE;
    struct db_conn *conn = acquire(pool, &waiter, script->deadline_ns);
    if (conn && ready(pool, &waiter, conn, script->deadline_ns, &script->failure)) {
        gather(pool, &waiter);
        lead(pool, &waiter, conn);
    } else if (!conn && !__atomic_load_n(&waiter.served, __ATOMIC_ACQUIRE))
        error_set(&script->failure, ERR_OVERLOADED, "no connection came free");
    if (script->failure.code != ERR_NONE)
        *err = script->failure;
    return script->failure.code == ERR_NONE;
}

void db_script_done(struct db_script *script)
{
    for (size_t i = 0; i < script->n_results; i++)
        wire_free_result(script->results[i]);
    script->n_results = 0;
}
