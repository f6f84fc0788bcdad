/* socket_test.c: what a task reads and sends, in time or too late, and how it leaves. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "api/http/socket.c"

static const int64_t MS = 1000000;
enum { MUCH_BYTES = 4 * 1024 * 1024 };

static struct {
    struct loop *loop;
    struct poller poller;
    struct socket ours;
    struct task *waits; /* for the socket */
    int theirs;
    size_t seen_bytes;
} world;

static void ready(struct poller *poller, uint32_t events)
{
    (void)poller;
    socket_tell(&world.ours, events);
    if (world.waits)
        task_wake(world.waits);
}

static int setup(void **state)
{
    int ends[2];

    (void)state;
    memset(&world, 0, sizeof world);
    world.loop = loop_new(NULL, NULL);
    world.poller.ready = ready;
    if (!world.loop || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
        return -1;
    world.ours.fd = ends[0];
    world.theirs = ends[1];
    return loop_watch(world.loop, world.ours.fd, SOCKET_EVENTS, &world.poller) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    loop_free(world.loop);
    close(world.ours.fd);
    close(world.theirs);
    return 0;
}

static void cannot(void *with)
{
    (void)with;
    fail(); /* no memory for its stack */
}

static void run(void (*task)(void *with))
{
    assert_true(loop_start(world.loop, task, cannot, NULL));
    loop_stop(world.loop);
    loop_run(world.loop);
}

static int64_t in(int ms)
{
    return clock_ns() + ms * MS;
}

static void nap(int ms)
{
    for (int64_t until_ns = in(ms); clock_ns() < until_ns;)
        task_park(until_ns);
}

static void write_late(void *with)
{
    (void)with;
    nap(20);
    assert_int_equal(write(world.theirs, "abc", 3), 3);
}

static void read_some(void *with)
{
    char bytes[16];

    (void)with;
    world.waits = task_self();
    assert_int_equal(socket_receive(&world.ours, bytes, sizeof bytes, in(2)), -1); /* too late */
    assert_false(world.ours.readable);
    assert_true(loop_start(world.loop, write_late, cannot, NULL));
    assert_int_equal(socket_receive(&world.ours, bytes, 2, in(10000)), 2);
    assert_true(socket_has(&world.ours, 1));
    assert_false(socket_has(&world.ours, 2));
    assert_int_equal(socket_receive(&world.ours, bytes, sizeof bytes, 0), 1); /* it came in time */
    assert_int_equal(bytes[0], 'c');
    assert_int_equal(shutdown(world.theirs, SHUT_WR), 0);
    assert_int_equal(socket_receive(&world.ours, bytes, sizeof bytes, in(10000)), 0);
    assert_int_equal(socket_receive(&world.ours, bytes, sizeof bytes, in(10000)), 0); /* and again */
}

static void read_to_the_end(void *with)
{
    char bytes[16];
    int64_t began = clock_ns();

    (void)with;
    world.waits = task_self();
    assert_int_equal(socket_receive(&world.ours, bytes, sizeof bytes, in(10000)), 3);
    assert_int_equal(socket_receive(&world.ours, bytes, sizeof bytes, in(10000)), 0);
    assert_true(clock_ns() - began < 5000 * MS);
}

static void an_end_that_came_together_with_data_is_read_at_once(void **state)
{
    (void)state;
    assert_int_equal(write(world.theirs, "abc", 3), 3);
    assert_int_equal(shutdown(world.theirs, SHUT_WR), 0);
    run(read_to_the_end);
}

static void what_comes_is_read_and_what_does_not_is_late(void **state)
{
    (void)state;
    run(read_some);
}

static void read_all(void *with)
{
    static char bytes[65536];
    ssize_t got;

    (void)with;
    while (world.seen_bytes < MUCH_BYTES) {
        while ((got = read(world.theirs, bytes, sizeof bytes)) > 0)
            world.seen_bytes += (size_t)got;
        nap(1);
    }
}

static void send_much(void *with)
{
    static char bytes[MUCH_BYTES];
    const struct str all = {bytes, sizeof bytes};

    (void)with;
    world.waits = task_self();
    assert_false(socket_send(&world.ours, all, in(5))); /* nobody reads */
    while (read(world.theirs, bytes, sizeof bytes) > 0)
        ;
    assert_true(loop_start(world.loop, read_all, cannot, NULL));
    assert_true(socket_send(&world.ours, all, in(10000)));
    while (world.seen_bytes < MUCH_BYTES)
        nap(1);
    close(world.theirs);
    world.theirs = -1;
    assert_false(socket_send(&world.ours, STR("x"), in(10000)));
}

static void what_is_sent_waits_for_a_reader_who_is_slow(void **state)
{
    (void)state;
    run(send_much);
    assert_int_equal(world.seen_bytes, MUCH_BYTES);
}

static void leave(void *with)
{
    char c;
    int64_t began = clock_ns();

    (void)with;
    world.waits = task_self();
    assert_int_equal(write(world.theirs, "unread", 6), 6);
    socket_linger(&world.ours, in(20));
    assert_true(clock_ns() - began >= 20 * MS);
    assert_int_equal(read(world.theirs, &c, 1), 0); /* it was told */
    assert_false(socket_has(&world.ours, 1));       /* and read */
    close(world.theirs);
    world.theirs = -1;
    began = clock_ns();
    socket_linger(&world.ours, in(10000));
    assert_true(clock_ns() - began < 5000 * MS);
}

static void who_leaves_reads_what_still_comes_until_the_other_end_closes(void **state)
{
    (void)state;
    run(leave);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_comes_is_read_and_what_does_not_is_late, setup, teardown),
        cmocka_unit_test_setup_teardown(an_end_that_came_together_with_data_is_read_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_sent_waits_for_a_reader_who_is_slow, setup, teardown),
        cmocka_unit_test_setup_teardown(who_leaves_reads_what_still_comes_until_the_other_end_closes, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
