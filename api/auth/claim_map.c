/* claim_map.c: reads a provider's claims by a mapping. Knows nothing of signatures. */
#include "auth/claim_map.h"

#include "base/crypto.h"

#include <assert.h>

static bool says(const struct value *value, struct str text)
{
    if (!value || value->type != VALUE_ARRAY)
        return value && value->type == VALUE_STRING && str_eq(value->string, text);
    for (size_t i = 0; i < value->array.n; i++)
        if (value->array.v[i]->type == VALUE_STRING && str_eq(value->array.v[i]->string, text))
            return true;
    return false;
}

struct str claim_map_apply(const struct claim_map *map, const struct value *payload)
{
    const struct value *value = map->n ? value_at(payload, map->claim) : NULL;

    for (size_t i = 0; i < map->n; i++)
        if (says(value, map->values[i].from))
            return map->values[i].to;
    return map->fallback;
}

static struct str subject_of(struct str subject_key, struct arena *a, struct str issuer, struct str sub)
{
    const struct str parts[] = {issuer, sub};
    unsigned char digest[SHA256_BYTES];
    char *text = arena_alloc(a, UUID_TEXT_BYTES + 1);

    crypto_hmac(subject_key, parts, 2, digest);
    crypto_uuid_of(digest, text);
    return (struct str){text, UUID_TEXT_BYTES};
}

/* A role of the police is of the police, whatever a department's name was mapped to. */
static struct str affiliation_of(const struct role *role, struct str mapped)
{
    return role && str_eq(role->affiliation, STR("police")) ? role->affiliation : mapped;
}

bool claim_maps_apply(const struct claim_maps *maps, struct str subject_key, struct arena *a, const struct value *payload,
                      struct claims *ret, struct error *err)
{
    struct str sub = value_string(value_get(payload, STR("sub"))), issuer = value_string(value_get(payload, STR("iss")));

    assert(subject_key.n >= SHA256_BYTES);
    if (!claims_is_plain_text(sub))
        return error_set(err, ERR_TOKEN_INVALID, "the claim sub is missing or does not fit");
    ret->subject = subject_of(subject_key, a, issuer, sub);
    ret->role = claim_map_apply(&maps->role, payload);
    const struct role *role = contract_role(maps->contract, ret->role);
    ret->affiliation = affiliation_of(role, claim_map_apply(&maps->affiliation, payload));
    if (!maps->scopes_by_role)
        return claims_read_scopes(payload, ret, err);
    ret->scopes_by_role = true;
    if (role)
        claims_take_scopes(ret, role);
    return true;
}
