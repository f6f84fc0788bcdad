/* listen_test.c: what is heard of a real PostgreSQL, and what of one that is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/db/listen.c"
#include "tests/unit/db/session.h"

static int told[DB_DEAF + 1];

static void count(void *to, enum db_hearing hearing)
{
    (void)to;
    __atomic_add_fetch(&told[hearing], 1, __ATOMIC_RELAXED);
}

static int times(enum db_hearing hearing)
{
    return __atomic_load_n(&told[hearing], __ATOMIC_RELAXED);
}

static void assert_becomes(enum db_hearing hearing, int n)
{
    for (int ms = 0; ms < 15000 && times(hearing) < n; ms += 10)
        usleep(10000);
    assert_int_equal(times(hearing), n);
}

static struct db_listener *start_listening(const char *conninfo)
{
    const struct db_listener_options options = {conninfo, "unit_test", count, NULL};
    struct db_listener *listener = NULL;
    struct error err;

    memset(told, 0, sizeof told);
    assert_true(db_listener_start(&options, &listener, &err));
    return listener;
}

static void what_is_committed_is_heard_and_what_is_rolled_back_is_not(void **state)
{
    struct db_listener *listener = start_listening(cluster.conninfo);
    struct db_conn *conn = lend();

    (void)state;
    assert_becomes(DB_HEARS, 1);
    enqueue(conn, "select pg_notify('unit_test', '')");
    db_abandon(conn);
    carry_out(conn, "select pg_notify('another', '')");
    assert_int_equal(times(DB_HEARD), 0);
    carry_out(conn, "select pg_notify('unit_test', '')");
    assert_becomes(DB_HEARD, 1);
    carry_out(conn, "select pg_notify('unit_test', 'again')");
    assert_becomes(DB_HEARD, 2);
    assert_int_equal(times(DB_DEAF), 0);
    db_return(pool, conn);
    db_listener_stop(listener);
    assert_int_equal(times(DB_DEAF), 1); /* nothing is heard after the end */
}

static void a_lost_connection_is_told_and_made_again(void **state)
{
    struct db_listener *listener = start_listening(cluster.conninfo);

    (void)state;
    assert_becomes(DB_HEARS, 1);
    assert_int_equal(ask_once("select count(pg_terminate_backend(pid)) from pg_stat_activity where query = 'listen unit_test'"), 1);
    assert_becomes(DB_DEAF, 1);
    assert_becomes(DB_HEARS, 2);
    ask_once("select count(pg_notify('unit_test', ''))");
    assert_becomes(DB_HEARD, 1);
    db_listener_stop(listener);
}

static void without_a_server_nothing_is_told_and_the_end_does_not_wait(void **state)
{
    struct db_listener *listener = start_listening("host=/nowhere");
    int64_t began_ns = clock_ns();

    (void)state;
    usleep(50000);
    db_listener_stop(listener);
    assert_true(clock_ns() - began_ns < INT64_C(3) * 1000 * 1000 * 1000);
    assert_int_equal(times(DB_HEARS) + times(DB_HEARD) + times(DB_DEAF), 0);
}

static void a_connection_string_that_is_none_is_refused(void **state)
{
    const struct db_listener_options options = {"nonsense=1", "unit_test", count, NULL};
    struct db_listener *listener;
    struct error err;

    (void)state;
    assert_false(db_listener_start(&options, &listener, &err));
    assert_int_equal(err.code, ERR_STARTUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(what_is_committed_is_heard_and_what_is_rolled_back_is_not),
        DB_TEST(a_lost_connection_is_told_and_made_again),
        DB_TEST(without_a_server_nothing_is_told_and_the_end_does_not_wait),
        DB_TEST(a_connection_string_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
