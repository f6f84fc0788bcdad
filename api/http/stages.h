/* stages.h: one request from head to answer, by one table. */
#ifndef HTTP_STAGES_H
#define HTTP_STAGES_H

#include "http/context.h"

/* Lets a request in whose head was read, or fills context->error: waits for its place. context: edge, wire, request, crowded and started_ns are
 * filled; nothing is allocated, so that those who wait cost little. One of the next two must follow. */
void stages_admit(struct context *context);

/* Runs the other stages, answers, counts and logs. context: arena, out, body and input are filled, too; afterwards close and unread say how to
 * go on with the connection. */
void stages_run(struct context *context);

/* Lets it go unanswered. */
void stages_give_up(struct context *context);

/* Answers a request whose head was refused, with context->error; closes. */
void stages_refuse(struct context *context);

/* Whether the method is one that HTTP defines for resources (RFC 9110 9; PATCH, QUERY): 405 where it does not fit, else 501. */
bool stages_knows_method(struct str method);

#endif
