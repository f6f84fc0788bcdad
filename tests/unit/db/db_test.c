/* db_test.c: transactions against a real PostgreSQL: results, failures, lost connections, streams, threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>

#include "api/base/clock.h"
#include "api/db/db.c"
#include "tests/unit/db/cluster.h"

enum { DEADLINE_MS = 20000 };

static struct db_pool *pool; /* of one connection, so that what a test spoils the next request must meet */

static int64_t in_ms(int ms)
{
    return clock_ns() + ms * (int64_t)1000000;
}

static struct db_pool *pool_of(int size)
{
    struct db_pool_options options = {.conninfo = cluster.conninfo, .size = size, .wait_ms = DEADLINE_MS};
    struct db_pool *made = NULL;
    struct error err;

    assert_true(db_pool_new(&options, &made, &err));
    return made;
}

static struct db_conn *lend_for(int ms)
{
    struct db_conn *conn = NULL;
    struct error err = {.code = ERR_NONE};

    if (!db_lend(pool, in_ms(ms), &conn, &err))
        fail_msg("not lent: %s", err.argument);
    return conn;
}

static struct db_conn *lend(void)
{
    return lend_for(DEADLINE_MS);
}

static struct db_key key_of(const char *text)
{
    return (struct db_key){str_hash(str_of(text)), 1};
}

static struct db_query query_of(const char *text)
{
    return (struct db_query){.key = key_of(text), .text = str_of(text)};
}

static void enqueue(struct db_conn *conn, const char *text)
{
    struct db_query query = query_of(text);
    struct error err;

    assert_true(db_send(conn, &query, &err));
}

static void sync_all(struct db_conn *conn)
{
    struct error err;

    assert_true(db_sync(conn, &err));
}

static const struct db_result *next(struct db_conn *conn)
{
    const struct db_result *result = NULL;
    struct error err = {.code = ERR_NONE};

    if (!db_next(conn, &result, &err))
        fail_msg("%s: %s", error_info(err.code)->slug.p, err.argument);
    return result;
}

static struct error next_error(struct db_conn *conn)
{
    const struct db_result *result = NULL;
    struct error err = {.code = ERR_NONE};

    assert_false(db_next(conn, &result, &err));
    return err;
}

static void end(struct db_conn *conn)
{
    struct error err = {.code = ERR_NONE};

    if (!db_end(conn, &err))
        fail_msg("%s: %s", error_info(err.code)->slug.p, err.argument);
}

static struct error end_error(struct db_conn *conn)
{
    struct error err = {.code = ERR_NONE};

    assert_false(db_end(conn, &err));
    return err;
}

static int64_t number(const struct db_result *result)
{
    int64_t n = -1;

    assert_int_equal(db_rows(result), 1);
    assert_true(str_to_i64(db_value(result, 0, 0), &n));
    return n;
}

/* A transaction of one statement that gives a number. */
static int64_t ask(struct db_conn *conn, const char *text)
{
    enqueue(conn, text);
    sync_all(conn);
    int64_t n = number(next(conn));
    end(conn);
    return n;
}

static void carry_out(struct db_conn *conn, const char *text)
{
    struct error err;

    assert_true(db_send_text(conn, text, &err));
    sync_all(conn);
    next(conn);
    end(conn);
}

static struct error failure_of(struct db_conn *conn, const char *text)
{
    struct error err;

    assert_true(db_send_text(conn, text, &err));
    sync_all(conn);
    next_error(conn);
    return end_error(conn);
}

static int64_t backend(struct db_conn *conn)
{
    return ask(conn, "select pg_backend_pid()");
}

/* Lends, asks one number, returns. */
static int64_t ask_once(const char *text)
{
    struct db_conn *conn = lend();
    int64_t n = ask(conn, text);

    db_return(pool, conn);
    return n;
}

/* The same on a connection apart. */
__attribute__((format(printf, 1, 2))) static int64_t ask_elsewhere(const char *format, ...)
{
    struct db_pool *mine = pool, *other = pool_of(1);
    char text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    pool = other;
    int64_t answer = ask_once(text);
    db_pool_free(other);
    pool = mine;
    return answer;
}

