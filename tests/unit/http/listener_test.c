/* listener_test.c: addresses that are listened on, and connections that are taken, also without descriptors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/resource.h>

#include "api/http/listener.c"

static struct {
    struct loop *loop;
    struct listener listener;
    int taken, scarce, fds[8];
    char peer[PEER_BYTES];
} world;

static void take(void *with, const struct accepted *accepted)
{
    (void)with;
    memcpy(world.peer, accepted->peer, sizeof world.peer);
    world.fds[world.taken++] = accepted->fd;
    world.scarce += accepted->scarce;
}

static int setup(void **state)
{
    struct error err;

    (void)state;
    memset(&world, 0, sizeof world);
    world.loop = loop_new(NULL, NULL);
    if (!world.loop || !loop_reserve_timers(world.loop, 1) || !listener_open(&world.listener, STR("127.0.0.1:0"), &err))
        return -1;
    world.listener.loop = world.loop;
    world.listener.take = take;
    return listener_start(&world.listener) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    listener_close(&world.listener);
    loop_free(world.loop);
    for (int i = 0; i < world.taken; i++)
        close(world.fds[i]);
    return 0;
}

static void assert_refused(struct str address, const char *wanted)
{
    struct listener listener;
    struct error err;

    assert_false(listener_open(&listener, address, &err));
    assert_int_equal(err.code, ERR_STARTUP);
    assert_int_equal(strncmp(err.argument, wanted, strlen(wanted)), 0);
}

static void addresses_that_cannot_be_are_told(void **state)
{
    (void)state;
    assert_refused(STR("nowhere"), "cannot listen on nowhere: ");
    assert_refused(STR("localhost:8080"), "cannot listen on localhost:8080: "); /* a name may mean many */
    assert_refused(STR("127.0.0.1:http"), "cannot listen on 127.0.0.1:http: ");
    assert_refused(STR("203.0.113.1:8080"), "cannot listen on 203.0.113.1:8080: Cannot assign requested address");
    assert_refused(STR("1234567890123456789012345678901234567890123456789012345678901234567890:1"), "cannot listen on ");
}

static struct sockaddr_in where(void)
{
    struct sockaddr_in at;
    socklen_t bytes = sizeof at;

    assert_int_equal(getsockname(world.listener.fd, (struct sockaddr *)&at, &bytes), 0);
    return at;
}

static void connect_all(int *fds, int n)
{
    const struct sockaddr_in at = where();

    for (int i = 0; i < n; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        assert_true(fds[i] >= 0);
        assert_true(connect(fds[i], (const struct sockaddr *)&at, sizeof at) == 0 || errno == EINPROGRESS);
    }
}

static void close_all(const int *fds, int n)
{
    for (int i = 0; i < n; i++)
        close(fds[i]);
}

static void until_taken(void *n)
{
    for (int64_t until_ns = clock_ns() + INT64_C(5000000000); world.taken < *(int *)n && clock_ns() < until_ns;)
        task_park(clock_ns() + 1000000);
}

static void no_memory(void *with)
{
    (void)with;
    fail(); /* no memory for its stack */
}

static void run_until_taken(int n)
{
    assert_true(loop_start(world.loop, until_taken, no_memory, &n));
    loop_stop(world.loop);
    loop_run(world.loop);
    assert_int_equal(world.taken, n);
}

static void who_connects_is_taken_with_the_address_that_it_has(void **state)
{
    int fds[3];

    (void)state;
    connect_all(fds, 3);
    run_until_taken(3);
    assert_int_equal(world.scarce, 0);
    assert_string_equal(world.peer, "127.0.0.1");
    close_all(fds, 3);
}

static void without_descriptors_one_is_let_go_of_for_who_comes_and_got_back_later(void **state)
{
    struct rlimit before, now;
    int fds[6];

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    connect_all(fds, 6);
    int next = dup(0); /* the lowest that is free */
    close(next);
    now = (struct rlimit){(rlim_t)next, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
    run_until_taken(RESERVE);
    assert_int_equal(world.scarce, RESERVE);
    assert_int_equal(world.listener.n_reserve, 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    run_until_taken(6); /* those who waited, after the pause */
    assert_int_equal(world.listener.n_reserve, RESERVE);
    close_all(fds, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_that_cannot_be_are_told),
        cmocka_unit_test_setup_teardown(who_connects_is_taken_with_the_address_that_it_has, setup, teardown),
        cmocka_unit_test_setup_teardown(without_descriptors_one_is_let_go_of_for_who_comes_and_got_back_later, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
