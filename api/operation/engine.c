/* engine.c: gives each call to its C, its read or its write. Knows nothing of sockets. */
#include "operation/engine.h"

#include <pthread.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/log.h"
#include "operation/answers.h"
#include "operation/check.h"
#include "operation/for_all.h"
#include "operation/rights.h"
#include "operation/write.h"
#include "task/wait.h"

static const int64_t CHECK_EVERY_NS = INT64_C(200) * 1000 * 1000, CHECK_TIMEOUT_NS = INT64_C(10) * 1000 * 1000 * 1000;

static const size_t FACTS_BYTES = (size_t)16 << 20;

enum format format_of(struct str media_type)
{
    static const struct {
        struct str type;
        enum format format;
    } formats[] = {
        {STR_INIT("application/json"), AS_JSON},        {STR_INIT("text/csv"), AS_CSV},
        {STR_INIT("application/x-ndjson"), AS_NDJSON},  {STR_INIT("application/geo+json"), AS_GEOJSON},
        {STR_INIT("text/html"), AS_HTML},
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (str_eq(formats[i].type, media_type))
            return formats[i].format;
    return AS_NONE;
}

/* A key of its own for each purpose, so that what one signs means nothing to another. */
static struct str derive_key(struct arena *a, struct str secret, struct str purpose)
{
    unsigned char key[SHA256_BYTES];