static int fresh_pool(void **state)
{
    struct db_conn *conn;

    (void)state;
    pool = pool_of(1);
    conn = lend();
    carry_out(conn, "drop table if exists child, parent");
    carry_out(conn, "create table parent (id int constraint parent_key primary key)");
    carry_out(conn, "create table child (parent_id int constraint child_parent references parent deferrable initially deferred)");
    db_return(pool, conn);
    return 0;
}

static int free_pool(void **state)
{
    (void)state;
    db_pool_free(pool);
    return 0;
}

static void reads_in_one_round_trip(void **state)
{
    static const uint32_t types[] = {DB_INT8, DB_TEXT};
    static const char *const values[] = {"42", NULL};
    struct db_query query = query_of("select $1 + 1 as sum, $2 as nothing, 'ñ' as letter");
    struct db_conn *conn = lend();
    const struct db_result *role, *result;
    struct error err;

    (void)state;
    query.types = types;
    query.values = values;
    query.n = 2;
    enqueue(conn, "select set_config('cpwg.role', 'auditor', true)");
    assert_true(db_send(conn, &query, &err));
    sync_all(conn);
    role = next(conn);
    result = next(conn);
    end(conn);
    assert_true(str_eq(db_value(role, 0, 0), STR("auditor"))); /* still there */
    assert_int_equal(db_columns(result), 3);
    assert_true(str_eq(db_column_name(result, 0), STR("sum")));
    assert_int_equal(db_column_type(result, 0), DB_INT8);
    assert_true(str_eq(db_value(result, 0, 0), STR("43")));
    assert_true(db_is_null(result, 0, 1));
    assert_true(str_eq(db_value(result, 0, 2), STR("ñ")));
    db_return(pool, conn);
}

static void settings_end_with_their_transaction(void **state)
{
    struct db_conn *conn = lend();

    (void)state;
    carry_out(conn, "select set_config('cpwg.role', 'auditor', true)");
    assert_int_equal(ask(conn, "select length(current_setting('cpwg.role', true))"), 0);
    db_return(pool, conn);
}

static void sessions_speak_utc_and_iso(void **state)
{
    struct db_conn *conn = lend();

    (void)state;
    enqueue(conn, "select timestamptz '2024-03-01 12:00:00+02', current_setting('application_name')");
    sync_all(conn);
    const struct db_result *result = next(conn);
    assert_true(str_eq(db_value(result, 0, 0), STR("2024-03-01 10:00:00+00")));
    assert_true(str_eq(db_value(result, 0, 1), STR("cpwg")));
    end(conn);
    db_return(pool, conn);
}

static void a_statement_is_prepared_once(void **state)
{
    struct db_query query = query_of("select 17");
    struct db_conn *conn = lend();
    struct error err;

    (void)state;
    assert_false(db_knows(conn, query.key));
    assert_int_equal(ask(conn, "select 17"), 17);
    assert_true(db_knows(conn, query.key));
    query.text = (struct str){NULL, 0};
    for (int i = 0; i < 2; i++)
        assert_true(db_send(conn, &query, &err));
    sync_all(conn);
    assert_int_equal(number(next(conn)), 17);
    assert_int_equal(number(next(conn)), 17);
    end(conn);
    assert_int_equal(ask(conn, "select count(*) from pg_prepared_statements where statement = 'select 17'"), 1);
    db_return(pool, conn);
}

static void the_first_error_is_everybodys_and_the_connection_stays(void **state)
{
    struct db_conn *conn = lend();
    int64_t pid = backend(conn);

    (void)state;
    enqueue(conn, "insert into parent values (1)");
    enqueue(conn, "insert into parent values (1) /* again */");
    enqueue(conn, "select no_such_column");
    sync_all(conn);
    next(conn);
    for (int i = 0; i < 2; i++) {
        struct error err = next_error(conn);
        assert_int_equal(err.code, ERR_CONFLICT);
        assert_string_equal(err.argument, "parent_key");
    }
    assert_int_equal(end_error(conn).code, ERR_CONFLICT);
    assert_int_equal(ask(conn, "select count(*) from parent"), 0);
    db_return(pool, conn);
    assert_int_equal(ask_once("select pg_backend_pid()"), pid);
}

