/* head.h: a request's head, read strictly from the bytes as they come (RFC 9112): what two readers could understand in two ways is
 * refused (request smuggling), and what can never become a head is refused as soon as that shows. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "base/error.h"
#include "http/request.h"

/* Whether a head ends, or is refused, is known once so many bytes of it are here; no buffer need hold more. It is twice
 * HEAD_BYTES_MAX, so that a token that fills a head by itself can be told as a bad token. */
enum { HEAD_WAIT_BYTES = 2 * HEAD_BYTES_MAX };

/* How far a head was looked through. All zero before the first byte of each request. */
struct head {
    size_t n;           /* bytes looked through; of HEAD_WHOLE all of the head, with the empty lines around it: the body is behind them */
    size_t begins;      /* where the request line begins: behind the empty line that may come first */
    size_t method_n;    /* of the method's bytes, once the space behind it is here */
    size_t line;        /* where the line begins whose end is not here */
    bool ended;         /* its empty line is here */
    const char *reason; /* why it is refused, whatever may still come; NULL otherwise, and where it is only too large */
};

enum head_state { HEAD_UNFINISHED, HEAD_WHOLE, HEAD_REFUSED };

/* Looks at what came since the last call; received is all that came of the request, at any address, and may go on behind the head.
 * The state depends on the bytes alone, not on where they were parted. Refused early are: what begins with no method and space, a line
 * that does not end in CR LF, control characters, a request line without its three parts, and HEAD_WAIT_BYTES without an end.
 * HEAD_UNFINISHED with received.n <= head->begins: nothing came but, at most, an empty line. */
enum head_state head_scan(struct head *head, struct str received);

/* Reads what head_scan looked through (the same received). True only for HEAD_WHOLE; otherwise, or where the head breaks a rule, fills *err:
 * ERR_MALFORMED, ERR_URI_TOO_LONG, ERR_HEADERS_TOO_LARGE or ERR_TOKEN_INVALID (a token larger than HEAD_BYTES_MAX); the connection must
 * then be closed. *ret borrows from received. On failure it holds the method, target and headers as far as they could be read, so that the
 * answer can be in the caller's language, also of a head that did not come in time. */
bool head_read(const struct head *head, struct str received, struct request *ret, struct error *err);

#endif
