/* wire_test.c: connecting: which server of several, how long, with which session. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/socket.h>
#include <sys/un.h>

#include "api/db/wire.c"
#include "tests/unit/db/cluster.h"

static int64_t in_ms(int ms)
{
    return clock_ns() + ms * (int64_t)1000000;
}

static bool open_with(const char *conninfo, int deadline_ms, struct wire *wire, struct error *err)
{
    struct wire_target *target = NULL;

    assert_true(wire_target_new(conninfo, &target, err));
    bool opened = wire_open(wire, target, in_ms(deadline_ms), err);
    wire_target_free(target);
    return opened;
}

/* The first value of the only result of a statement. */
static void assert_answers(struct wire *wire, const char *text, const char *expected)
{
    struct db_result *result, *end;

    assert_true(wire_text(wire, text) && wire_sync(wire));
    assert_int_equal(wire_flush(wire, in_ms(5000)), WIRE_DONE);
    assert_int_equal(wire_receive(wire, in_ms(5000), &result), WIRE_DONE);
    assert_int_equal(wire_receive(wire, in_ms(5000), &end), WIRE_SYNC);
    assert_true(wire_is_idle(wire));
    assert_string_equal(db_value(result, 0, 0).p, expected);
    wire_free_result(result);
    wire_free_result(end);
}

/* A server that takes connections and never says a word. */
static int listen_silently(const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.5432", folder);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 8), 0);
    return fd;
}

static void connection_strings_that_are_none_are_refused(void **state)
{
    static const char *const refused[] = {"host", "nonsense=1", "host=a,b port=1,2,3", "host=a,b hostaddr=127.0.0.1",
                                          "host=a,b,c,d,e,f,g,h,i"};
    struct wire_target *target;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        assert_false(wire_target_new(refused[i], &target, &err));
        assert_int_equal(err.code, ERR_STARTUP);
    }
}

static void lists_are_taken_apart(void **state)
{
    size_t n;
    char *parts = split("a,,b", &n);

    (void)state;
    assert_int_equal(n, 3);
    assert_string_equal(part(parts, n, 0), "a");
    assert_string_equal(part(parts, n, 1), "");
    assert_string_equal(part(parts, n, 2), "b");
    free(parts);
    parts = split("5433", &n);
    assert_string_equal(part(parts, n, 7), "5433"); /* one for all */
    free(parts);
    assert_null(split("", &n));
    assert_null(part(NULL, 0, 3));
}

