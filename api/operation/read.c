/* read.c: reads of one record or one page. Knows nothing of writing. */
#include "operation/read.h"

#include "operation/etag.h"
#include "operation/page.h"

bool read_is_unchanged(const struct run *run, const struct db_result *result, struct reply *reply)
{
    int column = page_column(result, STR("_revision"));

    if (column < 0 || db_rows(result) != 1 || db_is_null(result, 0, column))
        return false;
    struct str etag = etag_make(run->call, db_value(result, 0, column));
    reply_header(reply, STR("ETag"), etag);
    if (!etag_none_match(run->call->if_none_match, etag))
        return false;
    reply->status = 304;
    reply->content_type = (struct str){NULL, 0};
    return true;
}

bool read_start(struct run *run, struct db_pool *pool, struct reply *reply, bool *ret_unchanged, struct error *err)
{
    const struct operation *operation = run->plan->operation;
    const struct db_result *guard;

    *ret_unchanged = false;
    bool looks_first = run->plan->guard && run->call->if_none_match.n, read_only = operation->reads && !operation->audited;
    bool alone = looks_first || pool == run->engine->streams;
    if (!(alone ? run_open(run, pool, read_only, err) : run_collect(run, pool, read_only, err)))
        return false;
    if (!run->plan->guard)
        return true;
    if (!run_send(run, run->plan->guard, (struct variant){0}, err))
        return false;
    if (!looks_first)
        return true;
    if (!db_flush(run->conn, err) || !run_context_done(run, err) || !run_next(run, &guard, err))
        return false;
    run->guard_read = true;
    *ret_unchanged = read_is_unchanged(run, guard, reply);
    return !*ret_unchanged || (run_sync(run, err) && run_end(run, err));
}

bool read_started(struct run *run, struct reply *reply, struct error *err)
{
    const struct db_result *guard;

    if (run->guard_read)
        return true;
    if (!run_context_done(run, err))
        return false;
    if (!run->plan->guard)
        return true;
    if (!run_next(run, &guard, err))
        return false;
    read_is_unchanged(run, guard, reply);
    return true;
}

/* What was sent besides the answer, and what the answer is to be cut to. */
struct reading {
    struct page page;
    const struct db_result *answer, *total;
};

/* The same statement without the cursor, counted no further than one over TOTAL_MAX. */
static bool send_total(struct run *run, struct error *err)
{
    uint64_t given = run->binding.given;

    for (size_t i = 0; i < run->plan->file.n_names; i++)
        if (run->plan->sources[i].kind == SOURCE_AFTER)
            run->binding.given &= ~(UINT64_C(1) << i);
    bool sent = run_send(run, run->plan->answer, (struct variant){.limit = TOTAL_MAX + 1, .counts = true}, err);
    run->binding.given = given;
    return sent;
}

static bool send_statements(struct run *run, const struct reading *reading, struct error *err)
{
    const struct sql_statement *statements = run->plan->file.statements;

    for (size_t i = run->plan->guard ? 1 : 0; i < run->plan->file.n; i++)
        if (!run_send(run, &statements[i], reading->page.variant, err))
            return false;
    return (!reading->page.total || send_total(run, err)) && run_sync(run, err);
}

static bool receive_statements(struct run *run, struct reading *reading, struct error *err)
{
    for (size_t i = run->plan->guard ? 1 : 0; i < run->plan->file.n; i++)
        if (!run_next(run, &reading->answer, err))
            return false;
    if (reading->page.total && !run_next(run, &reading->total, err))
        return false;
    return run_end(run, err);
}

static bool render_list(struct run *run, const struct reading *reading, struct reply *reply, struct error *err)
{
    const struct shape *shape;
    struct str cursor = {NULL, 0};
    int rows = db_rows(reading->answer);
    bool more = rows > reading->page.limit;

    if (!run_shape(run, run->plan->answer, reading->page.variant, reading->answer, &shape, err))
        return false;
    rows = more ? reading->page.limit : rows;
    if (more && run->plan->cursor && !page_next(run, reading->answer, rows - 1, &cursor, err))
        return false;
    buf_add(reply->body, STR("{\"data\":["));
    for (int row = 0; row < rows; row++) {
        if (row)
            buf_char(reply->body, ',');
        shape_json(shape, reading->answer, row, reply->body);
    }
    buf_add(reply->body, cursor.n ? STR("],\"next\":\"") : STR("],\"next\":null"));
    if (cursor.n) {
        buf_printf(reply->body, "%.*s\"", STR_ARG(cursor));
        reply_header(reply, STR("Link"), page_link(run, cursor));
    }
    if (reading->total) {
        int64_t total = 0;
        str_to_i64(db_value(reading->total, 0, 0), &total);
        buf_printf(reply->body, ",\"total\":%d,\"total_capped\":%s", total > TOTAL_MAX ? TOTAL_MAX : (int)total,
                   total > TOTAL_MAX ? "true" : "false");
    }
    buf_char(reply->body, '}');
    return true;
}

static bool render_record(struct run *run, const struct reading *reading, struct reply *reply, struct error *err)
{
    const struct shape *shape;

    if (db_rows(reading->answer) == 0)
        return error_set(err, ERR_NOT_FOUND, "%s", "");
    if (!run->plan->guard && read_is_unchanged(run, reading->answer, reply))
        return true;
    if (!run_shape(run, run->plan->answer, reading->page.variant, reading->answer, &shape, err))
        return false;
    shape_json(shape, reading->answer, 0, reply->body);
    return true;
}

bool read_execute(struct run *run, struct reply *reply, struct error *err)
{
    struct reading reading = {0};
    bool unchanged = false;

    if (!page_open(run, &run->binding, &reading.page, err))
        return false;
    bind_call(run->plan, run->call, &run->binding);
    if (!read_start(run, run->engine->pool, reply, &unchanged, err) || unchanged)
        return unchanged;
    if (!send_statements(run, &reading, err) || !read_started(run, reply, err) || !receive_statements(run, &reading, err))
        return false;
    return run->plan->operation->is_list ? render_list(run, &reading, reply, err) : render_record(run, &reading, reply, err);
}
