/* wire.h: one libpq connection in pipeline mode that never blocks past a deadline of clock_ns().
 * Knows nothing of transactions, statement keys or pools. */
#ifndef DB_WIRE_H
#define DB_WIRE_H

#include "db/db.h"

/* Where to connect and with which settings: a connection string, taken apart. Shared by threads. */
struct wire_target;

/* ERR_STARTUP when conninfo is no libpq connection string; its text is not shown, it may hold a password. */
bool wire_target_new(const char *conninfo, struct wire_target **ret, struct error *err);
void wire_target_free(struct wire_target *target);

struct wire {
    struct pg_conn *pg; /* libpq's; NULL while closed */
    bool moves;         /* it is one of several servers, that which took writes */
};

/* Connects within deadline_ns to the first host that answers and is what target_session_attrs asks for: of several hosts, unless it
 * says otherwise, the one that takes writes (read-write), beginning with the last that did. Each host gets its
 * share of the time, so that a frozen one does not hide those after it. ERR_DB_UNAVAILABLE tells why the last one failed.
 * (libpq looks up host names in DNS without a deadline: give addresses where DNS may fail.) */
bool wire_open(struct wire *wire, struct wire_target *target, int64_t deadline_ns, struct error *err);
void wire_close(struct wire *wire);

/* From now on appends to `kept` the query trees that the server prints in notices (debug_print_rewritten); with NULL, drops
 * them as it does all other notices. */
void wire_keep_trees(struct wire *wire, struct buf *kept);

/* Whether the server has sent nothing since the last result. What an idle server sends is its farewell. */
bool wire_is_quiet(const struct wire *wire);

/* Whether the server is outside a transaction (after a Sync). */
bool wire_is_idle(const struct wire *wire);

/* Whether it is one of several servers and has told that it takes no writes any more. */
bool wire_is_demoted(const struct wire *wire);

/* Queue one command each; false when the connection is gone. Name "" is the unnamed statement. */
bool wire_prepare(struct wire *wire, const char *name, const struct db_query *query);
bool wire_execute(struct wire *wire, const char *name, const struct db_query *query);
bool wire_describe(struct wire *wire, const char *name);
bool wire_text(struct wire *wire, const char *text);
bool wire_sync(struct wire *wire);
bool wire_ask_results(struct wire *wire);

/* Asks for the rows of the command whose result is due next one by one; false when it is too late for that. */
bool wire_single_rows(struct wire *wire);

enum wire_outcome {
    WIRE_DONE,    /* the result of one command */
    WIRE_ROW,     /* one row of a command that goes on */
    WIRE_FAILED,  /* the server's report of an error */
    WIRE_ABORTED, /* not carried out: a command before it failed */
    WIRE_SYNC,    /* the transaction has ended */
    WIRE_LOST,    /* the connection is gone */
    WIRE_LATE,    /* the deadline passed */
};

/* Sends what is queued, reading meanwhile so that the server never waits for us. WIRE_DONE, WIRE_LOST or WIRE_LATE. */
enum wire_outcome wire_flush(struct wire *wire, int64_t deadline_ns);

/* Whether wire_receive would have to wait. */
bool wire_is_busy(const struct wire *wire);

/* Waits until wire_receive would not: WIRE_DONE, WIRE_LOST or WIRE_LATE. */
enum wire_outcome wire_await(struct wire *wire, int64_t deadline_ns);

/* Waits for the next result. *ret is NULL for WIRE_LOST and WIRE_LATE, else to be freed with wire_free_result. */
enum wire_outcome wire_receive(struct wire *wire, int64_t deadline_ns, struct db_result **ret);
void wire_free_result(struct db_result *result);

/* Waits between transactions until the server has told of a NOTIFY (LISTEN), and takes all that it told: WIRE_DONE; WIRE_LATE at
 * the deadline; WIRE_LOST, also as soon as the descriptor `end` can be read. */
enum wire_outcome wire_await_notice(struct wire *wire, int end, int64_t deadline_ns);

/* Why the connection is gone, on one line, for the log. */
void wire_reason(const struct wire *wire, char *text, size_t size);

/* What a WIRE_FAILED says. Lives as long as the result; parts that it lacks are {NULL, 0}. */
struct wire_report {
    struct str sqlstate, constraint, detail, message;
    bool fatal; /* the server closes the connection after it */
};
struct wire_report wire_report(const struct db_result *failed);

#endif
