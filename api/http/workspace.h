/* workspace.h: the memory that a request works in, lent for as long as it does: a connection that waits for its next request has none. */
#ifndef HTTP_WORKSPACE_H
#define HTTP_WORKSPACE_H

#include "base/arena.h"
#include "base/buf.h"

struct workspace {
    struct arena arena;
    struct buf out, body, input; /* head and body as sent, the answer's body, the request's body */
    struct workspace *next;      /* of those that are free */
    bool warm;
};

/* How large they may grow, in bytes of address space. */
struct workspace_size {
    size_t arena, out, body, input;
};

struct workspaces;

/* n of them, of which no more than warm_max keep some memory from one request to the next (about 160 KiB each). NULL where there is no
 * address space. */
struct workspaces *workspaces_new(int n, int warm_max, const struct workspace_size *size);
void workspaces_free(struct workspaces *all);

/* Lends one, a warm one where one is free. No more than n at a time, which is the caller's to see to. */
struct workspace *workspace_take(struct workspaces *all) __attribute__((returns_nonnull));

/* Forgets what is in it. */
void workspace_return(struct workspaces *all, struct workspace *workspace);

#endif
