/* identity.h: what our records say of who carries a token, and that it goes before what the token says. Knows nothing of where records
 * are kept. */
#ifndef AUTH_IDENTITY_H
#define AUTH_IDENTITY_H

#include "auth/claims.h"
#include "contract/contract.h"

enum standing {
    STANDING_NONE,   /* no record: what the token says stands */
    STANDING_ACTIVE, /* the record says what they may do */
    STANDING_ENDED,  /* nothing beyond what any resident may: they are not yet in the group, or no longer */
};

/* Who it is; all empty where there is no record. */
struct person {
    struct str id, name, state;
};

struct identity {
    enum standing standing;
    struct person person;
    struct str role, affiliation, organization; /* of an active record */
    bool is_system;            /* the record is an API client's, and nobody's else */
    struct str source;         /* of a system, as what follows */
    const struct value *scopes; /* an array of strings */
    bool is_placed;            /* it may call from where it does now, and not from everywhere: good for this request alone */
};

/* Makes the claims those of the record. A system's: role, organization, source, and of the token's scopes those that the record has. A person's: role, affiliation, organization, source and, where the token's scopes are its role's, scopes; a
 * token never has more scopes than it names. Whoever the token or the record calls police stays police, whatever the other says. */
void identity_apply(const struct identity *identity, const struct contract *contract, struct claims *claims);

#endif
