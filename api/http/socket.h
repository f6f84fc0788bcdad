/* socket.h: what civetweb does not let us do with its sockets: end a slow body or a slow reader at a deadline, see a
 * request's bytes as they came, close without losing the answer, go on without descriptors, give its threads a real stack.
 *
 * The program defines poll(), recv(), accept() and pthread_attr_setstacksize() itself; the shared library then calls ours, which
 * pass on to the system. They change nothing for threads that never called socket_serve or socket_listen. */
#ifndef HTTP_SOCKET_H
#define HTTP_SOCKET_H

#include "base/str.h"

#include <stdbool.h>

/* SOCKET_BUFFER_BYTES: civetweb's buffer, per thread: whole heads, bad tokens of 100 kB too, and small bodies with them. */
enum { THREAD_STACK_BYTES = 2 * 1024 * 1024, SOCKET_BUFFER_BYTES = 163840 };

/* This thread waits for new connections: it looks up often, so that a stop need not wait for it, and keeps a few descriptors back for
 * who comes when there are no others. */
void socket_listen(void);

/* This thread serves connections. memory: SOCKET_BUFFER_BYTES from a page's beginning on, for as long as it does. */
void socket_serve(char *memory);

/* Whether descriptors are out, but for those kept back: who comes now should be answered shortly. */
bool socket_are_scarce(void);

/* This thread begins to serve a new connection: the socket that it polls next is the connection's. */
void socket_watch(void);

/* From now on, and until called again, waiting on the connection fails at deadline_ns (clock_ns); 0 is never. A passed
 * deadline makes poll() fail with ETIMEDOUT; where it waits to write, the socket is shut down too, since civetweb would try on. */
void socket_deadline(int64_t deadline_ns);

/* Where civetweb's buffer of this connection begins; NULL before anything came. */
const char *socket_buffer(void);

/* What came into that buffer and was not consumed yet, as it came: civetweb parses in place, and writes over line ends and spaces.
 * Lives until the next wait on the connection. */
struct str socket_received(void);

/* Whether n bytes of the connection, from the beginning of that on, have come, be it only to the system. */
bool socket_has(size_t n);

/* The first n bytes of it, and what followed them elsewhere, were a request that has been answered. */
void socket_consume(size_t n);

/* Says goodbye (FIN) and reads what still comes, at most wait_ms: closing with unread input would reset the connection,
 * and the client might lose the answer (RFC 9112 9.6). */
void socket_linger(int wait_ms);

/* Gives back to the system what this thread has used of its stack and buffers and does not need now, as it does by itself where a
 * connection waits for long. */
void socket_rest(void);

#endif
