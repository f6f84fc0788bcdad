/* script.h: whole transactions handed to the pool at once, which is cheaper than lending a connection: those that wait share
 * a connection and a send. */
#ifndef DB_SCRIPT_H
#define DB_SCRIPT_H

#include "db/db.h"

enum { DB_SCRIPT_MAX = 24 };

/* A statement whose transaction waits for the disk: what was committed before is then durable, whoever did it. It writes a message to
 * nobody, 40 bytes of the log, since a transaction that writes nothing does not wait. Whoever may connect may do it. */
#define DB_FLUSH "select pg_logical_emit_message(true, 'cpwg', '')"

/* A whole transaction in which nothing is to be decided between the statements. The caller sets the first five; the queries'
 * types, values and texts must live until db_run returns. */
struct db_script {
    struct db_query queries[DB_SCRIPT_MAX];
    size_t n;
    int64_t deadline_ns;      /* clock_ns */
    bool writes;              /* as db_writes */
    struct db_query deferred; /* of one that writes: takes the place of the first query, and sets synchronous_commit off for the transaction,
                                 where others that go with it write, too, and one waits for the disk for all; no text: it never does */
    struct db_result *results[DB_SCRIPT_MAX]; /* one for each query, when it committed */
    size_t n_results;
    struct error failure; /* the first; ERR_NONE when it committed */
};

/* Carries out a script on any connection of the pool and waits for its end; true when it committed. Scripts that wait at the same
 * time may share a connection and a send, never a transaction: each has a Sync of its own. Errors are those of db_lend and
 * db_next. End with db_script_done, whatever happened. */
bool db_run(struct db_pool *pool, struct db_script *script, struct error *err);

/* Frees the results; the script may be filled again. */
void db_script_done(struct db_script *script);

#endif
