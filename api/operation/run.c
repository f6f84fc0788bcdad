/* run.c: sends an operation's statements as its caller. Knows nothing of what the results mean. */
#include "operation/run.h"

#include <assert.h>
#include <stdlib.h>

/* Kept beside a prepared statement: which values it takes, and how its rows are shown once a result was seen. */
struct prepared {
    struct sql_order order;
    uint32_t types[SQL_NAMES_MAX];
    struct shape *shape;
};

static void prepared_free(void *note)
{
    struct prepared *prepared = note;
    shape_free(prepared->shape);
    free(prepared);
}

/* Each part has room in the key. */
static_assert(LIMIT_MAX + 1 < 0xffff && TOTAL_MAX + 1 < 0xffff && ROLES_MAX <= 1 << 8 && AS_HTML < 1 << 4 &&
                  SQL_STATEMENTS_MAX <= 1 << 8, "statements of different texts have different keys");
static struct db_key statement_key(const struct run *run, const struct sql_statement *statement, struct variant variant)
{
    uint64_t limit = variant.limit == ROWS_UNLIMITED ? 0xffff : (uint64_t)variant.limit;
    uint64_t position = (uint64_t)(statement - run->plan->file.statements);

    return (struct db_key){
        run->plan->operation->index << 40 | position << 32 | limit << 16 | run->role << 8 |
            (uint64_t)run->call->format << 4 | variant.counts,
        run->binding.given & statement->conditions,
    };
}

struct str run_text(struct arena *a, const struct plan *plan, const struct sql_statement *statement, uint64_t given,
                    struct variant variant, struct sql_order *ret_order)
{
    struct str text = sql_variant(a, &plan->file, statement, given, variant.limit, ret_order);
    return variant.counts ? arena_printf(a, "select count(*) from (%.*s) as counted", STR_ARG(text)) : text;
}

static struct prepared *prepare(struct run *run, const struct sql_statement *statement, struct variant variant, struct str *ret_text)
{
    struct prepared *prepared = calloc(1, sizeof *prepared);

    if (!prepared)
        return NULL;
    *ret_text = run_text(run->call->arena, run->plan, statement, run->binding.given, variant, &prepared->order);
    for (size_t i = 0; i < prepared->order.n; i++)
        prepared->types[i] = run->plan->sources[prepared->order.names[i]].type;
    return prepared;
}

bool run_send(struct run *run, const struct sql_statement *statement, struct variant variant, struct error *err)
{
    struct db_query query = {.key = statement_key(run, statement, variant)};
    bool known = db_knows(run->conn, query.key);
    struct prepared *prepared = known ? db_note(run->conn, query.key) : prepare(run, statement, variant, &query.text);
    const char *values[SQL_NAMES_MAX];

    if (!prepared)
        return error_set(err, ERR_INTERNAL, "out of memory");
    for (size_t i = 0; i < prepared->order.n; i++)
        values[i] = run->binding.texts[prepared->order.names[i]];
    query.types = prepared->types;
    query.values = values;
    query.n = (int)prepared->order.n;
    bool sent = db_send(run->conn, &query, err);
    if (known)
        return sent;
    if (sent)
        db_set_note(run->conn, query.key, prepared, prepared_free);
    else
        prepared_free(prepared);
    return sent;
}

bool run_send_text(struct run *run, struct db_key key, const char *text, const char *const *values, int n, struct error *err)
{
    static const uint32_t types[] = {DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT};
    struct db_query query = {.key = key, .text = str_of(text), .types = types, .values = values, .n = n};

    assert((size_t)n <= sizeof types / sizeof types[0]);
    return db_send(run->conn, &query, err);
}

enum shape_kind run_shape_kind(enum format format)
{
    return format == AS_CSV ? SHAPE_CSV : format == AS_GEOJSON ? SHAPE_FEATURE : SHAPE_RECORD;
}

