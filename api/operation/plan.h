/* plan.h: one operation ready to run: its SQL file with every name traced to where its value comes from.
 * Internal to api/operation; made once at start, immutable after. */
#ifndef OPERATION_PLAN_H
#define OPERATION_PLAN_H

#include "auth/secret.h"
#include "operation/engine.h"
#include "operation/sql.h"

enum source_kind {
    SOURCE_PARAMETER, SOURCE_BODY, SOURCE_EACH, SOURCE_CALLER, SOURCE_NEW_ID, SOURCE_NEW_SECRET, SOURCE_NEW_SECRET_HASH,
    SOURCE_SECRET_HASH, SOURCE_DERIVED, SOURCE_LIMIT, SOURCE_AFTER, SOURCE_FORMAT,
};

/* Where the value of a name in SQL comes from, and the type it is bound with. */
struct source {
    enum source_kind kind;
    size_t index;      /* parameter: of operation->parameters; caller: enum caller_field; secrets: enum secret_kind; each: whether of what is refused; after: its place in the cursor; format: enum format */
    struct str path;   /* body, each, secret hash: dotted path; after: the column's name */
    const struct schema *schema; /* body: of the member; parameter: of the value; else NULL */
    bool seals;        /* body: the member, or something in it, is sealed */
    uint32_t type;     /* type OID; 0 lets the database infer it (columns that are not shown) */
};

enum caller_field { CALLER_SUBJECT, CALLER_ROLE, CALLER_AFFILIATION, CALLER_ORGANIZATION, CALLER_SOURCE, CALLER_CASE_KEY, CALLER_LANGUAGE };

enum { AFTER_MAX = 4, LIMIT_MAX = 10000, ROLES_MAX = 256 };

struct plan {
    const struct operation *operation;
    const struct custom *custom; /* C instead of SQL; then nothing below is set */
    const struct custom *derives; /* C that derives a value between guard and writes; or NULL */
    custom_check check;          /* C that looks at the call before; or NULL */
    const struct seal *seal;     /* NULL where nothing is sealed */
    const struct source *each;   /* one of those of the body's array with x-each, or NULL */
    unsigned makes;              /* a bit per kind of secret that it makes */
    bool takes_secret;           /* names the hash of one that the body brings */
    struct sql_file file;
    struct source sources[SQL_NAMES_MAX]; /* one per file.names */
    const struct sql_statement *guard;    /* or NULL */
    const struct sql_statement *answer;   /* the last statement */
    const struct parameter *limit, *cursor, *include; /* of a list, or NULL */
    size_t limit_at, cursor_at, include_at;           /* their places in operation->parameters */
    struct str after[AFTER_MAX];                      /* columns that the cursor carries */
    size_t n_after;
};

struct engine {
    const struct contract *contract;
    const struct config *config;
    struct surroundings surroundings;
    struct db_pool *pool, *streams;
    const struct plan *plans; /* one per contract->operations */
    struct prepared_table *prepared;
    struct answers *answers; /* NULL where none are kept */
    struct str cursor_key, idempotency_key;
    bool ready;             /* atomic; set once */
    enum error_code told;   /* why it was not ready when that was last logged */
    int64_t next_check_ns;  /* atomic; checks of readiness are spaced */
    size_t statements;
};

/* Loads and pairs all files of config->operations_dir. ERR_CONTRACT. */
bool plans_load(struct arena *a, const struct engine_options *options, const struct plan **ret, size_t *ret_statements,
                struct error *err);

/* The type OID with which values of a schema are bound; lists of texts, ids and whole numbers are arrays, parameter lists always, other containers
 * jsonb, what is sealed bytea. */
uint32_t bind_type(const struct schema *schema, bool parameter_list);

#endif
