/* transaction.h: the transactions queued on one connection, one after the other, and whose results are due. Private to
 * api/db: db.c (who has lent the connection) and batch.c (scripts) are made of it. */
#ifndef DB_TRANSACTION_H
#define DB_TRANSACTION_H

#include "db/batch.h"
#include "db/cache.h"
#include "db/wire.h"

enum {
    STEPS_MAX = 256,
    STEPS_TO_END = 2, /* kept free for a rollback and the Sync of each transaction */
    DOOMED_MAX = 64,
};

/* What the server was asked and whose result is due, in order. */
enum step_kind { STEP_PREPARE, STEP_CLOSE, STEP_STATEMENT, STEP_SYNC };
struct step {
    enum step_kind kind;
    bool stream;
    struct cache_entry *entry; /* of STEP_PREPARE; NULL for the unnamed statement */
};

/* How one transaction goes. All zero, but for `writes`, before it begins. */
struct transaction {
    struct error failure; /* the first; its code alone is set before */
    bool writes;
    bool synced; /* the Sync was queued, and may have been sent */
    bool ended;  /* the Sync was answered */
};

struct db_conn {
    struct wire wire;
    int64_t deadline_ns, heard_ns; /* heard_ns: when the server was known to be there */
    struct cache cache;
    uint64_t last_serial;
    uint64_t doomed[DOOMED_MAX]; /* evicted statements, closed when the next transaction begins: there nothing can skip it */
    size_t n_doomed;
    struct step steps[STEPS_MAX]; /* of all transactions whose results are not all read */
    size_t n_steps, next_step;
    struct transaction own, *at; /* own: the lender's; at: the one that is queued or read now */
    struct transaction batch[BATCH_MAX + 1]; /* with the next, not on the stack of who carries one out: of many tasks each would have it */
    struct db_script flush;
    struct db_result **results;  /* handed out, until db_return */
    size_t n_results, results_capacity;
    struct db_result *row; /* handed out of a stream, until the next */
    struct error loss;     /* why the connection was lost */
    bool lost;    /* nothing more can be sent or read */
    bool spoiled; /* in order, but not fit for another caller */
    bool explain; /* describing: the server's message may be told, it can quote nothing but the statement */
};

/* What is queued, or read, from now on belongs to another transaction. On a lost connection that one fails at once. */
void transaction_turn(struct db_conn *conn, struct transaction *transaction);

/* Whether a transaction of these statements may be queued behind the others: there is room, and none of its statements is
 * only being prepared by one of them, which may fail and take the preparation with it. True when nothing is queued. */
bool transaction_fits(struct db_conn *conn, const struct db_query *queries, size_t n);

/* Queue; what cannot be queued is the transaction's failure, and all that follows up to its Sync is skipped. The statement is
 * prepared where the connection does not know it. */
bool transaction_send(struct db_conn *conn, const struct db_query *query);
bool transaction_text(struct db_conn *conn, const char *text);

/* Notes that a command was queued; or, when it could not be, that the connection is gone. */
bool transaction_push(struct db_conn *conn, bool queued, struct step step);

/* Whether n more commands may be queued. */
bool transaction_has_room(struct db_conn *conn, size_t n);

/* Queues the Sync, behind a rollback where the transaction has failed already. */
void transaction_sync(struct db_conn *conn);

/* Has the rows of the next step sent one by one, when that is asked; it must be said before the first is read. */
void transaction_arm(struct db_conn *conn);

/* Reads what is due next. A statement's result, to be freed with wire_free_result; NULL for all else, and for failures, which
 * are the transaction's then. Waits no longer than the connection's deadline. */
struct db_result *transaction_read(struct db_conn *conn);

/* Forgets what was queued, all of which was read. */
void transaction_reset(struct db_conn *conn);

/* The first failure counts: what follows are its consequences. */
void transaction_fail(struct transaction *transaction, enum error_code code, const char *argument);

/* The connection is gone: the transaction's fate is uncertain where it writes and its Sync may have been sent. */
void transaction_lose(struct db_conn *conn, enum error_code code, const char *reason);
void transaction_lose_wire(struct db_conn *conn, enum wire_outcome how); /* no WIRE_DONE */

#endif
