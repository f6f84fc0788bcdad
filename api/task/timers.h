/* timers.h: what is to happen at a time, earliest first: a binary heap. Not for several threads. */
#ifndef TASK_TIMERS_H
#define TASK_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Owned by who sets it; zero before it is first set. Must be cancelled before its memory goes. */
struct timer {
    void (*fire)(struct timer *timer); /* it is not set any more then */
    int64_t at_ns;                     /* clock_ns */
    size_t place;                      /* in the heap, from 1; 0: not set */
};

struct timers {
    struct timer **heap; /* from 1 on */
    size_t n, capacity;
};

/* Makes room for n that are set at once; false where there is no memory, and nothing changed. */
bool timers_reserve(struct timers *timers, size_t n);
void timers_done(struct timers *timers);

/* Sets it anew, whether it was set or not. There must be room. */
void timer_set(struct timers *timers, struct timer *timer, int64_t at_ns);
void timer_cancel(struct timers *timers, struct timer *timer);

/* Fires those whose time has come. */
void timers_fire(struct timers *timers, int64_t now_ns);

/* When the first is due; INT64_MAX without any. */
int64_t timers_next(const struct timers *timers);

#endif
