/* server.c: civetweb's threads and connections, made into requests for the stages. The only part that knows civetweb. */
#include "http/server.h"

#include <civetweb.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "contract/pattern.h"
#include "http/admin.h"
#include "http/gate.h"
#include "http/socket.h"
#include "http/stages.h"
#include "http/workspace.h"
#include "operation/conceal.h"

enum {
    ADMIN_THREADS = 2,
    SPARE_THREADS = 4,                       /* answer 503 when all others are taken: */
    THREADS_PER_SPARE = 32,                  /* or as many more as there are threads that they wait beside for their turn */
    ARENA_BYTES = 64 * 1024 * 1024,          /* of address space, per request, */
    ARENA_BYTES_PER_BODY_BYTE = 96,          /* and for what a body and the record that it changes may parse into */
    ANSWER_BYTES_MAX = 64 * 1024 * 1024,
    CROWDED_HEAD_MS = 250,                   /* how long a connection on a spare thread may take for its head */
    LINGER_MS = 500, CROWDED_LINGER_MS = 50,
    OTHER_DESCRIPTORS = 512,                  /* what waits for a thread, files, the operators' port, libraries */
    STOP_STEP_MS = 20, STOP_QUIET_STEPS = 10, /* with nothing at work for so long, nobody is told 503 any more */
};

/* A thread of civetweb, and the connection that it serves. */
struct worker {
    struct workspace *workspace; /* while a request is at work */
    bool crowded;  /* its connection came when only spare threads were left, or no descriptors */
    bool refused;  /* civetweb refused the head, and it was answered */
    bool linger;   /* something that the client sent was not read */
    bool first;    /* no request of the connection was answered yet */
    int64_t waiting_since_ns;
};

/* One of the two ports. */
struct listener {
    struct server *server;
    bool is_admin;
    struct mg_context *civetweb;
    char complaint[256]; /* what civetweb said first while it started */
};

struct server {
    struct arena arena;
    struct edge edge;
    struct listener api, admin;
    struct workspaces *workspaces;
    struct arena received; /* SOCKET_BUFFER_BYTES for each worker */
    struct worker *workers;
    int taken;
};

static struct listener *listener_of(const struct mg_connection *conn)
{
    return mg_get_user_data(mg_get_context(conn));
}

static long wire_read(void *to, char *p, size_t n, int64_t deadline_ns)
{
    socket_deadline(deadline_ns);
    int got = mg_read(to, p, n);
    socket_deadline(0);
    return got;
}

static bool wire_write(void *to, struct str bytes, int64_t deadline_ns)
{
    socket_deadline(deadline_ns);
    int sent = mg_write(to, bytes.p, bytes.n);
    socket_deadline(0);
    return sent >= 0 && (size_t)sent == bytes.n;
}

static void read_head(const struct mg_request_info *info, struct raw_head *ret)
{
    *ret = (struct raw_head){
        .start = socket_buffer(),
        .received = socket_received(),
        .method = info->request_method,
        .path = info->request_uri,
        .query = info->query_string,
        .version = info->http_version,
        .n = (size_t)info->num_headers,
    };
    for (size_t i = 0; i < ret->n; i++)
        ret->headers[i] = (struct raw_header){info->http_headers[i].name, info->http_headers[i].value};
}

static void context_init(struct context *context, struct mg_connection *conn, const struct wire *wire, const struct request *request)
{
    struct worker *worker = mg_get_thread_pointer(conn);
    struct workspace *workspace = workspace_take(listener_of(conn)->server->workspaces);

    worker->workspace = workspace;
    *context = (struct context){
        .edge = &listener_of(conn)->server->edge,
        .wire = wire,
        .request = request,
        .arena = &workspace->arena,
        .out = &workspace->out,
        .body = &workspace->body,
        .input = &workspace->input,
        .peer = str_of(mg_get_request_info(conn)->remote_addr),
        .started_ns = clock_ns(),
        .crowded = worker->crowded,
    };
}

/* Makes the thread ready for the next request, of this connection or of another. */
static void finish(struct mg_connection *conn, const struct context *context)
{
    struct worker *worker = mg_get_thread_pointer(conn);

    if (context->close)
        mg_disable_keep_alive(conn);
    workspace_return(listener_of(conn)->server->workspaces, worker->workspace);
    worker->linger = context->unread;
    worker->first = false;
    worker->waiting_since_ns = clock_ns();
}

