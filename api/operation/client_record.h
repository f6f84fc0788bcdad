/* client_record.h: what the database knows of API clients. Knows nothing of how they show themselves. */
#ifndef OPERATION_CLIENT_RECORD_H
#define OPERATION_CLIENT_RECORD_H

#include "base/value.h"
#include "db/db.h"

enum { CLIENT_SECRETS_MAX = 2 };

/* How the database is asked who somebody is. */
struct lookup {
    struct db_pool *pool;
    struct arena *arena; /* of what is found */
    struct str address;  /* the caller's */
    int64_t deadline_ns; /* clock_ns */
};

struct client_secret {
    struct str id, hash; /* hash: hexadecimal digits */
    bool used_today;
};

/* A client, or nobody: then id is empty, and so is all else. */
struct client_record {
    struct str id, role, organization, source;
    const struct value *scopes, *keys; /* arrays of strings and of JWKs; NULL where there are none */
    bool is_admitted; /* it is not revoked, and may call from where it does */
    bool is_placed;   /* it may not call from everywhere */
    struct client_secret secrets[CLIENT_SECRETS_MAX];
    size_t n_secrets; /* in use */
};

/* Looks for the client of that id. True for nobody, too, which takes as long. ERR_DB_*. */
bool client_record_find(const struct lookup *lookup, struct str id, struct client_record *ret, struct error *err);

/* Notes that a secret gave a token today. */
bool client_record_used(const struct lookup *lookup, const struct client_secret *secret, struct error *err);

/* Notes that an assertion was shown. ERR_CONFLICT where it was before. jti_hash: hexadecimal digits; expires_s: Unix time. */
bool client_record_shown(const struct lookup *lookup, const struct client_record *client, struct str jti_hash, int64_t expires_s,
                         struct error *err);

#endif
