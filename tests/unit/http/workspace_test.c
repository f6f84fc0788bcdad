/* workspace_test.c: the memory that requests work in: lent, emptied, given back to the system. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "api/http/workspace.c"

static const struct workspace_size size = {.arena = 4 << 20, .out = 1 << 20, .body = 1 << 20, .input = 1 << 20};

enum { N = 3, WARM = 1, USED_BYTES = 1 << 20 };

/* Pages of an arena that are in memory. */
static int resident(const struct workspace *workspace)
{
    static unsigned char pages[(4 << 20) / 4096];
    int n = 0;

    assert_int_equal(mincore(workspace->arena.base, workspace->arena.capacity, pages), 0);
    for (size_t i = 0; i < workspace->arena.capacity / (size_t)sysconf(_SC_PAGESIZE); i++)
        n += pages[i] & 1;
    return n;
}

static void use(struct workspace *workspace)
{
    memset(arena_alloc(&workspace->arena, USED_BYTES), 'x', USED_BYTES);
    buf_add(&workspace->out, STR("head"));
    buf_add(&workspace->body, STR("body"));
    assert_non_null(buf_reserve(&workspace->input, USED_BYTES));
}

static struct workspaces some(int free_max)
{
    return (struct workspaces){.size = size, .free_max = free_max};
}

static void what_comes_back_is_empty_and_only_a_few_are_kept(void **state)
{
    struct workspaces all = some(WARM);
    struct workspace *lent[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        lent[i] = workspace_take(&all);
        assert_non_null(lent[i]);
        use(lent[i]);
    }
    for (int i = 0; i < N; i++)
        workspace_return(&all, lent[i]);
    assert_int_equal(all.n_free, WARM);
    const struct workspace *kept = all.free;
    assert_null(kept->next);
    assert_int_equal(kept->arena.used, 0);
    assert_int_equal(kept->out.n + kept->body.n, 0);
    assert_int_equal(kept->input.capacity, 0); /* more than is kept */
    assert_in_range(resident(kept), 1, WARM_ARENA_BYTES / 4096);
    workspaces_done(&all);
    assert_null(all.free);
}

static void the_one_that_came_back_is_lent_again(void **state)
{
    struct workspaces all = some(N);

    (void)state;
    struct workspace *first = workspace_take(&all), *second = workspace_take(&all);
    assert_true(first && second && first != second);
    workspace_return(&all, first);
    workspace_return(&all, second);
    for (int i = 0; i < 10; i++) {
        assert_ptr_equal(workspace_take(&all), second);
        workspace_return(&all, second);
    }
    workspaces_done(&all);
}

static void without_address_space_there_are_none(void **state)
{
    struct workspaces all = {.size = {.arena = SIZE_MAX / 2}, .free_max = N};

    (void)state;
    assert_null(workspace_take(&all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_back_is_empty_and_only_a_few_are_kept),
        cmocka_unit_test(the_one_that_came_back_is_lent_again),
        cmocka_unit_test(without_address_space_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
