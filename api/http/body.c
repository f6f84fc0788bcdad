/* body.c: a body of known or unknown length, bounded in bytes and time. Knows nothing of what it says. */
#include "http/body.h"

#include "base/clock.h"

enum { READ_BYTES = 16384 };

static bool too_large(struct context *context)
{
    return error_set(&context->error, ERR_TOO_LARGE, "%d", context->edge->options.config->body_max_bytes);
}

static bool invite(struct context *context, int64_t deadline_ns)
{
    return !context->request->expects_continue ||
           context->wire->write(context->wire->to, STR("HTTP/1.1 100 Continue\r\n\r\n"), deadline_ns) ||
           error_set(&context->error, ERR_MALFORMED, "the connection broke off");
}

static bool broke_off(struct context *context, int64_t deadline_ns)
{
    if (clock_ns() >= deadline_ns)
        return error_set(&context->error, ERR_REQUEST_TIMEOUT, "%s", "");
    return error_set(&context->error, ERR_MALFORMED, "%s",
                     context->request->chunked ? "the body is not properly chunked, or cut short" : "the body is cut short");
}

/* Reads up to the end, or one byte more than is allowed. */
static bool read_all(struct context *context, size_t bytes_max, int64_t deadline_ns)
{
    const struct wire *wire = context->wire;
    struct buf *input = context->input;

    while (input->n <= bytes_max) {
        size_t left = bytes_max + 1 - input->n, n = left < READ_BYTES ? left : READ_BYTES;
        char *to = buf_reserve(input, n);
        if (!to)
            return error_set(&context->error, ERR_OVERLOADED, "memory");
        long got = wire->read(wire->to, to, n, deadline_ns);
        if (got == 0)
            return true;
        if (got < 0)
            return broke_off(context, deadline_ns);
        input->n += (size_t)got;
    }
    return too_large(context);
}

bool body_receive(struct context *context)
{
    const struct config *config = context->edge->options.config;
    const struct request *request = context->request;
    size_t bytes_max = (size_t)config->body_max_bytes;
    int64_t deadline_ns = clock_ns() + (int64_t)config->body_timeout_ms * 1000000;

    if (request->content_length > config->body_max_bytes)
        return too_large(context);
    if (!invite(context, deadline_ns) || !read_all(context, bytes_max, deadline_ns))
        return false;
    bool cut_short = !request->chunked && (int64_t)context->input->n != request->content_length;
    if (cut_short)
        return broke_off(context, deadline_ns);
    context->unread = false;
    context->body_text = buf_str(context->input);
    return true;
}