static void a_statement_that_cannot_be_prepared_is_not_known(void **state)
{
    struct db_conn *conn = lend();

    (void)state;
    enqueue(conn, "select no_such_column");
    enqueue(conn, "select 18"); /* aborted before it was prepared */
    sync_all(conn);
    struct error err = next_error(conn);
    assert_int_equal(err.code, ERR_INTERNAL);
    assert_string_equal(err.argument, "SQLSTATE 42703");
    end_error(conn);
    assert_false(db_knows(conn, key_of("select no_such_column")));
    assert_false(db_knows(conn, key_of("select 18")));
    assert_int_equal(ask(conn, "select 18"), 18);
    db_return(pool, conn);
}

static void a_deferred_constraint_fails_at_the_end(void **state)
{
    struct db_conn *conn = lend();
    int64_t pid = backend(conn);

    (void)state;
    db_writes(conn);
    enqueue(conn, "insert into child values (5)");
    sync_all(conn);
    next(conn);
    struct error err = end_error(conn);
    assert_int_equal(err.code, ERR_REFERENCE);
    assert_string_equal(err.argument, "child_parent");
    assert_int_equal(ask(conn, "select count(*) from child"), 0);
    assert_int_equal(backend(conn), pid);
    db_return(pool, conn);
}

static void two_flushes_and_one_sync_are_one_transaction(void **state)
{
    struct db_conn *conn = lend();
    struct error err;

    (void)state;
    db_writes(conn);
    enqueue(conn, "insert into parent values (1)");
    enqueue(conn, "select pg_current_xact_id()::text::int8");
    assert_true(db_flush(conn, &err));
    next(conn);
    int64_t transaction = number(next(conn));
    assert_int_equal(ask_elsewhere("select count(*) from parent"), 0);
    enqueue(conn, "insert into parent values (2)");
    enqueue(conn, "select pg_current_xact_id()::text::int8");
    sync_all(conn);
    next(conn);
    assert_int_equal(number(next(conn)), transaction);
    end(conn);
    assert_int_equal(ask_elsewhere("select count(*) from parent"), 2);
    db_return(pool, conn);
}

static void an_abandoned_transaction_leaves_nothing(void **state)
{
    struct db_conn *conn = lend();
    int64_t pid = backend(conn);
    struct error err;

    (void)state;
    db_writes(conn);
    enqueue(conn, "insert into parent values (1)");
    enqueue(conn, "select set_config('cpwg.role', 'auditor', true)");
    assert_true(db_flush(conn, &err));
    next(conn);
    next(conn);
    db_abandon(conn);
    assert_int_equal(ask(conn, "select count(*) from parent"), 0);
    assert_int_equal(ask(conn, "select length(current_setting('cpwg.role', true))"), 0);
    enqueue(conn, "insert into parent values (1)"); /* never flushed */
    db_abandon(conn);
    enqueue(conn, "select no_such_column"); /* failed, not read */
    assert_true(db_flush(conn, &err));
    db_abandon(conn);
    db_abandon(conn); /* nothing to do */
    assert_int_equal(ask(conn, "select count(*) from parent"), 0);
    db_return(pool, conn);
    assert_int_equal(ask_once("select pg_backend_pid()"), pid);
}

static void too_long_a_transaction_does_not_commit_in_part(void **state)
{
    struct db_query query = query_of("insert into parent values (1)");
    struct db_conn *conn = lend();
    struct error err = {.code = ERR_NONE};

    (void)state;
    enqueue(conn, "insert into parent values (7)");
    query = query_of("select 1");
    for (int i = 0; i < STEPS_MAX; i++)
        if (!db_send(conn, &query, &err))
            break;
    assert_int_equal(err.code, ERR_INTERNAL);
    sync_all(conn);
    assert_int_equal(end_error(conn).code, ERR_INTERNAL);
    assert_int_equal(ask(conn, "select count(*) from parent"), 0);
    db_return(pool, conn);
}

