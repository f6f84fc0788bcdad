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

static void what_comes_back_is_empty_and_keeps_memory_only_where_it_is_warm(void **state)
{
    struct workspaces *all = workspaces_new(N, WARM, &size);
    struct workspace *lent[N];

    (void)state;
    assert_non_null(all);
    for (int i = 0; i < N; i++) {
        lent[i] = workspace_take(all);
        assert_int_equal(lent[i]->warm, i < WARM); /* warm ones first */
        use(lent[i]);
    }
    for (int i = 0; i < N; i++) {
        workspace_return(all, lent[i]);
        assert_int_equal(lent[i]->arena.used, 0);
        assert_int_equal(lent[i]->out.n + lent[i]->body.n, 0);
        assert_int_equal(lent[i]->input.capacity, 0); /* more than is kept */
        if (lent[i]->warm)
            assert_in_range(resident(lent[i]), 1, WARM_ARENA_BYTES / 4096);
        else
            assert_int_equal(resident(lent[i]) + (int)lent[i]->out.capacity, 0);
    }
    workspaces_free(all);
}

static void the_warm_one_is_lent_again_and_again(void **state)
{
    struct workspaces *all = workspaces_new(N, WARM, &size);

    (void)state;
    assert_non_null(all);
    struct workspace *warm = workspace_take(all), *cold = workspace_take(all);
    workspace_return(all, warm);
    workspace_return(all, cold);
    for (int i = 0; i < 10; i++) {
        assert_ptr_equal(workspace_take(all), warm);
        workspace_return(all, warm);
    }
    workspaces_free(all);
    workspaces_free(NULL);
}

static void without_address_space_there_are_none(void **state)
{
    const struct workspace_size too_large = {.arena = SIZE_MAX / 2};

    (void)state;
    assert_null(workspaces_new(N, WARM, &too_large));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_comes_back_is_empty_and_keeps_memory_only_where_it_is_warm),
        cmocka_unit_test(the_warm_one_is_lent_again_and_again),
        cmocka_unit_test(without_address_space_there_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
