/* cache_test.c: prepared statements are found by key and forgotten by age. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "api/db/cache.c"

static int fresh(void **state)
{
    *state = calloc(1, sizeof(struct cache));
    return *state ? 0 : -1;
}

static int done(void **state)
{
    free(*state);
    return 0;
}

static struct db_key key(uint64_t i)
{
    return (struct db_key){i * 7, ~i};
}

/* Adds what must evict nothing. */
static struct cache_entry *add(struct cache *cache, uint64_t i)
{
    uint64_t evicted;
    struct cache_entry *entry = cache_add(cache, key(i), i, &evicted);

    assert_non_null(entry);
    assert_int_equal(evicted, 0);
    entry->ready = true;
    return entry;
}

static void finds_what_was_added_and_nothing_else(void **state)
{
    struct cache *cache = *state;

    for (uint64_t i = 1; i <= CACHE_ENTRIES; i++)
        add(cache, i);
    for (uint64_t i = 1; i <= CACHE_ENTRIES; i++)
        assert_int_equal(cache_find(cache, key(i))->serial, i);
    assert_null(cache_find(cache, key(CACHE_ENTRIES + 1)));
    assert_null(cache_find(cache, (struct db_key){key(1).a, key(2).b}));
}

static void a_full_cache_forgets_the_least_recently_used(void **state)
{
    struct cache *cache = *state;
    uint64_t evicted;

    for (uint64_t i = 1; i <= CACHE_ENTRIES; i++)
        add(cache, i);
    cache_find(cache, key(1));
    assert_non_null(cache_add(cache, key(1000), 1000, &evicted));
    assert_int_equal(evicted, 2);
    assert_null(cache_find(cache, key(2)));
    assert_non_null(cache_find(cache, key(1)));
    assert_non_null(cache_find(cache, key(1000)));
}

static void what_the_server_has_not_confirmed_is_not_evicted(void **state)
{
    struct cache *cache = *state;
    uint64_t evicted;

    for (uint64_t i = 1; i <= CACHE_ENTRIES; i++)
        add(cache, i)->ready = i != 1;
    assert_null(cache_add(cache, key(1000), 1000, &evicted));
    assert_int_equal(evicted, 0);
    assert_non_null(cache_find(cache, key(1)));
}

static void a_removed_entry_is_used_again(void **state)
{
    struct cache *cache = *state;

    for (uint64_t i = 1; i <= CACHE_ENTRIES; i++)
        add(cache, i);
    cache_remove(cache, cache_find(cache, key(CACHE_ENTRIES)));
    cache_remove(cache, cache_find(cache, key(1)));
    cache_remove(cache, cache_find(cache, key(100)));
    assert_null(cache_find(cache, key(100)));
    add(cache, 1001);
    add(cache, 1002);
    add(cache, 1003);
    assert_int_equal(cache_find(cache, key(1002))->serial, 1002);
    assert_int_equal(cache_find(cache, key(200))->serial, 200);
}

static void the_only_entry_can_go(void **state)
{
    struct cache *cache = *state;

    cache_remove(cache, add(cache, 1));
    assert_null(cache->newest);
    assert_null(cache->oldest);
    add(cache, 2);
    assert_ptr_equal(cache->newest, cache->oldest);
}

static void a_cleared_cache_is_empty(void **state)
{
    struct cache *cache = *state;

    for (uint64_t i = 1; i <= CACHE_ENTRIES; i++)
        add(cache, i);
    cache_clear(cache);
    assert_null(cache_find(cache, key(5)));
    assert_null(cache->newest);
    add(cache, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_what_was_added_and_nothing_else, fresh, done),
        cmocka_unit_test_setup_teardown(a_full_cache_forgets_the_least_recently_used, fresh, done),
        cmocka_unit_test_setup_teardown(what_the_server_has_not_confirmed_is_not_evicted, fresh, done),
        cmocka_unit_test_setup_teardown(a_removed_entry_is_used_again, fresh, done),
        cmocka_unit_test_setup_teardown(the_only_entry_can_go, fresh, done),
        cmocka_unit_test_setup_teardown(a_cleared_cache_is_empty, fresh, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
