/* batch_test.c: scripts that share a send against a real PostgreSQL: each is a transaction of its own, whatever becomes of others. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "api/db/batch.c"
#include "tests/unit/db/session.h"

static struct db_script scripts[BATCH_MAX];
static size_t n_scripts, order[BATCH_MAX], n_decided;
static int64_t decided_ns[BATCH_MAX], durable[BATCH_MAX];
static struct db_conn *watcher; /* NULL: nobody looks how much of the log is durable */

static void note_decided(void *to, size_t i)
{
    assert_null(to);
    decided_ns[i] = clock_ns();
    order[n_decided++] = i;
    if (watcher)
        durable[i] = ask(watcher, "select (pg_current_wal_flush_lsn() - '0/0')::int8");
}

/* The next script of the batch. */
static struct db_script *script(bool writes, int deadline_ms)
{
    struct db_script *added = &scripts[n_scripts++];

    added->n = added->n_results = 0;
    added->writes = writes;
    added->deferred.text.n = 0;
    added->deadline_ns = in_ms(deadline_ms);
    added->failure.code = ERR_NONE;
    return added;
}

static struct db_script *with(struct db_script *to, const char *text)
{
    to->queries[to->n++] = query_of(text);
    return to;
}

static struct db_script *reads(const char *text)
{
    return with(script(false, DEADLINE_MS), text);
}

static struct db_script *writes(const char *text)
{
    return with(script(true, DEADLINE_MS), text);
}

/* Writes, and may commit before it is durable. */
static struct db_script *defers(const char *text)
{
    struct db_script *added = with(script(true, DEADLINE_MS), "select 0");

    added->deferred = query_of("select 0 from set_config('synchronous_commit', 'off', true)");
    return with(added, text);
}

static void run_on(struct db_conn *conn)
{
    struct db_script *pointers[BATCH_MAX];

    for (size_t i = 0; i < n_scripts; i++)
        pointers[i] = &scripts[i];
    n_decided = 0;
    batch_run(conn, pointers, n_scripts, note_decided, NULL);
    assert_int_equal(n_decided, n_scripts);
}

static void clear(void)
{
    for (size_t i = 0; i < n_scripts; i++)
        db_script_done(&scripts[i]);
    n_scripts = 0;
}

static void run_all(void)
{
    struct db_conn *conn = lend();

    run_on(conn);
    db_return(pool, conn);
}

static int64_t answer(size_t i)
{
    if (scripts[i].failure.code != ERR_NONE)
        fail_msg("script %zu: %s", i, scripts[i].failure.argument);
    assert_int_equal(scripts[i].n_results, scripts[i].n);
    return number(scripts[i].results[scripts[i].n - 1]);
}

static int clean(void **state)
{
    clear();
    return free_pool(state);
}

static void every_script_is_a_transaction_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        writes("select pg_current_xact_id()::text::int8");
    run_all();
    assert_true(answer(0) < answer(1) && answer(1) < answer(2));
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(order[i], i);
}

static void role_and_settings_end_with_their_script(void **state)
{
    (void)state;
    with(reads("select set_config('cpwg.subject', 'somebody', true), set_config('role', 'pg_monitor', true), "
               "set_config('transaction_read_only', 'on', true)"),
         "select count(*) from pg_roles where rolname = current_user and rolname = 'pg_monitor'");
    reads("select count(*) from pg_roles where rolname = current_user and rolname = 'pg_monitor' or current_setting('cpwg.subject') <> ''");
    with(writes("insert into parent values (1)"), "select count(*) from parent");
    run_all();
    assert_int_equal(answer(0), 1);
    assert_int_equal(answer(1), 0);
    assert_int_equal(answer(2), 1);
}

