/* wire.c: a libpq connection in pipeline mode and its results. The only file that knows libpq.
 * Knows nothing of transactions, statement keys or pools. */
#include "db/wire.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "db/sqlstate.h"
#include "task/wait.h"

enum {
    ENDPOINTS_MAX = 8,
    PARAMETERS_MAX = 96,   /* libpq 17 knows 50 */
    ENDPOINT_MS_MAX = 2000, /* where there are several */
    TLS_POLL_MS = 20,
};

/* Session settings that the engine relies on; they win over those of the connection string. Times and dates are read as text.
 * Plans are made once, not for each value: every combination of filters is a statement of its own, and pages go along an index that is in
 * their order. An orphaned query ends by itself: soon when the backend sees that we have gone, late when it cannot. */
#define SESSION                                                                                                        \
    " -c timezone=UTC -c datestyle=ISO -c bytea_output=hex -c client_min_messages=error -c jit=off"                    \
    " -c plan_cache_mode=force_generic_plan"                                                                           \
    " -c client_connection_check_interval=1s -c statement_timeout=15min"

/* What the connection string may change. A peer that vanished is noticed within 15 s. */
static const struct {
    const char *keyword, *value;
} defaults[] = {
    {"application_name", "cpwg"}, {"keepalives_idle", "5"},    {"keepalives_interval", "5"},
    {"keepalives_count", "2"},    {"tcp_user_timeout", "15000"}, {"client_encoding", "UTF8"},
};

struct wire_target {
    PQconninfoOption *given;
    char *hosts, *addresses, *ports; /* lists with NUL for comma */
    char *options;
    size_t n_endpoints, n_addresses, n_ports;
    bool prefers_standby; /* with several endpoints: first looks for a standby at each, then takes any */
    bool moves;           /* the one that takes writes is any of them, in turn */
    size_t first;         /* then: the last that did, which is asked first. Threads share it */
};

static const char *given(const struct wire_target *target, const char *keyword)
{
    for (const PQconninfoOption *option = target->given; option->keyword; option++)
        if (strcmp(option->keyword, keyword) == 0)
            return option->val;
    return NULL;
}

/* Takes a list "a,b" apart: a copy with NULs, and how many there are (0 when it was not given). */
static char *split(const char *list, size_t *ret_n)
{
    char *copy;

    *ret_n = 0;
    if (!list || !*list || !(copy = strdup(list)))
        return NULL;
    *ret_n = 1;
    for (char *c = copy; *c; c++)
        if (*c == ',') {
            *c = '\0';
            ++*ret_n;
        }
    return copy;
}

/* The i-th part; the only one when there is one for all; NULL when there are none. */
static const char *part(const char *list, size_t n, size_t i)
{
    for (i = n == 1 ? 0 : i; list && i; i--)
        list += strlen(list) + 1;
    return list;
}

bool wire_target_new(const char *conninfo, struct wire_target **ret, struct error *err)
{
    struct wire_target *target = calloc(1, sizeof *target);
    size_t n_hosts;

    if (!target || !(target->given = PQconninfoParse(conninfo, NULL))) {
        wire_target_free(target);
        return error_set(err, ERR_STARTUP, "database: not a libpq connection string");
    }
    const char *options = given(target, "options"), *attributes = given(target, "target_session_attrs");
    target->hosts = split(given(target, "host"), &n_hosts);
    target->addresses = split(given(target, "hostaddr"), &target->n_addresses);
    target->ports = split(given(target, "port"), &target->n_ports);
    target->n_endpoints = target->n_addresses ? target->n_addresses : n_hosts ? n_hosts : 1;
    target->prefers_standby = target->n_endpoints > 1 && attributes && strcmp(attributes, "prefer-standby") == 0;
    target->moves = target->n_endpoints > 1 && (!attributes || strcmp(attributes, "read-write") == 0 || strcmp(attributes, "primary") == 0);
    if (target->n_endpoints > ENDPOINTS_MAX || (n_hosts && n_hosts != target->n_endpoints) ||
        (target->n_ports > 1 && target->n_ports != target->n_endpoints) ||
        asprintf(&target->options, "%s" SESSION, options ? options : "") < 0) {
        wire_target_free(target);
        return error_set(err, ERR_STARTUP, "database: hosts, addresses and ports differ in number, or are more than %d",
                         ENDPOINTS_MAX);
    }
    *ret = target;
    return true;
}

void wire_target_free(struct wire_target *target)
{
    if (!target)
        return;
    PQconninfoFree(target->given);
    free(target->hosts);
    free(target->addresses);
    free(target->ports);
    free(target->options);
    free(target);
}

