/* token_error.h: an error as OAuth tells it (RFC 6749 5.2). */
#ifndef RENDER_TOKEN_ERROR_H
#define RENDER_TOKEN_ERROR_H

#include "base/buf.h"
#include "base/error.h"

/* Appends {"error", "error_description", "error_uri"}: the code for programs; the detail in English, since only ASCII is allowed there;
 * and the problem's page, which has both languages. */
void token_error_render(const struct error *err, struct buf *b);

#endif
