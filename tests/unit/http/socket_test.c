/* socket_test.c: what civetweb's threads do with their sockets: deadlines, what has come, memory given back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <unistd.h>

#include "api/http/socket.c"

enum { DEEP_BYTES = 512 * 1024, SHALLOW_BYTES = 64 * 1024, MS = 1000000 };

static char *memory, *buffer; /* ours, and civetweb's */
static int ends[2];

static int setup(void **state)
{
    (void)state;
    memory = mmap(NULL, 2 * SOCKET_BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(memory, MAP_FAILED);
    buffer = memory + SOCKET_BUFFER_BYTES;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    socket_serve(memory);
    socket_watch();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    socket_deadline(0);
    close(ends[0]);
    close(ends[1]);
    munmap(memory, 2 * SOCKET_BUFFER_BYTES);
    return 0;
}

static int poll_for(short events, int timeout_ms)
{
    struct pollfd fd = {.fd = ends[0], .events = events};
    return watched_poll(&fd, 1, timeout_ms);
}

static void comes(const char *text)
{
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
}

static size_t reads(size_t at, size_t n)
{
    assert_int_equal(poll_for(POLLIN, 1000), 1);
    return (size_t)watched_recv(ends[0], buffer + at, n, 0);
}

static int resident(const char *p, size_t bytes)
{
    static unsigned char pages[THREAD_STACK_BYTES / PAGE_BYTES];
    int n = 0;
    char *start = (char *)((uintptr_t)p & ~(uintptr_t)(PAGE_BYTES - 1));

    assert_int_equal(mincore(start, bytes, pages), 0);
    for (size_t i = 0; i < bytes / PAGE_BYTES; i++)
        n += pages[i] & 1;
    return n;
}

static void waiting_ends_at_the_deadline(void **state)
{
    (void)state;
    int64_t began = clock_ns();
    socket_deadline(began + 50 * MS);
    assert_int_equal(poll_for(POLLIN, 5000), 0); /* nothing came until then: civetweb asks again */
    assert_int_equal(poll_for(POLLIN, 5000), -1);
    assert_int_equal(errno, ETIMEDOUT);
    assert_in_range(clock_ns() - began, 50 * MS, (int64_t)4000 * MS);
}

static void what_came_first_is_read_also_by_a_thread_that_is_late_itself(void **state)
{
    (void)state;
    comes("GET");
    socket_deadline(clock_ns() - MS);
    assert_int_equal(reads(0, 100), 3);
    comes(" /");
    assert_int_equal(poll_for(POLLIN, 1000), -1); /* what drips does not get more time */
    assert_int_equal(errno, ETIMEDOUT);
}

static void what_came_is_told_with_what_only_the_system_has(void **state)
{
    (void)state;
    comes("head body");
    assert_int_equal(reads(0, 5), 5);
    assert_true(str_eq(socket_received(), STR("head ")));
    assert_true(socket_has(5));
    assert_true(socket_has(9));
    assert_false(socket_has(10));
    socket_consume(5);
    assert_true(socket_has(4));
    assert_false(socket_has(5));
}

static void a_connection_that_waits_for_long_keeps_what_came_and_nothing_else(void **state)
{
    (void)state;
    memset(buffer, 'x', SOCKET_BUFFER_BYTES);
    memset(memory, 'x', SOCKET_BUFFER_BYTES);
    comes("GET");
    assert_int_equal(reads(0, 100), 3);
    assert_int_equal(poll_for(POLLIN, IDLE_MS / 2), 0); /* not long */
    assert_int_equal(resident(buffer, SOCKET_BUFFER_BYTES), SOCKET_BUFFER_BYTES / PAGE_BYTES);
    assert_int_equal(poll_for(POLLIN, 2 * IDLE_MS), 0);
    assert_int_equal(resident(buffer, SOCKET_BUFFER_BYTES), 1);
    assert_int_equal(resident(memory, SOCKET_BUFFER_BYTES), 1);
    assert_memory_equal(buffer, "GET", 3);
    assert_true(str_eq(socket_received(), STR("GET")));
    comes(" /");
    assert_int_equal(reads(3, 100), 2);
    assert_true(str_eq(socket_received(), STR("GET /")));
}

static char __attribute__((noinline)) go_deep(void)
{
    volatile char frame[DEEP_BYTES];

    for (size_t i = 0; i < sizeof frame; i += PAGE_BYTES)
        frame[i] = (char)i;
    return frame[DEEP_BYTES / 2];
}

static void *use_stack(void *ret)
{
    int *used = ret;

    socket_serve(memory);
    go_deep();
    used[0] = resident(stack_end, THREAD_STACK_BYTES - SHALLOW_BYTES);
    socket_rest();
    used[1] = resident(stack_end, THREAD_STACK_BYTES - SHALLOW_BYTES);
    return NULL;
}

static void a_thread_that_rests_gives_back_the_stack_that_it_used(void **state)
{
    pthread_attr_t attr;
    pthread_t thread;
    int used[2];

    (void)state;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, THREAD_STACK_BYTES / 2); /* less than ours: raised to it */
    size_t bytes = 0;
    pthread_attr_getstacksize(&attr, &bytes);
    assert_int_equal(bytes, THREAD_STACK_BYTES);
    assert_int_equal(pthread_create(&thread, &attr, use_stack, used), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
    assert_in_range(used[0], (DEEP_BYTES - SHALLOW_BYTES) / PAGE_BYTES, THREAD_STACK_BYTES / PAGE_BYTES);
    assert_int_equal(used[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(waiting_ends_at_the_deadline, setup, teardown),
        cmocka_unit_test_setup_teardown(what_came_first_is_read_also_by_a_thread_that_is_late_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(what_came_is_told_with_what_only_the_system_has, setup, teardown),
        cmocka_unit_test_setup_teardown(a_connection_that_waits_for_long_keeps_what_came_and_nothing_else, setup, teardown),
        cmocka_unit_test_setup_teardown(a_thread_that_rests_gives_back_the_stack_that_it_used, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
