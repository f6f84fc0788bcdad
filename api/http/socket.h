/* socket.h: a connection's socket, as a task reads and writes it: what cannot go on now is waited for until a deadline. */
#ifndef HTTP_SOCKET_H
#define HTTP_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

#include "base/str.h"

#define SOCKET_EVENTS (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET)

/* Its fd the owner sets, does not block, and is watched for SOCKET_EVENTS; zero otherwise. */
struct socket {
    int fd;
    bool readable, writable; /* as far as epoll has told */
    bool ended;              /* its end was told, and is readable for good: it may have come together with the last data */
};

/* Takes in what epoll told; who waits for it must be woken then. */
void socket_tell(struct socket *s, uint32_t events);

/* The next of what comes, at most n bytes; 0 when the client sends no more, -1 when it broke off, and is readable for ever, or
 * deadline_ns (clock_ns) passed. What has come is taken however late it is. In a task. */
long socket_receive(struct socket *s, char *p, size_t n, int64_t deadline_ns);

/* Sends all of bytes; false when the client is gone or the deadline passed. In a task. */
bool socket_send(struct socket *s, struct str bytes, int64_t deadline_ns);

/* Whether n more bytes have come. */
bool socket_has(const struct socket *s, int64_t n);

/* Says goodbye (FIN) and reads what still comes, until the deadline: closing with unread input would reset the connection, and the client might
 * lose the answer (RFC 9112 9.6). In a task. */
void socket_linger(struct socket *s, int64_t deadline_ns);

#endif