/* Keywords and values for PQconnectStartParams, each ended by NULL. */
struct parameters {
    const char *keywords[PARAMETERS_MAX], *values[PARAMETERS_MAX];
    size_t n;
};

/* Of two with the same keyword libpq takes the later; NULL and "" count as not given. */
static void add(struct parameters *parameters, const char *keyword, const char *value)
{
    assert(parameters->n + 1 < PARAMETERS_MAX);
    parameters->keywords[parameters->n] = keyword;
    parameters->values[parameters->n++] = value;
}

/* Starts to connect to one endpoint. Attempts beyond the number of endpoints are those that take any server. */
static PGconn *start(const struct wire_target *target, size_t endpoint, size_t attempt)
{
    static const char *const replaced[] = {"host", "hostaddr", "port", "options", NULL};
    struct parameters parameters = {.n = 0};

    for (size_t i = 0; i < sizeof defaults / sizeof defaults[0]; i++)
        add(&parameters, defaults[i].keyword, defaults[i].value);
    if (target->moves)
        add(&parameters, "target_session_attrs", "read-write");
    for (const PQconninfoOption *option = target->given; option->keyword; option++) {
        const char *const *name = replaced;
        while (*name && strcmp(*name, option->keyword) != 0)
            name++;
        if (!*name && option->val)
            add(&parameters, option->keyword, option->val);
    }
    add(&parameters, "host", part(target->hosts, target->n_endpoints, endpoint));
    add(&parameters, "hostaddr", part(target->addresses, target->n_addresses, endpoint));
    add(&parameters, "port", part(target->ports, target->n_ports, endpoint));
    add(&parameters, "options", target->options);
    if (target->prefers_standby)
        add(&parameters, "target_session_attrs", attempt < target->n_endpoints ? "standby" : "any");
    return PQconnectStartParams(parameters.keywords, parameters.values, 0);
}

/* Waits for the socket; false at the deadline. */
static bool wait_socket(const PGconn *pg, short events, int64_t deadline_ns)
{
    return wait_descriptor(PQsocket(pg), events, deadline_ns);
}

static bool finish_connect(PGconn *pg, int64_t deadline_ns)
{
    PostgresPollingStatusType state = PQstatus(pg) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;

    while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
        if (!wait_socket(pg, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline_ns))
            return false;
        state = PQconnectPoll(pg);
    }
    return state == PGRES_POLLING_OK && PQsetnonblocking(pg, 1) == 0 && PQenterPipelineMode(pg) == 1;
}

/* Warnings are for the server's log. */
static void take_notice(void *context, const PGresult *notice)
{
    struct buf *trees = context;
    const char *title = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY), *tree = PQresultErrorField(notice, PG_DIAG_MESSAGE_DETAIL);

    if (trees && title && tree && strcmp(title, "rewritten parse tree:") == 0)
        buf_add(trees, str_of(tree));
}

void wire_keep_trees(struct wire *wire, struct buf *kept)
{
    PQsetNoticeReceiver(wire->pg, take_notice, kept);
}

static void one_line(const char *message, char *text, size_t size)
{
    snprintf(text, size, "%s", message && *message ? message : "no answer in time");
    for (char *c = text; *c; c++)
        if (*c == '\n')
            *c = c[1] ? ' ' : '\0';
}

bool wire_open(struct wire *wire, struct wire_target *target, int64_t deadline_ns, struct error *err)
{
    size_t attempts = target->n_endpoints * (target->prefers_standby ? 2 : 1), first = __atomic_load_n(&target->first, __ATOMIC_RELAXED);
    char reason[256] = "";

    for (size_t attempt = 0; attempt < attempts; attempt++) {
        int64_t now = clock_ns(), share = (deadline_ns - now) / (int64_t)(attempts - attempt);
        if (attempts > 1 && share > ENDPOINT_MS_MAX * (int64_t)1000000)
            share = ENDPOINT_MS_MAX * (int64_t)1000000;
        size_t endpoint = (first + attempt) % target->n_endpoints;
        PGconn *pg = start(target, endpoint, attempt);
        PQsetNoticeReceiver(pg, take_notice, NULL);
        if (finish_connect(pg, now + share)) {
            *wire = (struct wire){pg, target->moves};
            if (target->moves)
                __atomic_store_n(&target->first, endpoint, __ATOMIC_RELAXED);
            return true;
        }
        one_line(PQerrorMessage(pg), reason, sizeof reason);
        PQfinish(pg);
    }
    return error_set(err, ERR_DB_UNAVAILABLE, "%s", reason);
}

void wire_close(struct wire *wire)
{
    PQfinish(wire->pg);
    wire->pg = NULL;
}