static int notes_freed;

static void free_note(void *note)
{
    (void)note;
    notes_freed++;
}

static void old_statements_are_closed(void **state)
{
    struct db_conn *conn = lend();
    char text[64];
    int notes = 0;

    (void)state;
    notes_freed = 0;
    for (int i = 0; i < CACHE_ENTRIES + 100; i++) {
        snprintf(text, sizeof text, "select %d", i);
        assert_int_equal(ask(conn, text), i);
        db_set_note(conn, key_of(text), &notes, free_note);
    }
    assert_ptr_equal(db_note(conn, key_of(text)), &notes);
    assert_int_equal(notes_freed, 100);
    assert_false(db_knows(conn, key_of("select 0")));
    assert_null(db_note(conn, key_of("select 0")));
    assert_in_range(ask(conn, "select count(*) from pg_prepared_statements"), CACHE_ENTRIES - 2, CACHE_ENTRIES + 1);
    db_set_note(conn, key_of("select 0"), &notes, free_note); /* not known: freed at once */
    assert_int_equal(notes_freed, 102);
    db_return(pool, conn);
    db_pool_free(pool);
    pool = pool_of(1);
    assert_int_equal(notes_freed, CACHE_ENTRIES + 101);
}

static void a_statement_evicted_by_a_failing_transaction_is_closed_later(void **state)
{
    struct db_conn *conn = lend();
    char text[64];

    (void)state;
    for (int i = 0; i < CACHE_ENTRIES; i++) {
        snprintf(text, sizeof text, "select %d", i);
        ask(conn, text);
    }
    for (int i = 0; i < 30; i++) {
        snprintf(text, sizeof text, "select %d", 1000 + i);
        enqueue(conn, "select no_such_column");
        enqueue(conn, text);
        sync_all(conn);
        end_error(conn);
    }
    ask(conn, "select 1");
    assert_in_range(ask(conn, "select count(*) from pg_prepared_statements"), CACHE_ENTRIES - 70, CACHE_ENTRIES);
    for (int i = 0; i < CACHE_ENTRIES; i++) {
        snprintf(text, sizeof text, "select %d", i);
        assert_int_equal(ask(conn, text), i);
    }
    db_return(pool, conn);
}

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

/* Starts a statement that lasts, and waits until the backend is at it. */
static struct db_conn *start_sleeping(int deadline_ms, bool writes, int64_t *ret_pid)
{
    struct db_conn *conn = lend_for(deadline_ms);
    *ret_pid = backend(conn);

    if (writes)
        db_writes(conn);
    enqueue(conn, "select pg_sleep(100)");
    sync_all(conn);
    while (ask_elsewhere("select count(*) from pg_stat_activity where pid = %d and wait_event = 'PgSleep'", (int)*ret_pid) == 0)
        ;
    return conn;
}

static void a_backend_killed_in_a_request_is_unavailable(void **state)
{
    int64_t pid;

    (void)state;
    for (int writes = 0; writes < 2; writes++) {
        struct db_conn *conn = start_sleeping(DEADLINE_MS, writes, &pid);
        ask_elsewhere("select pg_terminate_backend(%d)::int", (int)pid);
        assert_int_equal(next_error(conn).code, ERR_DB_UNAVAILABLE); /* it said so before its commit */
        assert_int_equal(end_error(conn).code, ERR_DB_UNAVAILABLE);
        db_return(pool, conn);
        assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);
    }
}

static void a_backend_killed_while_idle_is_replaced_unseen(void **state)
{
    int64_t pid = ask_once("select pg_backend_pid()");

    (void)state;
    ask_elsewhere("select pg_terminate_backend(%d, 5000)::int", (int)pid);
    assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);
}

