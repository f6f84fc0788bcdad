/* answer.c: puts together heads and bodies. Knows nothing of how they were decided. */
#include "http/answer.h"

#include "base/clock.h"
#include "http/response.h"
#include "http/throttle.h"
#include "render/problem.h"
#include "render/token_error.h"

#include <stdio.h>

enum { BLOCK_BYTES = 16384, KEEP_BYTES = 4 * BLOCK_BYTES };

static const struct operation *operation_of(const struct context *context)
{
    return context->preflight ? context->preflight : context->route.operation;
}

/* What anybody may read: public reads, and answers that belong to no operation. */
static bool is_for_everyone(const struct context *context)
{
    const struct operation *operation = operation_of(context);
    return !operation || (operation->is_public && operation->reads);
}

/* Public reads may be kept by anybody; not what a token was sent for, which may show more, and nothing about a case. */
static bool is_cacheable(const struct context *context, int status)
{
    const struct operation *operation = operation_of(context);

    return operation && !operation->takes_case_key && is_for_everyone(context) && !context->caller.has_token &&
           (status == 200 || status == 304);
}

static bool is_page(const struct context *context)
{
    return str_starts(context->reply.content_type, STR("text/html"));
}

/* Adds a part to a comma-separated list. */
static void list_add(struct buf *list, struct str part)
{
    if (list->n)
        buf_add(list, STR(", "));
    buf_add(list, part);
}

static void add_vary(struct context *context, bool by_language)
{
    const struct operation *operation = operation_of(context);
    char memory[128];
    struct buf list = buf_over(memory, sizeof memory);

    if (operation && operation->success && operation->success->n_media > 1)
        list_add(&list, STR("Accept"));
    if (by_language)
        list_add(&list, STR("Accept-Language"));
    if (operation && operation->is_public && operation->n_requirements > 1)
        list_add(&list, STR("Authorization"));
    if (!is_for_everyone(context) && context->edge->cors.n)
        list_add(&list, STR("Origin"));
    if (list.n)
        response_header(context->out, STR("Vary"), buf_str(&list));
}

static void add_cors(struct context *context)
{
    struct str origin = headers_get(context->request->headers, STR("Origin"));
    struct str allowed = cors_allow(&context->edge->cors, origin, is_for_everyone(context));

    if (!allowed.p || context->internal)
        return;
    response_header(context->out, STR("Access-Control-Allow-Origin"), allowed);
    response_header(context->out, STR("Access-Control-Expose-Headers"), STR(CORS_EXPOSE));
}

static void add_connection(struct context *context)
{
    if (context->close)
        response_header(context->out, STR("Connection"), STR("close"));
    else if (context->request->minor == 0)
        response_header(context->out, STR("Connection"), STR("keep-alive"));
}

/* Only beside what is public: how long the database took tells what it looked through. */
static void add_timing(struct context *context)
{
    char text[96];
    double app_ms = (double)(clock_ns() - context->started_ns) / 1e6, db_ms = (double)context->reply.db_ns / 1e6;

    int n = snprintf(text, sizeof text, "app;dur=%.2f, db;dur=%.2f", app_ms, db_ms);
    response_header(context->out, STR("Server-Timing"), (struct str){text, (size_t)n});
}

/* Everything of the head but the length. */
static void add_head(struct context *context, int status, bool by_language)
{
    static const struct str languages[] = {[LANGUAGE_ES] = STR_INIT("es"), [LANGUAGE_EN] = STR_INIT("en")};
    const struct reply *reply = &context->reply;

    response_start(context->out, status);
    if (reply->content_type.p)
        response_header(context->out, STR("Content-Type"), reply->content_type);
    if (by_language)
        response_header(context->out, STR("Content-Language"), languages[context->language]);
    response_headers(context->out, reply->headers, reply->n_headers);
    if (is_cacheable(context, status)) {
        response_header(context->out, STR("Cache-Control"), STR("public, max-age=60, stale-while-revalidate=300"));
        add_timing(context);
    } else {
        response_header(context->out, STR("Cache-Control"), STR("no-store"));
        throttle_headers(context, context->out); /* whoever reads an answer from a cache would take them for its own */
    }
    add_vary(context, by_language);
    add_cors(context);
    response_header(context->out, STR("X-Content-Type-Options"), STR("nosniff"));
    response_header(context->out, STR("Referrer-Policy"), STR("no-referrer"));
    response_header(context->out, STR("Content-Security-Policy"),
                    STR("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"));
    response_header(context->out, STR("traceparent"), str_of(context->trace.parent));
    add_connection(context);
    context->status = status;
}

/* Sends what is in out; closes when that fails. */
static bool flush(struct context *context, int64_t timeout_ms)
{
    struct str bytes = buf_str(context->out);
    bool sent = !context->out->failed && context->wire->write(context->wire->to, bytes, clock_ns() + timeout_ms * 1000000);

    context->flushed = true;
    context->sent_bytes += bytes.n;
    context->close |= !sent;
    buf_clear(context->out, KEEP_BYTES);
    return sent;
}

