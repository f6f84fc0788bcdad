/* caller.h: who calls, and which of an operation's security alternatives lets them in. */
#ifndef AUTH_CALLER_H
#define AUTH_CALLER_H

#include "auth/identity.h"
#include "auth/token.h"
#include "base/seal.h"
#include "contract/contract.h"

/* Who calls. role is "public" without credentials, "case" with a case key and no token. All strings borrowed from the request's arena. */
struct caller {
    struct str role;     /* what the database role derives from: "cpwg_" + role */
    struct str subject, affiliation, organization, source;
    struct str case_key_hash; /* of a case key (auth/secret.h), where the operation takes one; else empty */
    bool has_token;
    struct claims claims;
    struct person person; /* who our records say it is */
    bool identified;      /* they were asked, at most a minute ago */
    struct str token;
    int64_t verified_s;   /* Unix time before the token was verified */
};

/* From the Authorization header ({NULL, 0} when there is none). A bad token is ERR_TOKEN_INVALID wherever it is sent,
 * also to public operations; a token whose role the contract does not know likewise. One that keys->cache knows is identified; of any
 * other our records are to be asked. */
bool caller_authenticate(const struct contract *contract, const struct token_keys *keys, struct arena *a,
                         struct str authorization, struct caller *ret, struct error *err);

/* Makes a caller with a token what our records say, and keeps that for a minute. ERR_TOKEN_INVALID where the record names a role that
 * the contract does not have. */
bool caller_identify(const struct contract *contract, const struct token_keys *keys, const struct identity *identity, struct caller *caller,
                     struct error *err);

/* From the header Case-Key ({NULL, 0} when there is none), which only operations with that alternative look at; whether such a
 * case exists is for the database to say. ERR_CASE_KEY_INVALID when the key's check does not hold. */
bool caller_read_case_key(const struct operation *operation, const struct seal *seal, struct arena *a, struct str header,
                          struct caller *caller, struct error *err);

/* Whether the caller's token carries the scope, its role may have it and its affiliation does not keep it from them. */
bool caller_has_scope(const struct contract *contract, const struct caller *caller, struct str scope);

/* Finds the first alternative that admits the caller and sets ret_role to the role to run as: "public" for an
 * alternative without credentials, "case" for a case key, the token's role otherwise. A scope counts when the token carries it and
 * the role may have it. ERR_TOKEN_MISSING or ERR_CASE_KEY_MISSING, or ERR_SCOPE with the scopes that are missing. */
bool caller_authorise(const struct contract *contract, const struct operation *operation, const struct caller *caller,
                      struct str *ret_role, struct error *err);

/* Whether the operation is carried out as this role for a caller of it who comes with all of its scopes. */
bool caller_admits_role(const struct contract *contract, const struct operation *operation, const struct role *role);

#endif
