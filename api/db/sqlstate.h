/* sqlstate.h: from PostgreSQL's error codes to ours. A table; adding one is adding a row. */
#ifndef DB_SQLSTATE_H
#define DB_SQLSTATE_H

#include "base/error.h"

/* The SQLSTATEs that our own functions and triggers raise; class CW is ours. DETAIL of these is safe to show. */
#define SQLSTATE_TRANSITION "CW001"           /* DETAIL: legal next states, comma-separated */
#define SQLSTATE_IDEMPOTENCY_RUNNING "CW002"
#define SQLSTATE_IDEMPOTENCY_REUSED "CW003"
#define SQLSTATE_IDEMPOTENCY_DONE "CW004"     /* DETAIL: id of the record made then */
#define SQLSTATE_NOT_FOUND "CW005"
#define SQLSTATE_FORBIDDEN "CW006"
#define SQLSTATE_TOO_OFTEN "CW007"            /* DETAIL: seconds until it may be tried again */
#define SQLSTATE_CONFLICT "CW008"             /* DETAIL: what conflicts, safe to show */
#define SQLSTATE_UNLINKABLE "CW009"
#define SQLSTATE_LACKING "CW010"              /* a right is missing that is not the caller's, such as to write the audit */

/* Fills err. constraint: name of the violated constraint (unique -> ERR_CONFLICT, foreign key -> ERR_REFERENCE with the
 * constraint's name), detail: DETAIL of the report. CW004 is ERR_REPLAY with the stored id. What asks to be tried again
 * (locks, deadlocks, serialization) is ERR_OVERLOADED. Unknown states are ERR_INTERNAL; the argument of errors that
 * show none to clients is the state and the constraint, for the log. Never the server's message: it may quote values. */
void sqlstate_error(struct str sqlstate, struct str constraint, struct str detail, struct error *err);

/* Whether a connection that reported this must be replaced: read-only server, prepared statement gone or outdated. */
bool sqlstate_spoils(struct str sqlstate);

#endif
