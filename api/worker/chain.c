/* chain.c: the transaction that takes rows of the audit into its chain. Knows nothing of threads and clocks of its own. */
#include "worker/chain.h"

#include "base/clock.h"

#include <assert.h>
#include <stdio.h>

static const int64_t STEP_NS = INT64_C(10) * 1000 * 1000 * 1000;

/* Named, so that horizon() need not wait for it. One instance at a time; another does not wait. Plans are made once and go by index alone,
 * whatever the size of the tables then: where they looked empty, a join may read the whole index for each row. What a row needs is therefore
 * asked for in subqueries that cannot become joins. */
static const char BEGIN[] = "select set_config('role', 'cpwg_worker', true), set_config('application_name', 'cpwg_worker', true), "
                            "set_config('enable_hashjoin', 'off', true), "
                            "set_config('enable_mergejoin', 'off', true), set_config('enable_seqscan', 'off', true), "
                            "pg_try_advisory_xact_lock(hashtextextended('cpwg audit chain', 0))";

enum { BEGIN_LOCK = 5 };

/* Asked before the rows: whoever had ended by then is seen by them. */
static const char HEAD[] = "select pg_snapshot_xmin(pg_current_snapshot())::text, head.position, encode(head.hash, 'hex'), "
                           "(select encode(hash, 'hex') from audit_chain where position = $1), (select max(id) from audit) "
                           "from (select) as always left join lateral "
                           "(select position, hash from audit_chain order by position desc limit 1) as head on true";

/* Begins at the first row there is: ids may have gaps, as wide as any. */
static const char WAITING[] =
    "select w.first, " LINK_COLUMNS("a.", "id") " from (select min(id) as first from audit where id > $1) as w left join lateral "
    "(select * from audit s where s.id >= w.first and s.id < w.first + 10000 "
    "and not exists (select from audit_chain c where c.audit_id = s.id offset 0) order by s.id limit 1000) as a on true order by a.id";
static_assert(CHAIN_WINDOW == 10000 && CHAIN_ROWS_MAX == 1000, "as the statement says");
enum { WAITING_COLUMN = 1 };

/* After that position, rows of these ids, with their hashes one after the other. */
static const char ADD[] =
    "with added as (insert into audit_chain (position, audit_id, at, by_subject, by_role, by_affiliation, action, record, record_id, "
    "complaint_id, hash) select $1 + l.n, a.id, a.at, a.by_subject, a.by_role, a.by_affiliation, a.action, a.record, a.record_id, "
    "a.complaint_id, substring($3 from 32 * l.n::int - 31 for 32) from unnest($2) with ordinality as l (id, n) "
    "cross join lateral (select * from audit where id = l.id limit 1) as a returning 1) select count(*) from added";
static_assert(SHA256_BYTES == 32, "as the statement says");

static const char OWN_XID[] = "select pg_current_xact_id()::text";

enum { KEY_BEGIN = 1, KEY_HEAD, KEY_WAITING, KEY_ADD, KEY_XID };

static bool send(struct db_conn *conn, uint64_t key, const char *text, const char *const *values, int n, struct error *err)
{
    static const uint32_t types[] = {DB_INT8, DB_INT8_ARRAY, DB_BYTEA};
    const struct db_query query = {{UINT64_MAX, key}, str_of(text), types, values, n};

    return db_send(conn, &query, err);
}

static int64_t number(const struct db_result *result, int row, int column)
{
    int64_t n = 0;

    if (!db_is_null(result, row, column))
        str_to_i64(db_value(result, row, column), &n);
    return n;
}

/* One step at work. */
struct working {
    struct chain *chain;
    struct db_conn *conn;
    struct chain_step *step;
    const struct db_result *waiting;
    struct link head;
    int64_t newest, last; /* ids: in the table, in the window */
    bool full;            /* the window, or the batch: more may stand behind it */
};

static bool look(struct working *w, struct error *err)
{
    const struct db_result *begun, *head;
    char position[24], cursor[24];
    const char *values[] = {position}, *from[] = {cursor};
    const struct chain *chain = w->chain;

    snprintf(position, sizeof position, "%lld", (long long)chain->head.position);
    snprintf(cursor, sizeof cursor, "%lld", (long long)chain->cursor);
    if (!send(w->conn, KEY_BEGIN, BEGIN, NULL, 0, err) || !send(w->conn, KEY_HEAD, HEAD, values, 1, err) ||
        !send(w->conn, KEY_WAITING, WAITING, from, 1, err) || !db_flush(w->conn, err) || !db_next(w->conn, &begun, err) ||
        !db_next(w->conn, &head, err) || !db_next(w->conn, &w->waiting, err))
        return false;
    unsigned char hash[SHA256_BYTES];
    w->step->elsewhere = !str_eq(db_value(begun, 0, BEGIN_LOCK), STR("t"));
    w->step->cut = chain->head.position > 0 && (db_is_null(head, 0, 3) || !link_hash_of(db_value(head, 0, 3), hash) ||
                                                memcmp(hash, chain->head.hash, sizeof hash) != 0);
    w->head = (struct link){.position = number(head, 0, 1)};
    if (w->head.position > 0 && !link_hash_of(db_value(head, 0, 2), w->head.hash))
        return error_set(err, ERR_INTERNAL, "the head of the audit's chain is no hash");
    w->newest = number(head, 0, 4);
    if (chain->cursor == chain->below)
        w->chain->settled = chain->last_id && number(head, 0, 0) > chain->last_xid ? chain->last_id : 0;
    return true;
}

