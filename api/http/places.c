/* places.c: the places of requests at work, and the line before them. Knows nothing of requests. */
#include "http/places.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/clock.h"
#include "task/wait.h"

static const int64_t NS_PER_MS = 1000000, CALM_NS = 1000000000; /* the line opens again when nobody was refused for so long */

/* Who had a place already goes before those who come: what was received of it would be lost. */
enum rank { AGAIN, FIRST, RANKS };

/* Who waits, on its own stack. */
struct waiter {
    struct latch wake;
    bool placed; /* set before wake is released */
    struct waiter *next;
};

struct places {
    pthread_mutex_t lock; /* guards all below */
    int n, line_max, taken, wait_ms;
    struct line {
        struct waiter *first, **last;
        int waiting;
    } lines[RANKS];
    int64_t closed_until_ns; /* the line of those who come */
};

struct places *places_new(int n, int line_max, int wait_ms)
{
    struct places *places = calloc(1, sizeof *places);

    if (!places)
        return NULL;
    pthread_mutex_init(&places->lock, NULL);
    places->n = n;
    places->line_max = line_max;
    places->wait_ms = wait_ms;
    for (int i = 0; i < RANKS; i++)
        places->lines[i].last = &places->lines[i].first;
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
    struct line *line = places->lines[AGAIN].first ? &places->lines[AGAIN] : &places->lines[FIRST];
    struct waiter *first = line->first;

    if (!first)
        return NULL;
    line->first = first->next;
    if (!line->first)
        line->last = &line->first;
    line->waiting--;
    return first;
}

/* Leaves the line; false when it was taken out of it meanwhile. */
static bool leave_line(struct line *line, struct waiter *waiter)
{
    struct waiter **at = &line->first;

    while (*at && *at != waiter)
        at = &(*at)->next;
    if (!*at)
        return false;
    *at = waiter->next;
    if (line->last == &waiter->next)
        line->last = at;
    line->waiting--;
    return true;
}

static bool wait_in_line(struct places *places, struct line *line, struct waiter *waiter, int64_t until_ns)
{
    if (!latch_await(&waiter->wake, until_ns)) {
        pthread_mutex_lock(&places->lock);
        bool left = leave_line(line, waiter);
        if (left)
            places->closed_until_ns = clock_ns() + CALM_NS;
        pthread_mutex_unlock(&places->lock);
        if (!left)
            latch_await(&waiter->wake, INT64_MAX);
    }
    latch_done(&waiter->wake);
    return waiter->placed;
}

/* Ends a line. Those in it, whom this gives, are to be told without the lock. */
static struct waiter *close_line(struct places *places, enum rank rank)
{
    struct line *line = &places->lines[rank];
    struct waiter *refused = line->first;

    places->closed_until_ns = clock_ns() + CALM_NS;
    line->first = NULL;
    line->last = &line->first;
    line->waiting = 0;
    return refused;
}

/* None of them has a place. */
static void send_away(struct waiter *refused)
{
    for (struct waiter *next; refused; refused = next) {
        next = refused->next; /* it is gone once it wakes */
        latch_release(&refused->wake);
    }
}

/* Whether somebody of this rank may wait; else others are counted as refused. */
static bool may_wait(struct places *places, enum rank rank, int64_t now)
{
    bool may = places->wait_ms > 0 && (rank == AGAIN || now >= places->closed_until_ns);

    if (!may)
        places->closed_until_ns = now + CALM_NS;
    return may;
}

static bool take_place(struct places *places, enum rank rank)
{
    struct waiter waiter = {.placed = false}, *refused = NULL;
    struct line *line = &places->lines[rank];
    bool waits = false, placed = false;

    pthread_mutex_lock(&places->lock);
    int64_t now = clock_ns(), until = now + places->wait_ms * NS_PER_MS;
    if (places->taken < places->n) {
        places->taken++;
        placed = true;
    } else if (rank == FIRST && line->waiting >= places->line_max) {
        refused = close_line(places, FIRST);
    } else if (may_wait(places, rank, now)) {
        latch_init(&waiter.wake);
        *line->last = &waiter;
        line->last = &waiter.next;
        line->waiting++;
        waits = true;
    }
    pthread_mutex_unlock(&places->lock);
    send_away(refused);
    return waits ? wait_in_line(places, line, &waiter, until) : placed;
}

bool places_take(struct places *places)
{
    return take_place(places, FIRST);
}

bool places_take_again(struct places *places)
{
    return take_place(places, AGAIN);
}

void places_leave(struct places *places)
{
    pthread_mutex_lock(&places->lock);
    struct waiter *next = take_first(places);
    if (next)
        next->placed = true;
    else
        places->taken--;
    pthread_mutex_unlock(&places->lock);
    if (next)
        latch_release(&next->wake);
}

void places_crowded(struct places *places)
{
    struct waiter *refused = NULL;

    pthread_mutex_lock(&places->lock);
    if (places->lines[FIRST].first)
        refused = close_line(places, FIRST);
    pthread_mutex_unlock(&places->lock);
    send_away(refused);
}

void places_close(struct places *places)
{
    struct waiter *refused[RANKS];

    pthread_mutex_lock(&places->lock);
    places->wait_ms = 0;
    for (enum rank rank = 0; rank < RANKS; rank++)
        refused[rank] = close_line(places, rank);
    pthread_mutex_unlock(&places->lock);
    for (enum rank rank = 0; rank < RANKS; rank++)
        send_away(refused[rank]);
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
    *ret_waiting = places->lines[FIRST].waiting + places->lines[AGAIN].waiting;
    pthread_mutex_unlock(&places->lock);
}
