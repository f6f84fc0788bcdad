/* db_stream_test.c: much data against a real PostgreSQL: streams of rows, large values. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/db/session.h"

static long resident_kib(void)
{
    long pages = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    assert_non_null(f);
    assert_int_equal(fscanf(f, "%ld %ld", &pages, &resident), 2);
    fclose(f);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void streams_many_rows_in_little_memory(void **state)
{
    struct db_conn *conn = lend();
    struct error err;
    long before = resident_kib();
    int rows = 0;

    (void)state;
    enqueue(conn, "select 1");
    enqueue(conn, "select n, repeat('x', 200) from generate_series(1, 200000) n");
    assert_true(db_stream(conn, &err));
    sync_all(conn);
    next(conn);
    for (const struct db_result *row = next(conn); db_rows(row) > 0; row = next(conn)) {
        int64_t n = 0;
        assert_int_equal(db_rows(row), 1);
        assert_true(str_to_i64(db_value(row, 0, 0), &n) && n == ++rows);
    }
    end(conn);
    assert_int_equal(rows, 200000);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    assert_in_range(resident_kib() - before + 1024, 0, 5 * 1024);
#else
    (void)before;
#endif
    enqueue(conn, "select n from generate_series(1, 3) n"); /* first in its pipeline and known: armed as it is sent */
    assert_true(db_stream(conn, &err));
    sync_all(conn);
    assert_int_equal(number(next(conn)), 1);
    end(conn); /* skips the rest */
    assert_int_equal(ask(conn, "select 1"), 1);
    db_return(pool, conn);
}

static void a_stream_may_fail_in_the_middle(void **state)
{
    struct db_conn *conn = lend();
    struct error err;

    (void)state;
    enqueue(conn, "select 1 / (3 - n) from generate_series(1, 5) n");
    assert_true(db_stream(conn, &err));
    sync_all(conn);
    next(conn);
    next(conn);
    assert_string_equal(next_error(conn).argument, "SQLSTATE 22012");
    end_error(conn);
    assert_int_equal(ask(conn, "select 1"), 1);
    db_return(pool, conn);
}

static void a_stream_left_early_costs_the_connection(void **state)
{
    struct db_conn *conn = lend();
    int64_t pid = backend(conn);
    struct error err;

    (void)state;
    enqueue(conn, "select n from generate_series(1, 1000000) n");
    assert_true(db_stream(conn, &err));
    sync_all(conn);
    next(conn);
    db_return(pool, conn);
    assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);
}

static void large_values_both_ways_do_not_block(void **state)
{
    enum { VALUES = 24, BYTES = 1000000 };
    static const uint32_t types[] = {DB_TEXT};
    char *large = malloc(BYTES + 1);
    const char *values[] = {large};
    struct db_query query = query_of("select $1");
    struct db_conn *conn = lend();
    struct error err;

    (void)state;
    memset(large, 'x', BYTES);
    large[BYTES] = '\0';
    query.types = types;
    query.values = values;
    query.n = 1;
    for (int i = 0; i < VALUES; i++)
        assert_true(db_send(conn, &query, &err));
    sync_all(conn);
    for (int i = 0; i < VALUES; i++)
        assert_int_equal(db_value(next(conn), 0, 0).n, BYTES);
    end(conn);
    db_return(pool, conn);
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(streams_many_rows_in_little_memory),
        DB_TEST(a_stream_may_fail_in_the_middle),
        DB_TEST(a_stream_left_early_costs_the_connection),
        DB_TEST(large_values_both_ways_do_not_block),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
