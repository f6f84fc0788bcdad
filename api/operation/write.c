/* write.c: writes, whole or not at all. Knows nothing of reading lists. */
#include "operation/write.h"

#include "base/crypto.h"
#include "operation/etag.h"
#include "operation/idempotency.h"
#include "operation/merge.h"
#include "operation/page.h"

#include <stdio.h>

enum { RECORDS_PER_BODY = 2 }; /* a record may be as large as so many bodies; the arena has room for that much JSON */

/* 428 or 412, from the record as it is, which the guard has locked; 404 has come before. */
static bool check_revision(const struct run *run, const struct db_result *guard, struct error *err)
{
    int column = page_column(guard, STR("_revision"));

    if (!run->plan->operation->needs_match)
        return true;
    if (!run->call->if_match.n)
        return error_set(err, ERR_PRECONDITION_REQUIRED, "%s", "");
    if (column < 0)
        return error_set(err, ERR_INTERNAL, "the guard of %.*s gives no _revision", STR_ARG(run->plan->operation->id));
    return etag_match(run->call->if_match, db_value(guard, 0, column)) || error_set(err, ERR_PRECONDITION, "%s", "");
}

/* The guard's row as the record it is, with the patch applied, must fit the record's schema: a patch may be fine by itself
 * and wrong for this record. */
static bool check_merged(struct run *run, const struct db_result *guard, const struct value **ret_merged, struct error *err)
{
    struct arena *a = run->call->arena;
    const struct shape *shape;
    const struct value *record;
    struct buf text;

    if (!run->plan->operation->is_patch)
        return true;
    if (!run_shape(run, run->plan->guard, (struct variant){0}, guard, &shape, err))
        return false;
    buf_init(&text, (size_t)run->engine->config->body_max_bytes * RECORDS_PER_BODY);
    shape_json(shape, guard, 0, &text);
    bool ok = text.failed ? error_set(err, ERR_INTERNAL, "%s", text.why ? text.why : "the record is too large to merge")
                          : value_parse(a, buf_str(&text), VALUE_DEPTH_MAX, &record, err);
    buf_done(&text);
    if (!ok)
        return false;
    struct violations list = violations_new(a);
    *ret_merged = merge_record(a, run->plan->operation->record, record, run->call->body);
    return schema_validate(run->plan->operation->record, *ret_merged, STR(""), &list) || violations_refuse(&list, ERR_INVALID, err);
}

/* The value that C makes of what the guard gave, if the operation has one. */
static bool derive(struct run *run, const struct db_result *guard, struct error *err)
{
    const struct guarded guarded = {guard, run->plan->seal};
    struct buf json;

    if (!run->plan->derives)
        return true;
    buf_init(&json, (size_t)run->engine->config->body_max_bytes);
    bool ok = run->plan->derives->derive(&guarded, &json, err);
    if (ok && json.failed)
        ok = error_set(err, ERR_INTERNAL, "what is derived for %.*s is too large", STR_ARG(run->plan->operation->id));
    if (ok)
        run->binding.derived = arena_copy(run->call->arena, buf_str(&json)).p;
    buf_done(&json);
    return ok;
}

/* What C asks of the body, which its schema has taken: with a guard it comes after what the guard decides. */
static bool check_call(const struct run *run, struct error *err)
{
    return !run->plan->check || run->plan->check(run->call, err);
}

/* Sends the guard and decides on what it gives: 404, 428, 412, 422. */
static bool pass_guard(struct run *run, struct error *err)
{
    const struct value *merged = NULL;
    const struct db_result *guard;

    if (!run_send(run, run->plan->guard, (struct variant){0}, err) || !db_flush(run->conn, err) ||
        !run_context_done(run, err) || (run->takes_key && !idempotency_done(run, err)) ||
        !run_next(run, &guard, err))
        return false;
    run->guard_read = true;
    if (db_rows(guard) == 0)
        return error_set(err, ERR_NOT_FOUND, "%s", "");
    if (!check_revision(run, guard, err) || !check_merged(run, guard, &merged, err) || !check_call(run, err) || !derive(run, guard, err))
        return false;
    bind_guarded(run->plan, run->call, merged, &run->binding);
    return true;
}

static bool send_writes(struct run *run, struct error *err)
{
    for (size_t i = run->plan->guard ? 1 : 0; i < run->plan->file.n; i++)
        if (!run_send(run, &run->plan->file.statements[i], (struct variant){0}, err))
            return false;
    return true;
}

static bool receive_writes(struct run *run, const struct db_result **ret_answer, struct error *err)
{
    if (!run->guard_read && (!run_context_done(run, err) || (run->takes_key && !idempotency_done(run, err))))
        return false;
    for (size_t i = run->plan->guard ? 1 : 0; i < run->plan->file.n; i++)
        if (!run_next(run, ret_answer, err))
            return false;
    return true;
}

/* Whoever lost meanwhile what lets them see the record (an assignment, a key) has written nothing: a change whose answer has no
 * row is rolled back. */
static bool has_answer(const struct run *run, const struct db_result *answer, struct error *err)
{
    return run->plan->operation->record == NULL || db_rows(answer) > 0 || error_set(err, ERR_NOT_FOUND, "%s", "");
}

