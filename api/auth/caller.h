/* caller.h: who calls, and which of an operation's security alternatives lets them in. */
#ifndef AUTH_CALLER_H
#define AUTH_CALLER_H

#include "auth/token.h"
#include "contract/contract.h"

/* Who calls. role is "public" without credentials. All strings borrowed from the request's arena. */
struct caller {
    struct str role;     /* what the database role derives from: "cpwg_" + role */
    struct str subject, affiliation, organization, source;
    bool has_token;
    struct claims claims;
};

/* From the Authorization header ({NULL, 0} when there is none). A bad token is ERR_TOKEN_INVALID wherever it is sent,
 * also to public operations; a token whose role the contract does not know likewise. */
bool caller_authenticate(const struct contract *contract, const struct token_keys *keys, struct arena *a,
                         struct str authorization, struct caller *ret, struct error *err);

/* Finds the first alternative that admits the caller and sets ret_role to the role to run as: "public" for an
 * alternative without credentials, the token's role otherwise. A scope counts when the token carries it and the role may have it.
 * ERR_TOKEN_MISSING, or ERR_SCOPE with the scopes that are missing. */
bool caller_authorise(const struct contract *contract, const struct operation *operation, const struct caller *caller,
                      struct str *ret_role, struct error *err);

#endif
