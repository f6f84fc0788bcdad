/* stages.c: the way of a request, in the order in which it may be refused. Knows nothing of sockets and of SQL. */
#include "http/stages.h"

#include "auth/token_cache.h"
#include "base/clock.h"
#include "base/log.h"
#include "contract/params.h"
#include "http/answer.h"
#include "http/body.h"
#include "http/negotiate.h"
#include "http/throttle.h"
#include "operation/identity_find.h"

/* How a stage ends. */
enum step { GO_ON, ANSWERED, REFUSED };

static enum step refuse(struct context *context, enum error_code code, struct str argument)
{
    error_set(&context->error, code, "%.*s", STR_ARG(argument));
    return REFUSED;
}

static enum step go_on_if(bool ok)
{
    return ok ? GO_ON : REFUSED;
}

/* Waiting for a client holds no place (see receive and answer). */
static bool take_place(struct context *context, bool (*take)(struct places *))
{
    context->placed = take(context->edge->places);
    return context->placed || error_set(&context->error, ERR_OVERLOADED, "%s", "");
}

static void leave_place(struct context *context)
{
    if (context->placed)
        places_leave(context->edge->places);
    context->placed = false;
}

/* No place is waited for where there is one connection too many. */
static bool take_none(struct places *places)
{
    places_crowded(places);
    return false;
}

void stages_admit(struct context *context)
{
    if (__atomic_load_n(&context->edge->stopping, __ATOMIC_ACQUIRE)) {
        error_set(&context->error, ERR_STOPPING, "%s", "");
        return;
    }
    __atomic_add_fetch(&context->edge->active, 1, __ATOMIC_ACQ_REL);
    context->admitted = true;
    take_place(context, context->crowded ? take_none : places_take);
}

bool stages_knows_method(struct str method)
{
    static const struct str methods[] = {
        STR_INIT("GET"),    STR_INIT("HEAD"),    STR_INIT("POST"),  STR_INIT("PUT"),     STR_INIT("PATCH"),
        STR_INIT("DELETE"), STR_INIT("OPTIONS"), STR_INIT("TRACE"), STR_INIT("CONNECT"), STR_INIT("QUERY"),
    };
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (str_eq(methods[i], method))
            return true;
    return false;
}