/* Whether reading the body will wait for nobody. */
static bool body_came(const struct raw_head *raw, const struct request *request)
{
    return !request->chunked && !request->expects_continue && request->content_length <= INT_MAX &&
           socket_has(gate_head_bytes(raw) + (size_t)request->content_length);
}

static void serve_request(const struct raw_head *raw, struct request *request, struct context *context)
{
    request->body_came = request_has_body(request) && body_came(raw, request);
    stages_run(context);
}

/* begin_request: always answers. */
static int serve(struct mg_connection *conn)
{
    const struct wire wire = {wire_read, wire_write, conn};
    struct raw_head raw;
    struct request request;
    struct context context;

    socket_deadline(0);
    read_head(mg_get_request_info(conn), &raw);
    context_init(&context, conn, &wire, &request);
    if (!gate_check(&raw, &request, &context.error))
        stages_refuse(&context);
    else if (listener_of(conn)->is_admin)
        admin_run(&context);
    else
        serve_request(&raw, &request, &context);
    finish(conn, &context);
    if (!context.close)
        socket_consume(gate_head_bytes(&raw) + (size_t)request.content_length);
    return context.status;
}

/* Methods that civetweb lets pass; it refuses all others without looking at the rest of the head. */
static bool civetweb_knows(struct str method)
{
    static const struct str methods[] = {
        STR_INIT("GET"),      STR_INIT("POST"),  STR_INIT("PUT"),  STR_INIT("DELETE"), STR_INIT("HEAD"),
        STR_INIT("OPTIONS"),  STR_INIT("PATCH"), STR_INIT("LOCK"), STR_INIT("UNLOCK"), STR_INIT("CONNECT"),
        STR_INIT("PROPFIND"), STR_INIT("MKCOL"), STR_INIT("PROPPATCH"), STR_INIT("REPORT"),
    };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (str_eq(methods[i], method))
            return true;
    return false;
}

/* Whether only the method kept civetweb from parsing the head on: then method and target can be told, and nothing else. */
static bool read_refused(const struct mg_request_info *info, struct request *ret)
{
    struct str method = str_of(info->request_method), target = str_of(info->request_uri), version = str_of(info->http_version);

    *ret = (struct request){.minor = 1};
    if (!gate_is_token(method))
        return false;
    ret->method = method;
    if (civetweb_knows(method) || !str_starts(target, STR("/")) || !(str_eq(version, STR("1.1")) || str_eq(version, STR("1.0"))))
        return false;
    ret->path = (struct str){target.p, str_find(target, '?')};
    return true;
}

/* How long civetweb waits for a head. */
static int64_t head_timeout_ns(const struct worker *worker, const struct config *config)
{
    return (int64_t)(worker->first ? config->body_timeout_ms : config->keep_alive_ms) * 1000000;
}

