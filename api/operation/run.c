/* run.c: sends an operation's statements as its caller. Knows nothing of what the results mean. */
#include "operation/run.h"

#include <assert.h>

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

/* The role does not change the text: each connection prepares it for each role, it is made once. */
static struct db_key text_key(struct db_key key)
{
    return (struct db_key){key.a & ~(UINT64_C(0xff) << 8), key.b};
}

static struct prepared *find_prepared(const struct run *run, struct db_key key)
{
    struct prepared *own = run->own;

    while (own && (own->key.a != key.a || own->key.b != key.b))
        own = own->next;
    return own ? own : prepared_find(run->engine->prepared, key);
}

static struct prepared *make_prepared(struct run *run, const struct sql_statement *statement, struct variant variant, struct db_key key)
{
    struct sql_order order;
    uint32_t types[SQL_NAMES_MAX];
    struct str text = run_text(run->call->arena, run->plan, statement, run->binding.given, variant, &order);

    for (size_t i = 0; i < order.n; i++)
        types[i] = run->plan->sources[order.names[i]].type;
    struct prepared *made = prepared_new(key, &order, types, text), *shared = made ? prepared_add(run->engine->prepared, made) : NULL;
    if (!made || shared)
        return shared;
    made->next = run->own;
    run->own = made;
    return made;
}

/* Queues a query, whose values must live as long as the run. */
static bool enqueue(struct run *run, const struct db_query *query, struct error *err)
{
    if (run->conn)
        return db_send(run->conn, query, err);
    if (run->script.n == DB_SCRIPT_MAX)
        return error_set(err, ERR_INTERNAL, "too many statements in one transaction");
    run->script.queries[run->script.n++] = *query;
    return true;
}

bool run_send(struct run *run, const struct sql_statement *statement, struct variant variant, struct error *err)
{
    struct db_key key = statement_key(run, statement, variant);
    struct prepared *prepared = find_prepared(run, text_key(key));

    if (!prepared && !(prepared = make_prepared(run, statement, variant, text_key(key))))
        return error_set(err, ERR_INTERNAL, "out of memory");
    const char **values = arena_array(run->call->arena, const char *, prepared->order.n);
    for (size_t i = 0; i < prepared->order.n; i++)
        values[i] = run->binding.texts[prepared->order.names[i]];
    struct db_query query = {key, prepared->text, prepared->types, values, (int)prepared->order.n};
    return enqueue(run, &query, err);
}

bool run_send_text(struct run *run, struct db_key key, const char *text, const char *const *values, int n, struct error *err)
{
    static const uint32_t types[] = {DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT, DB_TEXT};
    const char **copy = arena_array(run->call->arena, const char *, (size_t)n);
    struct db_query query = {.key = key, .text = str_of(text), .types = types, .values = copy, .n = n};

    assert((size_t)n <= sizeof types / sizeof types[0]);
    if (n)
        memcpy(copy, values, (size_t)n * sizeof *values);
    return enqueue(run, &query, err);
}

enum shape_kind run_shape_kind(enum format format)
{
    return format == AS_CSV ? SHAPE_CSV : format == AS_GEOJSON ? SHAPE_FEATURE : SHAPE_RECORD;
}

bool run_shape(struct run *run, const struct sql_statement *statement, struct variant variant, const struct db_result *result,
               const struct shape **ret, struct error *err)
{
    struct prepared *prepared = find_prepared(run, text_key(statement_key(run, statement, variant)));

    assert(prepared);
    return prepared_shape(prepared, result, run->plan, run_shape_kind(run->call->format), ret, err);
}

#define READ_ONLY "set_config('transaction_read_only', 'on', true), "
#define DEFERRED "set_config('synchronous_commit', 'off', true), "
#define ROLE "set_config('role', $1, true)"

/* The context of a script that writes, the first of its queries, for when others that go with it write, too. */
static bool defer(struct run *run, enum run_key key, struct str text)
{
    if (!run->conn) {
        run->script.deferred = run->script.queries[0];
        run->script.deferred.key = run_own_key(key);
        run->script.deferred.text = text;
    }
    return true;
}

