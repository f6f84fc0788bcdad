/* problem.h: an error as application/problem+json (RFC 9457), and the page behind its type. */
#ifndef RENDER_PROBLEM_H
#define RENDER_PROBLEM_H

#include "base/buf.h"
#include "base/error.h"

/* The error that a client is told of: codes that are never sent (contract, startup, replay) are internal errors to it. */
enum error_code problem_code(enum error_code code);

/* Appends the problem: type ("/problems/<slug>"), title, status, detail, trace_id, and, when there are violations,
 * errors[] of {in, pointer, keyword, detail}, the sentences in `language`. */
void problem_render(const struct error *err, enum language language, struct str trace_id, struct buf *b);

/* Appends a small HTML page that explains the problem with that code: in `language`, then in the other one. */
void problem_page(enum error_code code, enum language language, struct buf *b);

#endif
