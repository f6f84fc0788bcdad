/* body.h: reads a request's body, within its bounds. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/context.h"

/* Reads the whole body into context->input and sets body_text; says 100 Continue first where the caller waits for it.
 * ERR_TOO_LARGE (before reading, where Content-Length tells), ERR_REQUEST_TIMEOUT, ERR_MALFORMED (chunks, or cut short). */
bool body_receive(struct context *context);

#endif
