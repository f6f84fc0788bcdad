/* workspace.c: lends the memory that requests work in. A thousand connections have a thousand threads, few of which are at work: what each
 * of them kept would add up, what is lent to those at work does not. Knows nothing of requests. */
#include "http/workspace.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

enum { WARM_ARENA_BYTES = 64 * 1024, WARM_BUF_BYTES = 32 * 1024 };

struct workspaces {
    pthread_mutex_t lock; /* guards the lists */
    struct workspace *warm, *cold;
    int n;
    struct workspace all[];
};

static void add(struct workspaces *all, struct workspace *workspace)
{
    struct workspace **list = workspace->warm ? &all->warm : &all->cold;

    workspace->next = *list;
    *list = workspace;
}

struct workspaces *workspaces_new(int n, int warm_max, const struct workspace_size *size)
{
    struct workspaces *all = calloc(1, sizeof *all + sizeof all->all[0] * (size_t)n);

    if (!all)
        return NULL;
    pthread_mutex_init(&all->lock, NULL);
    for (; all->n < n; all->n++) {
        struct workspace *workspace = &all->all[all->n];
        if (!arena_init(&workspace->arena, size->arena)) {
            workspaces_free(all);
            return NULL;
        }
        buf_init(&workspace->out, size->out);
        buf_init(&workspace->body, size->body);
        buf_init(&workspace->input, size->input);
        workspace->warm = all->n < warm_max;
        add(all, workspace);
    }
    return all;
}

void workspaces_free(struct workspaces *all)
{
    if (!all)
        return;
    for (int i = 0; i < all->n; i++) {
        arena_done(&all->all[i].arena);
        buf_done(&all->all[i].out);
        buf_done(&all->all[i].body);
        buf_done(&all->all[i].input);
    }
    pthread_mutex_destroy(&all->lock);
    free(all);
}

struct workspace *workspace_take(struct workspaces *all)
{
    pthread_mutex_lock(&all->lock);
    struct workspace **list = all->warm ? &all->warm : &all->cold, *workspace = *list;
    assert(workspace);
    *list = workspace->next;
    pthread_mutex_unlock(&all->lock);
    return workspace;
}

void workspace_return(struct workspaces *all, struct workspace *workspace)
{
    size_t keep_bytes = workspace->warm ? WARM_BUF_BYTES : 0;

    buf_clear(&workspace->out, keep_bytes);
    buf_clear(&workspace->body, keep_bytes);
    buf_clear(&workspace->input, keep_bytes);
    arena_reset(&workspace->arena, workspace->warm ? WARM_ARENA_BYTES : 0);
    pthread_mutex_lock(&all->lock);
    add(all, workspace);
    pthread_mutex_unlock(&all->lock);
}
