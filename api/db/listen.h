/* listen.h: a connection of its own that hears what transactions, anybody's, tell with NOTIFY once they have committed. */
#ifndef DB_LISTEN_H
#define DB_LISTEN_H

#include "db/db.h"

struct db_listener;

enum db_hearing {
    DB_HEARS, /* from now on every notification is told; those before were not */
    DB_HEARD, /* some have come */
    DB_DEAF,  /* from now on, or since some seconds, none is told: the server cannot be reached */
};

struct db_listener_options {
    const char *conninfo, *channel; /* the channel: letters and underscores */
    void (*tell)(void *to, enum db_hearing hearing); /* called by the listener's thread */
    void *to;
};

/* Starts a thread that connects by itself, now or when the database is there, and again when the connection is lost.
 * ERR_STARTUP. End with db_listener_stop. */
bool db_listener_start(const struct db_listener_options *options, struct db_listener **ret, struct error *err);

/* Ends the thread and frees. Accepts NULL. */
void db_listener_stop(struct db_listener *listener);

#endif
