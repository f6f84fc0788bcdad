/* socket.c: stands between civetweb and the system calls on its sockets. Knows nothing of HTTP. */
#include "http/socket.h"

#include "base/clock.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

enum { LINGER_BYTES_MAX = 4 * 1024 * 1024, LISTEN_MS = 100 };

/* The connection that this thread serves. */
static _Thread_local struct {
    bool expected;       /* the next poll() is on it */
    int fd;
    const char *buffer;
    int64_t deadline_ns; /* 0: none */
} watched = {.fd = -1};

static _Thread_local bool listens;

void socket_listen(void)
{
    listens = true;
}

void socket_watch(void)
{
    watched.expected = true;
    watched.fd = -1;
    watched.buffer = NULL;
}

void socket_deadline(int64_t deadline_ns)
{
    watched.deadline_ns = deadline_ns;
}

const char *socket_buffer(void)
{
    return watched.buffer;
}

/* The names that the linker sees; under their own, glibc's attributes and inline functions would be in the way. */
int watched_poll(struct pollfd *fds, nfds_t n, int timeout_ms) __asm__("poll") __attribute__((visibility("default")));
ssize_t watched_recv(int fd, void *p, size_t n, int flags) __asm__("recv") __attribute__((visibility("default")));
int watched_stack(pthread_attr_t *attr, size_t bytes) __asm__("pthread_attr_setstacksize") __attribute__((visibility("default")));

static int system_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    struct timespec timeout = {timeout_ms / 1000, (long)(timeout_ms % 1000) * 1000000};
    return ppoll(fds, n, timeout_ms < 0 ? NULL : &timeout, NULL);
}

static int give_up(const struct pollfd *fd)
{
    if (fd->events & POLLOUT)
        shutdown(fd->fd, SHUT_RDWR);
    errno = ETIMEDOUT;
    return -1;
}

int watched_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    if (listens && (timeout_ms < 0 || timeout_ms > LISTEN_MS))
        timeout_ms = LISTEN_MS;
    if (watched.expected && n == 1) {
        watched.expected = false;
        watched.fd = fds[0].fd;
    }
    if (!watched.deadline_ns || n != 1 || fds[0].fd != watched.fd)
        return system_poll(fds, n, timeout_ms);
    int left_ms = clock_ms_until(watched.deadline_ns);
    if (left_ms == 0)
        return give_up(fds);
    return system_poll(fds, n, timeout_ms < 0 || timeout_ms > left_ms ? left_ms : timeout_ms);
}

ssize_t watched_recv(int fd, void *p, size_t n, int flags)
{
    if (fd == watched.fd && !watched.buffer)
        watched.buffer = p;
    return recvfrom(fd, p, n, flags, NULL, NULL);
}

int watched_stack(pthread_attr_t *attr, size_t bytes)
{
    int (*set)(pthread_attr_t *, size_t) = NULL;
    void *found = dlsym(RTLD_NEXT, "pthread_attr_setstacksize");

    memcpy(&set, &found, sizeof set); /* ISO C has no cast from object to function pointers */
    if (!set)
        return ENOSYS;
    return set(attr, bytes < THREAD_STACK_BYTES ? THREAD_STACK_BYTES : bytes);
}

void socket_linger(int wait_ms)
{
    int64_t deadline_ns = clock_ns() + (int64_t)wait_ms * 1000000;
    char scratch[16384];
    size_t bytes = 0;

    if (watched.fd < 0 || shutdown(watched.fd, SHUT_WR) != 0)
        return;
    while (bytes < LINGER_BYTES_MAX) {
        struct pollfd fd = {.fd = watched.fd, .events = POLLIN};
        if (system_poll(&fd, 1, clock_ms_until(deadline_ns)) <= 0)
            return;
        ssize_t n = recvfrom(watched.fd, scratch, sizeof scratch, MSG_DONTWAIT, NULL, NULL);
        if (n <= 0)
            return;
        bytes += (size_t)n;
    }
}
