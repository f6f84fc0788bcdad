/* wait.h: waiting for others. In a task the thread goes on with other tasks meanwhile; in a plain thread it sleeps. */
#ifndef TASK_WAIT_H
#define TASK_WAIT_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

struct task;

/* Is released once, by anybody, for the one who made it and waits. May lie on that one's stack, who must not leave before it is released, or can
 * no longer be. */
struct latch {
    struct task *task; /* NULL: of a plain thread */
    bool released;
    sem_t posted; /* where it is of a plain thread; */
    bool told;    /* and what was done before that is seen then */
};

void latch_init(struct latch *latch);
void latch_done(struct latch *latch);

/* Until it is released; false when until_ns (clock_ns; INT64_MAX never) came first. Once released it stays so. */
bool latch_await(struct latch *latch, int64_t until_ns);
void latch_release(struct latch *latch);

/* Those who wait until something has changed that a mutex guards, like a condition variable. Zero before use; all with the mutex held. */
struct condition {
    struct condition_waiter *first;
};

/* False when until_ns came first. */
bool condition_wait(struct condition *condition, pthread_mutex_t *lock, int64_t until_ns);
void condition_broadcast(struct condition *condition);

/* Until the descriptor is ready (POLLIN, POLLOUT, or both: any of them), or has failed; false when until_ns came first. */
bool wait_descriptor(int fd, short events, int64_t until_ns);

/* Returns when work(with) has: done by a thread of its own where this is a task, so that what it waits for in its own way, or calculates for long,
 * holds up nobody else. */
void wait_aside(void (*work)(void *with), void *with);

#endif
