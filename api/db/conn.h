/* conn.h: what the pool needs of a connection. Private to api/db. */
#ifndef DB_CONN_H
#define DB_CONN_H

#include "db/wire.h"

/* A closed connection, or NULL when memory was refused. */
struct db_conn *conn_new(void);
void conn_free(struct db_conn *conn);

bool conn_is_open(const struct db_conn *conn);

/* Readies it for a caller whose work ends at deadline_ns. Where it lay idle, closes it when the server has closed its end
 * meanwhile, or has said nothing on it since doubted_ns (clock_ns) and does not when asked: then, and when it was closed before,
 * false; conn_open must follow. */
bool conn_take(struct db_conn *conn, int64_t deadline_ns, bool was_idle, int64_t doubted_ns);

/* Connects a closed one by connect_deadline_ns. ERR_DB_UNAVAILABLE. */
bool conn_open(struct db_conn *conn, struct wire_target *target, int64_t connect_deadline_ns, struct error *err);

/* Frees its results; closes it unless it is in order: idle, all that was sent answered. False when the server let a deadline pass. */
bool conn_release(struct db_conn *conn);

#endif
