/* socket.c: stands between civetweb and the system calls on its sockets. Knows nothing of HTTP. */
#include "http/socket.h"

#include "base/clock.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINGER_BYTES_MAX = 4 * 1024 * 1024, LISTEN_MS = 100, IDLE_MS = 100, PAGE_BYTES = 4096, FRAME_BYTES = 1024, RESERVE = 4, SCARCE_MS = 50 };
static const int64_t TRIM_NS = INT64_C(5000000000);

/* The connection that this thread serves. */
static _Thread_local struct {
    bool expected;       /* the next poll() is on it */
    int fd;
    char *buffer;
    int64_t deadline_ns; /* 0: none */
    bool rests;          /* it waits, and has given back what it does not need */
} watched = {.fd = -1};

static _Thread_local struct {
    size_t n;
    char *bytes; /* SOCKET_BUFFER_BYTES; only what was written costs memory */
} received;

static _Thread_local char *stack_end; /* the lowest address of this thread's stack */

static _Thread_local bool listens;
static _Thread_local struct {
    int n, fds[RESERVE]; /* descriptors that this listening thread keeps, to let go of one where there is no other */
} reserve;
static bool scarce; /* one was let go of and is not back yet */

static void refill(void)
{
    bool missed = reserve.n < RESERVE;

    for (int fd; reserve.n < RESERVE && (fd = eventfd(0, EFD_CLOEXEC)) >= 0;)
        reserve.fds[reserve.n++] = fd;
    if (missed && reserve.n == RESERVE)
        __atomic_store_n(&scarce, false, __ATOMIC_RELAXED);
}

void socket_listen(void)
{
    listens = true;
    refill();
}

bool socket_are_scarce(void)
{
    return __atomic_load_n(&scarce, __ATOMIC_RELAXED);
}

void socket_serve(char *memory)
{
    pthread_attr_t attr;
    void *lowest;
    size_t bytes;

    received.bytes = memory;
    if (pthread_getattr_np(pthread_self(), &attr) != 0)
        return; /* for want of memory: its stack stays */
    if (pthread_attr_getstack(&attr, &lowest, &bytes) == 0)
        stack_end = lowest;
    pthread_attr_destroy(&attr);
}

void socket_watch(void)
{
    watched.expected = true;
    watched.fd = -1;
    watched.buffer = NULL;
    received.n = 0;
}

void socket_deadline(int64_t deadline_ns)
{
    watched.deadline_ns = deadline_ns;
}

const char *socket_buffer(void)
{
    return watched.buffer;
}

struct str socket_received(void)
{
    return (struct str){received.bytes, received.n};
}

bool socket_has(size_t n)
{
    int ready = 0;

    return n <= received.n || (ioctl(watched.fd, FIONREAD, &ready) == 0 && n - received.n <= (size_t)ready);
}

void socket_consume(size_t n)
{
    received.n -= n < received.n ? n : received.n;
    memmove(received.bytes, received.bytes + n, received.n);
}

/* Copies what came into civetweb's buffer, and not what is read of a body elsewhere. What lies before it there was moved to the front
 * since: it is the end of what is known. */
static void keep(const char *p, size_t n)
{
    size_t before = (size_t)((uintptr_t)p - (uintptr_t)watched.buffer);

    if (before >= SOCKET_BUFFER_BYTES || n > SOCKET_BUFFER_BYTES - before)
        return;
    if (before < received.n)
        memmove(received.bytes, received.bytes + received.n - before, before);
    memcpy(received.bytes + before, p, n);
    received.n = before + n;
}

/* The names that the linker sees; under their own, glibc's attributes and inline functions would be in the way. */
int watched_poll(struct pollfd *fds, nfds_t n, int timeout_ms) __asm__("poll") __attribute__((visibility("default")));
ssize_t watched_recv(int fd, void *p, size_t n, int flags) __asm__("recv") __attribute__((visibility("default")));
int watched_accept(int fd, struct sockaddr *address, socklen_t *bytes) __asm__("accept") __attribute__((visibility("default")));
int watched_stack(pthread_attr_t *attr, size_t bytes) __asm__("pthread_attr_setstacksize") __attribute__((visibility("default")));

