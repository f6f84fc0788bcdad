/* pool.h: connections that only pretend, for tests of who gets them. Include cmocka.h first. */
#ifndef TESTS_POOL_H
#define TESTS_POOL_H

#include <unistd.h>

#include "api/db/pool.c"

struct db_conn {
    bool open, dies, late; /* dies: the server closes it while it is idle; late: it lets a deadline pass */
};

static bool server_up;
static int connects, connect_ms, looks, doubts; /* looks: whether an idle one had died; doubts: whether the server is there */

struct db_conn *conn_new(void)
{
    return calloc(1, sizeof(struct db_conn));
}

void conn_free(struct db_conn *conn)
{
    free(conn);
}

bool conn_is_open(const struct db_conn *conn)
{
    return conn->open;
}

bool conn_take(struct db_conn *conn, int64_t deadline_ns, bool was_idle, int64_t doubted_ns)
{
    (void)deadline_ns;
    __atomic_add_fetch(&doubts, was_idle && doubted_ns > 0, __ATOMIC_RELAXED);
    __atomic_add_fetch(&looks, was_idle, __ATOMIC_RELAXED);
    if (was_idle && conn->dies)
        conn->open = conn->dies = false;
    return conn->open;
}

bool conn_open(struct db_conn *conn, struct wire_target *target, int64_t connect_deadline_ns, struct error *err)
{
    int ms = clock_ms_until(connect_deadline_ns);

    (void)target;
    __atomic_add_fetch(&connects, 1, __ATOMIC_RELAXED);
    usleep((useconds_t)(ms < connect_ms ? ms : connect_ms) * 1000);
    conn->open = server_up && ms > connect_ms;
    return conn->open || error_set(err, ERR_DB_UNAVAILABLE, "down");
}

bool conn_release(struct db_conn *conn)
{
    bool kept_time = !conn->late;

    if (conn->late)
        conn->open = conn->late = false;
    return kept_time;
}

/* What was carried out together, in the order of its deadlines' last digits; each batch takes batch_ms. */
enum { BATCHES_MAX = 64 };
static struct {
    size_t n;
    int64_t scripts[BATCH_MAX];
} batches[BATCHES_MAX];
static int n_batches, batch_ms;

void batch_run(struct db_conn *conn, struct db_script **scripts, size_t n, void (*decided)(void *to, size_t i), void *to)
{
    int ms = __atomic_load_n(&batch_ms, __ATOMIC_RELAXED), at = __atomic_fetch_add(&n_batches, 1, __ATOMIC_RELAXED);

    assert_true(conn->open);
    usleep((useconds_t)ms * 1000);
    task_yield(); /* as it waits for the server */
    for (size_t i = 0; i < n; i++) {
        batches[at % BATCHES_MAX].n = n;
        batches[at % BATCHES_MAX].scripts[i] = scripts[i]->deadline_ns % 1000;
        decided(to, i);
    }
}

static struct db_pool *pool_of(int size, int wait_ms)
{
    struct db_pool_options options = {.conninfo = "", .size = size, .wait_ms = wait_ms};
    struct db_pool *pool = NULL;
    struct error err;

    server_up = true;
    connects = connect_ms = looks = doubts = n_batches = batch_ms = 0;
    assert_true(db_pool_new(&options, &pool, &err));
    return pool;
}

static int64_t in_ms(int ms)
{
    return clock_ns() + ms * NS_PER_MS;
}

static struct db_conn *lend(struct db_pool *pool)
{
    struct db_conn *conn = NULL;
    struct error err;

    assert_true(db_lend(pool, in_ms(5000), &conn, &err));
    return conn;
}

static void assert_state(struct db_pool *pool, int open, int in_use, int waiting)
{
    int is_open, is_in_use, is_waiting;

    db_pool_state(pool, &is_open, &is_in_use, &is_waiting);
    assert_int_equal(is_open, open);
    assert_int_equal(is_in_use, in_use);
    assert_int_equal(is_waiting, waiting);
}

enum { CALLERS = 6 };
static struct db_pool *shared;
static int turn, turns[CALLERS];

static void *take_a_turn(void *number)
{
    struct db_conn *conn = lend(shared);

    turns[turn++] = (int)(intptr_t)number; /* one connection: one at a time */
    usleep(2000);
    db_return(shared, conn);
    return NULL;
}

#endif
