/* identity.c: claims made what our records say. Knows nothing of tokens. */
#include "auth/identity.h"

static const struct str police = STR_INIT("police");
static const struct identity resident = {.role = STR_INIT("resident"), .affiliation = STR_INIT("resident")};

static struct str affiliation_of(const struct contract *contract, const struct claims *claims)
{
    const struct role *role = contract_role(contract, claims->role);
    return claims->affiliation.n || !role ? claims->affiliation : role->affiliation;
}

static bool has_scope(const struct value *scopes, struct str scope)
{
    for (size_t i = 0; scopes && scopes->type == VALUE_ARRAY && i < scopes->array.n; i++)
        if (str_eq(value_string(scopes->array.v[i]), scope))
            return true;
    return false;
}

static void apply_system(const struct identity *system, struct claims *claims)
{
    size_t n = 0;

    claims->role = system->role;
    claims->affiliation = (struct str){NULL, 0}; /* its role's */
    claims->organization = system->organization;
    claims->source = system->source;
    for (size_t i = 0; i < claims->n_scopes; i++)
        if (has_scope(system->scopes, claims->scopes[i]))
            claims->scopes[n++] = claims->scopes[i];
    claims->n_scopes = n;
}

void identity_apply(const struct identity *identity, const struct contract *contract, struct claims *claims)
{
    const struct identity *as = identity->standing == STANDING_ACTIVE ? identity : &resident;
    bool is_police = str_eq(affiliation_of(contract, claims), police) || str_eq(identity->affiliation, police);

    if (identity->standing == STANDING_NONE)
        return;
    if (identity->is_system) {
        apply_system(identity, claims);
        return;
    }
    claims->role = as->role;
    claims->affiliation = is_police ? police : as->affiliation;
    claims->organization = as->organization;
    claims->source = (struct str){NULL, 0}; /* no person is a department's system */
    const struct role *role = contract_role(contract, claims->role);
    if (claims->scopes_by_role && role)
        claims_take_scopes(claims, role);
}
