/* problem.h: an error as application/problem+json (RFC 9457), and the page behind its type. */
#ifndef RENDER_PROBLEM_H
#define RENDER_PROBLEM_H

#include "base/buf.h"
#include "base/error.h"

/* Appends the problem: type ("/problems/<slug>"), title, status, detail, trace_id, and errors[] of
 * {in, pointer, keyword, detail}, the sentences in `language`. */
void problem_render(const struct error *err, enum language language, struct str trace_id, struct buf *b);

/* Appends a small HTML page (both languages follow from `language`) that explains the problem with that code. */
void problem_page(enum error_code code, enum language language, struct buf *b);

#endif
