/* loop.h: many ways through the program at once on few threads. A task is a function with a stack of its own that runs until it waits (wait.h);
 * a loop is a thread that runs tasks, one at a time, and waits for descriptors and times where none can go on. Thousands of connections
 * then cost no threads, and what becomes ready together is done together, without the system's scheduler between. */
#ifndef TASK_LOOP_H
#define TASK_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "task/timers.h"

struct loop;
struct task;

/* What a pointer to its member belongs to. */
#define HOLDER_OF(type, member, pointer) ((type *)(void *)((char *)(pointer) - offsetof(type, member)))

/* Who is told that a descriptor is ready. events: EPOLLIN and so on. */
struct poller {
    void (*ready)(struct poller *poller, uint32_t events);
};

/* What a loop is asked to do by other threads. Must live until it has run. */
struct job {
    void (*run)(struct job *job);
    struct job *next;
};

/* idle: called when nothing has happened for a fiftieth of a second, and gives when (clock_ns) it is to be called again if nothing happens until
 * then, INT64_MAX for never; may be NULL. NULL where memory or descriptors were refused. */
struct loop *loop_new(int64_t (*idle)(void *with), void *with);

/* No task may be left. Accepts NULL. */
void loop_free(struct loop *loop);

/* Runs in this thread until loop_stop was called and no task is left. */
void loop_run(struct loop *loop);

/* From any thread. Tasks that have begun go on to their end. */
void loop_stop(struct loop *loop);

/* From any thread: has the loop run the job soon, outside of tasks. */
void loop_post(struct loop *loop, struct job *job);

/* All that follow: in the loop's own thread. */

/* Has run(with) begin soon as a task; or cannot(with), outside of tasks, where there is no memory then. False where there is none now. */
bool loop_start(struct loop *loop, void (*run)(void *with), void (*cannot)(void *with), void *with);

/* Watches fd for events (EPOLLIN ...), told as they change (EPOLLET) or as long as they hold, until it is closed or forgotten. */
bool loop_watch(struct loop *loop, int fd, uint32_t events, struct poller *poller);
void loop_forget(struct loop *loop, int fd);

/* Room for so many timers besides those of tasks. False where there is no memory. */
bool loop_reserve_timers(struct loop *loop, size_t n);
void loop_set_timer(struct loop *loop, struct timer *timer, int64_t at_ns);
void loop_cancel_timer(struct loop *loop, struct timer *timer);

/* The task that runs in this thread; NULL where none does. Lives as long as its loop, so that waking one that has ended does no harm. */
struct task *task_self(void);

/* Waits until somebody wakes it or until_ns (clock_ns) has come; INT64_MAX never does. May also return for no reason: look again what was waited
 * for. Only in a task. */
void task_park(int64_t until_ns);

/* From any thread. One that is not parked does not wait the next time. */
void task_wake(struct task *task);

/* Lets all others go on that can, and looks once for what has become ready. Nothing outside of tasks. */
void task_yield(void);

/* Until fd is ready for events (EPOLLIN, EPOLLOUT); false when until_ns came first or it cannot be watched. Only in a task. */
bool task_await(int fd, uint32_t events, int64_t until_ns);

#endif
