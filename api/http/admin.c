/* admin.c: tells operators and orchestrators how the service is. Knows nothing of the contract's operations. */
#include "http/admin.h"

#include "base/clock.h"
#include "http/answer.h"
#include "http/negotiate.h"

static const int64_t PATIENCE_NS = INT64_C(1000) * 1000 * 1000;

static bool database_answers(struct db_pool *pool)
{
    const struct db_result *result;
    struct db_conn *conn;
    struct error err;

    if (!db_lend(pool, clock_ns() + PATIENCE_NS, &conn, &err))
        return false;
    bool ok = db_send_text(conn, "select 1", &err) && db_sync(conn, &err) && db_next(conn, &result, &err) && db_end(conn, &err);
    db_return(pool, conn);
    return ok;
}

/* The contract was held against the database, and a connection answers within a second. Asked anew each time. */
static bool is_ready(struct edge *edge)
{
    return !__atomic_load_n(&edge->stopping, __ATOMIC_ACQUIRE) && engine_is_ready(edge->options.engine) &&
           database_answers(edge->options.pool);
}

static struct pool_gauge pool_gauge(const char *name, struct db_pool *pool)
{
    struct pool_gauge gauge = {.name = name};

    db_pool_state(pool, &gauge.open, &gauge.in_use, &gauge.waiting);
    return gauge;
}

static void say(struct context *context, int status, struct str type, struct str text)
{
    context->reply.status = status;
    context->reply.content_type = type;
    buf_add(context->body, text);
}

static void livez(struct context *context)
{
    say(context, 200, STR("application/json"), STR("{\"status\":\"ok\"}"));
}

static void readyz(struct context *context)
{
    bool ready = is_ready(context->edge);

    say(context, ready ? 200 : 503, STR("application/json"), ready ? STR("{\"status\":\"ok\"}") : STR("{\"status\":\"unavailable\"}"));
    if (!ready)
        reply_header(&context->reply, STR("Retry-After"), STR("1"));
}

static void metrics(struct context *context)
{
    struct edge *edge = context->edge;
    int waiting;

    places_state(edge->places, &waiting);
    struct gauges gauges = {
        .connections = __atomic_load_n(&edge->connections, __ATOMIC_RELAXED),
        .in_flight = __atomic_load_n(&edge->active, __ATOMIC_RELAXED),
        .waiting = waiting,
        .connections_max = edge->options.config->connections,
        .pools = {pool_gauge("requests", edge->options.pool), pool_gauge("streams", edge->options.streams)},
        .ready = is_ready(edge),
        .chains = edge->options.audit != NULL,
        .issuers = edge->options.keys->issuers,
    };
    if (gauges.chains)
        edge->options.audit(edge->options.worker, &gauges.audit);
    engine_answers(edge->options.engine, &gauges.answers_found, &gauges.answers_bytes);
    say(context, 200, STR("text/plain; version=0.0.4; charset=utf-8"), STR(""));
    metrics_render(edge->metrics, &gauges, context->body);
}

static const struct {
    struct str path;
    void (*run)(struct context *);
} pages[] = {
    {STR_INIT("/livez"), livez},
    {STR_INIT("/readyz"), readyz},
    {STR_INIT("/metrics"), metrics},
};

static void (*find_page(struct str path))(struct context *)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (str_eq(pages[i].path, path))
            return pages[i].run;
    return NULL;
}

void admin_run(struct context *context)
{
    const struct request *request = context->request;
    void (*page)(struct context *) = find_page(request->path);
    bool reads = str_eq(request->method, STR("GET")) || str_eq(request->method, STR("HEAD"));

    trace_start(request->headers, &context->trace);
    context->language = negotiate_language(request->headers, context->edge->language);
    context->reply = (struct reply){.body = context->body};
    context->close = context->internal = true;
    context->unread = request_has_body(request);
    context->route.allow = STR("GET, HEAD");
    if (page && reads) {
        page(context);
        answer_reply(context);
        return;
    }
    error_set(&context->error, page ? ERR_METHOD : ERR_NO_PATH, "GET, HEAD");
    answer_problem(context);
}
