/* for_all.c: takes from memory what anybody may have, and keeps there what had to be made, lists in other formats than JSON too, as long as
 * they are small. Knows nothing of how rows become text. */
#include "operation/for_all.h"

#include "operation/answers.h"
#include "operation/read.h"

/* A stream that ends in memory, until it is too large for that. */
struct held {
    const struct stream *to;
    struct reply *reply;
    struct answers *answers;
    struct kept *kept; /* NULL once it is told what becomes of it */
    size_t bytes_max;
    bool passes; /* too large: all goes to the client */
};

static bool hold_start(void *of, const struct reply *reply)
{
    (void)of;
    (void)reply;
    return true;
}

/* Lets go: nobody waits for an answer that is not kept. */
static bool pass_all(struct held *held)
{
    struct reply *reply = held->reply;

    held->passes = true;
    answers_made(held->answers, held->kept, NULL);
    held->kept = NULL;
    bool ok = held->to->start(held->to->to, reply) && held->to->write(held->to->to, buf_str(reply->body));
    buf_clear(reply->body, 0);
    return ok;
}

static bool hold_write(void *of, struct str bytes)
{
    struct held *held = of;

    if (!held->passes && held->reply->body->n + bytes.n <= held->bytes_max) {
        buf_add(held->reply->body, bytes);
        return true;
    }
    return (held->passes || pass_all(held)) && held->to->write(held->to->to, bytes);
}

static bool make_list(struct run *run, const struct stream *stream, struct kept *kept, struct reply *reply, struct error *err)
{
    struct answers *answers = run->engine->answers;
    size_t largest = answers_largest(answers);
    struct held held = {.to = stream, .reply = reply, .answers = answers, .kept = kept,
                        .bytes_max = largest < HELD_BYTES_MAX ? largest : HELD_BYTES_MAX};
    const struct stream holding = {hold_start, hold_write, &held};

    bool ok = stream_execute(run, &holding, reply, err);
    if (held.passes)
        return ok;
    reply->streamed = false; /* nothing has been sent: what failed can still be told */
    if (!ok)
        buf_clear(reply->body, 0);
    answers_made(answers, kept, ok && !reply->body->failed ? reply : NULL);
    return ok;
}

static bool make_record(struct run *run, struct kept *kept, struct reply *reply, struct error *err)
{
    bool ok = read_execute(run, reply, err);

    answers_made(run->engine->answers, kept, ok && !reply->body->failed ? reply : NULL);
    return ok;
}

static bool is_streamed(const struct call *call)
{
    return call->operation->is_list && (call->format == AS_CSV || call->format == AS_NDJSON || call->format == AS_GEOJSON);
}

/* Whether all who ask the same get the same. HEAD of a stream asks for no rows, and has none to keep. */
static bool is_for_all(const struct call *call)
{
    return call->operation->is_public && !call->caller->has_token && !call_is_case(call) && !(call->head && is_streamed(call));
}

bool for_all_execute(struct run *run, const struct stream *stream, struct reply *reply, struct error *err)
{
    bool streams = is_streamed(run->call);
    enum answers_outcome outcome = ANSWERS_PASS;
    struct kept *kept = NULL;

    if (run->engine->answers && is_for_all(run->call))
        outcome = answers_take(run->engine->answers, run->call, reply, &kept);
    switch (outcome) {
    case ANSWERS_FOUND:
        return true;
    case ANSWERS_MAKE:
        return streams ? make_list(run, stream, kept, reply, err) : make_record(run, kept, reply, err);
    case ANSWERS_PASS:
        break;
    }
    return streams ? stream_execute(run, stream, reply, err) : read_execute(run, reply, err);
}
