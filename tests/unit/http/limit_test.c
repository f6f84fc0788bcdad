/* limit_test.c: how much is granted to whom, by a clock that the tests set. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/http/limit.c"

enum { SECOND_NS = 1000000000, EXTRA = 200000 };

static const int64_t NOW = INT64_C(5000) * SECOND_NS;
static struct arena arena;

static struct limits *limits_with(int anonymous, int filing)
{
    const struct config config = {.limit_anonymous = anonymous, .limit_filing = filing, .limit_client = 60};

    arena_reset(&arena, 0);
    return limits_new(&arena, &config);
}

static struct limit_who address(uint32_t number)
{
    static char text[4];

    memcpy(text, &number, sizeof text);
    return (struct limit_who){.address = {text, sizeof text}};
}

static int granted(struct limits *limits, enum limit limit, struct limit_who who, int64_t now_ns, int tries)
{
    struct limit_state state;
    int n = 0;

    for (int i = 0; i < tries; i++)
        n += limits_take(limits, limit, who, now_ns, &state);
    return n;
}

static void a_burst_of_all_is_granted_and_then_one_at_a_time(void **state)
{
    struct limits *limits = limits_with(10, 0); /* one every 6 s */
    struct limit_state left;

    (void)state;
    assert_true(limits_take(limits, LIMIT_ANONYMOUS, address(1), NOW, &left));
    assert_int_equal(left.remaining, 9);
    assert_int_equal(left.wait_s, 6);
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), NOW, 20), 9);
    assert_false(limits_take(limits, LIMIT_ANONYMOUS, address(1), NOW + 1, &left));
    assert_true(left.refused);
    assert_int_equal(left.limit, LIMIT_ANONYMOUS);
    assert_int_equal(left.remaining, 0);
    assert_int_equal(left.wait_s, 6);
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), NOW + 6 * (int64_t)SECOND_NS - 1, 5), 0);
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), NOW + 6 * (int64_t)SECOND_NS, 5), 1);
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), NOW + 600 * (int64_t)SECOND_NS, 20), 10);
}

static void a_retry_after_the_time_named_is_granted(void **state)
{
    struct limit_state left;

    (void)state;
    for (int requests = 1; requests < 200; requests += 7)
        for (int64_t past_ns = 0; past_ns < SECOND_NS; past_ns += 123456789) {
            struct limits *limits = limits_with(requests, 0);
            granted(limits, LIMIT_ANONYMOUS, address(1), NOW, requests);
            assert_false(limits_take(limits, LIMIT_ANONYMOUS, address(1), NOW + past_ns % (60 * (int64_t)SECOND_NS / requests), &left));
            assert_in_range(left.wait_s, 1, 60);
            assert_true(limits_take(limits, LIMIT_ANONYMOUS, address(1), NOW + past_ns + left.wait_s * (int64_t)SECOND_NS, &left));
        }
}

static void looking_takes_nothing(void **state)
{
    struct limits *limits = limits_with(2, 0);
    struct limit_state left;

    (void)state;
    for (int i = 0; i < 10; i++)
        assert_true(limits_look(limits, LIMIT_ANONYMOUS, address(1), NOW, &left));
    assert_int_equal(left.remaining, 2);
    assert_int_equal(left.wait_s, 0);
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), NOW, 10), 2);
    assert_false(limits_look(limits, LIMIT_ANONYMOUS, address(1), NOW, &left));
}

static void callers_and_policies_are_counted_apart(void **state)
{
    struct limits *limits = limits_with(3, 4);
    const struct limit_who pairs[] = {{STR("ab"), STR("c")}, {STR("a"), STR("bc")}, {STR("abc"), STR("")}, {STR(""), STR("abc")}};

    (void)state;
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), NOW, 10), 3);
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(2), NOW, 10), 3);
    assert_int_equal(granted(limits, LIMIT_FILING, address(1), NOW, 10), 4);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        assert_int_equal(granted(limits, LIMIT_ANONYMOUS, pairs[i], NOW, 10), 3);
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, pairs[0], NOW, 10), 0);
}

static void zero_is_no_limit_and_tells_of_none(void **state)
{
    struct limits *limits = limits_with(0, 1);
    struct limit_state left;

    (void)state;
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), NOW, 1000), 1000);
    assert_true(limits_take(limits, LIMIT_ANONYMOUS, address(1), NOW, &left));
    assert_int_equal(left.limit, LIMIT_NONE);
    assert_null(limits->sets[LIMIT_ANONYMOUS]);
}

