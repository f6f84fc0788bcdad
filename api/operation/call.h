/* call.h: one call of an operation and its reply, as plain data between HTTP and the engine. */
#ifndef OPERATION_CALL_H
#define OPERATION_CALL_H

#include "auth/caller.h"
#include "base/buf.h"
#include "contract/router.h"

enum format { AS_NONE, AS_JSON, AS_CSV, AS_NDJSON, AS_GEOJSON, AS_HTML };

/* The format of a media type; AS_NONE for those that the engine does not make. */
enum format format_of(struct str media_type);

/* Validated input of one operation. Everything is borrowed from the request. */
struct call {
    const struct operation *operation;
    struct arena *arena;
    const struct value **parameters; /* one per operation->parameters */
    struct route route;
    const struct value *body;        /* validated; NULL when there is none */
    struct str body_text;            /* as it came, for idempotency */
    const struct caller *caller;
    struct str role;                 /* to run as, without "cpwg_" */
    enum language language;
    const struct media *media;       /* chosen by Accept */
    enum format format;
    struct str if_match, if_none_match, idempotency_key;
    struct str authorization; /* as it came, where the operation takes a client's; else {NULL, 0} */
    struct str address;       /* the caller's, as text; for comparing with where a client may call from, not for keeping */
    bool return_minimal, head;
    int64_t deadline_ns;
    struct str query;                /* raw, for links */
};

/* Whether the caller was let in by the key of a case. */
static inline bool call_is_case(const struct call *call)
{
    return str_eq(call->role, STR("case"));
}

enum { REPLY_HEADERS_MAX = 12 };

struct reply {
    int status;
    struct header headers[REPLY_HEADERS_MAX]; /* beyond those that every answer has; strings in the call's arena */
    size_t n_headers;
    struct str content_type; /* {NULL, 0}: no body */
    struct buf *body;        /* lent by the caller of the engine, empty at first */
    int64_t db_ns;           /* time spent waiting for the database */
    bool streamed;           /* the body went to the stream; if it broke off, the connection must be closed */
};

void reply_header(struct reply *reply, struct str name, struct str value);

#endif
