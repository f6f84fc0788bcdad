/* client_record.h: what the database knows of API clients. Knows nothing of how they show themselves. */
#ifndef OPERATION_CLIENT_RECORD_H
#define OPERATION_CLIENT_RECORD_H

#include "base/value.h"
#include "db/db.h"

/* How the database is asked who somebody is. */
struct lookup {
    struct db_pool *pool;
    struct arena *arena; /* of what is found */
    struct str address;  /* the caller's */
    int64_t deadline_ns; /* clock_ns */
};

/* A client, or nobody: then id is empty, and so is all else. */
struct client_record {
    struct str id, role, organization, source;
    const struct value *scopes, *keys; /* arrays of strings and of JWKs; NULL where there are none */
    bool is_admitted; /* it is not revoked, and may call from where it does */
    bool is_placed;   /* it may not call from everywhere */
    struct str secret_id; /* of the secret that it was found by */
    bool used_today;      /* that secret */
};

/* Looks for the client of that id. True for nobody, too. ERR_DB_*. */
bool client_record_find(const struct lookup *lookup, struct str id, struct client_record *ret, struct error *err);

/* The same for a client that signs for itself, with its keys, and for one with a secret of that hash, where that secret is in use: after the
 * same work whether there is one or not. Unless is_admitted, all that is found may be another client's. hash: hexadecimal digits, of what
 * was shown (for keys: of the id) under a key of ours. */
bool client_record_find_by_keys(const struct lookup *lookup, struct str id, struct str hash, struct client_record *ret, struct error *err);
bool client_record_find_by_secret(const struct lookup *lookup, struct str id, struct str hash, struct client_record *ret, struct error *err);

/* Notes that the secret that it was found by gave a token today. */
bool client_record_used(const struct lookup *lookup, const struct client_record *client, struct error *err);

/* Notes that an assertion was shown. ERR_CONFLICT where it was before. jti_hash: hexadecimal digits; expires_s: Unix time. */
bool client_record_shown(const struct lookup *lookup, const struct client_record *client, struct str jti_hash, int64_t expires_s,
                         struct error *err);

#endif
