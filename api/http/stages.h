/* stages.h: one request from head to answer, by one table. */
#ifndef HTTP_STAGES_H
#define HTTP_STAGES_H

#include "http/context.h"

/* Runs the stages for a request that the gate let pass, answers, counts and logs. context: edge, wire, request, arena,
 * out, body, input, crowded and started_ns are filled; afterwards close and unread say how to go on with the connection. */
void stages_run(struct context *context);

/* Answers a request that the gate or the web server refused, with context->error; closes. */
void stages_refuse(struct context *context);

/* Whether the method is one that HTTP defines for resources (RFC 9110 9; PATCH, QUERY): 405 where it does not fit, else 501. */
bool stages_knows_method(struct str method);

#endif