static void a_failure_in_the_middle_leaves_the_others_alone(void **state)
{
    (void)state;
    with(writes("insert into parent values (1)"), "select 1");
    with(with(writes("insert into parent values (2)"), "insert into parent values (1)"), "select 2");
    with(writes("insert into child values (99)"), "select 3"); /* fails at its Sync */
    with(writes("insert into parent values (3)"), "select 4");
    run_all();
    assert_int_equal(answer(0), 1);
    assert_int_equal(scripts[1].failure.code, ERR_CONFLICT);
    assert_string_equal(scripts[1].failure.argument, "parent_key");
    assert_int_equal(scripts[2].failure.code, ERR_REFERENCE);
    assert_int_equal(answer(3), 4);
    assert_int_equal(ask_once("select sum(id) from parent"), 1 + 3);
    assert_int_equal(ask_once("select count(*) from child"), 0);
}

static void what_a_failing_script_would_have_prepared_is_prepared_by_the_next(void **state)
{
    (void)state;
    with(reads("select no_such_column"), "select 7");
    reads("select 7");
    reads("select 7");
    run_all();
    assert_int_equal(scripts[0].failure.code, ERR_INTERNAL);
    assert_int_equal(answer(1), 7);
    assert_int_equal(answer(2), 7);
}

static void a_lost_connection_tells_each_what_it_means_for_it(void **state)
{
    (void)state;
    with(writes("insert into parent values (1)"), "select 1");
    writes("select pg_terminate_backend(pg_backend_pid())::int");
    writes("insert into parent values (3)");
    reads("select 4");
    run_all();
    assert_int_equal(answer(0), 1);
    assert_int_equal(scripts[1].failure.code, ERR_DB_UNAVAILABLE); /* the server said so before its commit */
    assert_int_equal(scripts[2].failure.code, ERR_DB_UNCERTAIN);
    assert_int_equal(scripts[3].failure.code, ERR_DB_UNAVAILABLE);
    assert_int_equal(ask_once("select sum(id) from parent"), 1);
}

static void a_deadline_ends_the_wait_of_its_script_alone(void **state)
{
    int64_t start = clock_ns();

    (void)state;
    reads("select 1");
    with(script(true, 100), "select 2 from pg_sleep(0.4)");
    with(script(false, 150), "select 3");
    reads("select 4");
    with(script(false, -1), "select 5");
    run_all();
    assert_int_equal(answer(0), 1);
    assert_int_equal(scripts[1].failure.code, ERR_DB_UNCERTAIN);
    assert_int_equal(scripts[2].failure.code, ERR_DB_TIMEOUT);
    assert_in_range(decided_ns[1] - start, 90000000, 350000000);
    assert_in_range(decided_ns[2] - start, 140000000, 350000000);
    assert_int_equal(answer(3), 4);
    assert_true(decided_ns[3] - start >= 390000000);
    assert_int_equal(scripts[4].failure.code, ERR_DB_TIMEOUT); /* and it was not sent */
}

static void a_connection_on_which_nobody_waits_any_more_is_closed(void **state)
{
    int64_t pid = ask_once("select pg_backend_pid()"), start = clock_ns();

    (void)state;
    with(script(false, 100), "select pg_sleep(30)");
    with(script(true, 50), "select 2");
    run_all();
    assert_in_range(clock_ns() - start, 90000000, 3000000000);
    assert_int_equal(scripts[0].failure.code, ERR_DB_TIMEOUT);
    assert_int_equal(scripts[1].failure.code, ERR_DB_UNCERTAIN);
    assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);
}

static void results_come_before_those_behind_are_done(void **state)
{
    (void)state;
    reads("select 1");
    reads("select 2 from pg_sleep(0.3)");
    reads("select 3");
    run_all();
    assert_int_equal(answer(0) + answer(1) + answer(2), 6);
    assert_true(decided_ns[1] - decided_ns[0] > 200000000);
    assert_true(decided_ns[2] - decided_ns[1] < 200000000);
}