static void send_whole(struct context *context, int status, bool by_language)
{
    const struct reply *reply = &context->reply;
    bool head = str_eq(context->request->method, STR("HEAD"));
    bool no_length = status == 204 || status == 304 || (head && reply->body->n == 0);

    buf_clear(context->out, KEEP_BYTES);
    add_head(context, status, by_language);
    response_end(context->out, no_length ? -1 : (int64_t)reply->body->n);
    if (!head && status != 204 && status != 304)
        buf_add(context->out, buf_str(reply->body));
    buf_clear(reply->body, KEEP_BYTES);
    flush(context, context->edge->options.config->request_timeout_ms);
}

void answer_reply(struct context *context)
{
    send_whole(context, context->reply.status, is_page(context));
}

static void add_challenge(struct context *context)
{
    const struct error *err = &context->error;
    struct str metadata = arena_printf(context->arena, ", resource_metadata=\"%.*s/.well-known/oauth-protected-resource\"",
                                       STR_ARG(context->edge->options.config->base_url)); /* RFC 9728 5.1 */
    struct str challenge = arena_printf(context->arena, "Bearer realm=\"cpwg\"%s", metadata.p);

    if (err->code == ERR_CLIENT)
        challenge = STR("Basic realm=\"cpwg\", charset=\"UTF-8\"");
    else if (err->code == ERR_CASE_KEY_MISSING || err->code == ERR_CASE_KEY_INVALID)
        challenge = STR("CaseKey realm=\"cpwg\"");
    else if (err->code == ERR_TOKEN_INVALID)
        challenge = arena_printf(context->arena, "Bearer realm=\"cpwg\", error=\"invalid_token\"%s", metadata.p);
    else if (err->code == ERR_SCOPE)
        challenge = arena_printf(context->arena, "Bearer realm=\"cpwg\", error=\"insufficient_scope\", scope=\"%s\"", err->argument);
    reply_header(&context->reply, STR("WWW-Authenticate"), challenge);
}

static void add_headers_of_problem(struct context *context, int status)
{
    if (status == 401 || context->error.code == ERR_SCOPE)
        add_challenge(context);
    if (status == 405)
        reply_header(&context->reply, STR("Allow"), context->route.allow);
    if (context->error.code == ERR_LIMIT)
        reply_header(&context->reply, STR("Retry-After"), arena_printf(context->arena, "%d", context->limit.wait_s));
    if (context->error.code == ERR_TOO_OFTEN)
        reply_header(&context->reply, STR("Retry-After"), str_of(context->error.argument));
    if (status == 503)
        reply_header(&context->reply, STR("Retry-After"), STR("1"));
}

/* An error is told as its operation documents that status: as a problem, or as OAuth tells it. */
static bool is_token_error(const struct context *context, int status)
{
    const struct operation *operation = context->route.operation;
    const struct answer *answer = operation ? operation_answer(operation, status) : NULL;

    return answer && answer->n_media && str_eq(answer->media[0].type, STR("application/json"));
}

void answer_problem(struct context *context)
{
    const struct error_info *info = error_info(problem_code(context->error.code));

    buf_clear(context->body, KEEP_BYTES);
    bool as_token_error = is_token_error(context, info->status);
    context->reply = (struct reply){
        .body = context->body,
        .content_type = as_token_error ? STR("application/json") : STR("application/problem+json"),
        .db_ns = context->reply.db_ns,
    };
    add_headers_of_problem(context, info->status);
    if (as_token_error)
        token_error_render(&context->error, context->body);
    else
        problem_render(&context->error, context->language, str_of(context->trace.id), context->body);
    send_whole(context, info->status, !as_token_error);
}

static bool is_chunked(const struct context *context)
{
    return context->request->minor == 1;
}

bool answer_stream_start(void *to, const struct reply *reply)
{
    struct context *context = to;

    context->reply = *reply;
    context->streaming = true;
    context->close |= !is_chunked(context);
    buf_clear(context->out, KEEP_BYTES);
    add_head(context, reply->status, is_page(context));
    if (is_chunked(context))
        response_header(context->out, STR("Transfer-Encoding"), STR("chunked"));
    response_end(context->out, -1);
    return true;
}

bool answer_stream_write(void *to, struct str bytes)
{
    struct context *context = to;

    if (bytes.n == 0 || str_eq(context->request->method, STR("HEAD")))
        return true;
    if (is_chunked(context))
        buf_printf(context->out, "%zx\r\n", bytes.n);
    buf_add(context->out, bytes);
    if (is_chunked(context))
        buf_add(context->out, STR("\r\n"));
    return context->out->n < BLOCK_BYTES || flush(context, context->edge->options.config->request_timeout_ms);
}

void answer_stream_end(struct context *context, bool whole)
{
    context->close |= !whole;
    if (whole && is_chunked(context) && !str_eq(context->request->method, STR("HEAD")))
        buf_add(context->out, STR("0\r\n\r\n"));
    if (context->out->n)
        flush(context, context->edge->options.config->request_timeout_ms);
}
