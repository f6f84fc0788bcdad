/* listener.h: a port: takes the connections that come to it, also when descriptors are out. */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include "base/error.h"
#include "task/loop.h"

enum { PEER_BYTES = 64, RESERVE = 4 };

/* A connection that was taken. */
struct accepted {
    int fd; /* the receiver's to close; does not block */
    char peer[PEER_BYTES]; /* the address of its other end, as text */
    bool scarce; /* it has one of the last descriptors: should be answered shortly */
};

/* Its last four the caller sets. Must not move while it listens. */
struct listener {
    struct poller poller;
    struct timer pause;
    int fd;
    int n_reserve, reserve[RESERVE]; /* descriptors kept back, to let go of one for who comes where there is no other */
    struct loop *loop;
    void (*take)(void *with, const struct accepted *accepted); /* in the loop */
    void *with;
};

/* Binds address: "127.0.0.1:8080", "[::1]:8080", or "8080" for all of IPv4. The system keeps who connects waiting until listener_start.
 * ERR_STARTUP: "cannot listen on nowhere: ...". */
bool listener_open(struct listener *listener, struct str address, struct error *err);

/* In its loop's thread: from now on connections are taken. False where memory or descriptors are out. Needs room for one timer of the loop. */
bool listener_start(struct listener *listener);

/* In its loop's thread, or after the loop ended: takes no more, and closes the port. */
void listener_close(struct listener *listener);

#endif
