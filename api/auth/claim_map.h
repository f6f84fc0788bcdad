/* claim_map.h: what a provider's claims mean here. Knows nothing of where the mapping is written. */
#ifndef AUTH_CLAIM_MAP_H
#define AUTH_CLAIM_MAP_H

#include "auth/claims.h"
#include "contract/contract.h"

/* A value of the provider's and ours for it. */
struct claim_value {
    struct str from, to;
};

/* Which claim decides, and how: the first row whose `from` is the claim's text, or is in its list of texts. */
struct claim_map {
    struct str claim; /* JSON Pointer (RFC 6901) into the payload */
    const struct claim_value *values;
    size_t n;
    struct str fallback; /* where no row fits; may be empty */
};

struct claim_maps {
    struct claim_map role; /* with a fallback */
    struct claim_map affiliation; /* may be without one: then the role's; of a role of the police always the role's */
    bool scopes_by_role; /* all that the role may have; otherwise the claim scope */
    const struct contract *contract; /* of the roles */
};

struct str claim_map_apply(const struct claim_map *map, const struct value *payload);

/* Reads sub and, by the maps, role, affiliation and scopes, and nothing else: organization and source are ours to give, and
 * everything more that a provider tells of a person is left with it. The subject becomes a UUID (RFC 9562 5.8) by HMAC-SHA256 of issuer
 * and sub under subject_key, which makes it unique across issuers and keeps whoever only sees our records from telling whose it is.
 * ERR_TOKEN_INVALID. */
bool claim_maps_apply(const struct claim_maps *maps, struct str subject_key, struct arena *a, const struct value *payload,
                      struct claims *ret, struct error *err);

#endif
