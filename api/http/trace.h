/* trace.h: trace context (W3C Trace Context, version 00): one id through all services that a request passes. */
#ifndef HTTP_TRACE_H
#define HTTP_TRACE_H

#include "base/message.h"

enum { TRACE_ID_CHARS = 32, SPAN_ID_CHARS = 16, TRACEPARENT_CHARS = 55 };

struct trace {
    char id[TRACE_ID_CHARS + 1];           /* hexadecimal, NUL-terminated */
    char parent[TRACEPARENT_CHARS + 1];    /* what we send on: this id, a span of our own */
};

/* Goes on with the caller's traceparent when there is exactly one and it is valid; begins a trace otherwise. */
void trace_start(struct headers headers, struct trace *ret);

#endif