static void explain_refusal(const struct worker *worker, const struct config *config, int status, struct error *err)
{
    if (clock_ns() - worker->waiting_since_ns >= head_timeout_ns(worker, config))
        error_set(err, ERR_REQUEST_TIMEOUT, "%s", "");
    else if (status == 505)
        error_set(err, ERR_MALFORMED, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    else
        error_set(err, ERR_MALFORMED, "the request line or a header field is malformed, cut short or too large");
}

/* http_error: civetweb could not read a head. It closes the connection afterwards. */
static int on_refused(struct mg_connection *conn, int status, const char *message)
{
    const struct wire wire = {wire_read, wire_write, conn};
    struct worker *worker = mg_get_thread_pointer(conn);
    struct request request;
    struct context context;

    (void)message;
    socket_deadline(0);
    context_init(&context, conn, &wire, &request);
    if (read_refused(mg_get_request_info(conn), &request) && !listener_of(conn)->is_admin) {
        stages_run(&context);
    } else {
        explain_refusal(worker, context.edge->options.config, status, &context.error);
        stages_refuse(&context);
    }
    finish(conn, &context);
    worker->refused = worker->linger = true;
    return 0;
}

static int on_connection(const struct mg_connection *conn, void **ret_data)
{
    struct listener *listener = listener_of(conn);
    struct edge *edge = &listener->server->edge;
    struct worker *worker = mg_get_thread_pointer(conn);

    (void)ret_data;
    socket_watch();
    bool full = !listener->is_admin && __atomic_add_fetch(&edge->connections, 1, __ATOMIC_RELAXED) > edge->connections_full;
    worker->crowded = full || (!listener->is_admin && socket_are_scarce());
    worker->refused = worker->linger = false;
    worker->first = true;
    worker->waiting_since_ns = clock_ns();
    socket_deadline(worker->crowded ? worker->waiting_since_ns + (int64_t)CROWDED_HEAD_MS * 1000000 : 0);
    return 0;
}

/* civetweb drops "OPTIONS *" and absolute targets of other hosts without a word: they are answered here. */
static void on_close(const struct mg_connection *conn)
{
    const struct mg_request_info *info = mg_get_request_info(conn);
    struct listener *listener = listener_of(conn);
    struct worker *worker = mg_get_thread_pointer(conn);
    const union { /* const for callbacks that only look */
        const struct mg_connection *looked_at;
        struct mg_connection *served;
    } at = {.looked_at = conn};

    if (info->request_uri && !info->local_uri && !worker->refused)
        serve(at.served);
    if (worker->linger)
        socket_linger(worker->crowded ? CROWDED_LINGER_MS : LINGER_MS);
    socket_deadline(0);
    socket_rest();
    if (!listener->is_admin)
        __atomic_sub_fetch(&listener->server->edge.connections, 1, __ATOMIC_RELAXED);
}

static void *on_thread(const struct mg_context *civetweb, int type)
{
    struct listener *listener = mg_get_user_data(civetweb);
    struct server *server = listener->server;

    if (type == 0) /* the master thread serves nobody */
        socket_listen();
    if (type != 1)
        return NULL;
    int taken = __atomic_fetch_add(&server->taken, 1, __ATOMIC_RELAXED);
    socket_serve(server->received.base + (size_t)taken * SOCKET_BUFFER_BYTES);
    return &server->workers[taken];
}

static int on_message(const struct mg_connection *conn, const char *message)
{
    struct listener *listener = listener_of(conn);

    if (listener->civetweb)
        log_event("warn", "civetweb", "%s", message);
    else if (!listener->complaint[0]) /* the first says why it does not start; those behind it say the same in other words */
        snprintf(listener->complaint, sizeof listener->complaint, "%s", message);
    return 1;
}

static bool listen_on(struct listener *listener, const struct config *config, struct str address, int n_threads, struct error *err)
{
    static const struct mg_callbacks callbacks = {
        .begin_request = serve,
        .http_error = on_refused,
        .init_connection = on_connection,
        .connection_close = on_close,
        .init_thread = on_thread,
        .log_message = on_message,
    };
    char threads[16], head_ms[16], keep_ms[16], buffer[16];
    bool keeps = config->keep_alive_ms > 0 && !listener->is_admin;
    const char *options[] = {
        "listening_ports", address.p, "num_threads", threads, "request_timeout_ms", head_ms, "keep_alive_timeout_ms", keep_ms,
        "max_request_size", buffer, "enable_keep_alive", keeps ? "yes" : "no", "tcp_nodelay", "1", "connection_queue", "128",
        "listen_backlog", "1024", "decode_url", "no", "enable_directory_listing", "no", "enable_auth_domain_check", "no", NULL,
    };

    snprintf(threads, sizeof threads, "%d", n_threads);
    snprintf(head_ms, sizeof head_ms, "%d", config->body_timeout_ms);
    snprintf(keep_ms, sizeof keep_ms, "%d", config->keep_alive_ms);
    snprintf(buffer, sizeof buffer, "%d", SOCKET_BUFFER_BYTES);
    listener->civetweb = mg_start(&callbacks, listener, options);
    if (!listener->civetweb)
        return error_set(err, ERR_STARTUP, "cannot listen on %.*s: %s", STR_ARG(address), listener->complaint);
    return true;
}

static int spare_threads(int threads)
{
    int least = threads / 4 < SPARE_THREADS ? threads / 4 : SPARE_THREADS;
    return threads / THREADS_PER_SPARE > least ? threads / THREADS_PER_SPARE : least;
}

static bool edge_init(struct server *server, const struct http_options *options, struct error *err)
{
    struct edge *edge = &server->edge;
    int threads = options->config->threads, spare = spare_threads(threads);

    edge->options = *options;
    edge->cors = cors_parse(&server->arena, options->config->cors_origins);
    edge->metrics = metrics_new(&server->arena, options->contract);
    edge->limits = limits_new(&server->arena, options->config);
    edge->language = str_eq(options->config->language, STR("en")) ? LANGUAGE_EN : LANGUAGE_ES;
    edge->connections_full = threads - spare;
    edge->connections_busy = threads - 2 * spare;
    edge->places = places_new(options->config->in_flight_max, options->config->in_flight_wait_ms, socket_rest);
    if (!edge->places)
        return error_set(err, ERR_STARTUP, "out of memory");
    return proxies_parse(&server->arena, options->config->trusted_proxies, &edge->proxies, err);
}

static bool workers_init(struct server *server, const struct config *config, struct error *err)
{
    int n = config->threads + ADMIN_THREADS;
    size_t body_bytes_max = (size_t)config->body_max_bytes;
    bool seals = server->edge.options.contract->needs_seal;
    size_t per_body_byte = ARENA_BYTES_PER_BODY_BYTE + (seals ? CONCEAL_BYTES_FACTOR : 0);
    const struct workspace_size size = {
        .arena = ARENA_BYTES + per_body_byte * body_bytes_max,
        .out = ANSWER_BYTES_MAX + SOCKET_BUFFER_BYTES,
        .body = ANSWER_BYTES_MAX,
        .input = body_bytes_max + SOCKET_BUFFER_BYTES,
    };

    server->workers = arena_array(&server->arena, struct worker, (size_t)n);
    server->workspaces = workspaces_new(n, config->in_flight_max, &size);
    if (!pattern_init() || !server->workspaces || !arena_init(&server->received, (size_t)n * SOCKET_BUFFER_BYTES))
        return error_set(err, ERR_STARTUP, "no address space for %d threads", config->threads);
    return true;
}

/* Stops both ports and gives everything back. */
static void release(struct server *server)
{
    if (server->api.civetweb)
        mg_stop(server->api.civetweb);
    if (server->admin.civetweb)
        mg_stop(server->admin.civetweb);
    workspaces_free(server->workspaces);
    arena_done(&server->received);
    places_free(server->edge.places);
    mg_exit_library();
    struct arena arena = server->arena; /* the server lies in it */
    arena_done(&arena);
}

/* Each connection is a descriptor, and a program has 1,024 in many places unless it asks for more. */
static void raise_descriptors(const struct config *config)
{
    int need_n = config->threads + config->db_connections + config->db_stream_connections + OTHER_DESCRIPTORS;
    rlim_t need = (rlim_t)need_n;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
        return;
    limit.rlim_cur = limit.rlim_max < need ? limit.rlim_max : need;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < need)
        log_event("warn", "descriptors", "%llu descriptors are needed, and the system allows fewer", (unsigned long long)need);
}

