/* listener.c: a listening socket and a few descriptors kept back. Knows nothing of HTTP. */
#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"

enum { BACKLOG = 4096, ACCEPT_MAX = 64, PAUSE_MS = 50, UNSENT_BYTES = 262144 };

static bool cannot(struct str address, const char *why, struct error *err)
{
    return error_set(err, ERR_STARTUP, "cannot listen on %.*s: %s", STR_ARG(address), why);
}

/* "host:port" or "port" as texts for getaddrinfo. */
static bool split(struct str address, char *host, char *port, size_t size)
{
    size_t colon = address.n;

    while (colon > 0 && address.p[colon - 1] != ':')
        colon--;
    struct str before = {address.p, colon ? colon - 1 : 0}, after = str_skip(address, colon);
    if (str_starts(before, STR("[")) && str_ends(before, STR("]")))
        before = (struct str){before.p + 1, before.n - 2};
    if (before.n >= size || after.n >= size)
        return false;
    snprintf(host, size, "%.*s", STR_ARG(colon ? before : STR("0.0.0.0")));
    snprintf(port, size, "%.*s", STR_ARG(after));
    return true;
}

static int bind_to(const struct addrinfo *at)
{
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1, unsent = UNSENT_BYTES;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    /* Those that it accepts inherit both. Of what a client does not read the system would keep up to 4 MB. */
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    if (at->ai_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

bool listener_open(struct listener *listener, struct str address, struct error *err)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char host[64], port[64];

    listener->fd = -1;
    listener->n_reserve = 0;
    if (!split(address, host, port, sizeof host))
        return cannot(address, "no address and port", err);
    int status = getaddrinfo(host, port, &hints, &found);
    if (status != 0)
        return cannot(address, gai_strerror(status), err);
    listener->fd = bind_to(found);
    int why = errno;
    freeaddrinfo(found);
    return listener->fd >= 0 || cannot(address, strerror(why), err);
}

/* True while none that it keeps back is missing. */
static bool refill(struct listener *listener)
{
    for (int fd; listener->n_reserve < RESERVE && (fd = eventfd(0, EFD_CLOEXEC)) >= 0;)
        listener->reserve[listener->n_reserve++] = fd;
    return listener->n_reserve == RESERVE;
}

static void write_peer(const struct sockaddr_storage *address, char *text, size_t size)
{
    const void *at = address->ss_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                                                    : (const void *)&((const struct sockaddr_in *)address)->sin_addr;

    if (!inet_ntop(address->ss_family, at, text, (socklen_t)size))
        text[0] = '\0';
}

static int accept_one(const struct listener *listener, struct accepted *ret)
{
    struct sockaddr_storage address = {0};
    socklen_t bytes = sizeof address;

    ret->fd = accept4(listener->fd, (struct sockaddr *)&address, &bytes, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (ret->fd < 0)
        return errno;
    write_peer(&address, ret->peer, sizeof ret->peer);
    return 0;
}

/* Whoever waits is looked for again after a while: epoll would tell of them at once, and again. */
static void pause_a_while(struct listener *listener)
{
    loop_forget(listener->loop, listener->fd);
    loop_set_timer(listener->loop, &listener->pause, clock_ns() + (int64_t)PAUSE_MS * 1000000);
}

static void accept_some(struct poller *poller, uint32_t events)
{
    struct listener *listener = HOLDER_OF(struct listener, poller, poller);
    struct accepted accepted;

    (void)events;
    for (int i = 0; i < ACCEPT_MAX; i++) {
        accepted.scarce = !refill(listener);
        int failure = accept_one(listener, &accepted);
        bool passing = failure == 0 || failure == EAGAIN || failure == EINTR || failure == ECONNABORTED || failure == EPROTO, out = !passing;
        if (out && listener->n_reserve > 0) {
            close(listener->reserve[--listener->n_reserve]);
            accepted.scarce = true;
            failure = accept_one(listener, &accepted);
        }
        if (failure == 0)
            listener->take(listener->with, &accepted);
        else if (out)
            pause_a_while(listener);
        if (failure == EAGAIN || out)
            return;
    }
}

static void go_on(struct timer *timer)
{
    struct listener *listener = HOLDER_OF(struct listener, pause, timer);

    if (!loop_watch(listener->loop, listener->fd, EPOLLIN, &listener->poller))
        pause_a_while(listener);
}

bool listener_start(struct listener *listener)
{
    listener->poller.ready = accept_some;
    listener->pause = (struct timer){.fire = go_on};
    return refill(listener) && loop_watch(listener->loop, listener->fd, EPOLLIN, &listener->poller);
}

void listener_close(struct listener *listener)
{
    if (listener->loop)
        loop_cancel_timer(listener->loop, &listener->pause);
    while (listener->n_reserve > 0)
        close(listener->reserve[--listener->n_reserve]);
    if (listener->fd >= 0)
        close(listener->fd);
    listener->fd = -1;
}
