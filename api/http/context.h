/* context.h: what one request carries from stage to stage, and what all requests share. */
#ifndef HTTP_CONTEXT_H
#define HTTP_CONTEXT_H

#include "http/address.h"
#include "http/cors.h"
#include "http/limit.h"
#include "http/request.h"
#include "http/server.h"
#include "http/trace.h"
#include "http/metrics.h"
#include "http/places.h"

/* Shared by all threads. The numbers are changed with __atomic builtins. */
struct edge {
    struct http_options options;
    struct cors cors;
    struct metrics *metrics;
    struct limits *limits;
    struct proxies proxies;
    enum language language; /* when the caller names none */
    int active;             /* requests let in and not yet answered: what a stop waits for, though others keep coming */
    struct places *places;  /* of config->in_flight_max */
    int receiving;          /* requests that wait for their bodies, without a place */
    int sending;            /* requests whose answers are being sent */
    int connections;
    int connections_busy; /* with more than this, answers close their connections */
    int connections_full; /* with more than this, new connections are answered 503 */
    bool stopping;
};

/* The connection, as functions of the web server. */
struct wire {
    /* Bytes of the body into p, at most n; 0 at its end, -1 when it broke off, is malformed, or deadline_ns passed. */
    long (*read)(void *to, char *p, size_t n, int64_t deadline_ns);
    /* All of bytes; false when the client is gone or deadline_ns passed. */
    bool (*write)(void *to, struct str bytes, int64_t deadline_ns);
    void *to;
};

/* One request. Each stage fills its part and reads the earlier ones. */
struct context {
    struct edge *edge;
    const struct wire *wire;
    const struct request *request;
    struct arena *arena;
    struct buf *out, *body, *input; /* head and body as sent, the answer's body, the request's body */
    struct str peer; /* the address of the connection's other end, as the web server writes it; for limits alone */
    int64_t started_ns;
    bool crowded; /* the connection is one too many */
    bool internal; /* on the operators' port: not for pages of other origins */

    struct trace trace;
    enum language language;

    bool admitted; /* counted in active */
    bool placed; /* holds a place of in_flight_max */
    struct address address;   /* the caller's, behind the proxies that are trusted */
    struct limit_state limit; /* of the policy that the answer tells of */
    struct route route;
    const struct operation *preflight; /* what a preflight asks about */
    struct caller caller;
    struct str role;
    const struct media *body_media, *answer_media;
    struct str body_text;
    const struct value *body_value;
    const struct value **parameters;

    struct reply reply;
    struct error error;     /* code ERR_NONE: the reply stands */
    bool close;             /* the connection ends after the answer */
    bool unread;            /* some of the body was not read */
    bool streaming, flushed; /* the reply is being streamed; some of it is on its way */
    int status;
    size_t sent_bytes;
};

#endif
