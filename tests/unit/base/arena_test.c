/* arena_test.c: memory of a request: aligned, zeroed, given back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/arena.c"

static void arena_gives_zeroed_memory_aligned_for_any_type(void **state)
{
    (void)state;
    struct arena a;

    assert_true(arena_init(&a, 1 << 20));
    for (size_t n = 0; n < 100; n++) {
        char *p = arena_alloc(&a, n);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xaa, n);
    }
    arena_done(&a);
    assert_null(a.base);
    arena_done(&a); /* twice does no harm */
}

static void arena_zeroes_memory_that_is_used_again(void **state)
{
    (void)state;
    struct arena a;

    assert_true(arena_init(&a, 1 << 20));
    char *first = memset(arena_alloc(&a, 1000), 0xaa, 1000);
    arena_reset(&a, SIZE_MAX / 2);
    char *again = arena_alloc(&a, 1000);
    assert_ptr_equal(first, again);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(again[i], 0);
    arena_done(&a);
}

static void arena_keeps_separate_what_it_gave(void **state)
{
    (void)state;
    struct arena a;

    assert_true(arena_init(&a, 1 << 16));
    struct str one = arena_copy(&a, STR("one")), two = arena_printf(&a, "%s-%d", "two", 2), none = arena_copy(&a, (struct str){NULL, 0});
    int64_t *numbers = arena_array(&a, int64_t, 3);
    numbers[2] = -1;
    assert_string_equal(one.p, "one");
    assert_string_equal(two.p, "two-2");
    assert_int_equal(two.n, 5);
    assert_string_equal(none.p, "");
    arena_done(&a);
}

static void arena_gives_pages_back_when_reset(void **state)
{
    (void)state;
    struct arena a;
    unsigned char resident[256] = {0};
    size_t pages = 0;

    assert_true(arena_init(&a, 1 << 20));
    memset(arena_alloc(&a, 1 << 20), 1, 1 << 20);
    arena_reset(&a, 4 * PAGE_BYTES);
    assert_int_equal(a.used, 0);
    assert_int_equal(mincore(a.base, 1 << 20, resident), 0);
    for (size_t i = 0; i < sizeof resident; i++)
        pages += resident[i] & 1;
    assert_true(pages <= 4);
    arena_done(&a);
}

static void arena_can_be_filled_to_its_last_byte(void **state)
{
    (void)state;
    struct arena a;

    assert_true(arena_init(&a, 1 << 16));
    arena_alloc(&a, 16);
    char *rest = arena_alloc(&a, (1 << 16) - 16);
    rest[(1 << 16) - 17] = 'x';
    assert_int_equal(a.used, a.capacity);
    arena_alloc(&a, 0);
    arena_done(&a);
}

static void arena_says_when_the_system_refuses(void **state)
{
    (void)state;
    struct arena a;
    assert_false(arena_init(&a, SIZE_MAX / 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_memory_aligned_for_any_type),
        cmocka_unit_test(arena_zeroes_memory_that_is_used_again),
        cmocka_unit_test(arena_keeps_separate_what_it_gave),
        cmocka_unit_test(arena_gives_pages_back_when_reset),
        cmocka_unit_test(arena_can_be_filled_to_its_last_byte),
        cmocka_unit_test(arena_says_when_the_system_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