/* Whoever comes with the key of a case is nobody but its holder: no subject, no organization. No other context sets cpwg.case_key. */
static bool send_case_context(struct run *run, bool read_only, struct error *err)
{
    const char *values[] = {"cpwg_case", "case", arena_copy(run->call->arena, run->call->caller->case_key_hash).p};

#define HOLDER "set_config('cpwg.role', $2, true), set_config('cpwg.case_key', $3, true), "
    if (!read_only)
        return run_send_text(run, run_own_key(KEY_CONTEXT_CASE_WRITE), "select " HOLDER ROLE, values, 3, err) &&
               defer(run, KEY_CONTEXT_CASE_DEFERRED, STR("select " DEFERRED HOLDER ROLE));
    return run_send_text(run, run_own_key(KEY_CONTEXT_CASE_READ), "select " READ_ONLY HOLDER ROLE, values, 3, err);
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
#define CALLER                                                                                                         \
    "set_config('cpwg.subject', $2, true), set_config('cpwg.role', $3, true), set_config('cpwg.affiliation', $4, true), " \
    "set_config('cpwg.organization', $5, true), set_config('cpwg.source', $6, true), "
    if (!read_only)
        return run_send_text(run, run_own_key(KEY_CONTEXT_WRITE), "select " CALLER ROLE, values, 6, err) &&
               defer(run, KEY_CONTEXT_DEFERRED, STR("select " DEFERRED CALLER ROLE));
    if (str_eq(run->call->role, STR("public")))
        return run_send_text(run, run_own_key(KEY_CONTEXT_PUBLIC), "select " READ_ONLY ROLE, values, 1, err);
    return run_send_text(run, run_own_key(KEY_CONTEXT_READ), "select " READ_ONLY CALLER ROLE, values, 6, err);
}

static bool set_role(struct run *run, struct error *err)
{
    const struct role *role = contract_role(run->engine->contract, run->call->role);

    if (!role)
        return error_set(err, ERR_INTERNAL, "role %.*s is not in the contract", STR_ARG(run->call->role));
    run->role = role->index;
    return true;
}

bool run_open(struct run *run, struct db_pool *pool, bool read_only, struct error *err)
{
    if (!set_role(run, err) || !db_lend(pool, run->call->deadline_ns, &run->conn, err))
        return false;
    run->pool = pool;
    run->state = RUN_OPEN;
    if (!read_only)
        db_writes(run->conn);
    return send_context(run, read_only, err);
}

bool run_collect(struct run *run, struct db_pool *pool, bool read_only, struct error *err)
{
    if (!set_role(run, err))
        return false;
    run->pool = pool;
    run->n_read = run->script.n = 0;
    run->script.deadline_ns = run->call->deadline_ns;
    run->script.writes = !read_only;
    run->script.deferred.text.n = 0;
    return send_context(run, read_only, err);
}

bool run_sync(struct run *run, struct error *err)
{
    if (!run->conn)
        return db_run(run->pool, &run->script, err);
    run->state = RUN_SYNCED;
    return db_sync(run->conn, err);
}

bool run_next(struct run *run, const struct db_result **ret, struct error *err)
{
    if (run->conn)
        return db_next(run->conn, ret, err);
    assert(run->n_read < run->script.n_results);
    *ret = run->script.results[run->n_read++];
    return true;
}

bool run_end(struct run *run, struct error *err)
{
    if (!run->conn)
        return true; /* run_sync has told */
    run->state = RUN_ENDED;
    return db_end(run->conn, err);
}

static void close_conn(struct run *run)
{
    struct error ignored; /* the caller has the first error already */

    if (run->state == RUN_OPEN)
        db_abandon(run->conn);
    else if (run->state == RUN_SYNCED)
        db_end(run->conn, &ignored);
    db_return(run->pool, run->conn);
    run->conn = NULL;
    run->state = RUN_CLOSED;
}

void run_close(struct run *run)
{
    if (run->conn)
        close_conn(run);
    db_script_done(&run->script);
    for (struct prepared *next; run->own; run->own = next) {
        next = run->own->next;
        prepared_free(run->own);
    }
}

bool run_context_done(struct run *run, struct error *err)
{
    const struct db_result *result;
    return run_next(run, &result, err);
}
