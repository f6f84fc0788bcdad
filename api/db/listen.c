/* listen.c: listens, and asks every few seconds whether it still does, since a connection may be lost without a word. Knows
 * nothing of what is told. */
#include "db/listen.h"

#include "base/clock.h"
#include "db/wire.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { AGAIN_MS = 500 };

static const int64_t CONFIRM_EVERY_NS = INT64_C(5) * 1000 * 1000 * 1000, ANSWER_NS = INT64_C(5) * 1000 * 1000 * 1000;

struct db_listener {
    struct db_listener_options options;
    struct wire_target *target;
    char command[64]; /* LISTEN */
    int end;          /* eventfd: written once, when the thread is to end */
    pthread_t thread;
};

/* Waits so long at most; true when the thread is to end. */
static bool ends_within(const struct db_listener *listener, int ms)
{
    struct pollfd end = {.fd = listener->end, .events = POLLIN};
    return poll(&end, 1, ms) > 0;
}

/* Says that it listens. False when the server did not say so in time. */
static bool confirm(const struct db_listener *listener, struct wire *wire)
{
    int64_t deadline_ns = clock_ns() + ANSWER_NS;
    enum wire_outcome outcome;
    bool agreed = false;

    if (!wire_text(wire, listener->command) || !wire_sync(wire) || wire_flush(wire, deadline_ns) != WIRE_DONE)
        return false;
    do {
        struct db_result *result;
        outcome = wire_receive(wire, deadline_ns, &result);
        wire_free_result(result);
        agreed |= outcome == WIRE_DONE;
    } while (outcome == WIRE_DONE || outcome == WIRE_FAILED);
    return agreed && outcome == WIRE_SYNC;
}

/* Tells what comes until it is time to have that confirmed again; false when the connection is lost or the thread is to end. */
static bool hear(const struct db_listener *listener, struct wire *wire)
{
    int64_t until_ns = clock_ns() + CONFIRM_EVERY_NS;
    enum wire_outcome outcome;

    while ((outcome = wire_await_notice(wire, listener->end, until_ns)) == WIRE_DONE)
        listener->options.tell(listener->options.to, DB_HEARD);
    return outcome == WIRE_LATE;
}

/* One connection, from its first answer to its end. */
static void attend(const struct db_listener *listener, struct wire *wire)
{
    if (!confirm(listener, wire))
        return;
    listener->options.tell(listener->options.to, DB_HEARS);
    while (hear(listener, wire) && confirm(listener, wire))
        ;
    listener->options.tell(listener->options.to, DB_DEAF);
}

static void *listen_on(void *of)
{
    const struct db_listener *listener = of;
    struct wire wire = {0};
    struct error err;

    do {
        if (!wire_open(&wire, listener->target, clock_ns() + ANSWER_NS, &err))
            continue;
        attend(listener, &wire);
        wire_close(&wire);
    } while (!ends_within(listener, AGAIN_MS));
    return NULL;
}

static void listener_free(struct db_listener *listener)
{
    wire_target_free(listener->target);
    if (listener->end >= 0)
        close(listener->end);
    free(listener);
}

bool db_listener_start(const struct db_listener_options *options, struct db_listener **ret, struct error *err)
{
    struct db_listener *listener = calloc(1, sizeof *listener);

    if (!listener)
        return error_set(err, ERR_STARTUP, "the listener: no memory");
    listener->options = *options;
    snprintf(listener->command, sizeof listener->command, "listen %s", options->channel);
    listener->end = eventfd(0, EFD_CLOEXEC);
    if (!wire_target_new(options->conninfo, &listener->target, err)) {
        listener_free(listener);
        return false;
    }
    if (listener->end < 0 || pthread_create(&listener->thread, NULL, listen_on, listener) != 0) {
        listener_free(listener);
        return error_set(err, ERR_STARTUP, "the listener: no thread");
    }
    *ret = listener;
    return true;
}

void db_listener_stop(struct db_listener *listener)
{
    if (!listener)
        return;
    eventfd_write(listener->end, 1);
    pthread_join(listener->thread, NULL);
    listener_free(listener);
}
