/* gate.h: whether a request is framed so that nobody can read it in two ways (RFC 9112; request smuggling). The web
 * server's parser is lenient and drops what it does not like; the gate looks at the bytes it left in its buffer. */
#ifndef HTTP_GATE_H
#define HTTP_GATE_H

#include "base/error.h"
#include "http/request.h"

/* A head as civetweb 1.15 parsed it in place: each text ends in the NUL that replaced the byte after it, so spaces, CR
 * and LF between two texts are NULs, and what was not parsed is still there. */
struct raw_head {
    const char *start;                /* where the buffer begins */
    struct str received;              /* the same bytes as they came */
    const char *method, *path, *query; /* query NULL without "?" */
    const char *version;              /* after "HTTP/" */
    struct raw_header {
        const char *name, *value;
    } headers[HEADERS_MAX + 1];
    size_t n;
};

/* Fills *ret, or refuses with ERR_MALFORMED, ERR_HEADERS_TOO_LARGE or ERR_URI_TOO_LONG. On refusal too *ret holds the
 * method and the headers, so that the answer can be in the caller's language; the connection must then be closed. */
bool gate_check(const struct raw_head *raw, struct request *ret, struct error *err);

/* How many bytes a head that passed takes, from the buffer's beginning to the end of its empty line. */
size_t gate_head_bytes(const struct raw_head *raw);

/* A token of RFC 9110 5.6.2, not empty. */
bool gate_is_token(struct str s);

#endif
