/* response.h: an answer's head as text. Whatever a value holds, it cannot become a line of its own. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "base/buf.h"
#include "base/message.h"

/* The status line and Date. */
void response_start(struct buf *b, int status);

/* "name: value". A value with a control character (CR, LF and NUL among them) is left out, name and all. */
void response_header(struct buf *b, struct str name, struct str value);
void response_headers(struct buf *b, const struct header *headers, size_t n);

/* Content-Length and the empty line. length -1: the line without the length. */
void response_end(struct buf *b, int64_t length);

#endif
