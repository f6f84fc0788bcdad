/* workspace.h: the memory that a request works in, lent for as long as it does: a connection that waits for its next request has none. */
#ifndef HTTP_WORKSPACE_H
#define HTTP_WORKSPACE_H

#include "base/arena.h"
#include "base/buf.h"

struct workspace {
    struct arena arena;
    struct buf out, body, input; /* head and body as sent, the answer's body, the request's body */
    struct workspace *next;      /* of those that are free */
};

/* How large they may grow, in bytes of address space. */
struct workspace_size {
    size_t arena, out, body, input;
};

/* Those of one thread. Its first two the owner sets; zero otherwise. */
struct workspaces {
    struct workspace_size size;
    int free_max; /* no more than so many are kept, each with some memory (about 160 KiB), from one request to the next */
    struct workspace *free;
    int n_free;
};

/* Frees those that are not lent; all must have been returned. */
void workspaces_done(struct workspaces *all);

/* Lends one, empty; NULL where there is no memory. */
struct workspace *workspace_take(struct workspaces *all);

/* Forgets what is in it. */
void workspace_return(struct workspaces *all, struct workspace *workspace);

#endif
