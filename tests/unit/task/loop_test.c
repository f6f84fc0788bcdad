/* loop_test.c: tasks take turns, wait for each other, for descriptors and for times, and are woken by other threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "api/task/loop.c"
#include "task/wait.h"

static const int64_t MS = 1000000;

static struct {
    struct loop *loop;
    char said[64];
    int n, idle;
} world;

static void say(char letter)
{
    world.said[world.n++] = letter;
    world.said[world.n] = '\0';
}

static int64_t idle(void *with)
{
    (void)with;
    return ++world.idle < 2 ? clock_ns() + 50 * MS : INT64_MAX;
}

static int setup(void **state)
{
    (void)state;
    memset(&world, 0, sizeof world);
    world.loop = loop_new(idle, NULL);
    return world.loop ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    loop_free(world.loop);
    return 0;
}

static void cannot(void *with)
{
    (void)with;
    fail(); /* no memory for its stack */
}

static void start(void (*run)(void *with), void *with)
{
    assert_true(loop_start(world.loop, run, cannot, with));
}

/* Until all tasks have ended. */
static void run_all(void)
{
    loop_stop(world.loop);
    loop_run(world.loop);
}

static void say_thrice(void *letter)
{
    for (int i = 0; i < 3; i++) {
        say(*(char *)letter);
        task_yield();
    }
}

static void tasks_that_yield_take_turns(void **state)
{
    char a = 'a', b = 'b', c = 'c';

    (void)state;
    start(say_thrice, &a);
    start(say_thrice, &b);
    start(say_thrice, &c);
    run_all();
    assert_string_equal(world.said, "abcabcabc");
}

static void count_down(void *n)
{
    int *left = n;

    if (--*left > 0)
        start(count_down, left);
}

static void a_stack_serves_one_task_after_the_other(void **state)
{
    int left = 1000;

    (void)state;
    start(count_down, &left);
    run_all();
    assert_int_equal(left, 0);
    assert_int_equal(world.loop->n_all, 2); /* the next begins before the last has ended */
}

struct pair {
    struct latch latch;
    struct task *waiter;
    bool ready, released;
};

static void wait_for_latch(void *with)
{
    struct pair *pair = with;

    latch_init(&pair->latch);
    pair->ready = true;
    assert_false(latch_await(&pair->latch, clock_ns() + 5 * MS));
    say('t');
    pair->released = latch_await(&pair->latch, INT64_MAX) && latch_await(&pair->latch, 0);
    latch_done(&pair->latch);
    say('r');
}

static void release_latch(void *with)
{
    struct pair *pair = with;

    while (!world.n)
        task_park(clock_ns() + MS);
    latch_release(&pair->latch);
}

static void a_latch_is_waited_for_until_a_time_and_then_until_it_is_released(void **state)
{
    struct pair pair = {.ready = false};

    (void)state;
    start(wait_for_latch, &pair);
    start(release_latch, &pair);
    run_all();
    assert_string_equal(world.said, "tr");
    assert_true(pair.released);
}

static void wait_long_for_latch(void *with)
{
    struct pair *pair = with;

    latch_init(&pair->latch);
    __atomic_store_n(&pair->ready, true, __ATOMIC_RELEASE);
    pair->released = latch_await(&pair->latch, clock_ns() + 10000 * MS);
    latch_done(&pair->latch);
}

enum { PAIRS = 200 };

static void *release_all(void *with)
{
    struct pair *pairs = with;

    for (int i = 0; i < PAIRS; i++) {
        while (!__atomic_load_n(&pairs[i].ready, __ATOMIC_ACQUIRE))
            ;
        latch_release(&pairs[i].latch);
    }
    return NULL;
}

static void another_thread_releases_what_tasks_wait_for(void **state)
{
    static struct pair pairs[PAIRS];
    pthread_t thread;
    int64_t began = clock_ns();

    (void)state;
    memset(pairs, 0, sizeof pairs);
    for (int i = 0; i < PAIRS; i++)
        start(wait_long_for_latch, &pairs[i]);
    assert_int_equal(pthread_create(&thread, NULL, release_all, pairs), 0);
    run_all();
    pthread_join(thread, NULL);
    for (int i = 0; i < PAIRS; i++)
        assert_true(pairs[i].released);
    assert_true(clock_ns() - began < 5000 * MS);
}