static int system_poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    struct timespec timeout = {timeout_ms / 1000, (long)(timeout_ms % 1000) * 1000000};
    return ppoll(fds, n, timeout_ms < 0 ? NULL : &timeout, NULL);
}

/* Gives back whole pages from p up to end. What is read there afterwards is zero. */
static void give_back(char *p, char *end)
{
    p += -(uintptr_t)p % PAGE_BYTES;
    end -= (uintptr_t)end % PAGE_BYTES;
    if (p < end)
        madvise(p, (size_t)(end - p), MADV_DONTNEED);
}

void socket_rest(void)
{
    char *frame = __builtin_frame_address(0);

    if (!received.bytes)
        return;
    give_back(received.bytes + received.n, received.bytes + SOCKET_BUFFER_BYTES);
    if (watched.buffer)
        give_back(watched.buffer + received.n, watched.buffer + SOCKET_BUFFER_BYTES);
    if (stack_end)
        give_back(stack_end, frame - FRAME_BYTES); /* with our own frame and those of the calls below it */
}

/* Waits for what the client sends next. A thread that waits for long keeps little. */
static int wait_for_input(struct pollfd *fd, int timeout_ms)
{
    if (!watched.rests && (timeout_ms < 0 || timeout_ms > IDLE_MS)) {
        int ready = system_poll(fd, 1, IDLE_MS);
        if (ready != 0)
            return ready;
        socket_rest();
        watched.rests = true;
        timeout_ms -= timeout_ms < 0 ? 0 : IDLE_MS;
    }
    return system_poll(fd, 1, timeout_ms);
}

/* What lies free between what is used stays with the heaps, much of it after many requests at once: given back where nobody came meanwhile. */
static void trim_heaps(void)
{
    static int64_t next_ns;
    int64_t now = clock_ns(), due = __atomic_load_n(&next_ns, __ATOMIC_RELAXED);

    if (now >= due && __atomic_compare_exchange_n(&next_ns, &due, now + TRIM_NS, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        malloc_trim(0);
}

static int wait_for_clients(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    int ready = system_poll(fds, n, timeout_ms < 0 || timeout_ms > LISTEN_MS ? LISTEN_MS : timeout_ms);

    if (ready == 0)
        trim_heaps();
    return ready;
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
    if (listens)
        return wait_for_clients(fds, n, timeout_ms);
    if (watched.expected && n == 1) {
        watched.expected = false;
        watched.fd = fds[0].fd;
    }
    if (n != 1 || fds[0].fd != watched.fd)
        return system_poll(fds, n, timeout_ms);
    if (watched.deadline_ns) {
        int left_ms = clock_ms_until(watched.deadline_ns);
        if (left_ms == 0 && (watched.buffer || system_poll(fds, n, 0) <= 0)) /* what came first came in time: this thread may be late itself */
            return give_up(fds);
        timeout_ms = timeout_ms < 0 || timeout_ms > left_ms ? left_ms : timeout_ms;
    }
    return fds[0].events & POLLIN ? wait_for_input(fds, timeout_ms) : system_poll(fds, n, timeout_ms);
}

ssize_t watched_recv(int fd, void *p, size_t n, int flags)
{
    ssize_t got = recvfrom(fd, p, n, flags, NULL, NULL);

    if (fd == watched.fd && !watched.buffer)
        watched.buffer = p;
    if (fd == watched.fd)
        watched.rests = false;
    if (fd == watched.fd && got > 0)
        keep(p, (size_t)got);
    return got;
}

/* Without a descriptor civetweb would try again at once, and again, while who connects gets no answer. */
int watched_accept(int fd, struct sockaddr *address, socklen_t *bytes)
{
    if (listens)
        refill();
    int got = accept4(fd, address, bytes, 0);
    if (got >= 0 || !listens || (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM))
        return got;
    if (reserve.n > 0) {
        __atomic_store_n(&scarce, true, __ATOMIC_RELAXED);
        close(reserve.fds[--reserve.n]);
        got = accept4(fd, address, bytes, 0);
    }
    if (got < 0)
        system_poll(NULL, 0, SCARCE_MS);
    return got;
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
