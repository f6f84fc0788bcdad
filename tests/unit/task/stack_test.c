/* stack_test.c: a stack is entered and left by turns, is deep enough, and gives back what it used once. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/task/stack.c"

enum { DEPTH_BYTES = STACK_BYTES / 2 };

static struct {
    struct stack *stack;
    int turns;
} world;

static void take_turns(void *step)
{
    for (;;) {
        world.turns += *(int *)step;
        stack_leave(world.stack);
    }
}

static void it_goes_on_where_it_left(void **state)
{
    int step = 2;

    (void)state;
    world.turns = 0;
    world.stack = stack_new(take_turns, &step);
    assert_non_null(world.stack);
    for (int i = 1; i <= 1000; i++) {
        stack_enter(world.stack);
        assert_int_equal(world.turns, 2 * i);
    }
    stack_free(world.stack);
    stack_free(NULL);
}

static __attribute__((noinline)) void write_deep(void)
{
    volatile char deep[DEPTH_BYTES];

    for (size_t i = 0; i < sizeof deep; i += 1024)
        deep[i] = 1;
    world.turns += deep[0];
}

static void go_deep(void *with)
{
    (void)with;
    for (;;) {
        write_deep();
        stack_leave(world.stack);
    }
}

static size_t resident(void)
{
    static unsigned char pages[STACK_BYTES / 4096 + 1];
    size_t n = 0;

    assert_int_equal(mincore(world.stack->base, stack_bytes(world.stack), pages), 0);
    for (size_t i = 0; i < stack_bytes(world.stack) / 4096; i++)
        n += pages[i] & 1;
    return n;
}

static void what_was_used_once_is_given_back(void **state)
{
    (void)state;
    world.turns = 0;
    world.stack = stack_new(go_deep, NULL);
    assert_non_null(world.stack);
    stack_enter(world.stack);
    assert_true(resident() >= DEPTH_BYTES / 4096);
    stack_trim(world.stack);
    assert_true(resident() <= 8);
    stack_enter(world.stack); /* and is there again */
    assert_int_equal(world.turns, 2);
    stack_free(world.stack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_on_where_it_left),
        cmocka_unit_test(what_was_used_once_is_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