static void each_day_has_a_key_of_its_own_and_forgets_the_day_before(void **state)
{
    struct limits *limits = limits_with(3, 0);
    struct set empty = {0};
    unsigned char key[SIPHASH_KEY_BYTES];
    size_t used = 0;

    (void)state;
    for (uint32_t i = 0; i < 1000; i++)
        granted(limits, LIMIT_ANONYMOUS, address(i), NOW + KEY_NS - SECOND_NS - 1, 3);
    memcpy(key, limits->key, sizeof key);
    granted(limits, LIMIT_ANONYMOUS, address(1), NOW + KEY_NS, 3);
    assert_memory_equal(key, limits->key, sizeof key); /* the day is counted from the first request */
    int64_t next_day_ns = limits->key_ends_ns;
    assert_int_equal(granted(limits, LIMIT_ANONYMOUS, address(1), next_day_ns, 9), 3);
    assert_memory_not_equal(key, limits->key, sizeof key);
    for (size_t i = 0; i < SETS; i++)
        used += memcmp(&limits->sets[LIMIT_ANONYMOUS][i], &empty, sizeof empty) != 0;
    assert_int_equal(used, 1);
}

static void two_tables_know_the_same_address_by_other_tags(void **state)
{
    struct limits *one = limits_with(3, 0), *other;
    const struct config config = {.limit_anonymous = 3};

    (void)state;
    other = limits_new(&arena, &config);
    granted(one, LIMIT_ANONYMOUS, address(7), NOW, 1);
    granted(other, LIMIT_ANONYMOUS, address(7), NOW, 1);
    assert_true(tag_of(one, address(7)) != tag_of(other, address(7)));
}

/* More addresses than the table holds: never more than its entries and the shared ones grant; and nobody who is in it loses. */
static void a_full_table_makes_newcomers_share(void **state)
{
    struct limits *limits = limits_with(0, 2);
    int total = 0;

    (void)state;
    assert_int_equal(granted(limits, LIMIT_FILING, address(EXTRA), NOW, 2), 2);
    for (uint32_t i = 0; i < EXTRA; i++)
        total += granted(limits, LIMIT_FILING, address(i), NOW, 2);
    assert_in_range(total, 2 * SETS * WAYS, 2 * SETS * (WAYS + 1));
    assert_int_equal(granted(limits, LIMIT_FILING, address(EXTRA), NOW, 2), 0);
    assert_int_equal(granted(limits, LIMIT_FILING, address(EXTRA + 1), NOW, 2), 0);
    assert_int_equal(granted(limits, LIMIT_CLIENT, address(EXTRA + 1), NOW, 2), 2); /* another policy's table is not full */
    assert_int_equal(granted(limits, LIMIT_FILING, address(EXTRA + 1), NOW + 3600 * (int64_t)SECOND_NS, 9), 2);
}

static const struct limit_who somebody = {.address = STR_INIT("1")};

static void *take_many(void *limits)
{
    return (void *)(intptr_t)granted(limits, LIMIT_ANONYMOUS, somebody, NOW, 2000);
}

/* The first half on one day, the second on the next. */
static void *take_overnight(void *limits)
{
    int n = granted(limits, LIMIT_ANONYMOUS, somebody, NOW, 2000);
    return (void *)(intptr_t)(n + granted(limits, LIMIT_ANONYMOUS, somebody, NOW + KEY_NS, 2000));
}

/* What four threads are granted together. */
static int granted_to_threads(struct limits *limits, void *(*take)(void *limits))
{
    pthread_t threads[4];
    intptr_t total = 0;

    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take, limits), 0);
    for (int i = 0; i < 4; i++) {
        void *n;
        pthread_join(threads[i], &n);
        total += (intptr_t)n;
    }
    return (int)total;
}

static void threads_are_granted_no_more_together(void **state)
{
    (void)state;
    assert_int_equal(granted_to_threads(limits_with(5000, 0), take_many), 5000);
    assert_in_range(granted_to_threads(limits_with(5000, 0), take_overnight), 5000, 3 * 5000);
}

static void the_policy_field_is_as_the_draft_writes_it(void **state)
{
    struct limits *limits = limits_with(600, 0);

    (void)state;
    assert_true(str_eq(limits_policy(limits, LIMIT_ANONYMOUS)->field, STR("\"anonymous\";q=600;w=60")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_of_all_is_granted_and_then_one_at_a_time),
        cmocka_unit_test(a_retry_after_the_time_named_is_granted),
        cmocka_unit_test(looking_takes_nothing),
        cmocka_unit_test(callers_and_policies_are_counted_apart),
        cmocka_unit_test(zero_is_no_limit_and_tells_of_none),
        cmocka_unit_test(each_day_has_a_key_of_its_own_and_forgets_the_day_before),
        cmocka_unit_test(two_tables_know_the_same_address_by_other_tags),
        cmocka_unit_test(a_full_table_makes_newcomers_share),
        cmocka_unit_test(threads_are_granted_no_more_together),
        cmocka_unit_test(the_policy_field_is_as_the_draft_writes_it),
    };
    if (!arena_init(&arena, 64 << 20))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
