/* places.c: the places of requests at work, and the line before them. Knows nothing of requests. */
#include "http/places.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"

static const int64_t NS_PER_MS = 1000000, CALM_NS = 1000000000, /* the line opens again when nobody was refused for so long */
    REST_NS = 25000000;

/* Who waits, on its own stack. */
struct waiter {
    sem_t wake;
    bool placed; /* set before wake is posted */
    struct waiter *next;
};

struct places {
    pthread_mutex_t lock; /* guards all below */
    int n, taken, waiting, wait_ms;
    void (*rest)(void);
    struct waiter *first, **last;
    int64_t closed_until_ns; /* the line */
};

struct places *places_new(int n, int wait_ms, void (*rest)(void))
{
    struct places *places = calloc(1, sizeof *places);

    if (!places)
        return NULL;
    pthread_mutex_init(&places->lock, NULL);
    places->n = n;
    places->wait_ms = wait_ms;
    places->rest = rest;
    places->last = &places->first;
    return places;
}

void places_free(struct places *places)
{
    if (!places)
        return;
    pthread_mutex_destroy(&places->lock);
    free(places);
}

static struct waiter *take_first(struct places *places)
{
    struct waiter *first = places->first;

    places->first = first->next;
    if (!places->first)
        places->last = &places->first;
    places->waiting--;
    return first;
}

/* Leaves the line; false when it was taken out of it meanwhile. */
static bool leave_line(struct places *places, struct waiter *waiter)
{
    struct waiter **at = &places->first;

    while (*at && *at != waiter)
        at = &(*at)->next;
    if (!*at)
        return false;
    *at = waiter->next;
    if (places->last == &waiter->next)
        places->last = at;
    places->waiting--;
    return true;
}

static bool wait_in_line(struct places *places, struct waiter *waiter, int64_t until_ns)
{
    int64_t rest_ns = clock_ns() + REST_NS;
    bool woken = rest_ns < until_ns && clock_await(&waiter->wake, rest_ns);

    if (!woken && rest_ns < until_ns)
        places->rest();
    if (!woken && !clock_await(&waiter->wake, until_ns)) {
        pthread_mutex_lock(&places->lock);
        bool left = leave_line(places, waiter);
        if (left)
            places->closed_until_ns = clock_ns() + CALM_NS;
        pthread_mutex_unlock(&places->lock);
        while (!left && sem_wait(&waiter->wake) != 0)
            ; /* interrupted */
    }
    sem_destroy(&waiter->wake);
    return waiter->placed;
}

bool places_take(struct places *places)
{
    struct waiter waiter = {.placed = false};
    bool waits = false, placed = false;

    pthread_mutex_lock(&places->lock);
    int64_t now = clock_ns(), until = now + places->wait_ms * NS_PER_MS;
    if (places->taken < places->n) {
        places->taken++;
        placed = true;
    } else if (now < places->closed_until_ns || places->wait_ms == 0) {
        places->closed_until_ns = now + CALM_NS;
    } else {
        sem_init(&waiter.wake, 0, 0);
        *places->last = &waiter;
        places->last = &waiter.next;
        places->waiting++;
        waits = true;
    }
    pthread_mutex_unlock(&places->lock);
    return waits ? wait_in_line(places, &waiter, until) : placed;
}

void places_leave(struct places *places)
{
    struct waiter *next = NULL;

    pthread_mutex_lock(&places->lock);
    if (places->first) {
        next = take_first(places);
        next->placed = true;
    } else {
        places->taken--;
    }
    pthread_mutex_unlock(&places->lock);
    if (next)
        sem_post(&next->wake);
}

void places_crowded(struct places *places)
{
    struct waiter *refused = NULL, *next;

    pthread_mutex_lock(&places->lock);
    if (places->first) {
        places->closed_until_ns = clock_ns() + CALM_NS;
        refused = places->first;
        places->first = NULL;
        places->last = &places->first;
        places->waiting = 0;
    }
    pthread_mutex_unlock(&places->lock);
    for (; refused; refused = next) {
        next = refused->next; /* it is gone once it wakes */
        sem_post(&refused->wake);
    }
}

bool places_are_short(struct places *places)
{
    pthread_mutex_lock(&places->lock);
    bool are_short = clock_ns() < places->closed_until_ns;
    pthread_mutex_unlock(&places->lock);
    return are_short;
}

void places_state(struct places *places, int *ret_waiting)
{
    pthread_mutex_lock(&places->lock);
    *ret_waiting = places->waiting;
    pthread_mutex_unlock(&places->lock);
}
