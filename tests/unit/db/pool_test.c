/* pool_test.c: how connections are lent, with connections that only pretend. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pool.h"

static enum error_code refusal(struct db_pool *pool, int deadline_ms)
{
    struct db_conn *conn = NULL;
    struct error err = {.code = ERR_NONE};

    assert_false(db_lend(pool, in_ms(deadline_ms), &conn, &err));
    assert_null(conn); /* what was not lent is not to be returned */
    return err.code;
}

static void opens_a_connection_only_when_it_is_needed(void **state)
{
    struct db_pool *pool = pool_of(3, 50);
    struct db_conn *first, *second;

    (void)state;
    assert_state(pool, 0, 0, 0);
    first = lend(pool);
    assert_state(pool, 1, 1, 0);
    db_return(pool, first);
    assert_ptr_equal(lend(pool), first);
    assert_int_equal(connects, 1);
    second = lend(pool);
    assert_ptr_not_equal(second, first);
    assert_state(pool, 2, 2, 0);
    db_return(pool, second);
    db_return(pool, first);
    assert_state(pool, 2, 0, 0);
    db_pool_free(pool);
}

static void prefers_an_open_connection_to_a_closed_one(void **state)
{
    struct db_pool *pool = pool_of(3, 50);
    struct db_conn *first = lend(pool), *second = lend(pool);

    (void)state;
    db_return(pool, first);
    second->open = false; /* broke while it was lent */
    db_return(pool, second);
    assert_state(pool, 1, 0, 0);
    assert_ptr_equal(lend(pool), first);
    db_return(pool, first);
    db_pool_free(pool);
}

static void waits_only_so_long_for_a_free_one(void **state)
{
    struct db_pool *pool = pool_of(1, 60);
    struct db_conn *conn = lend(pool);
    int64_t start = clock_ns();

    (void)state;
    assert_int_equal(refusal(pool, 5000), ERR_OVERLOADED);
    assert_in_range(clock_ns() - start, 60 * NS_PER_MS, 1000 * NS_PER_MS);
    start = clock_ns();
    assert_int_equal(refusal(pool, 10), ERR_OVERLOADED);
    assert_in_range(clock_ns() - start, 10 * NS_PER_MS, 50 * NS_PER_MS);
    assert_state(pool, 1, 1, 0);
    db_return(pool, conn);
    db_return(pool, lend(pool));
    db_pool_free(pool);
}

static void callers_are_served_in_the_order_they_came(void **state)
{
    pthread_t threads[CALLERS];
    int open, in_use, waiting;

    (void)state;
    shared = pool_of(1, 5000);
    turn = 0;
    struct db_conn *conn = lend(shared);
    for (int i = 0; i < CALLERS; i++) {
        pthread_create(&threads[i], NULL, take_a_turn, (void *)(intptr_t)i);
        do {
            usleep(500);
            db_pool_state(shared, &open, &in_use, &waiting);
        } while (waiting < i + 1);
    }
    db_return(shared, conn);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(turns[i], i);
    assert_int_equal(looks, 1); /* from hand to hand it was never idle */
    assert_state(shared, 1, 0, 0);
    db_pool_free(shared);
}

static void *give_up_waiting(void *unused)
{
    (void)unused;
    assert_int_equal(refusal(shared, 30), ERR_OVERLOADED);
    return NULL;
}

static void who_gives_up_leaves_the_others_in_line(void **state)
{
    pthread_t impatient, patient;
    int open, in_use, waiting;

    (void)state;
    shared = pool_of(1, 5000);
    turn = 0;
    struct db_conn *conn = lend(shared);
    pthread_create(&impatient, NULL, give_up_waiting, NULL);
    pthread_create(&patient, NULL, take_a_turn, (void *)(intptr_t)7);
    pthread_join(impatient, NULL);
    do
        db_pool_state(shared, &open, &in_use, &waiting);
    while (waiting < 1);
    assert_int_equal(waiting, 1);
    db_return(shared, conn);
    pthread_join(patient, NULL);
    assert_int_equal(turns[0], 7);
    assert_state(shared, 1, 0, 0);
    db_pool_free(shared);
}

enum { ROUNDS = 400 };
static bool lent;

/* Comes back often, with waits about as short as turns are long. */
static void *come_and_go(void *seed)
{
    int served = 0;

    for (int i = 0; i < ROUNDS; i++) {
        struct db_conn *conn;
        struct error err;
        if (!db_lend(shared, clock_ns() + ((intptr_t)seed * 37 + i * 61) % 300 * 1000, &conn, &err))
            continue;
        assert_false(__atomic_exchange_n(&lent, true, __ATOMIC_RELAXED));
        usleep(20);
        __atomic_store_n(&lent, false, __ATOMIC_RELAXED);
        db_return(shared, conn);
        served++;
    }
    return (void *)(intptr_t)served;
}

static void hurried_callers_never_share_a_connection_or_lose_it(void **state)
{
    pthread_t threads[CALLERS];
    void *served;
    intptr_t all = 0;

    (void)state;
    shared = pool_of(1, 5000);
    db_return(shared, lend(shared));
    for (intptr_t i = 0; i < CALLERS; i++)
        pthread_create(&threads[i], NULL, come_and_go, (void *)i);
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(threads[i], &served);
        all += (intptr_t)served;
    }
    assert_in_range(all, 1, CALLERS * ROUNDS);
    assert_state(shared, 1, 0, 0);
    db_pool_free(shared);
}

static void *wake_late(void *waiter)
{
    usleep(20000);
    latch_release(&((struct waiter *)waiter)->wake);
    return NULL;
}