static void a_silent_server_is_left_at_the_deadline(void **state)
{
    char folder[] = "/tmp/cpwg-silent.XXXXXX", conninfo[64], command[64];
    struct wire wire = {.pg = NULL};
    struct error err;
    int64_t start;

    (void)state;
    assert_non_null(mkdtemp(folder));
    int fd = listen_silently(folder);
    snprintf(conninfo, sizeof conninfo, "host=%s", folder);
    start = clock_ns();
    assert_false(open_with(conninfo, 200, &wire, &err));
    assert_int_equal(err.code, ERR_DB_UNAVAILABLE);
    assert_in_range(clock_ns() - start, 190000000, 1000000000);
    assert_null(wire.pg);
    close(fd);
    start = clock_ns();
    assert_false(open_with(conninfo, 5000, &wire, &err)); /* nobody listens: at once, with the reason */
    assert_in_range(clock_ns() - start, 0, 1000000000);
    assert_non_null(strstr(err.argument, "refused"));
    assert_null(strchr(err.argument, '\n'));
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void a_silent_server_does_not_hide_the_next(void **state)
{
    char folder[] = "/tmp/cpwg-silent.XXXXXX", conninfo[256], command[64];
    struct wire wire = {.pg = NULL};
    struct error err = {.code = ERR_NONE};

    (void)state;
    if (!cluster.ours)
        skip();
    assert_non_null(mkdtemp(folder));
    int fd = listen_silently(folder);
    snprintf(conninfo, sizeof conninfo, "host=%s,%s port=5432 user=postgres dbname=postgres target_session_attrs=prefer-standby",
             folder, cluster.folder);
    assert_true(open_with(conninfo, 2000, &wire, &err)); /* no standby there: the second round takes the primary */
    assert_answers(&wire, "select 1", "1");
    wire_close(&wire);
    close(fd);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
}

static void the_server_that_took_writes_last_is_asked_first(void **state)
{
    char folder[] = "/tmp/cpwg-silent.XXXXXX", conninfo[256];
    struct wire_target *target = NULL;
    struct error err = {.code = ERR_NONE};

    (void)state;
    if (!cluster.ours)
        skip();
    assert_non_null(mkdtemp(folder));
    int fd = listen_silently(folder);
    snprintf(conninfo, sizeof conninfo, "host=%s,%s user=postgres dbname=postgres", folder, cluster.folder);
    assert_true(wire_target_new(conninfo, &target, &err));
    for (int i = 0; i < 3; i++) {
        struct wire wire = {.pg = NULL};
        int64_t start = clock_ns();
        assert_true(wire_open(&wire, target, in_ms(6000), &err));
        assert_in_range(clock_ns() - start, i ? 0 : 1900000000, i ? 1900000000 : 6000000000); /* the silent one has 2 s of it */
        wire_close(&wire);
    }
    wire_target_free(target);
    close(fd);
    snprintf(conninfo, sizeof conninfo, "rm -r %s", folder);
    assert_int_equal(system(conninfo), 0);
}

static void of_several_servers_one_that_takes_writes_is_wanted(void **state)
{
    char conninfo[512];
    struct wire wire = {.pg = NULL};
    struct error err;

    (void)state;
    if (!cluster.ours)
        skip();
    snprintf(conninfo, sizeof conninfo, "host=%s,%s user=postgres dbname=postgres options='-c default_transaction_read_only=on'",
             cluster.folder, cluster.folder);
    assert_false(open_with(conninfo, 2000, &wire, &err));
    assert_non_null(strstr(err.argument, "read-only"));
    strcat(conninfo, " target_session_attrs=any");
    assert_true(open_with(conninfo, 2000, &wire, &err));
    wire_close(&wire);
}

static void a_wanted_standby_is_not_replaced_by_a_primary(void **state)
{
    char conninfo[512];
    struct wire wire = {.pg = NULL};
    struct error err;

    (void)state;
    snprintf(conninfo, sizeof conninfo, "%s target_session_attrs=standby", cluster.conninfo);
    assert_false(open_with(conninfo, 2000, &wire, &err));
    assert_int_equal(err.code, ERR_DB_UNAVAILABLE);
}

static void session_settings_are_ours_and_the_rest_is_theirs(void **state)
{
    char conninfo[512];
    struct wire wire = {.pg = NULL};
    struct error err;

    (void)state;
    snprintf(conninfo, sizeof conninfo, "%s application_name=other options='-c timezone=Asia/Tokyo -c work_mem=5MB'",
             cluster.conninfo);
    assert_true(open_with(conninfo, 5000, &wire, &err));
    assert_answers(&wire, "select current_setting('timezone')", "UTC");
    assert_answers(&wire, "select current_setting('work_mem')", "5MB");
    assert_answers(&wire, "select current_setting('application_name')", "other");
    assert_answers(&wire, "select current_setting('client_encoding')", "UTF8");
    assert_answers(&wire, "select current_setting('client_connection_check_interval')", "1s");
    assert_answers(&wire, "select current_setting('plan_cache_mode')", "force_generic_plan");
    assert_true(wire_is_quiet(&wire));
    wire_close(&wire);
}

static void bulk_copy_loses_the_connection_rather_than_the_count(void **state)
{
    struct wire wire = {.pg = NULL};
    struct db_result *result;
    struct error err;
    enum wire_outcome outcome;

    (void)state;
    assert_true(open_with(cluster.conninfo, 5000, &wire, &err));
    assert_true(wire_text(&wire, "copy (select 1) to stdout") && wire_sync(&wire));
    outcome = wire_receive(&wire, in_ms(5000), &result);
    assert_int_equal(outcome, WIRE_LOST);
    assert_null(result);
    wire_close(&wire);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connection_strings_that_are_none_are_refused),
        cmocka_unit_test(lists_are_taken_apart),
        cmocka_unit_test(a_silent_server_is_left_at_the_deadline),
        cmocka_unit_test(a_silent_server_does_not_hide_the_next),
        cmocka_unit_test(the_server_that_took_writes_last_is_asked_first),
        cmocka_unit_test(of_several_servers_one_that_takes_writes_is_wanted),
        cmocka_unit_test(a_wanted_standby_is_not_replaced_by_a_primary),
        cmocka_unit_test(session_settings_are_ours_and_the_rest_is_theirs),
        cmocka_unit_test(bulk_copy_loses_the_connection_rather_than_the_count),
    };
    return cmocka_run_group_tests(tests, cluster_start, cluster_stop);
}