bool wire_is_quiet(const struct wire *wire)
{
    struct pollfd socket = {.fd = PQsocket(wire->pg), .events = POLLIN};
    return socket.fd >= 0 && poll(&socket, 1, 0) == 0;
}

bool wire_is_idle(const struct wire *wire)
{
    return PQtransactionStatus(wire->pg) == PQTRANS_IDLE;
}

bool wire_is_demoted(const struct wire *wire)
{
    const char *read_only = wire->moves ? PQparameterStatus(wire->pg, "default_transaction_read_only") : NULL;
    return read_only && strcmp(read_only, "on") == 0;
}

bool wire_prepare(struct wire *wire, const char *name, const struct db_query *query)
{
    return PQsendPrepare(wire->pg, name, query->text.p, query->n, query->types) == 1;
}

bool wire_execute(struct wire *wire, const char *name, const struct db_query *query)
{
    return PQsendQueryPrepared(wire->pg, name, query->n, query->values, NULL, NULL, 0) == 1;
}

bool wire_describe(struct wire *wire, const char *name)
{
    return PQsendDescribePrepared(wire->pg, name) == 1;
}

bool wire_text(struct wire *wire, const char *text)
{
    return PQsendQueryParams(wire->pg, text, 0, NULL, NULL, NULL, NULL, 0) == 1;
}

bool wire_sync(struct wire *wire)
{
    return PQpipelineSync(wire->pg) == 1;
}

bool wire_ask_results(struct wire *wire)
{
    return PQsendFlushRequest(wire->pg) == 1;
}

bool wire_single_rows(struct wire *wire)
{
    return PQsetSingleRowMode(wire->pg) == 1;
}

enum wire_outcome wire_flush(struct wire *wire, int64_t deadline_ns)
{
    int unsent;

    while ((unsent = PQflush(wire->pg)) > 0) {
        if (!wait_socket(wire->pg, POLLIN | POLLOUT, deadline_ns))
            return WIRE_LATE;
        if (!PQconsumeInput(wire->pg))
            return WIRE_DONE; /* it may have told why before it went: wire_receive reads that */
    }
    return unsent < 0 ? WIRE_LOST : WIRE_DONE;
}

bool wire_is_busy(const struct wire *wire)
{
    return PQisBusy(wire->pg) == 1;
}

enum wire_outcome wire_await(struct wire *wire, int64_t deadline_ns)
{
    PGconn *pg = wire->pg;
    bool gone = false;

    while (PQisBusy(pg)) {
        if (gone || PQsocket(pg) < 0)
            return WIRE_LOST;
        short events = PQflush(pg) > 0 ? POLLIN | POLLOUT : POLLIN;
        int64_t until = deadline_ns;
        if (PQsslInUse(pg) && clock_ns() + TLS_POLL_MS * (int64_t)1000000 < until)
            until = clock_ns() + TLS_POLL_MS * (int64_t)1000000; /* OpenSSL may hold bytes that poll() does not see */
        if (!wait_socket(pg, events, until) && clock_ms_until(deadline_ns) == 0)
            return WIRE_LATE;
        gone = !PQconsumeInput(pg); /* what came before the end is still to be parsed */
    }
    return WIRE_DONE;
}

/* Whether some were there. */
static bool take_notifications(PGconn *pg)
{
    bool some = false;

    for (PGnotify *told; (told = PQnotifies(pg)); some = true)
        PQfreemem(told);
    return some;
}

enum wire_outcome wire_await_notice(struct wire *wire, int end, int64_t deadline_ns)
{
    struct pollfd both[] = {{.fd = PQsocket(wire->pg), .events = POLLIN}, {.fd = end, .events = POLLIN}};

    while (!take_notifications(wire->pg)) {
        int n = poll(both, 2, clock_ms_until(deadline_ns));
        if (n == 0)
            return WIRE_LATE;
        if (both[1].revents || (n > 0 && !PQconsumeInput(wire->pg)) || (n < 0 && errno != EINTR))
            return WIRE_LOST;
    }
    return WIRE_DONE;
}

static enum wire_outcome outcome_of(const PGresult *result)
{
    switch ((int)PQresultStatus(result)) { /* no enum: newer libpq have more of them */
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
        return WIRE_DONE;
    case PGRES_SINGLE_TUPLE:
        return WIRE_ROW;
    case PGRES_PIPELINE_SYNC:
        return WIRE_SYNC;
    case PGRES_PIPELINE_ABORTED:
        return WIRE_ABORTED;
    case PGRES_FATAL_ERROR:
        return PQresultErrorField(result, PG_DIAG_SQLSTATE) ? WIRE_FAILED : WIRE_LOST; /* libpq's own have no state */
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    default: /* no state in which a pipeline could go on */
        return WIRE_LOST;
    }
}

