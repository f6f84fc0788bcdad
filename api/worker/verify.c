/* verify.c: compares the audit's chain with what it should be, page by page. Knows nothing of how it is told. */
#include "worker/verify.h"

#include "base/clock.h"

#include <assert.h>
#include <stdio.h>

enum { PAGE_ROWS = 1000 };
static const int64_t PAGE_NS = INT64_C(60) * 1000 * 1000 * 1000, END_NS = INT64_C(3600) * 1000 * 1000 * 1000;

static const char BEGIN[] = "select set_config('role', 'cpwg_worker', true), set_config('transaction_read_only', 'on', true), "
                            "set_config('enable_seqscan', $1, true), set_config('enable_hashjoin', $1, true), set_config('enable_mergejoin', $1, true)";

static const char PAGE[] =
    "select c.position, encode(c.hash, 'hex'), a.id is not null, "
    "(a.at, a.by_subject, a.by_role, a.by_affiliation, a.action::text, a.record, a.record_id, a.complaint_id) is not distinct from "
    "(c.at, c.by_subject, c.by_role, c.by_affiliation, c.action, c.record, c.record_id, c.complaint_id), " LINK_COLUMNS("c.", "audit_id")
    " from audit_chain c left join audit a on a.id = c.audit_id where c.position > $1 order by c.position limit 1000";
static_assert(PAGE_ROWS == 1000, "as the statement says");
enum { POSITION, HASH, IS_THERE, IS_SAME, FIELDS };

static const char END[] = "select (select count(*) from audit_chain where position <= $1), "
                          "(select count(*) from audit a where not exists (select from audit_chain c where c.audit_id = a.id))";

/* Asks one statement that takes a position, in a transaction of its own. The result lives until the connection is returned. */
static bool ask(struct db_conn *conn, const char *text, int64_t position, const struct db_result **ret, struct error *err)
{
    static const uint32_t texts[] = {DB_TEXT}, numbers[] = {DB_INT8};
    char number[24];
    const char *values[] = {number}, *by_index[] = {text == PAGE ? "off" : "on"};
    const struct db_result *begun;
    const struct db_query begin = {{UINT64_MAX, 1}, str_of(BEGIN), texts, by_index, 1};
    const struct db_query query = {{UINT64_MAX, text == PAGE ? 2 : 3}, str_of(text), numbers, values, 1};

    snprintf(number, sizeof number, "%lld", (long long)position);
    return db_send(conn, &begin, err) && db_send(conn, &query, err) && db_sync(conn, err) && db_next(conn, &begun, err) &&
           db_next(conn, ret, err) && db_end(conn, err);
}

static int64_t number(const struct db_result *result, int row, int column)
{
    int64_t n = 0;

    str_to_i64(db_value(result, row, column), &n);
    return n;
}

static bool is_true(const struct db_result *result, int row, int column)
{
    return str_eq(db_value(result, row, column), STR("t"));
}

/* Why a row of the chain does not follow the head, or NULL when it does: then it is the head. */
static const char *follow(struct str key, struct link *head, const struct db_result *page, int row)
{
    struct link next = *head;
    unsigned char hash[SHA256_BYTES];
    int64_t position = number(page, row, POSITION);

    if (position <= head->position)
        return "it stands in the chain twice";
    if (position > head->position + 1)
        return "it was removed, or moved";
    link_next(key, &next, page, row, FIELDS);
    if (!link_hash_of(db_value(page, row, HASH), hash) || !crypto_equal(hash, next.hash, sizeof hash))
        return "it was changed, or is not what was put there";
    if (!is_true(page, row, IS_THERE))
        return "its row of the audit was removed";
    if (!is_true(page, row, IS_SAME))
        return "its row of the audit was changed";
    *head = next;
    return NULL;
}

/* How one page goes on; *ret_rows 0: it was the end. */
static bool verify_page(struct db_conn *conn, struct str key, const struct link *known, struct verify_report *report, int *ret_rows,
                        struct error *err)
{
    const struct db_result *page;

    if (!ask(conn, PAGE, report->head.position, &page, err))
        return false;
    *ret_rows = db_rows(page);
    for (int row = 0; row < *ret_rows; row++) {
        report->why = follow(key, &report->head, page, row);
        if (report->why) {
            int64_t here = number(page, row, POSITION);
            report->broken_at = here <= report->head.position ? here : report->head.position + 1;
            return true;
        }
        if (known && known->position == report->head.position)
            report->has_head = crypto_equal(known->hash, report->head.hash, SHA256_BYTES);
    }
    return true;
}

static bool verify_end(struct db_conn *conn, struct verify_report *report, struct error *err)
{
    const struct db_result *end;

    if (!ask(conn, END, report->head.position, &end, err))
        return false;
    report->waiting = number(end, 0, 1);
    if (number(end, 0, 0) != report->head.position) {
        report->broken_at = 1;
        report->why = "positions stand in the chain twice, or before the first";
    }
    return true;
}

bool verify_chain(struct db_pool *pool, struct str key, const struct link *known, struct verify_report *ret, struct error *err)
{
    int rows = 1;
    bool ok = true;

    *ret = (struct verify_report){0};
    for (bool ended = false; ok && !ended && !ret->why;) {
        struct db_conn *conn;
        if (!db_lend(pool, clock_ns() + (rows ? PAGE_NS : END_NS), &conn, err))
            return false;
        ended = rows == 0;
        ok = ended ? verify_end(conn, ret, err) : verify_page(conn, key, known, ret, &rows, err);
        db_return(pool, conn);
    }
    return ok;
}

bool verify_head_of(struct str text, struct link *ret)
{
    struct str position;

    return str_find(text, ':') < text.n && str_next(&text, ':', &position) && str_to_i64(position, &ret->position) && ret->position > 0 &&
           link_hash_of(text, ret->hash);
}