static void evicted_statements_are_right_under_load(void **state)
{
    static char texts[BATCH_MAX][2][64];
    struct db_conn *conn = lend();
    int next_number = 0;

    (void)state;
    for (int round = 0; round < 80; round++) {
        for (int i = 0; i < BATCH_MAX; i++) {
            snprintf(texts[i][0], sizeof texts[i][0], "select %d", i % 4 == 3 ? next_number / 2 : next_number);
            snprintf(texts[i][1], sizeof texts[i][1], "select %d / %d", next_number, i % 8 == 5 ? 0 : 1);
            with(reads(texts[i][0]), texts[i][1]);
            next_number++;
        }
        run_on(conn);
        for (size_t i = 0; i < BATCH_MAX; i++)
            if (i % 8 == 5)
                assert_int_equal(scripts[i].failure.code, ERR_INTERNAL);
            else
                assert_int_equal(answer(i), next_number - BATCH_MAX + (int)i);
        clear();
    }
    assert_in_range(ask(conn, "select count(*) from pg_prepared_statements"), 2, CACHE_ENTRIES + BATCH_MAX * 2);
    db_return(pool, conn);
}

static void more_statements_than_may_stand_behind_each_other_go_in_turns(void **state)
{
    static char texts[BATCH_MAX * DB_SCRIPT_MAX][32];

    (void)state;
    for (int i = 0; i < BATCH_MAX; i++) {
        struct db_script *full = script(false, DEADLINE_MS);
        for (int s = 0; s < DB_SCRIPT_MAX; s++) {
            char *text = texts[i * DB_SCRIPT_MAX + s];
            snprintf(text, sizeof texts[0], "select %d", i * 1000 + s);
            with(full, text);
        }
    }
    run_all();
    for (size_t i = 0; i < BATCH_MAX; i++)
        assert_int_equal(answer(i), (int)i * 1000 + DB_SCRIPT_MAX - 1);
}

static void a_script_that_opens_a_transaction_costs_the_connection(void **state)
{
    int64_t pid = ask_once("select pg_backend_pid()");

    (void)state;
    with(reads("begin"), "select 1");
    run_all();
    assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);
}

#define WAITS "select (current_setting('synchronous_commit') = 'on')::int"

static void one_that_writes_alone_waits_for_the_disk_itself(void **state)
{
    (void)state;
    reads("select 1");
    defers(WAITS);
    run_all();
    assert_int_equal(answer(1), 1);
    clear();
    defers(WAITS);
    writes(WAITS);
    run_all();
    assert_int_equal(answer(0) + answer(1), 2);
}

static void those_that_write_together_wait_for_the_disk_once_and_are_told_then(void **state)
{
    struct db_pool *other = pool_of(1);
    struct error err;

    (void)state;
    assert_true(db_lend(other, in_ms(DEADLINE_MS), &watcher, &err));
    defers("insert into parent values (1) returning (pg_current_wal_insert_lsn() - '0/0')::int8");
    reads("select 2");
    defers("insert into parent values (3) returning (pg_current_wal_insert_lsn() - '0/0')::int8");
    defers(WAITS);
    run_all();
    db_return(other, watcher);
    db_pool_free(other);
    watcher = NULL;
    assert_true(answer(0) < answer(2) && answer(2) < durable[0] && answer(2) < durable[2]); /* the server's log writer sleeps (cluster.h) */
    assert_int_equal(answer(3), 0);
    assert_int_equal(order[0], 1); /* who only reads need not wait */
    assert_int_equal(order[1], 0);
    assert_int_equal(order[2], 2);
    assert_true(ask_once(WAITS)); /* and it ends with the script */
}

static void of_those_that_write_together_one_that_fails_is_told_at_once_and_the_others_are_durable(void **state)
{
    (void)state;
    defers("insert into parent values (1)");
    defers("insert into parent values (1)");
    defers("insert into parent values (3)");
    scripts[0].n = scripts[2].n = 3;
    scripts[0].queries[2] = scripts[2].queries[2] = query_of("select max(id) from parent");
    run_all();
    assert_int_equal(scripts[1].failure.code, ERR_CONFLICT);
    assert_int_equal(order[0], 1);
    assert_int_equal(answer(0), 1);
    assert_int_equal(answer(2), 3);
    assert_int_equal(ask_once("select sum(id) from parent"), 1 + 3);
}

