/* loop.c: tasks, and the thread that runs them (epoll(7)). Knows nothing of what they do. */
#include "task/loop.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "task/stack.h"

enum { EVENTS_MAX = 256, WARM_STACKS = 64 };
static const int64_t IDLE_NS = 20000000, UNWATCHED_NS = 10000000;

enum task_state { ENDED, READY, RUNNING, PARKED };

struct task {
    struct loop *loop;
    struct stack *stack; /* while it is at work */
    enum task_state state;
    bool woken; /* while it was not parked */
    struct timer timer;
    struct poller descriptor; /* that it waits for: */
    bool descriptor_ready;
    struct job wake;  /* by another thread, */
    bool wake_posted; /* who changes this with __atomic builtins */
    void (*run)(void *with), (*cannot)(void *with);
    void *with;
    struct task *next; /* of those that are ready, or have ended */
};

struct loop {
    int epoll_fd, poke_fd;
    struct poller poke;
    struct task *ready, **last_ready;
    struct task *ended;
    int n_tasks, n_all;
    struct stack *warm[WARM_STACKS]; /* that no task uses */
    int n_warm;
    size_t other_timers;
    struct timers timers;
    int64_t (*idle)(void *with);
    void *with;
    int64_t now_ns;     /* when it last looked what is ready */
    int64_t idle_at_ns; /* when it is called next, if nothing happens */
    bool stopping;
    pthread_mutex_t lock; /* guards: */
    struct job *jobs, **last_job;
    bool asleep;
};

static _Thread_local struct loop *current;
static _Thread_local struct task *running;

static void poked(struct poller *poller, uint32_t events)
{
    struct loop *loop = HOLDER_OF(struct loop, poke, poller);
    uint64_t pokes;

    (void)events;
    if (read(loop->poke_fd, &pokes, sizeof pokes) < 0)
        assert(errno == EAGAIN || errno == EINTR);
}

struct loop *loop_new(int64_t (*idle)(void *with), void *with)
{
    struct loop *loop = calloc(1, sizeof *loop);

    if (!loop)
        return NULL;
    loop->idle = idle;
    loop->with = with;
    loop->last_ready = &loop->ready;
    loop->last_job = &loop->jobs;
    loop->poke.ready = poked;
    pthread_mutex_init(&loop->lock, NULL);
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    loop->poke_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (loop->epoll_fd < 0 || loop->poke_fd < 0 || !timers_reserve(&loop->timers, 1) ||
        !loop_watch(loop, loop->poke_fd, EPOLLIN, &loop->poke)) {
        loop_free(loop);
        return NULL;
    }
    return loop;
}

static void free_tasks(struct task *task)
{
    for (struct task *next; task; task = next) {
        next = task->next;
        free(task);
    }
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    assert(loop->n_tasks == 0);
    free_tasks(loop->ended);
    while (loop->n_warm > 0)
        stack_free(loop->warm[--loop->n_warm]);
    if (loop->epoll_fd >= 0)
        close(loop->epoll_fd);
    if (loop->poke_fd >= 0)
        close(loop->poke_fd);
    timers_done(&loop->timers);
    pthread_mutex_destroy(&loop->lock);
    free(loop);
}

