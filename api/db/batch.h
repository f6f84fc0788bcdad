/* batch.h: scripts that share a connection and a send, each its own transaction. Private to api/db.
 * Knows nothing of who waits for them. */
#ifndef DB_BATCH_H
#define DB_BATCH_H

#include "db/script.h"

enum { BATCH_MAX = 16 };

/* Carries out the n scripts (at most BATCH_MAX) in their order on an open connection that is the caller's. As soon as the
 * fate of scripts[i] is known, which fills its results and failure, decided(to, i) is called, and the script is not touched
 * any more. A script whose deadline comes is told so then, while the others go on. */
void batch_run(struct db_conn *conn, struct db_script **scripts, size_t n, void (*decided)(void *to, size_t i), void *to);

#endif
