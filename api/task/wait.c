/* wait.c: one way to wait for tasks and for plain threads. Knows nothing of what is waited for. */
#include "task/wait.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <time.h>

#include "base/clock.h"
#include "task/loop.h"

void latch_init(struct latch *latch)
{
    latch->task = task_self();
    latch->released = latch->told = false;
    if (!latch->task)
        sem_init(&latch->posted, 0, 0);
}

void latch_done(struct latch *latch)
{
    if (!latch->task)
        sem_destroy(&latch->posted);
}

static bool await_in_thread(struct latch *latch, int64_t until_ns)
{
    struct timespec until = {.tv_sec = until_ns / 1000000000, .tv_nsec = until_ns % 1000000000};
    int status = 0;

    do
        status = latch->released ? 0 : sem_clockwait(&latch->posted, CLOCK_MONOTONIC, &until);
    while (status != 0 && errno == EINTR);
    latch->released = status == 0 && __atomic_load_n(&latch->told, __ATOMIC_ACQUIRE);
    return latch->released;
}

bool latch_await(struct latch *latch, int64_t until_ns)
{
    if (!latch->task)
        return await_in_thread(latch, until_ns);
    while (!__atomic_load_n(&latch->released, __ATOMIC_ACQUIRE)) {
        if (until_ns != INT64_MAX && clock_ns() >= until_ns)
            return false;
        task_park(until_ns);
    }
    return true;
}

/* A latch of a task may be gone as soon as it is seen to be released. The task is not. */
void latch_release(struct latch *latch)
{
    struct task *task = latch->task;

    if (!task) {
        __atomic_store_n(&latch->told, true, __ATOMIC_RELEASE);
        sem_post(&latch->posted); /* not before may the waiter go */
        return;
    }
    __atomic_store_n(&latch->released, true, __ATOMIC_RELEASE);
    task_wake(task);
}

/* On the waiter's own stack. */
struct condition_waiter {
    struct latch latch;
    struct condition_waiter *next;
    bool told;
};

static void leave(struct condition *condition, const struct condition_waiter *waiter)
{
    struct condition_waiter **at = &condition->first;

    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
}

bool condition_wait(struct condition *condition, pthread_mutex_t *lock, int64_t until_ns)
{
    struct condition_waiter waiter = {.next = condition->first};

    latch_init(&waiter.latch);
    condition->first = &waiter;
    pthread_mutex_unlock(lock);
    latch_await(&waiter.latch, until_ns);
    pthread_mutex_lock(lock);
    if (!waiter.told)
        leave(condition, &waiter);
    latch_done(&waiter.latch);
    return waiter.told;
}

void condition_broadcast(struct condition *condition)
{
    struct condition_waiter *waiter = condition->first;

    condition->first = NULL;
    for (struct condition_waiter *next; waiter; waiter = next) {
        next = waiter->next;
        waiter->told = true;
        latch_release(&waiter->latch);
    }
}

static bool await_descriptor(int fd, short events, int64_t until_ns)
{
    struct pollfd polled = {.fd = fd, .events = events};

    while (clock_ms_until(until_ns) > 0) {
        int n = poll(&polled, 1, clock_ms_until(until_ns));
        if (n > 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
    }
    return false;
}

bool wait_descriptor(int fd, short events, int64_t until_ns)
{
    uint32_t wanted = (events & POLLIN ? (uint32_t)EPOLLIN : 0) | (events & POLLOUT ? (uint32_t)EPOLLOUT : 0);

    return task_self() ? task_await(fd, wanted, until_ns) : await_descriptor(fd, events, until_ns);
}

struct aside {
    void (*work)(void *with);
    void *with;
    struct latch done;
};

static void *work_aside(void *to)
{
    struct aside *aside = to;

    aside->work(aside->with);
    latch_release(&aside->done);
    return NULL;
}

void wait_aside(void (*work)(void *with), void *with)
{
    struct aside aside = {.work = work, .with = with};
    pthread_t thread;

    latch_init(&aside.done);
    if (!task_self() || pthread_create(&thread, NULL, work_aside, &aside) != 0) {
        work(with);
    } else {
        latch_await(&aside.done, INT64_MAX);
        pthread_join(thread, NULL);
    }
    latch_done(&aside.done);
}