bool server_start(const struct http_options *options, struct server **ret, struct error *err)
{
    const struct config *config = options->config;
    struct arena arena;

    if (!arena_init(&arena, ARENA_BYTES))
        return error_set(err, ERR_STARTUP, "no address space");
    struct server *server = arena_new(&arena, struct server);
    server->arena = arena;
    server->api = (struct listener){.server = server};
    server->admin = (struct listener){.server = server, .is_admin = true};
    sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0}); /* threads that wake wait their turn: less switching; no harm where refused */
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    raise_descriptors(config);
    mg_init_library(0);
    if (!edge_init(server, options, err) || !workers_init(server, config, err) ||
        !listen_on(&server->admin, config, config->admin_listen, ADMIN_THREADS, err) || !listen_on(&server->api, config, config->listen, config->threads, err)) {
        release(server);
        return false;
    }
    *ret = server;
    return true;
}

/* Until no request that was let in is at work, long enough for those on their way to be refused, or the time is up. */
static void drain(struct edge *edge)
{
    int64_t deadline_ns = clock_ns() + (int64_t)edge->options.config->shutdown_ms * 1000000;
    int quiet_steps = 0;

    while (quiet_steps < STOP_QUIET_STEPS && clock_ns() < deadline_ns) {
        nanosleep(&(struct timespec){.tv_nsec = STOP_STEP_MS * 1000000L}, NULL);
        quiet_steps = __atomic_load_n(&edge->active, __ATOMIC_ACQUIRE) ? 0 : quiet_steps + 1;
    }
    if (__atomic_load_n(&edge->active, __ATOMIC_ACQUIRE))
        log_event("warn", "stopping", "requests are still at work; their answers are lost");
}

void server_stop(struct server *server)
{
    if (!server)
        return;
    __atomic_store_n(&server->edge.stopping, true, __ATOMIC_RELEASE);
    drain(&server->edge);
    release(server);
}
