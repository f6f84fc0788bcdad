/* contract.h: openapi.json compiled into tables: operations, parameters, bodies, answers, security, roles.
 * Immutable after loading, shared by all threads. Knows nothing of HTTP messages, SQL or callers. */
#ifndef CONTRACT_CONTRACT_H
#define CONTRACT_CONTRACT_H

#include "contract/schema.h"

/* A path, query or header parameter. Arrays are comma-separated (style form, explode false). */
struct parameter {
    struct str name;
    enum place place;
    bool required, list;
    const struct schema *schema;        /* of the value; of the whole array when list */
    const struct value *default_value;  /* or NULL */
};

/* One media type of a body or an answer. */
struct media {
    struct str type; /* without parameters: "application/json" */
    const struct schema *schema;
    struct str example; /* the example when it is a string (CSV), else {NULL, 0} */
};

struct answer {
    int status;
    const struct media *media; /* in the contract's order: the first is the default */
    size_t n_media;
    struct str location; /* of a 201: path template of the record made, "/v1/things/{id}", each name being a member of the
                            answer ("place.id" for a nested one); from `links`. {NULL, 0} otherwise */
};

enum security { SECURITY_NONE, SECURITY_TOKEN, SECURITY_CASE_KEY, SECURITY_CLIENT };

/* One alternative of `security`; the caller needs every scope in it. */
struct requirement {
    enum security kind;
    const struct str *scopes;
    size_t n_scopes;
};

struct operation {
    struct str id, tag, method, path; /* path is the template: "/v1/organizations/{id}" */
    size_t index;                     /* 0 .. contract.n - 1 */
    const struct parameter *parameters; /* those of the path first, in the template's order; at most 64 */
    size_t n_parameters;
    const struct media *bodies; /* accepted request bodies; none where n_bodies is 0 */
    size_t n_bodies;
    bool body_required;
    const struct answer *answers;
    size_t n_answers;
    const struct answer *success; /* the first 2xx answer */
    const struct requirement *requirements;
    size_t n_requirements;
    bool is_list;   /* the JSON answer has `data` (an array) and `next` */
    bool is_patch;  /* takes application/merge-patch+json */
    bool is_public; /* some alternative needs no credentials */
    bool reads;     /* GET: runs read-only */
    bool audited;   /* x-audit: read */
    bool identifies; /* x-identity: change: what it changes says who callers are and what they may do */
    bool needs_match, takes_key; /* declares If-Match, which is always required / Idempotency-Key */
    bool files_case;             /* its answer shows the key of a new case */
    bool takes_case_key;         /* some alternative is a case key */
    bool takes_client;           /* some alternative is a client's id and secret: Authorization is the operation's to read */
    bool needs_seal;             /* needs the seal key file: sealed members, x-each, or case keys */
    const struct schema *record; /* JSON schema of one record: the answer's, or its data's items; NULL without JSON answer */
};

enum { ROLE_SCOPES_MAX = 64 };

/* A role a token may name: what its caller may do at most. From x-roles. */
struct role {
    struct str name;        /* "coordinator" */
    struct str affiliation; /* default affiliation of local tokens */
    const struct str *scopes;
    size_t n_scopes;
    size_t index;
};

/* From x-affiliations. */
struct affiliation {
    struct str name;           /* "police" */
    const struct str *without; /* scopes that nobody of it holds, whatever their role */
    size_t n_without;
};

struct router;

struct contract {
    const struct operation *operations;
    size_t n;
    const struct role *roles;
    size_t n_roles;
    const struct affiliation *affiliations;
    size_t n_affiliations;
    const struct router *router;
    struct str document; /* the bundled contract as JSON text */
    struct str etag;     /* strong, with its quotes */
    const struct value *root;
    struct schema_set *schemas;
    bool needs_seal; /* some operation does */
};

/* Loads dir/openapi.json and the files it refers to, bundles, checks, compiles; all memory from a.
 * Fails with ERR_CONTRACT: "file#/pointer: reason". */
bool contract_load(struct arena *a, const char *dir, const struct contract **ret, struct error *err);

const struct operation *contract_operation(const struct contract *contract, struct str id);
const struct role *contract_role(const struct contract *contract, struct str name);
bool contract_withholds(const struct contract *contract, struct str affiliation, struct str scope);

/* Whether a token may name the role: not those of callers without one, "public" and "case". */
bool role_takes_tokens(const struct role *role);

/* The answer documented for that status, or NULL. */
const struct answer *operation_answer(const struct operation *operation, int status);

/* The parameter of that name and place, or NULL. */
const struct parameter *operation_parameter(const struct operation *operation, enum place place, struct str name);

#endif
