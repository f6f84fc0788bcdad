/* metrics.c: counters per operation and per problem. Knows nothing of sockets. */
#include "http/metrics.h"

#include <stdatomic.h>

enum { CLASSES = 6, BUCKETS = 11 }; /* classes by the first digit of the status */

static const struct {
    int64_t ns;
    const char *label;
} bounds[BUCKETS] = {
    {1000000, "0.001"},    {2500000, "0.0025"}, {5000000, "0.005"},  {10000000, "0.01"},  {25000000, "0.025"},   {50000000, "0.05"},
    {100000000, "0.1"},    {250000000, "0.25"}, {500000000, "0.5"},  {1000000000, "1"},   {2500000000, "2.5"},
};

struct row {
    _Atomic uint64_t answered[CLASSES];
    _Atomic uint64_t buckets[BUCKETS + 1]; /* not cumulative; the last one is what took longer */
    _Atomic uint64_t duration_ns;
};

struct metrics {
    const struct contract *contract;
    struct row *rows; /* contract->n + 1 */
    _Atomic uint64_t problems[ERR_CODES];
    _Atomic uint64_t limited[LIMITS];
};

struct metrics *metrics_new(struct arena *a, const struct contract *contract)
{
    struct metrics *metrics = arena_new(a, struct metrics);

    metrics->contract = contract;
    metrics->rows = arena_array(a, struct row, contract->n + 1);
    return metrics;
}

static void add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