/* OPTIONS *: what the service allows somewhere. */
static enum step options_of_all(struct context *context)
{
    context->reply = (struct reply){.status = 204, .body = context->body};
    reply_header(&context->reply, STR("Allow"), STR("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    return ANSWERED;
}

/* OPTIONS: what the path allows; to a preflight also what other origins' pages may do with the method that they ask for. */
static enum step options(struct context *context)
{
    const struct request *request = context->request;
    struct str wanted = headers_get(request->headers, STR("Access-Control-Request-Method"));
    struct route route;

    context->reply = (struct reply){.status = 204, .body = context->body};
    reply_header(&context->reply, STR("Allow"), context->route.allow);
    if (cors_is_preflight(request->headers)) {
        if (router_find(context->edge->options.contract->router, wanted, request->path, &route) == ROUTE_FOUND)
            context->preflight = route.operation;
        reply_header(&context->reply, STR("Access-Control-Allow-Methods"), context->route.allow);
        reply_header(&context->reply, STR("Access-Control-Allow-Headers"), STR(CORS_ALLOW_HEADERS));
        reply_header(&context->reply, STR("Access-Control-Max-Age"), STR(CORS_MAX_AGE_S));
    }
    return ANSWERED;
}

static enum step route(struct context *context)
{
    const struct request *request = context->request;

    if (!stages_knows_method(request->method)) {
        context->close = true; /* who knows what it means for the body */
        return refuse(context, ERR_NOT_IMPLEMENTED, STR(""));
    }
    if (str_eq(request->path, STR("*")))
        return options_of_all(context);
    switch (router_find(context->edge->options.contract->router, request->method, request->path, &context->route)) {
    case ROUTE_FOUND:
        return GO_ON;
    case ROUTE_OPTIONS:
        return options(context);
    case ROUTE_NO_METHOD:
        return refuse(context, ERR_METHOD, context->route.allow);
    case ROUTE_NO_PATH:
        break;
    }
    return refuse(context, ERR_NO_PATH, STR(""));
}

static enum step limit_address(struct context *context)
{
    return go_on_if(throttle_address(context));
}

static enum step authenticate(struct context *context)
{
    const struct http_options *with = &context->edge->options;
    struct str authorization = headers_get(context->request->headers, STR("Authorization"));

    if (context->route.operation->takes_client)
        authorization = (struct str){NULL, 0}; /* no token: the operation reads it */

    return go_on_if(caller_authenticate(with->contract, with->keys, context->arena, authorization, &context->caller, &context->error) &&
                    caller_read_case_key(context->route.operation, with->seal, context->arena,
                                         headers_get(context->request->headers, STR("Case-Key")), &context->caller, &context->error));
}

static enum step limit_client(struct context *context)
{
    return go_on_if(throttle_client(context));
}

static int64_t deadline(const struct context *context, enum format format)
{
    const struct config *config = context->edge->options.config;
    bool streams = format == AS_CSV || format == AS_NDJSON || format == AS_GEOJSON;

    return clock_ns() + (int64_t)(streams ? config->stream_timeout_ms : config->request_timeout_ms) * 1000000;
}

/* Asks our records who carries the token, unless they said so within the last minute. */
static enum step identify(struct context *context)
{
    const struct http_options *with = &context->edge->options;
    struct caller *caller = &context->caller;
    struct identity identity;

    if (!caller->has_token || caller->identified)
        return GO_ON;
    const struct lookup lookup = {with->pool, context->arena, address_text(context->arena, &context->address), deadline(context, AS_NONE)};
    return go_on_if(identity_find(&lookup, &caller->claims, &identity, &context->error) &&
                    caller_identify(with->contract, with->keys, &identity, caller, &context->error));
}

static enum step authorise(struct context *context)
{
    return go_on_if(caller_authorise(context->edge->options.contract, context->route.operation, &context->caller,
                                     &context->role, &context->error));
}

/* What comes must be a medium that the operation takes, what goes one that the caller takes. */
static enum step negotiate(struct context *context)
{
    const struct request *request = context->request;
    const struct operation *operation = context->route.operation;
    const struct answer *success = operation->success;
    struct str coding = headers_get(request->headers, STR("Content-Encoding"));

    if (request_has_body(request)) {
        if (operation->n_bodies == 0)
            return refuse(context, ERR_MALFORMED, STR("this operation takes no body"));
        context->body_media = negotiate_body(operation, headers_get(request->headers, STR("Content-Type")));
        if (!context->body_media || (coding.n && !str_eq_nocase(coding, STR("identity"))))
            return refuse(context, ERR_MEDIA_TYPE, negotiate_list(context->arena, operation->bodies, operation->n_bodies));
    }
    context->answer_media = negotiate_media(request->headers, success);
    if (success->n_media && !context->answer_media)
        return refuse(context, ERR_NOT_ACCEPTABLE, negotiate_list(context->arena, success->media, success->n_media));
    return GO_ON;
}

/* Each holds memory while its bytes come, so there is a bound for them, too. */
static bool receive_slowly(struct context *context)
{
    struct edge *edge = context->edge;
    bool may = __atomic_add_fetch(&edge->receiving, 1, __ATOMIC_RELAXED) <= edge->options.config->receiving_max;
    bool received = may ? body_receive(context) : error_set(&context->error, ERR_OVERLOADED, "%s", "");

    __atomic_sub_fetch(&edge->receiving, 1, __ATOMIC_RELAXED);
    return received;
}

static enum step receive(struct context *context)
{
    if (!request_has_body(context->request))
        return GO_ON;
    if (context->request->body_came)
        return go_on_if(body_receive(context));
    leave_place(context);
    return go_on_if(receive_slowly(context) && take_place(context, places_take_again));
}

static enum step decode(struct context *context)
{
    const struct request *request = context->request;
    struct violations list = violations_new(context->arena);

    if (params_decode(context->arena, &context->route, request->query, request->headers, &context->parameters, &list))
        return GO_ON;
    return go_on_if(violations_refuse(&list, ERR_PARAMETER, &context->error));
}

static bool is_json(struct str type)
{
    return str_ends(type, STR("/json")) || str_ends(type, STR("+json"));
}

/* Bodies that are no JSON go on as text. An empty body is the absence of one. */
static enum step parse(struct context *context)
{
    if (context->body_text.n == 0)
        return context->route.operation->body_required ? refuse(context, ERR_SYNTAX, STR("it is empty")) : GO_ON;
    if (!is_json(context->body_media->type))
        return GO_ON;
    return go_on_if(value_parse(context->arena, context->body_text, VALUE_DEPTH_MAX, &context->body_value, &context->error));
}

static enum step validate(struct context *context)
{
    struct violations list = violations_new(context->arena);

    if (!context->body_value || schema_validate(context->body_media->schema, context->body_value, (struct str){NULL, 0}, &list))
        return GO_ON;
    return go_on_if(violations_refuse(&list, ERR_INVALID, &context->error));
}

static enum step limit_filing(struct context *context)
{
    return go_on_if(throttle_filing(context));
}

/* Whether this connection is to make room for others. Not where there is no place for their requests either: they would only come again,
 * by a new connection each, which costs more than what is refused. */
static bool makes_room(struct edge *edge)
{
    return __atomic_load_n(&edge->connections, __ATOMIC_RELAXED) > edge->connections_busy && !places_are_short(edge->places);
}

/* An unread body must not be taken for a request. */
static bool must_close(const struct context *context)
{
    struct edge *edge = context->edge;

    return makes_room(edge) || context->unread || !context->request->keep_alive || context->crowded ||
           __atomic_load_n(&edge->stopping, __ATOMIC_ACQUIRE);
}

/* What is known of callers is asked anew where they may have changed: here at once, in other processes within TOKEN_CACHE_AGE_MAX_S. */
static void forget_callers(struct context *context)
{
    const struct token_keys *keys = context->edge->options.keys;

    if (context->route.operation->identifies && keys->cache)
        token_cache_forget(keys->cache, clock_unix_s());
}

static enum step execute(struct context *context)
{
    const struct request *request = context->request;
    enum format format = context->answer_media ? format_of(context->answer_media->type) : AS_NONE;
    bool shows_client = context->route.operation->takes_client;
    const struct call call = {
        .operation = context->route.operation,
        .arena = context->arena,
        .parameters = context->parameters,
        .route = context->route,
        .body = context->body_value,
        .body_text = context->body_text,
        .caller = &context->caller,
        .role = context->role,
        .language = context->language,
        .media = context->answer_media,
        .format = format,
        .if_match = headers_get(request->headers, STR("If-Match")),
        .if_none_match = headers_get(request->headers, STR("If-None-Match")),
        .idempotency_key = headers_get(request->headers, STR("Idempotency-Key")),
        .authorization = shows_client ? headers_get(request->headers, STR("Authorization")) : (struct str){NULL, 0},
        .address = shows_client ? address_text(context->arena, &context->address) : (struct str){NULL, 0},
        .return_minimal = negotiate_minimal(request->headers),
        .head = str_eq(request->method, STR("HEAD")),
        .deadline_ns = deadline(context, format),
        .query = request->query,
    };
    const struct stream stream = {answer_stream_start, answer_stream_write, context};

    context->close |= must_close(context); /* a stream tells it in its head */
    context->reply = (struct reply){.body = context->body};
    if (!engine_execute(context->edge->options.engine, &call, &stream, &context->reply, &context->error))
        return REFUSED;
    forget_callers(context);
    return context->body->failed ? refuse(context, ERR_INTERNAL, STR("the answer is too large")) : ANSWERED;
}

/* The order is the order of refusals: see "One request" in the architecture. */
static enum step (*const stages[])(struct context *) = {
    route, limit_address, authenticate, limit_client, identify, authorise, negotiate, receive, decode, parse, validate, limit_filing, execute,
};

static void begin(struct context *context)
{
    trace_start(context->request->headers, &context->trace);
    context->language = negotiate_language(context->request->headers, context->edge->language);
    context->unread = request_has_body(context->request);
}

static void log_context(const struct context *context, int64_t duration_ns)
{
    const struct operation *operation = context->route.operation;
    const struct error_info *info = context->error.code ? error_info(context->error.code) : NULL;
    const struct log_request line = {
        .method = stages_knows_method(context->request->method) ? context->request->method : STR("-"),
        .route = operation ? operation->path : STR("-"),
        .operation = operation ? operation->id : (struct str){NULL, 0},
        .role = str_eq(context->role, STR("case")) ? context->role : context->caller.role,
        .trace_id = str_of(context->trace.id),
        .error = info ? info->slug : (struct str){NULL, 0},
        .reason = info && info->status >= 500 ? str_of(context->error.argument) : (struct str){NULL, 0},
        .status = context->status,
        .duration_us = duration_ns / 1000,
        .db_us = context->reply.db_ns / 1000,
        .request_bytes = context->body_text.n,
        .response_bytes = context->sent_bytes,
    };
    log_request(&line);
}

void stages_give_up(struct context *context)
{
    leave_place(context);
    if (context->admitted)
        __atomic_sub_fetch(&context->edge->active, 1, __ATOMIC_ACQ_REL);
    context->admitted = false;
}

static void end(struct context *context)
{
    int64_t duration_ns = clock_ns() - context->started_ns;

    leave_place(context);
    metrics_count(context->edge->metrics, context->route.operation, context->status, context->error.code, duration_ns);
    log_context(context, duration_ns);
    stages_give_up(context);
}

/* A stream of which nothing was sent yet can still become a problem; one that is on its way can only break off. */
static void send_answer(struct context *context, enum step step)
{
    context->close |= must_close(context);
    if (context->streaming && (step == ANSWERED || context->flushed))
        answer_stream_end(context, step == ANSWERED);
    else if (step == ANSWERED)
        answer_reply(context);
    else
        answer_problem(context);
}

/* What is done needs no place while the client reads it, only memory, for which there is a bound, too: beyond it each keeps its place. */
static void answer(struct context *context, enum step step)
{
    struct edge *edge = context->edge;

    if (__atomic_add_fetch(&edge->sending, 1, __ATOMIC_RELAXED) <= edge->options.config->receiving_max)
        leave_place(context);
    send_answer(context, step);
    __atomic_sub_fetch(&edge->sending, 1, __ATOMIC_RELAXED);
}

/* Where there is too much to do, a body that is here is read although nobody wants it: else the connection would end, and whoever was refused
 * come again by a new one. After other refusals it ends, whatever else the body may have been meant for. */
static void skip_body(struct context *context)
{
    struct error refusal = context->error;

    if (refusal.code == ERR_OVERLOADED && context->unread && context->request->body_came)
        body_receive(context);
    context->error = refusal;
}

void stages_run(struct context *context)
{
    enum step step = go_on_if(context->error.code == ERR_NONE);

    begin(context);
    for (size_t i = 0; step == GO_ON; i++)
        step = stages[i](context);
    skip_body(context);
    if (step == ANSWERED)
        throttle_success(context);
    else
        throttle_failure(context);
    answer(context, step);
    end(context);
}

void stages_refuse(struct context *context)
{
    begin(context);
    context->close = context->unread = true;
    answer_problem(context);
    end(context);
}