void loop_post(struct loop *loop, struct job *job)
{
    pthread_mutex_lock(&loop->lock);
    job->next = NULL;
    *loop->last_job = job;
    loop->last_job = &job->next;
    bool asleep = loop->asleep;
    loop->asleep = false;
    pthread_mutex_unlock(&loop->lock);
    if (asleep && write(loop->poke_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
        assert(errno == EAGAIN);
}

static void make_ready(struct task *task)
{
    struct loop *loop = task->loop;

    task->state = READY;
    task->next = NULL;
    *loop->last_ready = task;
    loop->last_ready = &task->next;
}

/* In the task's loop. */
static void wake(struct task *task)
{
    task->woken = true;
    if (task->state != PARKED)
        return;
    timer_cancel(&task->loop->timers, &task->timer);
    make_ready(task);
}

static void time_came(struct timer *timer)
{
    wake(HOLDER_OF(struct task, timer, timer));
}

static void descriptor_ready(struct poller *poller, uint32_t events)
{
    struct task *task = HOLDER_OF(struct task, descriptor, poller);

    (void)events;
    task->descriptor_ready = true;
    wake(task);
}

static void wake_came(struct job *job)
{
    struct task *task = HOLDER_OF(struct task, wake, job);

    __atomic_store_n(&task->wake_posted, false, __ATOMIC_RELEASE);
    wake(task);
}

void task_wake(struct task *task)
{
    if (task->loop == current)
        wake(task);
    else if (!__atomic_exchange_n(&task->wake_posted, true, __ATOMIC_ACQ_REL))
        loop_post(task->loop, &task->wake);
}

struct task *task_self(void)
{
    return running;
}

/* Back to the loop, until it is this task's turn again. */
static void leave(struct task *task)
{
    stack_leave(task->stack);
    task->state = RUNNING;
}

void task_park(int64_t until_ns)
{
    struct task *task = running;

    assert(task);
    if (!task->woken) {
        task->state = PARKED;
        if (until_ns != INT64_MAX)
            timer_set(&task->loop->timers, &task->timer, until_ns);
        leave(task);
    }
    task->woken = false;
}

void task_yield(void)
{
    if (!running)
        return;
    make_ready(running);
    leave(running);
}

/* A descriptor stays known to epoll from one wait to the next, told of once each time. */
static bool watch_once(struct loop *loop, int fd, uint32_t events, struct poller *poller)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.ptr = poller};

    return epoll_ctl(loop->epoll_fd, EPOLL_CTL_MOD, fd, &event) == 0 ||
           (errno == ENOENT && epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0);
}

bool task_await(int fd, uint32_t events, int64_t until_ns)
{
    struct task *task = running;

    assert(task);
    task->descriptor_ready = false;
    if (!watch_once(task->loop, fd, events, &task->descriptor)) {
        task_park(clock_ns() + UNWATCHED_NS); /* who asks again at once would keep all others waiting */
        return false;
    }
    while (!task->descriptor_ready && clock_ns() < until_ns)
        task_park(until_ns);
    if (!task->descriptor_ready)
        loop_forget(task->loop, fd);
    return task->descriptor_ready;
}

/* One task after the other, on the same stack. */
static void live(void *with)
{
    (void)with;
    for (;;) {
        running->run(running->with);
        running->state = ENDED;
        stack_leave(running->stack);
    }
}

static struct task *task_new(struct loop *loop)
{
    if (!timers_reserve(&loop->timers, loop->other_timers + (size_t)loop->n_all + 1))
        return NULL;
    struct task *task = calloc(1, sizeof *task);
    if (!task)
        return NULL;
    task->loop = loop;
    task->timer.fire = time_came;
    task->descriptor.ready = descriptor_ready;
    task->wake.run = wake_came;
    loop->n_all++;
    return task;
}

/* The task stays for those who wake it late. */
static void put_back(struct task *task)
{
    struct loop *loop = task->loop;

    if (loop->n_warm < WARM_STACKS && task->stack)
        loop->warm[loop->n_warm++] = task->stack;
    else
        stack_free(task->stack);
    task->stack = NULL;
    task->state = ENDED;
    task->next = loop->ended;
    loop->ended = task;
    loop->n_tasks--;
}

bool loop_start(struct loop *loop, void (*run)(void *with), void (*cannot)(void *with), void *with)
{
    struct task *task = loop->ended ? loop->ended : task_new(loop);

    if (!task)
        return false;
    if (task == loop->ended)
        loop->ended = task->next;
    task->run = run;
    task->cannot = cannot;
    task->with = with;
    task->woken = false;
    loop->n_tasks++;
    make_ready(task);
    return true;
}

