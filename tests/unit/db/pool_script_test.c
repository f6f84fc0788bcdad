/* pool_script_test.c: how scripts share connections and wait for them, with connections that only pretend. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pool.h"

enum { ROUNDS = 400 };

/* Runs a script that is told from others by its number, 0 to 999. */
static enum error_code run(struct db_pool *pool, int number, int ms)
{
    struct db_script script = {.deadline_ns = in_ms(ms) / 1000 * 1000 + number};
    struct error err = {.code = ERR_NONE};

    bool ok = db_run(pool, &script, &err);
    assert_true(ok == (err.code == ERR_NONE));
    return err.code;
}

static void *run_one(void *number)
{
    assert_int_equal(run(shared, (int)(intptr_t)number, 5000), ERR_NONE);
    return NULL;
}

/* Starts what waits for its turn behind those that wait already. */
static pthread_t start_behind(void *(*work)(void *), intptr_t number)
{
    int open, in_use, before, waiting;
    pthread_t thread;

    db_pool_state(shared, &open, &in_use, &before);
    pthread_create(&thread, NULL, work, (void *)number);
    do {
        usleep(200);
        db_pool_state(shared, &open, &in_use, &waiting);
    } while (waiting <= before);
    return thread;
}

static void scripts_in_line_go_together_in_their_order(void **state)
{
    pthread_t threads[CALLERS];

    (void)state;
    shared = pool_of(1, 5000);
    struct db_conn *conn = lend(shared);
    for (int i = 0; i < CALLERS; i++)
        threads[i] = start_behind(run_one, i);
    db_return(shared, conn);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(n_batches, 1);
    assert_int_equal(batches[0].n, CALLERS);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(batches[0].scripts[i], i);
    assert_state(shared, 1, 0, 0);
    db_pool_free(shared);
}

static void each_connection_gets_its_share_of_the_scripts(void **state)
{
    pthread_t threads[CALLERS];

    (void)state;
    shared = pool_of(2, 5000);
    struct db_conn *first = lend(shared), *second = lend(shared);
    batch_ms = 20;
    for (int i = 0; i < CALLERS; i++)
        threads[i] = start_behind(run_one, i);
    db_return(shared, first);
    db_return(shared, second);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(batches[0].n + batches[1].n, 4 + 2);
    assert_int_equal(n_batches, 2);
    db_pool_free(shared);
}

