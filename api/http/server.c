/* server.c: loops, the two ports, and how they end. Knows nothing of requests. */
#include "http/server.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "contract/pattern.h"
#include "http/connection.h"
#include "operation/conceal.h"

enum {
    LOOPS_MAX = 64,
    SPARE_CONNECTIONS = 16,                   /* of so many one is kept for making room: */
    ARENA_BYTES = 64 * 1024 * 1024,           /* of address space, per request, */
    ARENA_BYTES_PER_BODY_BYTE = 96,           /* and for what a body and the record that it changes may parse into */
    ANSWER_BYTES_MAX = 64 * 1024 * 1024,
    SLACK_BYTES = 163840,
    OTHER_DESCRIPTORS = 512,                  /* of who is refused, files, the operators' port, libraries */
    STOP_STEP_MS = 20, STOP_QUIET_STEPS = 10, /* with nothing at work for so long, nobody is told 503 any more */
};
static const int64_t TRIM_NS = INT64_C(1000000000);

/* A loop and its thread. The first loop takes the connections of both ports. */
struct crew {
    struct server *server;
    struct lane lane;
    struct job closing;
    pthread_t thread;
    bool started;
};

struct server {
    struct arena arena;
    struct edge edge;
    struct listener api, admin;
    struct crew crews[LOOPS_MAX];
    int n;
    int64_t trimmed_ns; /* when the heaps were given back last, by any of them */
};

/* What lies free between what is used stays with the heaps, much of it after many requests at once: given back where nobody came meanwhile. */
static int64_t on_idle(void *with)
{
    struct crew *crew = with;
    int64_t now = clock_ns(), trimmed_ns = __atomic_load_n(&crew->server->trimmed_ns, __ATOMIC_RELAXED);

    lane_rest(&crew->lane);
    if (now < trimmed_ns + TRIM_NS || !__atomic_compare_exchange_n(&crew->server->trimmed_ns, &trimmed_ns, now, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        return trimmed_ns + TRIM_NS;
    malloc_trim(0);
    return INT64_MAX;
}

/* The one that serves fewest. */
static struct lane *choose(struct server *server)
{
    struct crew *least = &server->crews[0];

    for (int i = 1; i < server->n; i++)
        if (__atomic_load_n(&server->crews[i].lane.n, __ATOMIC_RELAXED) < __atomic_load_n(&least->lane.n, __ATOMIC_RELAXED))
            least = &server->crews[i];
    return &least->lane;
}

static void take_api(void *with, const struct accepted *accepted)
{
    lane_take(choose(with), accepted, false);
}

static void take_admin(void *with, const struct accepted *accepted)
{
    lane_take(choose(with), accepted, true);
}

static void *work(void *with)
{
    struct crew *crew = with;

    loop_run(crew->lane.loop);
    return NULL;
}

static bool edge_init(struct server *server, const struct http_options *options, struct error *err)
{
    struct edge *edge = &server->edge;
    int connections = options->config->connections;

    edge->options = *options;
    edge->cors = cors_parse(&server->arena, options->config->cors_origins);
    edge->metrics = metrics_new(&server->arena, options->contract);
    edge->limits = limits_new(&server->arena, options->config);
    edge->language = str_eq(options->config->language, STR("en")) ? LANGUAGE_EN : LANGUAGE_ES;
    edge->connections_full = connections;
    edge->connections_busy = connections - connections / SPARE_CONNECTIONS;
    edge->places = places_new(options->config->in_flight_max, options->config->in_line_max, options->config->in_flight_wait_ms);
    if (!edge->places)
        return error_set(err, ERR_STARTUP, "out of memory");
    return proxies_parse(&server->arena, options->config->trusted_proxies, &edge->proxies, err);
}

static struct workspace_size workspace_size(const struct http_options *options)
{
    size_t body_bytes_max = (size_t)options->config->body_max_bytes;
    size_t per_body_byte = ARENA_BYTES_PER_BODY_BYTE + (options->contract->needs_seal ? CONCEAL_BYTES_FACTOR : 0);

    return (struct workspace_size){
        .arena = ARENA_BYTES + per_body_byte * body_bytes_max,
        .out = ANSWER_BYTES_MAX + SLACK_BYTES,
        .body = ANSWER_BYTES_MAX,
        .input = body_bytes_max + SLACK_BYTES,
    };
}

static bool crews_init(struct server *server, const struct http_options *options, struct error *err)
{
    int n = options->config->threads;

    for (; server->n < n; server->n++) {
        struct crew *crew = &server->crews[server->n];
        *crew = (struct crew){.server = server, .lane = {.edge = &server->edge}};
        crew->lane.workspaces = (struct workspaces){.size = workspace_size(options), .free_max = options->config->in_flight_max / n + 1};
        crew->lane.loop = loop_new(on_idle, crew);
        if (!crew->lane.loop)
            return error_set(err, ERR_STARTUP, "no memory or descriptors for %d threads", n);
    }
    return pattern_init() || error_set(err, ERR_STARTUP, "out of memory");
}

static bool listen_on(struct server *server, struct listener *listener, struct str address, void (*take)(void *, const struct accepted *), struct error *err)
{
    if (!listener_open(listener, address, err))
        return false;
    listener->loop = server->crews[0].lane.loop;
    listener->take = take;
    listener->with = server;
    return (loop_reserve_timers(listener->loop, 2) && listener_start(listener)) || error_set(err, ERR_STARTUP, "no memory or descriptors");
}

static bool run(struct server *server, struct error *err)
{
    for (int i = 0; i < server->n; i++) {
        struct crew *crew = &server->crews[i];
        crew->started = pthread_create(&crew->thread, NULL, work, crew) == 0;
        if (!crew->started)
            return error_set(err, ERR_STARTUP, "no memory for %d threads", server->n);
    }
    return true;
}

static void close_lane(struct job *job)
{
    struct crew *crew = HOLDER_OF(struct crew, closing, job);

    if (crew == &crew->server->crews[0]) {
        listener_close(&crew->server->api);
        listener_close(&crew->server->admin);
    }
    lane_close(&crew->lane);
    loop_stop(crew->lane.loop);
}

/* Ends the loops one after the other, the first of which closes both ports, and gives everything back. */
static void release(struct server *server)
{
    for (int i = 0; i < server->n; i++) {
        struct crew *crew = &server->crews[i];
        crew->closing.run = close_lane;
        if (crew->started)
            loop_post(crew->lane.loop, &crew->closing);
        if (crew->started)
            pthread_join(crew->thread, NULL);
    }
    listener_close(&server->api);
    listener_close(&server->admin);
    for (int i = 0; i < server->n; i++) {
        lane_done(&server->crews[i].lane);
        loop_free(server->crews[i].lane.loop);
    }
    places_free(server->edge.places);
    struct arena arena = server->arena; /* the server lies in it */
    arena_done(&arena);
}

/* Each connection is a descriptor, and a program has 1,024 in many places unless it asks for more. */
static void raise_descriptors(const struct config *config)
{
    int need_n = config->connections + config->db_connections + config->db_stream_connections + OTHER_DESCRIPTORS;
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
    server->api.fd = server->admin.fd = -1;
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    raise_descriptors(config);
    if (!edge_init(server, options, err) || !crews_init(server, options, err) ||
        !listen_on(server, &server->admin, config->admin_listen, take_admin, err) ||
        !listen_on(server, &server->api, config->listen, take_api, err) || !run(server, err)) {
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
    places_close(server->edge.places); /* who waits there would only begin */
    release(server);
}