static struct {
    pthread_mutex_t lock;
    struct condition changed;
    int value, told, late;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void wait_for_change(void *wait_ms)
{
    int64_t until_ns = clock_ns() + *(int *)wait_ms * MS;
    bool told = true;

    pthread_mutex_lock(&shared.lock);
    while (shared.value == 0 && told)
        told = condition_wait(&shared.changed, &shared.lock, until_ns);
    shared.told += told;
    shared.late += !told;
    pthread_mutex_unlock(&shared.lock);
}

static void *wait_in_thread(void *wait_ms)
{
    wait_for_change(wait_ms);
    return NULL;
}

static void change(void *with)
{
    (void)with;
    for (int64_t until_ns = clock_ns() + 30 * MS; clock_ns() < until_ns;)
        task_park(until_ns);
    pthread_mutex_lock(&shared.lock);
    shared.value = 1;
    condition_broadcast(&shared.changed);
    pthread_mutex_unlock(&shared.lock);
}

static void a_change_is_told_to_tasks_and_threads_that_still_wait(void **state)
{
    int shortly = 3, long_ms = 10000;
    pthread_t thread;

    (void)state;
    shared.value = shared.told = shared.late = 0;
    assert_int_equal(pthread_create(&thread, NULL, wait_in_thread, &long_ms), 0);
    start(wait_for_change, &long_ms);
    start(wait_for_change, &shortly);
    start(wait_for_change, &long_ms);
    start(change, NULL);
    run_all();
    pthread_join(thread, NULL);
    assert_int_equal(shared.told, 3);
    assert_int_equal(shared.late, 1);
}

static int ends[2];

static void read_one(void *with)
{
    char c;

    (void)with;
    assert_false(wait_descriptor(ends[0], POLLIN, clock_ns() + 3 * MS)); /* nothing yet */
    say('-');
    assert_true(wait_descriptor(ends[0], POLLIN, clock_ns() + 10000 * MS));
    assert_int_equal(read(ends[0], &c, 1), 1);
    say(c);
    assert_true(wait_descriptor(ends[0], POLLIN | POLLOUT, clock_ns() + 10000 * MS));
    say('w');
}

static void write_one(void *with)
{
    (void)with;
    while (!world.n)
        task_park(clock_ns() + MS);
    assert_int_equal(write(ends[1], "x", 1), 1);
}

static void a_descriptor_is_waited_for_again_and_again(void **state)
{
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    start(read_one, NULL);
    start(write_one, NULL);
    run_all();
    assert_string_equal(world.said, "-xw");
    close(ends[0]);
    close(ends[1]);
}

static void sleep_aside(void *done)
{
    struct timespec while_ms = {.tv_nsec = 20 * MS};

    assert_null(task_self());
    nanosleep(&while_ms, NULL);
    *(bool *)done = true;
}

static void go_aside(void *with)
{
    bool done = false;

    (void)with;
    wait_aside(sleep_aside, &done);
    assert_true(done);
    say('.');
}

static void what_takes_long_is_done_aside_while_others_go_on(void **state)
{
    char a = 'a';

    (void)state;
    start(go_aside, NULL);
    start(say_thrice, &a);
    run_all();
    assert_string_equal(world.said, "aaa.");
}

static void do_nothing(void *with)
{
    (void)with;
    for (int64_t until_ns = clock_ns() + 300 * MS; clock_ns() < until_ns;)
        task_park(until_ns);
}

static void a_loop_with_nothing_to_do_says_so_and_again_when_it_was_asked_to(void **state)
{
    int64_t began = clock_ns();

    (void)state;
    start(do_nothing, NULL);
    run_all();
    assert_int_equal(world.idle, 2);
    assert_true(clock_ns() - began >= 300 * MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tasks_that_yield_take_turns, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stack_serves_one_task_after_the_other, setup, teardown),
        cmocka_unit_test_setup_teardown(a_latch_is_waited_for_until_a_time_and_then_until_it_is_released, setup, teardown),
        cmocka_unit_test_setup_teardown(another_thread_releases_what_tasks_wait_for, setup, teardown),
        cmocka_unit_test_setup_teardown(a_change_is_told_to_tasks_and_threads_that_still_wait, setup, teardown),
        cmocka_unit_test_setup_teardown(a_descriptor_is_waited_for_again_and_again, setup, teardown),
        cmocka_unit_test_setup_teardown(what_takes_long_is_done_aside_while_others_go_on, setup, teardown),
        cmocka_unit_test_setup_teardown(a_loop_with_nothing_to_do_says_so_and_again_when_it_was_asked_to, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