static void a_backend_killed_between_flush_and_sync_is_unavailable(void **state)
{
    struct db_conn *conn = lend();
    int64_t pid = backend(conn);
    struct error err;

    (void)state;
    db_writes(conn);
    enqueue(conn, "insert into parent values (1)");
    assert_true(db_flush(conn, &err));
    next(conn);
    ask_elsewhere("select pg_terminate_backend(%d, 5000)::int", (int)pid);
    enqueue(conn, "insert into parent values (2)");
    db_sync(conn, &err);
    enum error_code code = next_error(conn).code;
    assert_true(code == ERR_DB_UNAVAILABLE || code == ERR_DB_UNCERTAIN); /* the farewell may be lost with the socket */
    db_return(pool, conn);
    assert_int_equal(ask_once("select count(*) from parent"), 0);
}

static void a_passed_deadline_ends_the_wait_and_the_connection(void **state)
{
    int64_t pid, start = clock_ns();
    struct db_conn *conn = start_sleeping(300, false, &pid);

    (void)state;
    assert_int_equal(next_error(conn).code, ERR_DB_TIMEOUT);
    assert_in_range(clock_ns() - start, 290000000, 1000000000);
    assert_int_equal(end_error(conn).code, ERR_DB_TIMEOUT);
    db_return(pool, conn);
    assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);

    conn = start_sleeping(300, true, &pid);
    assert_int_equal(next_error(conn).code, ERR_DB_UNCERTAIN);
    db_return(pool, conn);
    int64_t until = in_ms(5000); /* the orphan notices that we have gone */
    while (ask_elsewhere("select count(*) from pg_stat_activity where pid = %d", (int)pid) > 0)
        assert_true(clock_ns() < until);
}

static void a_migrated_table_costs_one_503(void **state)
{
    struct db_conn *conn = lend();

    (void)state;
    assert_int_equal(ask(conn, "select *, 1 from (select count(*) from parent) p"), 0);
    carry_out(conn, "insert into parent values (3)");
    assert_int_equal(ask(conn, "select * from parent"), 3);
    db_return(pool, conn);
    struct db_pool *mine = pool;
    pool = pool_of(1);
    struct db_conn *other = lend();
    carry_out(other, "alter table parent add column name text");
    db_return(pool, other);
    db_pool_free(pool);
    pool = mine;
    conn = lend();
    enqueue(conn, "select * from parent");
    sync_all(conn);
    assert_int_equal(next_error(conn).code, ERR_DB_UNAVAILABLE);
    end_error(conn);
    db_return(pool, conn);
    assert_int_equal(ask_once("select * from parent"), 3);
}

static void our_own_states_arrive_with_their_detail(void **state)
{
    struct db_conn *conn = lend();

    (void)state;
    struct error err = failure_of(conn, "do $$ begin raise exception using errcode = 'CW001', detail = 'open, closed'; end $$");
    assert_int_equal(err.code, ERR_TRANSITION);
    assert_string_equal(err.argument, "open, closed");
    err = failure_of(conn, "do $$ begin raise exception using errcode = 'CW004', detail = 'the id'; end $$");
    assert_int_equal(err.code, ERR_REPLAY);
    assert_string_equal(err.argument, "the id");
    assert_int_equal(ask(conn, "select 1"), 1);
    db_return(pool, conn);
}

static void a_read_only_server_is_left(void **state)
{
    struct db_conn *conn = lend();
    int64_t pid = backend(conn);
    struct error err;

    (void)state;
    assert_true(db_send_text(conn, "set transaction read only", &err));
    enqueue(conn, "insert into parent values (1)");
    sync_all(conn);
    assert_int_equal(end_error(conn).code, ERR_DB_UNAVAILABLE);
    db_return(pool, conn);
    assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);
}

