/* throttle.c: counts requests and failures. Knows nothing of how limits are kept. */
#include "http/throttle.h"

#include "base/clock.h"
#include "http/response.h"

#include <stdio.h>

static struct limit_who by_address(const struct context *context)
{
    return (struct limit_who){.address = address_subscriber(&context->address)};
}

static bool refuse(struct context *context, const struct limit_state *state)
{
    context->limit = *state;
    metrics_limited(context->edge->metrics, state->limit);
    return error_set(&context->error, ERR_LIMIT, "%s", "");
}

/* Takes one, and tells of the policy in the answer. */
static bool take(struct context *context, enum limit limit, struct limit_who who)
{
    struct limit_state state;

    if (!limits_take(context->edge->limits, limit, who, clock_ns(), &state))
        return refuse(context, &state);
    context->limit = state;
    return true;
}

bool throttle_address(struct context *context)
{
    struct headers headers = context->request->headers;

    context->address = proxies_caller(&context->edge->proxies, context->peer, headers);
    bool has_token = headers_get(headers, STR("Authorization")).p && !context->route.operation->takes_client;
    return has_token || take(context, LIMIT_ANONYMOUS, by_address(context));
}

bool throttle_client(struct context *context)
{
    return !context->caller.has_token || take(context, LIMIT_CLIENT, (struct limit_who){.client = context->caller.subject});
}

static bool files_unknown(const struct context *context)
{
    return context->route.operation->files_case && str_eq(context->role, STR("public"));
}

bool throttle_filing(struct context *context)
{
    struct limit_state state;

    if (!files_unknown(context) || limits_look(context->edge->limits, LIMIT_FILING, by_address(context), clock_ns(), &state))
        return true;
    return refuse(context, &state);
}

/* One that was filed before, and is answered again, does not count. */
void throttle_success(struct context *context)
{
    struct headers told = {context->reply.headers, context->reply.n_headers};
    struct limit_state state;

    if (context->route.operation && files_unknown(context) && !headers_get(told, STR("Idempotency-Replayed")).p)
        limits_take(context->edge->limits, LIMIT_FILING, by_address(context), clock_ns(), &state);
}

/* A failure that counts. Where its policies are used up it becomes a 429, whatever it was. */
static void count_failure(struct context *context, const enum limit *limits, size_t n)
{
    struct limit_state state, longest = {.limit = LIMIT_NONE};

    for (size_t i = 0; i < n; i++)
        if (!limits_look(context->edge->limits, limits[i], by_address(context), clock_ns(), &state) && state.wait_s >= longest.wait_s)
            longest = state;
    for (size_t i = 0; i < n && !longest.refused; i++)
        if (!limits_take(context->edge->limits, limits[i], by_address(context), clock_ns(), &state))
            longest = state; /* another thread took the last one since */
    if (longest.refused)
        refuse(context, &longest);
}

/* Nothing is told apart that a guesser could learn from: a key that opens nothing, and a right one with an id that is nothing of its
 * case, are the same 404, and count the same. */
void throttle_failure(struct context *context)
{
    static const enum limit credentials[] = {LIMIT_CREDENTIALS}, case_keys[] = {LIMIT_CASE_KEY, LIMIT_CASE_KEY_DAY};
    enum error_code code = context->error.code;

    if (context->flushed)
        return;
    if (code == ERR_TOKEN_INVALID || code == ERR_CLIENT)
        count_failure(context, credentials, 1);
    else if (code == ERR_CASE_KEY_INVALID || (code == ERR_NOT_FOUND && str_eq(context->role, STR("case"))))
        count_failure(context, case_keys, 2);
}

void throttle_headers(const struct context *context, struct buf *head)
{
    const struct limit_state *state = &context->limit;

    if (state->limit == LIMIT_NONE)
        return;
    const struct limit_policy *policy = limits_policy(context->edge->limits, state->limit);
    response_header(head, STR("RateLimit-Policy"), policy->field);
    if (state->limit == LIMIT_CLIENT || state->refused) {
        char text[64];
        int n = snprintf(text, sizeof text, "\"%s\";r=%d;t=%d", policy->name.p, state->remaining, state->wait_s);
        response_header(head, STR("RateLimit"), (struct str){text, (size_t)n});
    }
}
