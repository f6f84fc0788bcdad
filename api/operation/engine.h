/* engine.h: pairs operations with SQL files and carries out calls. Knows nothing of sockets. */
#ifndef OPERATION_ENGINE_H
#define OPERATION_ENGINE_H

#include "base/config.h"
#include "base/seal.h"
#include "db/listen.h"
#include "operation/call.h"
#include "operation/guarded.h"

struct engine;

/* What operations in C find around them. */
struct surroundings {
    const struct contract *contract;
    const struct config *config;
    const struct token_keys *keys;
    const struct seal *seal;
    struct db_pool *pool;
};

/* An operation that is C: api/custom. Answers by itself. */
typedef bool (*custom_operation)(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err);

/* A value that C derives from what the guard of an SQL operation gives, before the writes are sent: appends it to *ret_json. The
 * operation's SQL has it as :<derives>, jsonb. */
typedef bool (*custom_derive)(const struct guarded *guard, struct buf *ret_json, struct error *err);

/* What C asks of a call of an SQL operation beyond its schema; where there is a guard, after 404, 428 and 412. */
typedef bool (*custom_check)(const struct call *call, struct error *err);

/* One of them. */
struct custom {
    struct str id;
    custom_operation run;
    struct str derives;
    custom_derive derive;
    custom_check check;
};

struct engine_options {
    const struct contract *contract;
    const struct config *config;
    const struct seal *seal; /* NULL where nothing is sealed or carried out */
    const struct token_keys *keys; /* for operations in C; NULL where nothing is carried out */
    struct str secret; /* cursors and idempotency keys are signed with keys derived from it */
    struct db_pool *pool, *streams;
    const struct custom *customs;
    size_t n_customs;
};

/* Loads config->operations_dir and pairs it with the contract, offline: every operation has its file or its C, every file
 * its operation, every name in SQL is a parameter, body member, claim or built-in. ERR_CONTRACT names file and reason. */
bool engine_new(struct arena *a, const struct engine_options *options, struct engine **ret, struct error *err);

/* Frees what lies outside of the arena. Takes NULL. */
void engine_done(struct engine *engine);

/* How many SQL statements are paired. */
size_t engine_statements(const struct engine *engine);

/* For an engine, as a void *: told of what is published (db/listen.h, channel ENGINE_CHANNEL), it keeps what the public was answered. */
#define ENGINE_CHANNEL "cpwg_published"
void engine_hear(void *of, enum db_hearing hearing);

/* How many answers were given from memory, and how many bytes they take there. */
void engine_answers(struct engine *engine, uint64_t *ret_found, size_t *ret_bytes);

/* Prepares every statement (variants none, all, each alone) at the database and compares types and columns with the
 * contract. Also refuses filters that row security keeps from using an index, for which the server prints query
 * trees into its log, and roles that the contract admits to what the database refuses them. Runs nothing. ERR_CONTRACT, or ERR_DB_*. */
bool engine_check(struct engine *engine, struct error *err);

/* Compares types and columns alone, once the database can be reached, until it succeeds; then true for good. Thread-safe and cheap after. */
bool engine_is_ready(struct engine *engine);

/* Carries out a call. Writes the answer into *reply (body into reply->body or, for streams, into the sink, which is
 * called with start = the reply before the first byte). */
struct stream {
    bool (*start)(void *to, const struct reply *reply); /* sends status and headers; false: the client is gone */
    bool (*write)(void *to, struct str bytes);
    void *to;
};
bool engine_execute(struct engine *engine, const struct call *call, const struct stream *stream, struct reply *reply,
                    struct error *err);

#endif