/* Until it waits or ends. A task gets its stack when it begins: those that end without having waited share one. */
static void resume(struct task *task)
{
    struct loop *loop = task->loop;

    if (!task->stack)
        task->stack = loop->n_warm > 0 ? loop->warm[--loop->n_warm] : stack_new(live, NULL);
    if (task->stack) {
        running = task;
        task->state = RUNNING;
        stack_enter(task->stack);
        running = NULL;
    } else {
        task->cannot(task->with);
        task->state = ENDED;
    }
    if (task->state == ENDED)
        put_back(task);
}

/* Those that are ready now, once each. */
static void run_ready(struct loop *loop)
{
    struct task *task = loop->ready;

    loop->ready = NULL;
    loop->last_ready = &loop->ready;
    for (struct task *next; task; task = next) {
        next = task->next;
        resume(task);
    }
}

static void run_jobs(struct loop *loop)
{
    pthread_mutex_lock(&loop->lock);
    struct job *job = loop->jobs;
    loop->jobs = NULL;
    loop->last_job = &loop->jobs;
    loop->asleep = false;
    pthread_mutex_unlock(&loop->lock);
    for (struct job *next; job; job = next) {
        next = job->next;
        job->run(job);
    }
}

static bool is_over(const struct loop *loop)
{
    return loop->n_tasks == 0 && __atomic_load_n(&loop->stopping, __ATOMIC_ACQUIRE);
}

/* Whether it may wait: from now on it is poked for a job. */
static bool fall_asleep(struct loop *loop)
{
    if (loop->ready || is_over(loop))
        return false;
    pthread_mutex_lock(&loop->lock);
    bool asleep = loop->asleep = loop->jobs == NULL;
    pthread_mutex_unlock(&loop->lock);
    return asleep;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Nothing has happened for a while. */
static void rest(struct loop *loop)
{
    for (int i = 0; i < loop->n_warm; i++)
        stack_trim(loop->warm[i]);
    loop->idle_at_ns = loop->idle ? loop->idle(loop->with) : INT64_MAX;
}

/* What became ready; waits where nothing can go on. */
static int wait(struct loop *loop, struct epoll_event *events)
{
    int64_t until_ns = earlier(timers_next(&loop->timers), loop->idle_at_ns);
    int ms = !fall_asleep(loop) ? 0 : until_ns == INT64_MAX ? -1 : clock_ms_until(until_ns);
    int n = epoll_wait(loop->epoll_fd, events, EVENTS_MAX, ms);

    loop->now_ns = clock_ns();
    if (n > 0)
        loop->idle_at_ns = loop->now_ns + IDLE_NS;
    else if (loop->now_ns >= loop->idle_at_ns && !loop->ready)
        rest(loop);
    return n;
}

void loop_run(struct loop *loop)
{
    struct epoll_event events[EVENTS_MAX];

    current = loop;
    while (!is_over(loop)) {
        run_ready(loop);
        run_jobs(loop);
        int n = wait(loop, events);
        for (int i = 0; i < n; i++) {
            struct poller *poller = events[i].data.ptr;
            poller->ready(poller, events[i].events);
        }
        timers_fire(&loop->timers, loop->now_ns);
    }
    run_jobs(loop);
    current = NULL;
}

void loop_stop(struct loop *loop)
{
    __atomic_store_n(&loop->stopping, true, __ATOMIC_RELEASE);
    if (write(loop->poke_fd, &(uint64_t){1}, sizeof(uint64_t)) < 0)
        assert(errno == EAGAIN);
}

bool loop_watch(struct loop *loop, int fd, uint32_t events, struct poller *poller)
{
    struct epoll_event event = {.events = events, .data.ptr = poller};
    return epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

void loop_forget(struct loop *loop, int fd)
{
    epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

bool loop_reserve_timers(struct loop *loop, size_t n)
{
    if (!timers_reserve(&loop->timers, n + (size_t)loop->n_all))
        return false;
    loop->other_timers = n;
    return true;
}

void loop_set_timer(struct loop *loop, struct timer *timer, int64_t at_ns)
{
    timer_set(&loop->timers, timer, at_ns);
}

void loop_cancel_timer(struct loop *loop, struct timer *timer)
{
    timer_cancel(&loop->timers, timer);
}