/* Counts the rows of the window that wait, and finds how far it was looked at. */
static int count(struct working *w)
{
    int rows = db_rows(w->waiting);
    int64_t first = number(w->waiting, 0, 0), end = first + CHAIN_WINDOW - 1;

    if (rows == 1 && db_is_null(w->waiting, 0, WAITING_COLUMN))
        rows = 0;
    int64_t last_row = rows ? number(w->waiting, rows - 1, WAITING_COLUMN) : 0;
    if (w->newest < last_row)
        w->newest = last_row; /* it came since that was asked */
    w->last = rows == CHAIN_ROWS_MAX ? last_row : end < w->newest ? end : w->newest;
    if (!first || w->last < w->chain->cursor)
        w->last = w->chain->cursor;
    w->full = first && w->last < w->newest;
    return rows;
}

static bool add(struct working *w, int rows, struct error *err)
{
    enum { ID_BYTES = 20 };
    struct buf ids, hashes;
    const struct db_result *added;
    char before[24];

    snprintf(before, sizeof before, "%lld", (long long)w->head.position);
    buf_init(&ids, (size_t)CHAIN_ROWS_MAX * (ID_BYTES + 1) + 3);
    buf_init(&hashes, (size_t)CHAIN_ROWS_MAX * 2 * SHA256_BYTES + 3);
    buf_add(&hashes, STR("\\x"));
    for (int row = 0; row < rows; row++) {
        link_next(w->chain->key, &w->head, w->waiting, row, WAITING_COLUMN);
        buf_char(&ids, row ? ',' : '{');
        buf_add(&ids, db_value(w->waiting, row, WAITING_COLUMN));
        buf_hex(&hashes, w->head.hash, SHA256_BYTES);
    }
    buf_add(&ids, STR("}\0"));
    buf_char(&hashes, '\0');
    bool ok = (!ids.failed && !hashes.failed) || error_set(err, ERR_INTERNAL, "out of memory");
    const char *values[] = {before, ids.p, hashes.p};
    ok = ok && send(w->conn, KEY_ADD, ADD, values, 3, err) && db_flush(w->conn, err) && db_next(w->conn, &added, err) &&
         (number(added, 0, 0) == rows || error_set(err, ERR_INTERNAL, "rows of the audit went away"));
    buf_done(&ids);
    buf_done(&hashes);
    return ok;
}

/* Where this sweep has ended; asks for the number of a transaction that is younger than all that were seen running. */
static bool end_sweep(struct working *w, int64_t *ret_xid, struct error *err)
{
    const struct db_result *own;

    *ret_xid = 0;
    if (w->full || (w->chain->last_id && !w->chain->settled) || w->last <= w->chain->below || w->last <= w->chain->settled)
        return true;
    if (!send(w->conn, KEY_XID, OWN_XID, NULL, 0, err) || !db_flush(w->conn, err) || !db_next(w->conn, &own, err))
        return false;
    *ret_xid = number(own, 0, 0);
    return true;
}

/* After the commit. */
static void settle(const struct working *w, int64_t xid)
{
    struct chain *chain = w->chain;

    chain->head = w->head;
    w->step->done = !w->full;
    w->step->waiting = w->full ? w->newest - w->last : 0;
    if (w->full) {
        chain->cursor = w->last;
        return;
    }
    if (chain->settled) {
        chain->below = chain->settled;
        chain->last_id = chain->settled = 0;
    }
    if (xid) {
        chain->last_id = w->last;
        chain->last_xid = xid;
    }
    chain->cursor = chain->below;
}

static bool work(struct working *w, struct error *err)
{
    int64_t xid;

    if (!look(w, err))
        return false;
    if (w->step->elsewhere) {
        db_abandon(w->conn);
        return true;
    }
    w->step->rows = count(w);
    if ((w->step->rows > 0 && !add(w, w->step->rows, err)) || !end_sweep(w, &xid, err) || !db_sync(w->conn, err) || !db_end(w->conn, err))
        return false;
    settle(w, xid);
    return true;
}

bool chain_step(struct chain *chain, struct chain_step *ret, struct error *err)
{
    struct working w = {.chain = chain, .step = ret};

    *ret = (struct chain_step){0};
    bool lent = db_lend(chain->pool, clock_ns() + STEP_NS, &w.conn, err), ok = lent && work(&w, err);
    if (ok)
        ret->cut = ret->cut && !ret->elsewhere;
    else
        chain->below = chain->cursor = chain->last_id = chain->settled = 0; /* it may be another database's state by now */
    if (lent) {
        if (!ok)
            db_abandon(w.conn);
        db_return(chain->pool, w.conn);
    }
    return ok;
}
