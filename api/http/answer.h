/* answer.h: sends what the stages decided: a reply, a problem or a stream, with the headers that all answers have. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include "http/context.h"

/* Sends context->reply, its body as a whole, in one write. */
void answer_reply(struct context *context);

/* Sends context->error as a problem (RFC 9457), with the headers that its status asks for. */
void answer_problem(struct context *context);

/* The sink of a streamed reply; `to` is the context. Chunked on HTTP/1.1, ended by closing on HTTP/1.0. Nothing is sent
 * before the first block is full or the stream ends, so that an early failure can still be told as a problem. */
bool answer_stream_start(void *to, const struct reply *reply);
bool answer_stream_write(void *to, struct str bytes);

/* Ends the stream: with the last chunk when whole, by closing without it otherwise. */
void answer_stream_end(struct context *context, bool whole);

#endif
