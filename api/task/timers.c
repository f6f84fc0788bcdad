/* timers.c: a binary heap (Williams 1964, Algorithm 232) whose elements know their places. Knows nothing of clocks. */
#include "task/timers.h"

#include <assert.h>
#include <stdlib.h>

bool timers_reserve(struct timers *timers, size_t n)
{
    size_t capacity = timers->capacity ? timers->capacity : 64;

    if (n < timers->capacity)
        return true;
    while (capacity <= n)
        capacity *= 2;
    struct timer **heap = realloc(timers->heap, capacity * sizeof(struct timer *));
    if (!heap)
        return false;
    timers->heap = heap;
    timers->capacity = capacity;
    return true;
}

void timers_done(struct timers *timers)
{
    free(timers->heap);
    *timers = (struct timers){0};
}

static void put(struct timers *timers, size_t place, struct timer *timer)
{
    timers->heap[place] = timer;
    timer->place = place;
}

static void rise(struct timers *timers, struct timer *timer)
{
    size_t place = timer->place;

    for (; place > 1 && timers->heap[place / 2]->at_ns > timer->at_ns; place /= 2)
        put(timers, place, timers->heap[place / 2]);
    put(timers, place, timer);
}

static void sink(struct timers *timers, struct timer *timer)
{
    size_t place = timer->place;

    for (size_t child; (child = place * 2) <= timers->n; place = child) {
        if (child < timers->n && timers->heap[child + 1]->at_ns < timers->heap[child]->at_ns)
            child++;
        if (timers->heap[child]->at_ns >= timer->at_ns)
            break;
        put(timers, place, timers->heap[child]);
    }
    put(timers, place, timer);
}

void timer_set(struct timers *timers, struct timer *timer, int64_t at_ns)
{
    if (timer->place == 0) {
        assert(timers->n + 1 < timers->capacity);
        put(timers, ++timers->n, timer);
    }
    timer->at_ns = at_ns;
    rise(timers, timer);
    sink(timers, timer);
}

void timer_cancel(struct timers *timers, struct timer *timer)
{
    size_t place = timer->place;

    if (place == 0)
        return;
    timer->place = 0;
    struct timer *last = timers->heap[timers->n--];
    if (last == timer)
        return;
    put(timers, place, last);
    rise(timers, last);
    sink(timers, last);
}

void timers_fire(struct timers *timers, int64_t now_ns)
{
    while (timers->n > 0 && timers->heap[1]->at_ns <= now_ns) {
        struct timer *timer = timers->heap[1];
        timer_cancel(timers, timer);
        timer->fire(timer);
    }
}

int64_t timers_next(const struct timers *timers)
{
    return timers->n > 0 ? timers->heap[1]->at_ns : INT64_MAX;
}