static void a_lender_among_scripts_gets_its_turn_alone(void **state)
{
    pthread_t threads[5];

    (void)state;
    shared = pool_of(1, 5000);
    turn = 0;
    struct db_conn *conn = lend(shared);
    threads[0] = start_behind(run_one, 1);
    threads[1] = start_behind(run_one, 2);
    threads[2] = start_behind(take_a_turn, 3);
    threads[3] = start_behind(run_one, 4);
    threads[4] = start_behind(take_a_turn, 5);
    db_return(shared, conn);
    for (int i = 0; i < 5; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(n_batches, 2);
    assert_int_equal(batches[0].n, 2);
    assert_int_equal(batches[1].n, 1);
    assert_int_equal(batches[1].scripts[0], 4);
    assert_int_equal(turns[0], 3);
    assert_int_equal(turns[1], 5);
    db_pool_free(shared);
}

static void a_closed_connection_is_opened_for_one_script_alone(void **state)
{
    pthread_t threads[3];

    (void)state;
    shared = pool_of(1, 5000);
    struct db_conn *conn = lend(shared);
    for (int i = 0; i < 3; i++)
        threads[i] = start_behind(run_one, i);
    conn->open = false; /* it broke while it was lent */
    db_return(shared, conn);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(connects, 2);
    assert_int_equal(n_batches, 2);
    assert_int_equal(batches[0].n, 1);
    assert_int_equal(batches[1].n, 2);
    db_pool_free(shared);
}

static void scripts_share_what_is_at_work_rather_than_take_a_free_one(void **state)
{
    pthread_t first, second;

    (void)state;
    shared = pool_of(3, 5000);
    shared->share_from = 1;
    batch_ms = PATIENCE_MS / 2;
    pthread_create(&first, NULL, run_one, (void *)1);
    while (__atomic_load_n(&n_batches, __ATOMIC_RELAXED) == 0)
        usleep(200);
    second = start_behind(run_one, 2);
    assert_state(shared, 1, 1, 1);
    pthread_join(first, NULL);
    pthread_join(second, NULL);
    assert_int_equal(connects, 1);
    assert_int_equal(n_batches, 2);
    assert_int_equal(shared->busy, 0);
    db_pool_free(shared);
}

static void scripts_take_a_free_one_when_what_is_at_work_takes_long(void **state)
{
    pthread_t thread;

    (void)state;
    shared = pool_of(3, 5000);
    shared->share_from = 1;
    batch_ms = 500;
    pthread_create(&thread, NULL, run_one, (void *)1);
    while (__atomic_load_n(&n_batches, __ATOMIC_RELAXED) == 0)
        usleep(200);
    int64_t start = clock_ns();
    __atomic_store_n(&batch_ms, 0, __ATOMIC_RELAXED);
    assert_int_equal(run(shared, 2, 5000), ERR_NONE);
    assert_in_range(clock_ns() - start, PATIENCE_MS * NS_PER_MS, 400 * NS_PER_MS);
    start = clock_ns();
    assert_int_equal(run(shared, 3, 5000), ERR_NONE); /* now that it is known, at once */
    assert_in_range(clock_ns() - start, 0, PATIENCE_MS * NS_PER_MS);
    assert_state(shared, 2, 1, 0);
    pthread_join(thread, NULL);
    assert_int_equal(shared->busy, 0);
    db_pool_free(shared);
}

static void scripts_that_may_wait_only_little_take_a_free_one_in_time(void **state)
{
    pthread_t thread;

    (void)state;
    shared = pool_of(2, 8);
    shared->share_from = 1;
    batch_ms = 300;
    pthread_create(&thread, NULL, run_one, (void *)1);
    while (__atomic_load_n(&n_batches, __ATOMIC_RELAXED) == 0)
        usleep(200);
    assert_int_equal(run(shared, 2, 5000), ERR_NONE);
    pthread_join(thread, NULL);
    db_pool_free(shared);
}

static void scripts_that_write_and_lenders_make_no_script_wait(void **state)
{
    struct db_script script = {.deadline_ns = in_ms(5000), .writes = true};
    pthread_t thread;
    struct error err;

    (void)state;
    shared = pool_of(4, 5000);
    shared->share_from = 1;
    struct db_conn *conn = lend(shared);
    batch_ms = 100;
    pthread_create(&thread, NULL, run_one, (void *)1);
    while (__atomic_load_n(&n_batches, __ATOMIC_RELAXED) == 0)
        usleep(200);
    assert_true(db_run(shared, &script, &err)); /* beside the first */
    assert_state(shared, 3, shared->size - shared->n_free, 0);
    assert_int_equal(connects, 3);
    pthread_join(thread, NULL);
    db_return(shared, conn);
    db_pool_free(shared);
}

static void a_lender_takes_a_free_one_at_once(void **state)
{
    struct db_pool *pool = pool_of(3, 5000);

    (void)state;
    pool->share_from = 1;
    struct db_conn *first = lend(pool), *second = lend(pool);
    db_return(pool, first);
    db_return(pool, second);
    db_pool_free(pool);
}

static void a_script_waits_only_so_long(void **state)
{
    struct db_pool *pool = pool_of(1, 60);
    struct db_conn *conn = lend(pool);

    (void)state;
    assert_int_equal(run(pool, 0, 5000), ERR_OVERLOADED);
    assert_int_equal(run(pool, 0, 10), ERR_OVERLOADED);
    assert_int_equal(n_batches, 0);
    assert_state(pool, 1, 1, 0);
    db_return(pool, conn);
    assert_int_equal(run(pool, 0, 5000), ERR_NONE);
    server_up = false;
    conn->open = false;
    assert_int_equal(run(pool, 0, 5000), ERR_DB_UNAVAILABLE);
    db_pool_free(pool);
}

/* Comes back often, with waits about as short as batches are long. */
static void *run_often(void *seed)
{
    intptr_t served = 0;

    for (int i = 0; i < ROUNDS; i++)
        if (i % 7 == (intptr_t)seed) {
            db_return(shared, lend(shared));
        } else {
            struct db_script script = {.deadline_ns = clock_ns() + ((intptr_t)seed * 37 + i * 61) % 300 * 1000};
            struct error err;
            served += db_run(shared, &script, &err);
        }
    return (void *)served;
}

static void hurried_scripts_are_served_once_or_told_so(void **state)
{
    pthread_t threads[CALLERS];
    intptr_t all = 0;

    (void)state;
    shared = pool_of(2, 5000);
    shared->share_from = 1;
    db_return(shared, lend(shared));
    for (intptr_t i = 0; i < CALLERS; i++)
        pthread_create(&threads[i], NULL, run_often, (void *)i);
    for (int i = 0; i < CALLERS; i++) {
        void *served;
        pthread_join(threads[i], &served);
        all += (intptr_t)served;
    }
    assert_in_range(all, 1, CALLERS * ROUNDS);
    assert_int_equal(shared->n_free, 2);
    assert_int_equal(shared->busy, 0);
    assert_null(shared->first);
    db_pool_free(shared);
}

static void cannot(void *with)
{
    (void)with;
    fail(); /* no memory for its stack */
}

static void run_in_task(void *number)
{
    assert_int_equal(run(shared, (int)(intptr_t)number, 5000), ERR_NONE);
}

static void start_tasks(struct loop *loop, int n)
{
    for (int i = 0; i < n; i++)
        assert_true(loop_start(loop, run_in_task, cannot, (void *)(intptr_t)i));
    loop_stop(loop);
    loop_run(loop);
}

static void tasks_that_come_in_one_round_go_together_though_a_connection_is_idle(void **state)
{
    struct loop *loop = loop_new(NULL, NULL);

    (void)state;
    assert_non_null(loop);
    shared = pool_of(1, 5000);
    db_return(shared, lend(shared)); /* open */
    start_tasks(loop, CALLERS);
    assert_int_equal(n_batches, 1);
    assert_int_equal(batches[0].n, CALLERS);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(batches[0].scripts[i], (i + 1) % CALLERS); /* who has the connection is the last */
    assert_state(shared, 1, 0, 0);
    assert_int_equal(shared->busy, 0);
    db_pool_free(shared);
    loop_free(loop);
}

static void tasks_share_what_two_connections_do(void **state)
{
    struct loop *loop = loop_new(NULL, NULL);

    (void)state;
    assert_non_null(loop);
    shared = pool_of(2, 5000);
    struct db_conn *one = lend(shared), *other = lend(shared);
    db_return(shared, one);
    db_return(shared, other);
    start_tasks(loop, CALLERS);
    assert_int_equal(n_batches, 2);
    assert_int_equal(batches[0].n, CALLERS / 2);
    assert_int_equal(batches[1].n, CALLERS / 2);
    assert_state(shared, 2, 0, 0);
    db_pool_free(shared);
    loop_free(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scripts_in_line_go_together_in_their_order),
        cmocka_unit_test(each_connection_gets_its_share_of_the_scripts),
        cmocka_unit_test(a_lender_among_scripts_gets_its_turn_alone),
        cmocka_unit_test(a_closed_connection_is_opened_for_one_script_alone),
        cmocka_unit_test(scripts_share_what_is_at_work_rather_than_take_a_free_one),
        cmocka_unit_test(scripts_take_a_free_one_when_what_is_at_work_takes_long),
        cmocka_unit_test(scripts_that_may_wait_only_little_take_a_free_one_in_time),
        cmocka_unit_test(scripts_that_write_and_lenders_make_no_script_wait),
        cmocka_unit_test(a_lender_takes_a_free_one_at_once),
        cmocka_unit_test(a_script_waits_only_so_long),
        cmocka_unit_test(tasks_that_come_in_one_round_go_together_though_a_connection_is_idle),
        cmocka_unit_test(tasks_share_what_two_connections_do),
        cmocka_unit_test(hurried_scripts_are_served_once_or_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
