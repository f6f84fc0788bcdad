/* timers_test.c: timers fire in the order of their times, however they were set, moved and cancelled. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/task/timers.c"

enum { N = 500, STEPS = 20000 };

static struct timer timers[N];
static int64_t last_ns;
static int fired;

static void fire(struct timer *timer)
{
    assert_int_equal(timer->place, 0);
    assert_true(timer->at_ns >= last_ns);
    last_ns = timer->at_ns;
    fired++;
}

static void they_fire_in_order_and_only_those_that_are_set(void **state)
{
    struct timers all = {0};
    uint32_t random = 1;
    int set = 0;

    (void)state;
    for (int i = 0; i < N; i++)
        timers[i] = (struct timer){.fire = fire};
    assert_true(timers_reserve(&all, N));
    for (int step = 0; step < STEPS; step++) {
        random = random * 1664525 + 1013904223;
        struct timer *timer = &timers[random / 65536 % N];
        if (random % 3 == 0)
            timer_cancel(&all, timer);
        else
            timer_set(&all, timer, 1 + random % 1000);
    }
    for (int i = 0; i < N; i++)
        set += timers[i].place > 0;
    assert_int_equal(all.n, set);
    fired = 0;
    last_ns = 0;
    while (timers_next(&all) != INT64_MAX) {
        int64_t now_ns = timers_next(&all);
        timers_fire(&all, now_ns - 1);
        assert_int_equal(timers_next(&all), now_ns); /* not before its time */
        timers_fire(&all, now_ns);
        assert_true(timers_next(&all) > now_ns);
    }
    assert_int_equal(fired, set);
    timers_done(&all);
}

static void again(struct timer *timer)
{
    (void)timer;
    fired++;
}

static void one_may_be_set_while_it_fires_and_cancelled_twice(void **state)
{
    struct timers all = {0};
    struct timer timer = {.fire = again};

    (void)state;
    fired = 0;
    assert_true(timers_reserve(&all, 1));
    timer_cancel(&all, &timer);
    timer_set(&all, &timer, 5);
    timer_set(&all, &timer, 3);
    assert_int_equal(all.n, 1);
    timers_fire(&all, 4);
    assert_int_equal(fired, 1);
    timer_set(&all, &timer, 9);
    timer_cancel(&all, &timer);
    timer_cancel(&all, &timer);
    timers_fire(&all, 100);
    assert_int_equal(fired, 1);
    timers_done(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_fire_in_order_and_only_those_that_are_set),
        cmocka_unit_test(one_may_be_set_while_it_fires_and_cancelled_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