static void what_committed_before_the_connection_was_lost_is_uncertain_where_it_waited_for_the_disk(void **state)
{
    (void)state;
    with(defers("insert into parent values (1)"), "select 1");
    defers("select pg_terminate_backend(pg_backend_pid())::int");
    defers("select 3");
    run_all();
    assert_int_equal(scripts[0].failure.code, ERR_DB_UNCERTAIN);
    assert_int_equal(scripts[1].failure.code, ERR_DB_UNAVAILABLE);
    assert_int_equal(scripts[2].failure.code, ERR_DB_UNCERTAIN);
}

static void a_deadline_comes_also_while_it_waits_for_the_disk(void **state)
{
    int64_t start = clock_ns();

    (void)state;
    with(defers("insert into parent values (1)"), "select 1")->deadline_ns = in_ms(100);
    defers("select 2 from pg_sleep(0.4)");
    run_all();
    assert_int_equal(scripts[0].failure.code, ERR_DB_UNCERTAIN);
    assert_in_range(decided_ns[0] - start, 90000000, 350000000);
    assert_int_equal(answer(1), 2);
    assert_int_equal(ask_once("select sum(id) from parent"), 1);
}

enum { THREADS = 12, TURNS = 150 };

static void *ask_often(void *seed)
{
    char text[64];

    for (int i = 0; i < TURNS; i++) {
        int asked = (int)(intptr_t)seed * 1000 + i % 40;
        struct db_script mine = {.n = 1, .deadline_ns = in_ms(DEADLINE_MS)};
        struct error err = {.code = ERR_NONE};
        snprintf(text, sizeof text, i % 10 == 9 ? "select %d / 0" : "select %d", asked);
        mine.queries[0] = query_of(text);
        assert_true(db_run(pool, &mine, &err) == (i % 10 != 9));
        assert_int_equal(err.code, i % 10 == 9 ? ERR_INTERNAL : ERR_NONE);
        if (i % 10 != 9)
            assert_int_equal(number(mine.results[0]), asked);
        db_script_done(&mine);
    }
    return NULL;
}

static void threads_get_their_own_answers(void **state)
{
    pthread_t threads[THREADS];
    struct db_pool *former = pool;

    (void)state;
    pool = pool_of(2);
    for (intptr_t i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, ask_often, (void *)i);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    db_pool_free(pool);
    pool = former;
}

#define BATCH_TEST(name) cmocka_unit_test_setup_teardown(name, fresh_pool, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BATCH_TEST(every_script_is_a_transaction_of_its_own),
        BATCH_TEST(role_and_settings_end_with_their_script),
        BATCH_TEST(a_failure_in_the_middle_leaves_the_others_alone),
        BATCH_TEST(what_a_failing_script_would_have_prepared_is_prepared_by_the_next),
        BATCH_TEST(a_lost_connection_tells_each_what_it_means_for_it),
        BATCH_TEST(a_deadline_ends_the_wait_of_its_script_alone),
        BATCH_TEST(a_connection_on_which_nobody_waits_any_more_is_closed),
        BATCH_TEST(results_come_before_those_behind_are_done),
        BATCH_TEST(evicted_statements_are_right_under_load),
        BATCH_TEST(more_statements_than_may_stand_behind_each_other_go_in_turns),
        BATCH_TEST(a_script_that_opens_a_transaction_costs_the_connection),
        BATCH_TEST(one_that_writes_alone_waits_for_the_disk_itself),
        BATCH_TEST(those_that_write_together_wait_for_the_disk_once_and_are_told_then),
        BATCH_TEST(of_those_that_write_together_one_that_fails_is_told_at_once_and_the_others_are_durable),
        BATCH_TEST(what_committed_before_the_connection_was_lost_is_uncertain_where_it_waited_for_the_disk),
        BATCH_TEST(a_deadline_comes_also_while_it_waits_for_the_disk),
        BATCH_TEST(threads_get_their_own_answers),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
