/* sentence.h: why a value was refused, and what an error means, as sentences. */
#ifndef RENDER_SENTENCE_H
#define RENDER_SENTENCE_H

#include "base/buf.h"
#include "base/error.h"

/* Appends a template with "{}" replaced by argument (when that is empty, "{}" goes with the colon and space before it) and
 * a "[one|several]" after it by what is right for that number. */
void sentence_fill(struct str text, struct str argument, struct buf *b);

/* Appends what the violation's keyword demands. Never the value that was refused. */
void sentence_violation(const struct violation *violation, enum language language, struct buf *b);

/* What a caller can do about an answer of that status. */
struct str sentence_advice(int status, enum language language);

#endif
