/* db_faults_test.c: what goes wrong outside: killed and frozen backends, deadlines, restarts, migrations; many threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>

#include "tests/unit/db/session.h"

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
    assert_true(code == ERR_DB_UNAVAILABLE || (code == ERR_DB_UNCERTAIN && !cluster.ours)); /* TCP may lose the farewell */
    db_return(pool, conn);
    assert_int_equal(ask_once("select count(*) from parent"), 0);
}

static void a_passed_deadline_ends_the_wait_and_the_connection(void **state)
{
    int64_t pid, start = clock_ns();
    struct db_conn *conn = start_sleeping(300, false, &pid);

    (void)state;
    assert_int_equal(next_error(conn).code, ERR_DB_TIMEOUT);
    assert_in_range(clock_ns() - start, 290000000, 3000000000);
    assert_int_equal(end_error(conn).code, ERR_DB_TIMEOUT);
    db_return(pool, conn);
    assert_int_not_equal(ask_once("select pg_backend_pid()"), pid);

    struct error err;
    conn = lend_for(200);
    db_writes(conn);
    enqueue(conn, "select pg_sleep(100)");
    assert_true(db_flush(conn, &err));
    assert_int_equal(next_error(conn).code, ERR_DB_TIMEOUT); /* nothing can have been committed: no Sync yet */
    db_return(pool, conn);

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

/* Else what only reads would go on reading from it after another server has taken its place. */
static void a_server_that_takes_no_writes_any_more_is_left_by_readers_where_there_are_others(void **state)
{
    char several[512];
    const char *const conninfos[] = {cluster.conninfo, several};

    (void)state;
    snprintf(several, sizeof several, "host=%s,%s user=postgres dbname=postgres", cluster.folder, cluster.folder);
    for (size_t i = 0; i < (cluster.ours ? 2 : 1); i++) {
        struct db_pool_options options = {.conninfo = conninfos[i], .size = 1, .wait_ms = DEADLINE_MS};
        struct error err;
        db_pool_free(pool);
        assert_true(db_pool_new(&options, &pool, &err));
        struct db_conn *conn = lend();
        int64_t pid = backend(conn);
        carry_out(conn, "set default_transaction_read_only = on");
        db_return(pool, conn);
        assert_int_equal(ask_once("select pg_backend_pid()") == pid, i == 0);
    }
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

/* Asks until it is answered for a while: a killed backend's cluster answers until it has noticed. */
static void assert_recovers(void)
{
    int64_t until = in_ms(15000);
    struct error err = {.code = ERR_NONE};

    for (int answered = 0; answered < 20; usleep(20000)) {
        struct db_conn *conn;
        const struct db_result *result;
        struct db_query query = query_of("select 1");
        assert_true(clock_ns() < until);
        answered++;
        if (!db_lend(pool, in_ms(1000), &conn, &err)) {
            answered = 0;
            continue;
        }
        if (!db_send(conn, &query, &err) || !db_sync(conn, &err) || !db_next(conn, &result, &err) || !db_end(conn, &err))
            answered = 0;
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

/* As when the machine of a database is gone without a word: the first to wait in vain spares the others that. */
static void of_frozen_backends_only_one_is_waited_for(void **state)
{
    enum { BACKENDS = 3 };
    struct db_conn *conns[BACKENDS];
    int64_t pids[BACKENDS];

    (void)state;
    if (!cluster.ours)
        skip();
    db_pool_free(pool);
    pool = pool_of(BACKENDS);
    for (int i = 0; i < BACKENDS; i++) {
        conns[i] = lend_for(3000);
        pids[i] = backend(conns[i]);
    }
    for (int i = 1; i < BACKENDS; i++)
        db_return(pool, conns[i]);
    for (int i = 0; i < BACKENDS; i++)
        kill((pid_t)pids[i], SIGSTOP);
    enqueue(conns[0], "select 1");
    sync_all(conns[0]);
    assert_int_equal(next_error(conns[0]).code, ERR_DB_TIMEOUT);
    db_return(pool, conns[0]);
    for (int i = 0; i < BACKENDS; i++)
        conns[i] = lend_for(DEADLINE_MS);
    for (int i = 0; i < BACKENDS; i++) {
        ask(conns[i], "select 1");
        db_return(pool, conns[i]);
        kill((pid_t)pids[i], SIGCONT);
    }
}

static void a_connection_that_was_doubted_in_vain_is_kept(void **state)
{
    (void)state;
    db_pool_free(pool);
    pool = pool_of(2);
    struct db_conn *slow = lend_for(200), *idle = lend();
    int64_t pid = backend(idle);
    db_return(pool, idle);
    enqueue(slow, "select pg_sleep(2)");
    sync_all(slow);
    assert_int_equal(next_error(slow).code, ERR_DB_TIMEOUT);
    db_return(pool, slow);
    assert_int_equal(ask_once("select pg_backend_pid()"), pid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(a_backend_killed_in_a_request_is_unavailable),
        DB_TEST(a_backend_killed_while_idle_is_replaced_unseen),
        DB_TEST(a_backend_killed_between_flush_and_sync_is_unavailable),
        DB_TEST(a_passed_deadline_ends_the_wait_and_the_connection),
        DB_TEST(a_migrated_table_costs_one_503),
        DB_TEST(a_read_only_server_is_left),
        DB_TEST(a_server_that_takes_no_writes_any_more_is_left_by_readers_where_there_are_others),
        DB_TEST(threads_share_few_connections),
        DB_TEST(without_a_server_it_says_so_at_once_and_recovers_by_itself),
        DB_TEST(a_write_whose_backend_dies_without_a_word_is_uncertain),
        DB_TEST(a_frozen_backend_is_left_at_the_deadline),
        DB_TEST(of_frozen_backends_only_one_is_waited_for),
        DB_TEST(a_connection_that_was_doubted_in_vain_is_kept),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
