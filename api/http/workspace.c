/* workspace.c: lends the memory that requests work in. A few are kept warm; when more are at work at once than that, those beyond cost address
 * space for as long as they are. Knows nothing of requests. */
#include "http/workspace.h"

#include <stdlib.h>

enum { WARM_ARENA_BYTES = 64 * 1024, WARM_BUF_BYTES = 32 * 1024 };

static void workspace_free(struct workspace *workspace)
{
    arena_done(&workspace->arena);
    buf_done(&workspace->out);
    buf_done(&workspace->body);
    buf_done(&workspace->input);
    free(workspace);
}

static struct workspace *workspace_new(const struct workspace_size *size)
{
    struct workspace *workspace = calloc(1, sizeof *workspace);

    if (!workspace || !arena_init(&workspace->arena, size->arena)) {
        free(workspace);
        return NULL;
    }
    buf_init(&workspace->out, size->out);
    buf_init(&workspace->body, size->body);
    buf_init(&workspace->input, size->input);
    return workspace;
}

void workspaces_done(struct workspaces *all)
{
    for (struct workspace *next; all->free; all->free = next) {
        next = all->free->next;
        workspace_free(all->free);
    }
    all->n_free = 0;
}

struct workspace *workspace_take(struct workspaces *all)
{
    struct workspace *workspace = all->free;

    if (!workspace)
        return workspace_new(&all->size);
    all->free = workspace->next;
    all->n_free--;
    return workspace;
}

void workspace_return(struct workspaces *all, struct workspace *workspace)
{
    if (all->n_free >= all->free_max) {
        workspace_free(workspace);
        return;
    }
    buf_clear(&workspace->out, WARM_BUF_BYTES);
    buf_clear(&workspace->body, WARM_BUF_BYTES);
    buf_clear(&workspace->input, WARM_BUF_BYTES);
    arena_reset(&workspace->arena, WARM_ARENA_BYTES);
    workspace->next = all->free;
    all->free = workspace;
    all->n_free++;
}