static uint64_t get(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

void metrics_count(struct metrics *metrics, const struct operation *operation, int status, enum error_code code,
                   int64_t duration_ns)
{
    struct row *row = &metrics->rows[operation ? operation->index : metrics->contract->n];
    size_t bucket = 0;

    while (bucket < BUCKETS && duration_ns > bounds[bucket].ns)
        bucket++;
    add(&row->answered[status >= 100 && status < 600 ? status / 100 : 0], 1);
    add(&row->buckets[bucket], 1);
    add(&row->duration_ns, (uint64_t)duration_ns);
    if (code != ERR_NONE)
        add(&metrics->problems[code], 1);
}

void metrics_limited(struct metrics *metrics, enum limit limit)
{
    add(&metrics->limited[limit], 1);
}

static struct str row_name(const struct metrics *metrics, size_t i)
{
    return i < metrics->contract->n ? metrics->contract->operations[i].id : STR("none");
}

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
    buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void render_requests(const struct metrics *metrics, struct buf *b)
{
    head(b, "cpwg_requests_total", "counter", "Requests answered, by operation and class of status.");
    for (size_t i = 0; i <= metrics->contract->n; i++)
        for (int class = 0; class < CLASSES; class++) {
            uint64_t n = get(&metrics->rows[i].answered[class]);
            if (n)
                buf_printf(b, "cpwg_requests_total{operation=\"%.*s\",status=\"%dxx\"} %llu\n", STR_ARG(row_name(metrics, i)),
                           class, (unsigned long long)n);
        }
}

static void render_duration(struct str name, const struct row *row, struct buf *b)
{
    uint64_t n = 0;

    for (size_t i = 0; i <= BUCKETS; i++) {
        n += get(&row->buckets[i]);
        buf_printf(b, "cpwg_request_duration_seconds_bucket{operation=\"%.*s\",le=\"%s\"} %llu\n", STR_ARG(name),
                   i < BUCKETS ? bounds[i].label : "+Inf", (unsigned long long)n);
    }
    buf_printf(b, "cpwg_request_duration_seconds_sum{operation=\"%.*s\"} %.6f\n", STR_ARG(name),
               (double)get(&row->duration_ns) / 1e9);
    buf_printf(b, "cpwg_request_duration_seconds_count{operation=\"%.*s\"} %llu\n", STR_ARG(name), (unsigned long long)n);
}

static void render_durations(const struct metrics *metrics, struct buf *b)
{
    head(b, "cpwg_request_duration_seconds", "histogram", "Time from a request's head to the end of its answer.");
    for (size_t i = 0; i <= metrics->contract->n; i++) {
        uint64_t any = 0;
        for (size_t j = 0; j <= BUCKETS; j++)
            any |= get(&metrics->rows[i].buckets[j]);
        if (any)
            render_duration(row_name(metrics, i), &metrics->rows[i], b);
    }
}

static void render_problems(const struct metrics *metrics, struct buf *b)
{
    head(b, "cpwg_problems_total", "counter", "Requests refused or failed, by type of problem.");
    for (int code = ERR_NONE + 1; code < ERR_CODES; code++) {
        uint64_t n = get(&metrics->problems[code]);
        if (n)
            buf_printf(b, "cpwg_problems_total{type=\"%s\"} %llu\n", error_info((enum error_code)code)->slug.p, (unsigned long long)n);
    }
}

static void render_limited(const struct metrics *metrics, struct buf *b)
{
#define LIMIT_NAME(limit, name, ...) [limit] = name,
    static const char *const names[LIMITS] = {LIMIT_LIST(LIMIT_NAME)};
#undef LIMIT_NAME

    head(b, "cpwg_limited_total", "counter", "Requests refused by a limit, by its policy.");
    for (int limit = LIMIT_NONE + 1; limit < LIMITS; limit++)
        buf_printf(b, "cpwg_limited_total{policy=\"%s\"} %llu\n", names[limit], (unsigned long long)get(&metrics->limited[limit]));
}

static void render_gauges(const struct gauges *gauges, struct buf *b)
{
    const struct {
        const char *name, *help;
        int value;
    } plain[] = {
        {"cpwg_requests_in_flight", "Requests that came and are not answered yet.", gauges->in_flight},
        {"cpwg_requests_waiting", "Those of them that wait in line for a place.", gauges->waiting},
        {"cpwg_connections", "Connections served, idle ones included.", gauges->connections},
        {"cpwg_connections_max", "Connections at once; more are answered 503.", gauges->connections_max},
        {"cpwg_ready", "Whether /readyz would say so.", gauges->ready},
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        head(b, plain[i].name, "gauge", plain[i].help);
        buf_printf(b, "%s %d\n", plain[i].name, plain[i].value);
    }
    head(b, "cpwg_answers_found_total", "counter", "Public answers given from memory.");
    buf_printf(b, "cpwg_answers_found_total %llu\n", (unsigned long long)gauges->answers_found);
    head(b, "cpwg_answers_bytes", "gauge", "Memory that kept public answers take.");
    buf_printf(b, "cpwg_answers_bytes %zu\n", gauges->answers_bytes);
    head(b, "cpwg_db_connections", "gauge", "Database connections and callers waiting for one, by pool.");
    for (size_t i = 0; i < sizeof gauges->pools / sizeof gauges->pools[0]; i++) {
        const struct pool_gauge *pool = &gauges->pools[i];
        buf_printf(b, "cpwg_db_connections{pool=\"%s\",state=\"open\"} %d\n", pool->name, pool->open);
        buf_printf(b, "cpwg_db_connections{pool=\"%s\",state=\"in_use\"} %d\n", pool->name, pool->in_use);
        buf_printf(b, "cpwg_db_connections{pool=\"%s\",state=\"waiting\"} %d\n", pool->name, pool->waiting);
    }
}

static void render_audit(const struct audit_gauge *audit, struct buf *b)
{
    head(b, "cpwg_audit_chained_total", "counter", "Rows of the audit that this instance took into its chain.");
    buf_printf(b, "cpwg_audit_chained_total %llu\n", (unsigned long long)audit->chained);
    head(b, "cpwg_audit_waiting", "gauge", "Rows of the audit, at most, that had no place in its chain at the last look.");
    buf_printf(b, "cpwg_audit_waiting %lld\n", (long long)audit->waiting);
    head(b, "cpwg_audit_lag_seconds", "gauge", "Whatever was committed so long ago is in the audit's chain.");
    buf_printf(b, "cpwg_audit_lag_seconds %.3f\n", audit->lag_s);
}

/* One value of each issuer's state, under its host. */
static void render_issuers(struct issuers *issuers, struct buf *b)
{
    struct issuer_state state;

    if (!issuers)
        return;
    head(b, "cpwg_issuer_fetches_total", "counter", "Fetches of a provider's keys, by outcome.");
    for (size_t i = 0; issuers_state(issuers, i, &state); i++)
        buf_printf(b, "cpwg_issuer_fetches_total{issuer=\"%.*s\",outcome=\"ok\"} %llu\ncpwg_issuer_fetches_total{issuer=\"%.*s\",outcome=\"failed\"} %llu\n",
                   STR_ARG(state.host), (unsigned long long)state.fetched, STR_ARG(state.host), (unsigned long long)state.failed);
    head(b, "cpwg_issuer_keys", "gauge", "Keys of a provider that are known.");
    for (size_t i = 0; issuers_state(issuers, i, &state); i++)
        buf_printf(b, "cpwg_issuer_keys{issuer=\"%.*s\"} %zu\n", STR_ARG(state.host), state.keys);
    head(b, "cpwg_issuer_keys_age_seconds", "gauge", "Time since a provider's keys were fetched; -1 before that.");
    for (size_t i = 0; issuers_state(issuers, i, &state); i++)
        buf_printf(b, "cpwg_issuer_keys_age_seconds{issuer=\"%.*s\"} %lld\n", STR_ARG(state.host), (long long)state.age_s);
}

void metrics_render(const struct metrics *metrics, const struct gauges *gauges, struct buf *b)
{
    render_requests(metrics, b);
    render_durations(metrics, b);
    render_problems(metrics, b);
    render_limited(metrics, b);
    render_gauges(gauges, b);
    if (gauges->chains)
        render_audit(&gauges->audit, b);
    render_issuers(gauges->issuers, b);
}
