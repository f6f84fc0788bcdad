/* server.h: the HTTP server: listens, answers every request by the contract, stops without losing answers. */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "auth/token.h"
#include "base/config.h"
#include "operation/engine.h"

struct audit_gauge;

/* What the server works with; all of it must outlive the server. */
struct http_options {
    const struct config *config;
    const struct contract *contract;
    const struct token_keys *keys;
    const struct seal *seal; /* what case keys are checked by; may be NULL where no operation takes them */
    struct engine *engine;
    struct db_pool *pool, *streams;
    void (*audit)(void *worker, struct audit_gauge *ret); /* how the audit's chain is doing; NULL where nobody makes it */
    void *worker;
};

struct server;

/* Listens on config->listen (the API) and config->admin_listen (/metrics, /livez, /readyz) and answers until
 * server_stop. Ignores SIGPIPE for the whole program. One server at a time in a process.
 * ERR_STARTUP names what failed: "cannot listen on 127.0.0.1:8080: Address already in use". */
bool server_start(const struct http_options *options, struct server **ret, struct error *err);

/* Refuses new work (503, close; /readyz fails first), waits at most config->shutdown_ms until no request is in flight,
 * then stops listening, ends the threads and frees the server. Accepts NULL. */
void server_stop(struct server *server);

#endif