bool run_shape(struct run *run, const struct sql_statement *statement, struct variant variant, const struct db_result *result,
               const struct shape **ret, struct error *err)
{
    struct prepared *prepared = db_note(run->conn, statement_key(run, statement, variant));

    assert(prepared);
    if (!prepared->shape && !shape_new(result, run->plan->operation->record, run_shape_kind(run->call->format), run->plan->seal,
                                       &prepared->shape, err))
        return false;
    *ret = prepared->shape;
    return true;
}

static const char set_read_only[] = "set_config('transaction_read_only', 'on', true), ";

/* Whoever comes with the key of a case is nobody but its holder: no subject, no organization. No other context sets cpwg.case_key. */
static bool send_case_context(struct run *run, bool read_only, struct error *err)
{
    const char *values[] = {"cpwg_case", "case", arena_copy(run->call->arena, run->call->caller->case_key_hash).p};
    const char *text = arena_printf(run->call->arena, "select %sset_config('cpwg.role', $2, true), set_config('cpwg.case_key', $3, true), "
                                                      "set_config('role', $1, true)", read_only ? set_read_only : "").p;

    return run_send_text(run, run_own_key(read_only ? KEY_CONTEXT_CASE_READ : KEY_CONTEXT_CASE_WRITE), text, values, 3, err);
}

/* The context holds until Sync (is_local), so the next transaction on the connection starts from nothing. */
static bool send_context(struct run *run, bool read_only, struct error *err)
{
    const struct caller *caller = run->call->caller;
    struct arena *a = run->call->arena;
    const char *role = arena_printf(a, "cpwg_%.*s", STR_ARG(run->call->role)).p;
    const char *values[] = {
        role, arena_copy(a, caller->subject).p, arena_copy(a, run->call->role).p, arena_copy(a, caller->affiliation).p,
        arena_copy(a, caller->organization).p, arena_copy(a, caller->source).p,
    };

    if (call_is_case(run->call))
        return send_case_context(run, read_only, err);
    if (read_only && str_eq(run->call->role, STR("public")))
        return run_send_text(run, run_own_key(KEY_CONTEXT_PUBLIC),
                             "select set_config('transaction_read_only', 'on', true), set_config('role', $1, true)", values,
                             1, err);
    static const char settings[] =
        "set_config('cpwg.subject', $2, true), set_config('cpwg.role', $3, true), set_config('cpwg.affiliation', $4, true), "
        "set_config('cpwg.organization', $5, true), set_config('cpwg.source', $6, true), set_config('role', $1, true)";
    enum run_key key = read_only ? KEY_CONTEXT_READ : KEY_CONTEXT_WRITE;
    const char *text = arena_printf(a, "select %s%s", read_only ? set_read_only : "", settings).p;
    return run_send_text(run, run_own_key(key), text, values, 6, err);
}

bool run_open(struct run *run, struct db_pool *pool, bool read_only, struct error *err)
{
    const struct role *role = contract_role(run->engine->contract, run->call->role);

    if (!role)
        return error_set(err, ERR_INTERNAL, "role %.*s is not in the contract", STR_ARG(run->call->role));
    run->role = role->index;
    if (!db_lend(pool, run->call->deadline_ns, &run->conn, err))
        return false;
    run->pool = pool;
    run->state = RUN_OPEN;
    if (!read_only)
        db_writes(run->conn);
    return send_context(run, read_only, err);
}

bool run_sync(struct run *run, struct error *err)
{
    run->state = RUN_SYNCED;
    return db_sync(run->conn, err);
}

bool run_end(struct run *run, struct error *err)
{
    run->state = RUN_ENDED;
    return db_end(run->conn, err);
}

void run_close(struct run *run)
{
    struct error ignored; /* the caller has the first error already */

    if (!run->conn)
        return;
    if (run->state == RUN_OPEN)
        db_abandon(run->conn);
    else if (run->state == RUN_SYNCED)
        db_end(run->conn, &ignored);
    db_return(run->pool, run->conn);
    run->conn = NULL;
    run->state = RUN_CLOSED;
}

bool run_context_done(struct run *run, struct error *err)
{
    const struct db_result *result;
    return db_next(run->conn, &result, err);
}