/* Sends the writes and reads what they give. After a guard the answer is looked at before the commit; a script is sent as a whole. */
static bool commit_writes(struct run *run, const struct db_result **ret_answer, struct error *err)
{
    if (!send_writes(run, err))
        return false;
    if (!run->plan->guard)
        return run_sync(run, err) && receive_writes(run, ret_answer, err) && run_end(run, err);
    return db_flush(run->conn, err) && receive_writes(run, ret_answer, err) && has_answer(run, *ret_answer, err) &&
           run_sync(run, err) && run_end(run, err);
}

/* One transaction from context to commit. */
static bool write_all(struct run *run, const struct db_result **ret_answer, struct error *err)
{
    struct db_pool *pool = run->engine->pool;

    if (!(run->plan->guard ? run_open(run, pool, false, err) : run_collect(run, pool, false, err)))
        return false;
    if (run->takes_key && !idempotency_send(run, err))
        return false;
    if (run->plan->guard && !pass_guard(run, err))
        return false;
    return commit_writes(run, ret_answer, err);
}

/* The status that the contract documents for this success: _status of the answer, or 204 where the caller wants no more. */
static int success_status(const struct run *run, const struct db_result *answer)
{
    const struct operation *operation = run->plan->operation;
    int column = page_column(answer, STR("_status"));
    int64_t status = operation->success->status;

    if (column >= 0 && db_rows(answer) == 1)
        str_to_i64(db_value(answer, 0, column), &status);
    for (size_t i = 0; run->call->return_minimal && status != 201 && i < operation->n_answers; i++)
        if (operation->answers[i].status == 204)
            return 204;
    return (int)status;
}

/* The path of the record that was made: the contract's template, with the record's members in it. check.c has seen that
 * their columns are there. */
static void add_location(const struct run *run, const struct db_result *answer, struct str template, struct reply *reply)
{
    struct str rest = str_skip(template, 1), segment, path = run->engine->config->base_url;

    while (str_next(&rest, '/', &segment)) {
        if (segment.n > 2 && segment.p[0] == '{')
            segment = db_value(answer, 0, page_column(answer, (struct str){segment.p + 1, segment.n - 2}));
        path = arena_printf(run->call->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(segment));
    }
    reply_header(reply, STR("Location"), path);
}

static bool render(struct run *run, const struct db_result *answer, struct reply *reply, struct error *err)
{
    const struct operation *operation = run->plan->operation;
    const struct shape *shape;

    reply->status = success_status(run, answer);
    const struct answer *documented = operation_answer(operation, reply->status), *as = documented ? documented : operation->success;
    bool shown_once = run->plan->makes != 0; /* a secret that no other answer would show */
    bool minimal = run->call->return_minimal && !shown_once && (reply->status == 201 || reply->status == 204);
    if (minimal)
        reply_header(reply, STR("Preference-Applied"), STR("return=minimal"));
    if (operation->record == NULL || db_rows(answer) == 0) {
        reply->content_type = (struct str){NULL, 0};
        return operation->record == NULL || error_set(err, ERR_INTERNAL, "%.*s wrote, but its answer has no row", STR_ARG(operation->id));
    }
    int revision = page_column(answer, STR("_revision"));
    if (revision >= 0)
        reply_header(reply, STR("ETag"), etag_make(run->call, db_value(answer, 0, revision)));
    if (as->location.n)
        add_location(run, answer, as->location, reply);
    if (minimal) {
        reply->content_type = (struct str){NULL, 0};
        return true;
    }
    if (!run_shape(run, run->plan->answer, (struct variant){0}, answer, &shape, err))
        return false;
    shape_json(shape, answer, 0, reply->body);
    return true;
}

/* The request was carried out before under this key: gives its record as it is now, with the same status and Location. What it
 * acknowledges may have been committed by another only just, and must be durable. */
static bool replay(struct run *run, const char *id, struct reply *reply, struct error *err)
{
    const struct db_result *flushed, *answer;

    snprintf(run->binding.new_id, sizeof run->binding.new_id, "%.36s", id);
    run_close(run); /* rolls back the transaction that found the key taken */
    bind_call(run->plan, run->call, &run->binding);
    if (!run_collect(run, run->engine->pool, false, err) || !run_send_text(run, run_own_key(KEY_FLUSH), DB_FLUSH, NULL, 0, err) ||
        !run_send(run, run->plan->answer, (struct variant){0}, err) || !run_sync(run, err) || !run_context_done(run, err) ||
        !run_next(run, &flushed, err) || !run_next(run, &answer, err) || !run_end(run, err))
        return false;
    if (db_rows(answer) == 0)
        return error_set(err, ERR_NOT_FOUND, "%s", "");
    reply_header(reply, STR("Idempotency-Replayed"), STR("true"));
    return render(run, answer, reply, err);
}

bool write_execute(struct run *run, struct reply *reply, struct error *err)
{
    const struct db_result *answer = NULL;
    const struct call *call = run->call;
    struct error refused; /* a replay is no failure, and leaves none behind */

    run->takes_key = call->operation->takes_key && call->idempotency_key.n;
    crypto_uuid(run->binding.new_id);
    bind_call(run->plan, call, &run->binding);
    if (write_all(run, &answer, &refused))
        return render(run, answer, reply, err);
    if (refused.code == ERR_REPLAY)
        return replay(run, refused.argument, reply, err);
    if (refused.code == ERR_FORBIDDEN && call_is_case(call))
        error_set(&refused, ERR_NOT_FOUND, "%s", ""); /* the key was revoked meanwhile: it opens nothing */
    *err = refused;
    return false;
}