static void a_connection_given_as_time_runs_out_is_taken(void **state)
{
    struct db_pool *pool = pool_of(1, 50);
    struct db_conn *conn = lend(pool);
    struct waiter waiter = {.conn = NULL};
    pthread_t giver;

    (void)state;
    stand_in_line(pool, &waiter);
    assert_ptr_equal(give(pool, conn, false), &waiter);
    pthread_create(&giver, NULL, wake_late, &waiter);
    int64_t start = clock_ns();
    assert_ptr_equal(wait_turn(pool, &waiter, start), conn);
    assert_in_range(clock_ns() - start, 10 * NS_PER_MS, 5000 * NS_PER_MS); /* not before it was woken: waiter is its stack */
    pthread_join(giver, NULL);
    assert_state(pool, 1, 1, 0);
    db_return(pool, conn);
    db_pool_free(pool);
}

static void a_connection_that_died_idle_is_replaced_unseen(void **state)
{
    struct db_pool *pool = pool_of(1, 50);
    struct db_conn *conn = lend(pool);

    (void)state;
    db_return(pool, conn);
    conn->dies = true;
    db_return(pool, lend(pool));
    assert_int_equal(connects, 2);
    assert_state(pool, 1, 0, 0);
    db_pool_free(pool);
}

static void once_the_server_let_a_deadline_pass_what_lies_idle_is_in_doubt(void **state)
{
    struct db_pool *pool = pool_of(2, 50);
    struct db_conn *one = lend(pool), *other = lend(pool);

    (void)state;
    db_return(pool, one);
    db_return(pool, lend(pool));
    assert_int_equal(doubts, 0);
    other->late = true;
    db_return(pool, other);
    assert_state(pool, 1, 0, 0);
    db_return(pool, lend(pool));
    assert_int_equal(doubts, 1);
    db_pool_free(pool);
}

static void after_a_failed_connect_others_fail_at_once(void **state)
{
    struct db_pool *pool = pool_of(4, 50);

    (void)state;
    server_up = false;
    assert_int_equal(refusal(pool, 1000), ERR_DB_UNAVAILABLE);
    assert_int_equal(refusal(pool, 1000), ERR_DB_UNAVAILABLE);
    assert_int_equal(connects, 1);
    server_up = true;
    usleep((RETRY_MS + 20) * 1000);
    db_return(pool, lend(pool));
    assert_int_equal(connects, 2);
    assert_state(pool, 1, 0, 0);
    db_pool_free(pool);
}

static void *probe(void *unused)
{
    (void)unused;
    db_return(shared, lend(shared));
    return NULL;
}

static void while_one_tries_again_the_others_do_not_wait(void **state)
{
    pthread_t prober;

    (void)state;
    shared = pool_of(4, 50);
    server_up = false;
    assert_int_equal(refusal(shared, 1000), ERR_DB_UNAVAILABLE);
    usleep((RETRY_MS + 20) * 1000);
    server_up = true;
    connect_ms = 200;
    pthread_create(&prober, NULL, probe, NULL);
    while (__atomic_load_n(&connects, __ATOMIC_RELAXED) < 2)
        usleep(500);
    int64_t start = clock_ns();
    assert_int_equal(refusal(shared, 5000), ERR_DB_UNAVAILABLE);
    assert_in_range(clock_ns() - start, 0, 100 * NS_PER_MS);
    pthread_join(prober, NULL);
    assert_int_equal(connects, 2);
    db_return(shared, lend(shared));
    db_pool_free(shared);
}

static void a_hurried_caller_does_not_make_the_server_look_down(void **state)
{
    struct db_pool *pool = pool_of(2, 50);

    (void)state;
    connect_ms = 30;
    assert_int_equal(refusal(pool, 10), ERR_DB_UNAVAILABLE);
    db_return(pool, lend(pool));
    db_pool_free(pool);
    pool = pool_of(1, 50);
    assert_int_equal(refusal(pool, -1), ERR_DB_TIMEOUT);
    assert_int_equal(connects, 0);
    db_pool_free(pool);
}

static void a_bad_connection_string_is_refused_without_showing_it(void **state)
{
    struct db_pool_options options = {.conninfo = "password=secret with spaces", .size = 1, .wait_ms = 1};
    struct db_pool *pool;
    struct error err;

    (void)state;
    assert_false(db_pool_new(&options, &pool, &err));
    assert_int_equal(err.code, ERR_STARTUP);
    assert_null(strstr(err.argument, "with"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_a_connection_only_when_it_is_needed),
        cmocka_unit_test(prefers_an_open_connection_to_a_closed_one),
        cmocka_unit_test(waits_only_so_long_for_a_free_one),
        cmocka_unit_test(callers_are_served_in_the_order_they_came),
        cmocka_unit_test(who_gives_up_leaves_the_others_in_line),
        cmocka_unit_test(hurried_callers_never_share_a_connection_or_lose_it),
        cmocka_unit_test(a_connection_given_as_time_runs_out_is_taken),
        cmocka_unit_test(a_connection_that_died_idle_is_replaced_unseen),
        cmocka_unit_test(once_the_server_let_a_deadline_pass_what_lies_idle_is_in_doubt),
        cmocka_unit_test(after_a_failed_connect_others_fail_at_once),
        cmocka_unit_test(while_one_tries_again_the_others_do_not_wait),
        cmocka_unit_test(a_hurried_caller_does_not_make_the_server_look_down),
        cmocka_unit_test(a_bad_connection_string_is_refused_without_showing_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
