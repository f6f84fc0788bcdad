/* connection.h: connections, and the lane in which a loop serves its own. One that waits for its next request is a few hundred bytes; what it
 * is asked is served by a task. */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http/context.h"
#include "http/listener.h"
#include "http/workspace.h"
#include "task/loop.h"

struct connection;
struct intake;

/* A loop with its connections. The first three its owner sets before its loop runs; zero otherwise. */
struct lane {
    struct loop *loop;
    struct edge *edge;
    struct workspaces workspaces;
    struct intake *intakes;   /* free buffers for what is received: */
    int n_intakes;
    struct connection *first; /* of all that are open */
    bool closing;
    int n; /* connections that are open, or on their way here; changed with __atomic builtins */
};

/* Frees what lies ready for the next requests. */
void lane_rest(struct lane *lane);

/* All its connections must have ended. */
void lane_done(struct lane *lane);

/* From any thread: a connection is served here from now on; one too many is answered 503, and closed where there is no memory. is_admin: it
 * came to the operators' port. */
void lane_take(struct lane *lane, const struct accepted *accepted, bool is_admin);

/* In its loop's thread: ends the connections that wait, and those at work once what they do fails or is done. None is taken any more. */
void lane_close(struct lane *lane);

#endif
