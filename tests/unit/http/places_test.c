/* places_test.c: places, and the line before them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/http/places.c"

enum { LONG_MS = 10000, SHORT_MS = 20, LINE_MAX = 100 };

static struct {
    struct places *places;
    int order[8], n; /* who got a place, in this order */
    int refused;
} world;

static int setup(void **state)
{
    (void)state;
    world.n = world.refused = 0;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    places_free(world.places);
    return 0;
}

static int waiting(void)
{
    int n;

    places_state(world.places, &n);
    return n;
}

static void until_waiting(int n)
{
    while (waiting() != n)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void set_wait(int ms)
{
    pthread_mutex_lock(&world.places->lock);
    world.places->wait_ms = ms;
    pthread_mutex_unlock(&world.places->lock);
}

static void *take(void *number)
{
    if (places_take(world.places))
        world.order[world.n++] = (int)(intptr_t)number; /* one after the other: each gets its place from who leaves it */
    else
        __atomic_add_fetch(&world.refused, 1, __ATOMIC_RELAXED);
    return NULL;
}

/* n come, the first of them as the at-th. */
static void come(pthread_t *threads, int at, int n)
{
    for (int i = 0; i < n; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take, (void *)(intptr_t)i), 0);
        until_waiting(at + i);
    }
}

static void places_are_given_in_the_order_in_which_they_were_asked_for(void **state)
{
    pthread_t threads[4];

    (void)state;
    world.places = places_new(1, LINE_MAX, LONG_MS);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    come(threads, 1, 4);
    for (int i = 0; i < 4; i++) {
        places_leave(world.places);
        pthread_join(threads[i], NULL);
        assert_int_equal(world.n, i + 1);
        assert_int_equal(world.order[i], i);
    }
    assert_int_equal(waiting(), 0);
}

static void who_waited_too_long_is_refused_and_then_whoever_comes(void **state)
{
    (void)state;
    world.places = places_new(1, LINE_MAX, SHORT_MS);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    int64_t began = clock_ns();
    assert_false(places_take(world.places));
    assert_true(clock_ns() - began >= SHORT_MS * NS_PER_MS);
    assert_true(places_are_short(world.places));
    places_free(world.places);

    world.places = places_new(1, LINE_MAX, LONG_MS);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    world.places->closed_until_ns = clock_ns() + CALM_NS;
    assert_false(places_take(world.places)); /* at once: nobody would ever leave */
    places_leave(world.places);
    assert_true(places_take(world.places)); /* a place that is free is given all the same */
}

static void one_in_the_midst_of_the_line_may_give_up(void **state)
{
    pthread_t threads[3];

    (void)state;
    world.places = places_new(1, LINE_MAX, LONG_MS);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    come(threads, 1, 1);
    set_wait(SHORT_MS);
    assert_int_equal(pthread_create(&threads[1], NULL, take, (void *)1), 0);
    until_waiting(2);
    set_wait(LONG_MS);
    assert_int_equal(pthread_create(&threads[2], NULL, take, (void *)2), 0);
    pthread_join(threads[1], NULL);
    until_waiting(2);
    places_leave(world.places);
    pthread_join(threads[0], NULL);
    places_leave(world.places);
    pthread_join(threads[2], NULL);
    assert_int_equal(world.refused, 1);
    assert_int_equal(world.n, 2);
}

static void a_full_house_ends_the_line_but_only_where_there_is_one(void **state)
{
    pthread_t threads[3];

    (void)state;
    world.places = places_new(1, LINE_MAX, LONG_MS);
    assert_non_null(world.places);
    places_crowded(world.places);
    assert_false(places_are_short(world.places)); /* all connections are idle: nothing is short */
    assert_true(places_take(world.places));
    come(threads, 1, 3);
    places_crowded(world.places);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(world.refused, 3);
    assert_true(places_are_short(world.places));
    assert_int_equal(waiting(), 0);
}

static void a_line_that_is_full_ends(void **state)
{
    pthread_t threads[3];

    (void)state;
    world.places = places_new(1, 3, LONG_MS);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    come(threads, 1, 3);
    assert_false(places_take(world.places));
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(world.refused, 3);
    assert_true(places_are_short(world.places));
    assert_false(places_take(world.places)); /* and nobody waits now */
    world.places->closed_until_ns = 0;
    come(threads, 1, 1); /* until it is over */
    places_leave(world.places);
    pthread_join(threads[0], NULL);
    assert_int_equal(world.n, 1);
}

static void *take_again(void *number)
{
    if (places_take_again(world.places))
        world.order[world.n++] = (int)(intptr_t)number;
    return NULL;
}

static void who_had_a_place_goes_before_those_who_come_and_stays_when_they_are_sent_away(void **state)
{
    pthread_t threads[2], again;

    (void)state;
    world.places = places_new(1, LINE_MAX, LONG_MS);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    come(threads, 1, 1);
    assert_int_equal(pthread_create(&again, NULL, take_again, (void *)7), 0);
    until_waiting(2);
    places_leave(world.places);
    pthread_join(again, NULL);
    assert_int_equal(world.order[0], 7);
    assert_int_equal(pthread_create(&again, NULL, take_again, (void *)8), 0);
    until_waiting(2);
    places_crowded(world.places);
    pthread_join(threads[0], NULL);
    assert_int_equal(world.refused, 1);
    places_leave(world.places);
    pthread_join(again, NULL);
    assert_int_equal(world.order[1], 8);
}

static void at_the_end_all_are_sent_away_and_nobody_waits(void **state)
{
    pthread_t threads[2], again;

    (void)state;
    world.places = places_new(1, LINE_MAX, LONG_MS);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    come(threads, 1, 2);
    assert_int_equal(pthread_create(&again, NULL, take_again, (void *)7), 0);
    until_waiting(3);
    places_close(world.places);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
    pthread_join(again, NULL);
    assert_int_equal(world.refused, 2);
    assert_int_equal(world.n, 0);
    assert_int_equal(waiting(), 0);
    assert_false(places_take(world.places));
    assert_false(places_take_again(world.places)); /* at once: nobody would ever leave */
}

static void without_a_line_nobody_waits(void **state)
{
    (void)state;
    world.places = places_new(2, LINE_MAX, 0);
    assert_non_null(world.places);
    assert_true(places_take(world.places));
    assert_true(places_take(world.places));
    assert_false(places_take(world.places));
    places_leave(world.places);
    assert_true(places_take(world.places));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(places_are_given_in_the_order_in_which_they_were_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(who_waited_too_long_is_refused_and_then_whoever_comes, setup, teardown),
        cmocka_unit_test_setup_teardown(one_in_the_midst_of_the_line_may_give_up, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_house_ends_the_line_but_only_where_there_is_one, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_that_is_full_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(who_had_a_place_goes_before_those_who_come_and_stays_when_they_are_sent_away, setup, teardown),
        cmocka_unit_test_setup_teardown(at_the_end_all_are_sent_away_and_nobody_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_line_nobody_waits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
