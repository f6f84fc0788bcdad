/* session.h: short words for talking to the database in tests: a pool per test, one transaction a line.
 * Include cmocka.h first; needs db.h only. */
#ifndef TESTS_SESSION_H
#define TESTS_SESSION_H

#include "base/clock.h"
#include "db/db.h"
#include "tests/unit/db/cluster.h"

enum { DEADLINE_MS = 20000 };

static struct db_pool *pool; /* of one connection, so that what a test spoils the next request must meet */

static inline int64_t in_ms(int ms)
{
    return clock_ns() + ms * (int64_t)1000000;
}

static inline struct db_pool *pool_of(int size)
{
    struct db_pool_options options = {.conninfo = cluster.conninfo, .size = size, .wait_ms = DEADLINE_MS};
    struct db_pool *made = NULL;
    struct error err;

    assert_true(db_pool_new(&options, &made, &err));
    return made;
}

static inline struct db_conn *lend_for(int ms)
{
    struct db_conn *conn = NULL;
    struct error err = {.code = ERR_NONE};

    if (!db_lend(pool, in_ms(ms), &conn, &err))
        fail_msg("not lent: %s", err.argument);
    return conn;
}

static inline struct db_conn *lend(void)
{
    return lend_for(DEADLINE_MS);
}

static inline struct db_key key_of(const char *text)
{
    return (struct db_key){str_hash(str_of(text)), 1};
}

static inline struct db_query query_of(const char *text)
{
    return (struct db_query){.key = key_of(text), .text = str_of(text)};
}

static inline void enqueue(struct db_conn *conn, const char *text)
{
    struct db_query query = query_of(text);
    struct error err;

    assert_true(db_send(conn, &query, &err));
}

static inline void sync_all(struct db_conn *conn)
{
    struct error err;

    assert_true(db_sync(conn, &err));
}

static inline const struct db_result *next(struct db_conn *conn)
{
    const struct db_result *result = NULL;
    struct error err = {.code = ERR_NONE};

    if (!db_next(conn, &result, &err))
        fail_msg("%s: %s", error_info(err.code)->slug.p, err.argument);
    return result;
}

static inline struct error next_error(struct db_conn *conn)
{
    const struct db_result *result = NULL;
    struct error err = {.code = ERR_NONE};

    assert_false(db_next(conn, &result, &err));
    return err;
}

static inline void end(struct db_conn *conn)
{
    struct error err = {.code = ERR_NONE};

    if (!db_end(conn, &err))
        fail_msg("%s: %s", error_info(err.code)->slug.p, err.argument);
}

static inline struct error end_error(struct db_conn *conn)
{
    struct error err = {.code = ERR_NONE};

    assert_false(db_end(conn, &err));
    return err;
}

static inline int64_t number(const struct db_result *result)
{
    int64_t n = -1;

    assert_int_equal(db_rows(result), 1);
    assert_true(str_to_i64(db_value(result, 0, 0), &n));
    return n;
}

/* A transaction of one statement that gives a number. */
static inline int64_t ask(struct db_conn *conn, const char *text)
{
    enqueue(conn, text);
    sync_all(conn);
    int64_t n = number(next(conn));
    end(conn);
    return n;
}

static inline void carry_out(struct db_conn *conn, const char *text)
{
    struct error err;

    assert_true(db_send_text(conn, text, &err));
    sync_all(conn);
    next(conn);
    end(conn);
}

static inline struct error failure_of(struct db_conn *conn, const char *text)
{
    struct error err;

    assert_true(db_send_text(conn, text, &err));
    sync_all(conn);
    next_error(conn);
    return end_error(conn);
}

static inline int64_t backend(struct db_conn *conn)
{
    return ask(conn, "select pg_backend_pid()");
}

/* Lends, asks one number, returns. */
static inline int64_t ask_once(const char *text)
{
    struct db_conn *conn = lend();
    int64_t n = ask(conn, text);

    db_return(pool, conn);
    return n;
}

/* The same on a connection apart. */
__attribute__((format(printf, 1, 2))) static inline int64_t ask_elsewhere(const char *format, ...)
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

static inline int fresh_pool(void **state)
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

static inline int free_pool(void **state)
{
    int open, in_use, waiting;

    (void)state;
    db_pool_state(pool, &open, &in_use, &waiting);
    if (in_use == 0) /* a test that failed may still hold a connection */
        db_pool_free(pool);
    return 0;
}

#define DB_TEST(name) cmocka_unit_test_setup_teardown(name, fresh_pool, free_pool)

#endif
