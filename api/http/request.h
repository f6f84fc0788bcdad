/* request.h: one request's head, as it was read. Borrowed from the connection's buffer; owns nothing. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "base/message.h"

enum { HEADERS_MAX = 63, HEAD_BYTES_MAX = 16384, TARGET_BYTES_MAX = 8192 };

struct request {
    struct str method;
    struct str path, query; /* raw; query without "?", {NULL, 0} without one */
    int minor;              /* HTTP/1.minor */
    struct headers headers; /* in order, values without spaces around them; points at list */
    struct header list[HEADERS_MAX];
    bool chunked, expects_continue, keep_alive;
    int64_t content_length; /* 0 without one; INT64_MAX for more than that */
    bool body_came;         /* all of it: reading it waits for nobody */
};

static inline bool request_has_body(const struct request *request)
{
    return request->chunked || request->content_length > 0;
}

#endif
