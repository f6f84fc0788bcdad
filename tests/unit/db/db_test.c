/* db_test.c: transactions against a real PostgreSQL: results, failures, prepared statements. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/db/db.c"
#include "tests/unit/db/session.h"

/* Whether the connection has prepared a text. */
static bool knows(struct db_conn *conn, const char *text)
{
    return cache_find(&conn->cache, key_of(text));
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
    assert_false(knows(conn, query.text.p));
    assert_int_equal(ask(conn, "select 17"), 17);
    assert_true(knows(conn, query.text.p));
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
    assert_false(knows(conn, "select no_such_column"));
    assert_false(knows(conn, "select 18"));
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

static void old_statements_are_closed(void **state)
{
    struct db_conn *conn = lend();
    char text[64];

    (void)state;
    for (int i = 0; i < CACHE_ENTRIES + 100; i++) {
        snprintf(text, sizeof text, "select %d", i);
        assert_int_equal(ask(conn, text), i);
    }
    assert_false(knows(conn, "select 0"));
    assert_in_range(ask(conn, "select count(*) from pg_prepared_statements"), CACHE_ENTRIES - 2, CACHE_ENTRIES + 1);
    db_return(pool, conn);
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

static void describe(struct db_conn *conn, const char *text, const uint32_t *types, int n)
{
    struct error err = {.code = ERR_NONE};

    if (!db_describe(conn, str_of(text), types, n, &err))
        fail_msg("%s", err.argument);
}

static void describes_without_running(void **state)
{
    static const uint32_t types[] = {0, DB_TEXT};
    struct db_conn *conn = lend();

    (void)state;
    describe(conn, "select id, $2 as given from parent where id = $1", types, 2);
    describe(conn, "delete from parent", NULL, 0);
    sync_all(conn);
    const struct db_result *first = next(conn), *second = next(conn);
    end(conn);
    assert_int_equal(db_parameters(first), 2);
    assert_int_equal(db_parameter_type(first, 0), DB_INT4);
    assert_int_equal(db_parameter_type(first, 1), DB_TEXT);
    assert_int_equal(db_columns(first), 2);
    assert_int_equal(db_column_type(first, 0), DB_INT4);
    assert_true(str_eq(db_column_name(first, 1), STR("given")));
    assert_int_equal(db_columns(second), 0);
    db_return(pool, conn);
}

static void what_cannot_be_described_is_told_in_its_place_in_the_servers_words(void **state)
{
    struct db_conn *conn = lend();

    (void)state;
    for (int i = 0; i < DB_DESCRIBED_MAX; i++)
        describe(conn, i == 40 ? "select no_such_column" : i == 41 ? "select 'no such type'::nothing" : "select 1", NULL, 0);
    sync_all(conn);
    for (int i = 0; i < 40; i++)
        assert_int_equal(db_columns(next(conn)), 1);
    for (int i = 40; i < DB_DESCRIBED_MAX; i++) {
        struct error err = next_error(conn);
        assert_int_equal(err.code, ERR_INTERNAL);
        assert_string_equal(err.argument, "SQLSTATE 42703: column \"no_such_column\" does not exist");
    }
    end_error(conn);
    assert_string_equal(failure_of(conn, "select no_such_column").argument, "SQLSTATE 42703"); /* what callers send may be quoted in the rest */
    assert_int_equal(ask(conn, "select 1"), 1);
    db_return(pool, conn);
}

static void a_query_tree_is_printed_and_nothing_stays_set(void **state)
{
    struct db_conn *conn = lend();
    struct buf tree;
    struct error err;

    (void)state;
    buf_init(&tree, 1 << 20);
    assert_true(db_tree(conn, STR("select parent_id from child where parent_id = 7"), NULL, 0, &tree, &err));
    assert_true(str_starts(buf_str(&tree), STR("({QUERY ")));
    assert_true(str_ends(buf_str(&tree), STR("})\n")));
    size_t n = tree.n;
    assert_int_equal(ask(conn, "select (current_setting('debug_print_rewritten') = 'on')::int"), 0);
    carry_out(conn, "do $$ begin raise notice 'x' using detail = 'y'; end $$");
    assert_int_equal(tree.n, n);
    assert_false(db_tree(conn, STR("select nothing from child"), NULL, 0, &tree, &err));
    assert_int_equal(ask(conn, "select 1"), 1);
    buf_done(&tree);
    db_return(pool, conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(reads_in_one_round_trip),
        DB_TEST(settings_end_with_their_transaction),
        DB_TEST(sessions_speak_utc_and_iso),
        DB_TEST(a_statement_is_prepared_once),
        DB_TEST(a_query_tree_is_printed_and_nothing_stays_set),
        DB_TEST(the_first_error_is_everybodys_and_the_connection_stays),
        DB_TEST(a_statement_that_cannot_be_prepared_is_not_known),
        DB_TEST(a_deferred_constraint_fails_at_the_end),
        DB_TEST(two_flushes_and_one_sync_are_one_transaction),
        DB_TEST(an_abandoned_transaction_leaves_nothing),
        DB_TEST(too_long_a_transaction_does_not_commit_in_part),
        DB_TEST(old_statements_are_closed),
        DB_TEST(a_statement_evicted_by_a_failing_transaction_is_closed_later),
        DB_TEST(our_own_states_arrive_with_their_detail),
        DB_TEST(a_statement_that_opens_a_transaction_is_no_success),
        DB_TEST(describes_without_running),
        DB_TEST(what_cannot_be_described_is_told_in_its_place_in_the_servers_words),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