static void a_statement_that_opens_a_transaction_is_no_success(void **state)
{
    struct db_conn *conn = lend();
    struct error err;

    (void)state;
    assert_true(db_send_text(conn, "begin", &err));
    enqueue(conn, "insert into parent values (1)");
    sync_all(conn);
    assert_int_equal(end_error(conn).code, ERR_INTERNAL);
    db_return(pool, conn);
    assert_int_equal(ask_once("select count(*) from parent"), 0);
}

static void describes_without_running(void **state)
{
    static const uint32_t types[] = {0, DB_TEXT};
    struct db_conn *conn = lend();
    const struct db_result *result = NULL;
    struct error err;

    (void)state;
    assert_true(db_describe(conn, STR("select id, $2 as given from parent where id = $1"), types, 2, &result, &err));
    assert_int_equal(db_parameters(result), 2);
    assert_int_equal(db_parameter_type(result, 0), DB_INT4);
    assert_int_equal(db_parameter_type(result, 1), DB_TEXT);
    assert_int_equal(db_columns(result), 2);
    assert_int_equal(db_column_type(result, 0), DB_INT4);
    assert_true(str_eq(db_column_name(result, 1), STR("given")));
    assert_true(db_describe(conn, STR("delete from parent"), NULL, 0, &result, &err));
    assert_int_equal(db_columns(result), 0);
    assert_false(db_describe(conn, STR("select no_such_column"), NULL, 0, &result, &err));
    assert_int_equal(err.code, ERR_INTERNAL);
    assert_non_null(strstr(err.argument, "no_such_column"));
    assert_int_equal(ask(conn, "select 1"), 1);
    db_return(pool, conn);
}

static void *ask_often(void *number_of_thread)
{
    struct db_query query = query_of("select $1::int8");
    char value[24];
    const char *const values[] = {value};
    uint32_t types[] = {DB_INT8};
    int64_t answer = 0;

    query.types = types;
    query.values = values;
    query.n = 1;
    for (int i = 0; i < 300; i++) {
        const struct db_result *result = NULL;
        struct db_conn *conn = NULL;
        struct error err;
        snprintf(value, sizeof value, "%d", (int)(intptr_t)number_of_thread * 1000 + i);
        if (!db_lend(pool, in_ms(DEADLINE_MS), &conn, &err))
            return NULL;
        if (!db_send(conn, &query, &err) || !db_sync(conn, &err) || !db_next(conn, &result, &err) ||
            !str_to_i64(db_value(result, 0, 0), &answer) || !db_end(conn, &err))
            answer = -1;
        db_return(pool, conn);
        if (answer != (intptr_t)number_of_thread * 1000 + i)
            return NULL;
    }
    return number_of_thread;
}

static void threads_share_few_connections(void **state)
{
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    int open, in_use, waiting;

    (void)state;
    db_pool_free(pool);
    pool = pool_of(2);
    for (intptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, (void *)(i + 1)), 0);
    for (intptr_t i = 0; i < THREADS; i++) {
        void *returned;
        pthread_join(threads[i], &returned);
        assert_int_equal((intptr_t)returned, i + 1);
    }
    db_pool_state(pool, &open, &in_use, &waiting);
    assert_true(open >= 1 && open <= 2);
    assert_int_equal(in_use, 0);
    assert_int_equal(waiting, 0);
}

/* Asks until it is answered again, and how long that took at most. */
static void assert_recovers(void)
{
    int64_t until = in_ms(10000);
    struct error err = {.code = ERR_NONE};

    for (bool answered = false; !answered; usleep(20000)) {
        struct db_conn *conn;
        const struct db_result *result;
        assert_true(clock_ns() < until);
        if (!db_lend(pool, in_ms(1000), &conn, &err))
            continue;
        struct db_query query = query_of("select 1");
        answered = db_send(conn, &query, &err) && db_sync(conn, &err) && db_next(conn, &result, &err) && db_end(conn, &err);
        db_return(pool, conn);
    }
}