enum wire_outcome wire_receive(struct wire *wire, int64_t deadline_ns, struct db_result **ret)
{
    enum wire_outcome outcome = wire_await(wire, deadline_ns);
    PGresult *result = NULL, *terminator = NULL;

    *ret = NULL;
    if (outcome != WIRE_DONE)
        return outcome;
    result = PQgetResult(wire->pg);
    outcome = outcome_of(result);
    if (outcome == WIRE_DONE || outcome == WIRE_FAILED || outcome == WIRE_ABORTED)
        terminator = PQgetResult(wire->pg); /* the NULL after a command's results, there at once */
    if (outcome == WIRE_LOST || terminator) {
        PQclear(result);
        PQclear(terminator);
        return WIRE_LOST;
    }
    *ret = (struct db_result *)result;
    return outcome;
}

static const PGresult *unwrap(const struct db_result *result)
{
    return (const PGresult *)result;
}

void wire_free_result(struct db_result *result)
{
    PQclear((PGresult *)result);
}

void wire_reason(const struct wire *wire, char *text, size_t size)
{
    one_line(PQerrorMessage(wire->pg), text, size);
}

static struct str field(const struct db_result *result, int code)
{
    return str_of(PQresultErrorField(unwrap(result), code));
}

/* Whether a right is missing that is not the caller's to have: of a function, of something inside one, or any of those that write the audit
 * (db/migrations/deploy/audited.sql). What row security refuses elsewhere, and members that few may send, have no grant of their own, are the
 * caller's. The state is the same for all (insufficient_privilege), so it is told by where it was raised and, for functions, by the message: in
 * English, as the server speaks unless its lc_messages says otherwise. */
static bool lacks_inside(const struct db_result *failed)
{
    struct str context = field(failed, PG_DIAG_CONTEXT);

    if (!str_eq(field(failed, PG_DIAG_SQLSTATE), STR("42501")))
        return false;
    if (str_eq(field(failed, PG_DIAG_SOURCE_FUNCTION), STR("ExecWithCheckOptions")))
        return context.n && strstr(context.p, "audit_");
    return context.n || str_starts(field(failed, PG_DIAG_MESSAGE_PRIMARY), STR("permission denied for function"));
}

struct wire_report wire_report(const struct db_result *failed)
{
    struct str severity = field(failed, PG_DIAG_SEVERITY_NONLOCALIZED);
    struct wire_report report = {
        .sqlstate = field(failed, PG_DIAG_SQLSTATE),
        .constraint = field(failed, PG_DIAG_CONSTRAINT_NAME),
        .detail = field(failed, PG_DIAG_MESSAGE_DETAIL),
        .message = field(failed, PG_DIAG_MESSAGE_PRIMARY),
        .fatal = str_eq(severity, STR("FATAL")) || str_eq(severity, STR("PANIC")),
    };
    /* "cached plan must not change result type", after a migration, has no state of its own: 0A000, feature not supported */
    if (str_eq(field(failed, PG_DIAG_SOURCE_FUNCTION), STR("RevalidateCachedQuery")))
        report.sqlstate = STR("26000");
    if (lacks_inside(failed))
        report.sqlstate = STR(SQLSTATE_LACKING);
    return report;
}

int db_rows(const struct db_result *result)
{
    return PQntuples(unwrap(result));
}

int db_columns(const struct db_result *result)
{
    return PQnfields(unwrap(result));
}

struct str db_column_name(const struct db_result *result, int column)
{
    return str_of(PQfname(unwrap(result), column));
}

uint32_t db_column_type(const struct db_result *result, int column)
{
    return PQftype(unwrap(result), column);
}

bool db_is_null(const struct db_result *result, int row, int column)
{
    return PQgetisnull(unwrap(result), row, column) == 1;
}

struct str db_value(const struct db_result *result, int row, int column)
{
    return (struct str){PQgetvalue(unwrap(result), row, column), (size_t)PQgetlength(unwrap(result), row, column)};
}

bool db_text(const struct db_result *result, int row, int column, struct str *ret)
{
    const PGresult *rows = unwrap(result);

    ret->n = (size_t)PQgetlength(rows, row, column);
    if (ret->n == 0 && PQgetisnull(rows, row, column))
        return false;
    ret->p = PQgetvalue(rows, row, column);
    return true;
}

int db_parameters(const struct db_result *described)
{
    return PQnparams(unwrap(described));
}

uint32_t db_parameter_type(const struct db_result *described, int parameter)
{
    return PQparamtype(unwrap(described), parameter);
}