    crypto_hmac(secret, &purpose, 1, key);
    return arena_copy(a, (struct str){(const char *)key, sizeof key});
}

bool engine_new(struct arena *a, const struct engine_options *options, struct engine **ret, struct error *err)
{
    struct engine *engine = arena_new(a, struct engine);

    engine->contract = options->contract;
    engine->config = options->config;
    engine->surroundings = (struct surroundings){options->contract, options->config, options->keys, options->seal, options->pool};
    engine->pool = options->pool;
    engine->streams = options->streams;
    engine->cursor_key = derive_key(a, options->secret, STR("cursor"));
    engine->idempotency_key = derive_key(a, options->secret, STR("idempotency"));
    if (!plans_load(a, options, &engine->plans, &engine->statements, err))
        return false;
    engine->prepared = prepared_table_new();
    if (!engine->prepared)
        return error_set(err, ERR_STARTUP, "out of memory");
    bool keeps = options->config->answers_mb > 0;
    if (keeps && !(engine->answers = answers_new((size_t)options->config->answers_mb << 20))) {
        engine_done(engine);
        return error_set(err, ERR_STARTUP, "out of memory");
    }
    *ret = engine;
    return true;
}

void engine_done(struct engine *engine)
{
    if (!engine)
        return;
    prepared_table_free(engine->prepared);
    answers_free(engine->answers);
}

void engine_hear(void *of, enum db_hearing hearing)
{
    struct engine *engine = of;

    if (!engine->answers)
        return;
    if (hearing == DB_HEARD)
        answers_forget(engine->answers);
    else
        answers_trust(engine->answers, hearing == DB_HEARS);
}

void engine_answers(struct engine *engine, uint64_t *ret_found, size_t *ret_bytes)
{
    *ret_found = 0;
    *ret_bytes = 0;
    if (engine->answers)
        answers_state(engine->answers, ret_found, ret_bytes);
}

size_t engine_statements(const struct engine *engine)
{
    return engine->statements;
}

bool engine_check(struct engine *engine, struct error *err)
{
    struct leak_facts facts;
    struct db_conn *conn;
    struct arena a;

    if (!arena_init(&a, FACTS_BYTES))
        return error_set(err, ERR_INTERNAL, "out of memory");
    bool ok = db_lend(engine->pool, clock_ns() + CHECK_TIMEOUT_NS, &conn, err);
    if (ok) {
        ok = check_facts(conn, &a, &facts, err) && check_plans(conn, engine->plans, engine->contract->n, &facts, err);
        for (size_t i = 0; ok && i < engine->contract->n; i++)
            ok = rights_check(conn, engine->contract, &engine->plans[i], err);
        db_return(engine->pool, conn);
    }
    arena_done(&a);
    return ok;
}

/* Some of the plans, held against the database by a connection of their own. */
struct portion {
    struct db_pool *pool;
    const struct plan *plans;
    size_t n;
    bool ok;
    struct error err;
    struct latch over;
};

static void check_portion(struct portion *portion)
{
    struct db_conn *conn;

    portion->ok = db_lend(portion->pool, clock_ns() + CHECK_TIMEOUT_NS, &conn, &portion->err);
    if (!portion->ok)
        return;
    portion->ok = check_plans(conn, portion->plans, portion->n, NULL, &portion->err);
    db_return(portion->pool, conn);
}

static void *check_apart(void *portion)
{
    check_portion(portion);
    latch_release(&((struct portion *)portion)->over);
    return NULL;
}

/* What every start waits for: by two connections at once, or one after the other where a second is not to be had. */
static bool check_quickly(const struct engine *engine, struct error *err)
{
    size_t n = engine->contract->n, half = n / 2;
    struct portion first = {.pool = engine->pool, .plans = engine->plans, .n = half};
    struct portion second = {.pool = engine->pool, .plans = engine->plans + half, .n = n - half, .err.code = ERR_OVERLOADED};
    pthread_t thread;

    latch_init(&second.over);
    bool apart = engine->config->db_connections > 1 && pthread_create(&thread, NULL, check_apart, &second) == 0;
    check_portion(&first);
    if (apart) {
        latch_await(&second.over, INT64_MAX);
        pthread_join(thread, NULL);
    }
    latch_done(&second.over);
    if (first.ok && !second.ok && second.err.code != ERR_CONTRACT)
        check_portion(&second);
    *err = first.ok ? second.err : first.err;
    return first.ok && second.ok;
}

bool engine_is_ready(struct engine *engine)
{
    int64_t now = clock_ns(), due = __atomic_load_n(&engine->next_check_ns, __ATOMIC_RELAXED);
    struct error err;

    if (__atomic_load_n(&engine->ready, __ATOMIC_ACQUIRE))
        return true;
    if (now < due || !__atomic_compare_exchange_n(&engine->next_check_ns, &due, now + CHECK_TIMEOUT_NS, false,
                                                  __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return false; /* somebody else is checking, or has just done so */
    bool ready = check_quickly(engine, &err);
    if (ready)
        log_event("info", "ready", "%zu statements agree with the contract", engine->statements);
    else if (engine->told != err.code)
        log_event("error", "not_ready", "%s: %s", error_info(err.code)->slug.p, err.argument);
    engine->told = ready ? ERR_NONE : err.code; /* only whoever checks writes it */
    __atomic_store_n(&engine->next_check_ns, clock_ns() + CHECK_EVERY_NS, __ATOMIC_RELEASE);
    __atomic_store_n(&engine->ready, ready, __ATOMIC_RELEASE);
    return ready;
}

/* What is published here was told to nobody yet when its writer is answered, and may be asked for at once. */
static bool change(struct run *run, struct reply *reply, struct error *err)
{
    bool ok = write_execute(run, reply, err);

    if (run->engine->answers && (ok || err->code == ERR_DB_UNCERTAIN))
        answers_forget(run->engine->answers);
    return ok;
}

bool engine_execute(struct engine *engine, const struct call *call, const struct stream *stream, struct reply *reply,
                    struct error *err)
{
    const struct plan *plan = &engine->plans[call->operation->index];
    struct run run = {.engine = engine, .plan = plan, .call = call};

    reply->status = call->operation->success->status;
    reply->content_type = call->media ? call->media->type : (struct str){NULL, 0};
    if (plan->custom)
        return plan->custom->run(&engine->surroundings, call, reply, err);
    if (plan->check && !plan->guard && !plan->check(call, err))
        return false;
    if (!engine_is_ready(engine))
        return error_set(err, ERR_DB_UNAVAILABLE, "the contract has not been held against the database yet");
    int64_t start = clock_ns();
    bool ok = plan->operation->reads ? for_all_execute(&run, stream, reply, err) : change(&run, reply, err);
    run_close(&run);
    reply->db_ns = clock_ns() - start;
    if (ok && reply->body->failed)
        return error_set(err, ERR_INTERNAL, "the answer of %.*s: %s", STR_ARG(call->operation->id),
                         reply->body->why ? reply->body->why : "it is too large");
    return ok;
}