static void without_a_server_it_says_so_at_once_and_recovers_by_itself(void **state)
{
    struct db_conn *conn;
    struct error err = {.code = ERR_NONE};

    (void)state;
    if (!cluster.ours)
        skip();
    ask_once("select 1");
    assert_int_equal(cluster_ctl("stop -m fast"), 0);
    for (int i = 0; i < 3; i++) {
        int64_t start = clock_ns();
        assert_false(db_lend(pool, in_ms(DEADLINE_MS), &conn, &err));
        assert_int_equal(err.code, ERR_DB_UNAVAILABLE);
        assert_in_range(clock_ns() - start, 0, 500000000);
    }
    assert_int_equal(cluster_ctl("start"), 0);
    assert_recovers();
    assert_int_equal(cluster_ctl("restart -m immediate"), 0);
    assert_recovers();
}

static void a_write_whose_backend_dies_without_a_word_is_uncertain(void **state)
{
    int64_t pid;

    (void)state;
    if (!cluster.ours)
        skip();
    for (int writes = 0; writes < 2; writes++) {
        struct db_conn *conn = start_sleeping(DEADLINE_MS, writes, &pid);
        assert_int_equal(kill((pid_t)pid, SIGKILL), 0);
        assert_int_equal(next_error(conn).code, writes ? ERR_DB_UNCERTAIN : ERR_DB_UNAVAILABLE);
        assert_int_equal(end_error(conn).code, writes ? ERR_DB_UNCERTAIN : ERR_DB_UNAVAILABLE);
        db_return(pool, conn);
        assert_recovers();
    }
}

static void a_frozen_backend_is_left_at_the_deadline(void **state)
{
    struct db_conn *conn = lend_for(300);
    int64_t pid = backend(conn);

    (void)state;
    if (cluster.ours) {
        kill((pid_t)pid, SIGSTOP);
        enqueue(conn, "select 1");
        sync_all(conn);
        assert_int_equal(next_error(conn).code, ERR_DB_TIMEOUT);
    }
    db_return(pool, conn);
    if (!cluster.ours)
        skip();
    ask_once("select 1");
    kill((pid_t)pid, SIGCONT);
}

#define DB_TEST(name) cmocka_unit_test_setup_teardown(name, fresh_pool, free_pool)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(reads_in_one_round_trip),
        DB_TEST(settings_end_with_their_transaction),
        DB_TEST(sessions_speak_utc_and_iso),
        DB_TEST(a_statement_is_prepared_once),
        DB_TEST(the_first_error_is_everybodys_and_the_connection_stays),
        DB_TEST(a_statement_that_cannot_be_prepared_is_not_known),
        DB_TEST(a_deferred_constraint_fails_at_the_end),
        DB_TEST(two_flushes_and_one_sync_are_one_transaction),
        DB_TEST(an_abandoned_transaction_leaves_nothing),
        DB_TEST(too_long_a_transaction_does_not_commit_in_part),
        DB_TEST(old_statements_are_closed),
        DB_TEST(a_statement_evicted_by_a_failing_transaction_is_closed_later),
        DB_TEST(streams_many_rows_in_little_memory),
        DB_TEST(a_stream_may_fail_in_the_middle),
        DB_TEST(a_stream_left_early_costs_the_connection),
        DB_TEST(large_values_both_ways_do_not_block),
        DB_TEST(a_backend_killed_in_a_request_is_unavailable),
        DB_TEST(a_backend_killed_while_idle_is_replaced_unseen),
        DB_TEST(a_backend_killed_between_flush_and_sync_is_unavailable),
        DB_TEST(a_passed_deadline_ends_the_wait_and_the_connection),
        DB_TEST(a_migrated_table_costs_one_503),
        DB_TEST(our_own_states_arrive_with_their_detail),
        DB_TEST(a_read_only_server_is_left),
        DB_TEST(a_statement_that_opens_a_transaction_is_no_success),
        DB_TEST(describes_without_running),
        DB_TEST(threads_share_few_connections),
        DB_TEST(without_a_server_it_says_so_at_once_and_recovers_by_itself),
        DB_TEST(a_write_whose_backend_dies_without_a_word_is_uncertain),
        DB_TEST(a_frozen_backend_is_left_at_the_deadline),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
