/* socket.c: reading, writing and leaving a socket that does not block. Knows nothing of HTTP. */
#include "http/socket.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "task/loop.h"

enum { LINGER_BYTES_MAX = 4 * 1024 * 1024 };

void socket_tell(struct socket *s, uint32_t events)
{
    s->ended |= (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    s->readable |= s->ended || (events & EPOLLIN) != 0;
    s->writable |= (events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0;
}

static bool await(const bool *flag, int64_t deadline_ns)
{
    while (!*flag) {
        if (clock_ns() >= deadline_ns)
            return false;
        task_park(deadline_ns);
    }
    return true;
}

long socket_receive(struct socket *s, char *p, size_t n, int64_t deadline_ns)
{
    while (await(&s->readable, deadline_ns)) {
        ssize_t got = recv(s->fd, p, n, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        bool none = got < 0 && errno == EAGAIN, all = got > 0 && (size_t)got < n; /* less than there was room for (epoll(7)) */
        s->readable = s->ended || (!none && !all);
        if (!none || s->ended)
            return (long)got;
    }
    return -1;
}

bool socket_send(struct socket *s, struct str bytes, int64_t deadline_ns)
{
    while (bytes.n > 0 && await(&s->writable, deadline_ns)) {
        ssize_t sent = send(s->fd, bytes.p, bytes.n, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0)
            bytes = str_skip(bytes, (size_t)sent);
        else if (errno == EAGAIN)
            s->writable = false;
        else if (errno != EINTR)
            break;
    }
    return bytes.n == 0;
}

bool socket_has(const struct socket *s, int64_t n)
{
    int ready = 0;

    return n <= 0 || (ioctl(s->fd, FIONREAD, &ready) == 0 && n <= ready);
}

void socket_linger(struct socket *s, int64_t deadline_ns)
{
    char scratch[4096];
    size_t bytes = 0;
    long got = 1;

    if (shutdown(s->fd, SHUT_WR) != 0)
        return;
    s->readable = true;
    while (bytes < LINGER_BYTES_MAX && got > 0) {
        got = socket_receive(s, scratch, sizeof scratch, deadline_ns);
        bytes += got > 0 ? (size_t)got : 0;
    }
}
