/* caller.c: makes a caller from the headers Authorization and Case-Key, and finds the security alternative that admits them.
 * Knows nothing of how tokens are signed. */
#include "auth/caller.h"

#include "auth/secret.h"
#include "auth/token_cache.h"
#include "base/clock.h"

static const struct str public_role = STR_INIT("public"), case_role = STR_INIT("case");

/* RFC 9110 11.2: letters, digits and -._~+/ and then only "=". */
static bool is_token68(struct str s)
{
    static const bool others[256] = {['-'] = true, ['.'] = true, ['_'] = true, ['~'] = true, ['+'] = true, ['/'] = true};
    size_t n = s.n;

    while (n && s.p[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s.p[i], lower = c | 0x20;
        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && !others[c])
            return false;
    }
    return n > 0;
}

/* What stands after "Bearer" and at least one space (RFC 6750 2.1); its scheme in either case (RFC 9110 11.1). */
static bool bearer_token(struct str authorization, struct str *ret_token)
{
    struct str token = authorization, scheme;

    str_next(&token, ' ', &scheme);
    while (token.n && token.p[0] == ' ')
        token = str_skip(token, 1);
    *ret_token = token;
    return str_eq_nocase(scheme, STR("Bearer"));
}

/* Sets from the claims what operations and the database go by. */
static bool settle(const struct contract *contract, struct caller *caller, struct error *err)
{
    const struct role *role = contract_role(contract, caller->claims.role);

    if (!role || !role_takes_tokens(role))
        return error_set(err, ERR_TOKEN_INVALID, "no role of this service");
    caller->has_token = true;
    caller->role = role->name;
    caller->subject = caller->claims.subject;
    caller->affiliation = caller->claims.affiliation.n ? caller->claims.affiliation : role->affiliation;
    caller->organization = caller->claims.organization;
    caller->source = caller->claims.source;
    return true;
}

static bool verify(const struct token_keys *keys, struct arena *a, struct caller *caller, struct error *err)
{
    if (!is_token68(caller->token))
        return error_set(err, ERR_TOKEN_INVALID, "not a Bearer token");
    return token_verify(keys, a, caller->token, &caller->claims, err);
}

/* Whether it was verified within the last minute. */
static bool is_known(const struct token_keys *keys, struct arena *a, struct caller *caller)
{
    struct known known;

    if (!keys->cache || !token_cache_find(keys->cache, a, caller->token, caller->verified_s, &known))
        return false;
    caller->claims = known.claims;
    caller->person = known.person;
    caller->identified = true;
    return true;
}

bool caller_authenticate(const struct contract *contract, const struct token_keys *keys, struct arena *a,
                         struct str authorization, struct caller *ret, struct error *err)
{
    struct caller caller = {.role = public_role};

    if (!authorization.p) {
        *ret = caller;
        return true;
    }
    if (!bearer_token(authorization, &caller.token))
        return error_set(err, ERR_TOKEN_INVALID, "not a Bearer token");
    caller.verified_s = clock_unix_s();
    if (!is_known(keys, a, &caller) && !verify(keys, a, &caller, err))
        return false;
    if (!settle(contract, &caller, err))
        return false;
    *ret = caller;
    return true;
}

bool caller_identify(const struct contract *contract, const struct token_keys *keys, const struct identity *identity, struct caller *caller,
                     struct error *err)
{
    if (identity->is_system && identity->standing != STANDING_ACTIVE)
        return error_set(err, ERR_TOKEN_INVALID, "its client is revoked, or calls from elsewhere than it may");
    identity_apply(identity, contract, &caller->claims);
    caller->person = identity->person;
    caller->identified = true;
    if (!settle(contract, caller, err))
        return false;
    if (keys->cache && !identity->is_placed)
        token_cache_keep(keys->cache, caller->token, caller->verified_s, &(struct known){caller->claims, caller->person});
    return true;
}

bool caller_read_case_key(const struct operation *operation, const struct seal *seal, struct arena *a, struct str header,
                          struct caller *caller, struct error *err)
{
    struct secret key;

    if (!operation->takes_case_key || !header.p)
        return true;
    if (!seal || !secret_read(header, &key))
        return error_set(err, ERR_CASE_KEY_INVALID, "%s", "");
    caller->case_key_hash = secret_hash(a, seal, SECRET_CASE_KEY, &key);
    if (!caller->has_token)
        caller->role = case_role;
    return true;
}

bool caller_has_scope(const struct contract *contract, const struct caller *caller, struct str scope)
{
    const struct role *role = contract_role(contract, caller->role);

    return role && str_in(scope, caller->claims.scopes, caller->claims.n_scopes) && str_in(scope, role->scopes, role->n_scopes) &&
           !contract_withholds(contract, caller->affiliation, scope);
}

/* Whether no scope is missing; those that are go into err, with one space between them (RFC 6750 3). */
static bool has_scopes(const struct contract *contract, const struct requirement *requirement,
                       const struct caller *caller, struct error *err)
{
    char missing[sizeof err->argument];
    struct buf text = buf_over(missing, sizeof missing);
    bool ok = contract_role(contract, caller->role) != NULL;

    for (size_t i = 0; i < requirement->n_scopes; i++) {
        if (caller_has_scope(contract, caller, requirement->scopes[i]))
            continue;
        ok = false;
        if (text.n)
            buf_char(&text, ' ');
        buf_add(&text, requirement->scopes[i]);
    }
    return ok || error_set(err, ERR_SCOPE, "%.*s", STR_ARG(buf_str(&text)));
}

/* What is asked of a caller whom no alternative admitted, and who lacks what the first of them wants. */
static enum error_code missing(const struct operation *operation, const struct caller *caller)
{
    if (operation->n_requirements && operation->requirements[0].kind == SECURITY_CASE_KEY)
        return ERR_CASE_KEY_MISSING;
    return caller->has_token ? ERR_FORBIDDEN : ERR_TOKEN_MISSING;
}

bool caller_authorise(const struct contract *contract, const struct operation *operation, const struct caller *caller,
                      struct str *ret_role, struct error *err)
{
    struct error refused = {.code = ERR_NONE}, later;

    for (size_t i = 0; i < operation->n_requirements; i++) {
        const struct requirement *requirement = &operation->requirements[i];
        if (requirement->kind == SECURITY_NONE) {
            *ret_role = public_role;
            return true;
        }
        if (requirement->kind == SECURITY_CASE_KEY && caller->case_key_hash.n) {
            *ret_role = case_role;
            return true;
        }
        if (requirement->kind != SECURITY_TOKEN || !caller->has_token)
            continue;
        if (has_scopes(contract, requirement, caller, refused.code ? &later : &refused)) {
            *ret_role = caller->role;
            return true;
        }
    }
    if (refused.code) {
        *err = refused; /* the first alternative's, which is the one the contract prefers */
        return false;
    }
    return error_set(err, missing(operation, caller), "%s", "");
}

bool caller_admits_role(const struct contract *contract, const struct operation *operation, const struct role *role)
{
    struct caller caller = {.role = role->name, .affiliation = role->affiliation, .has_token = role_takes_tokens(role)};
    struct str runs_as;
    struct error refused;

    claims_take_scopes(&caller.claims, role);
    if (str_eq(role->name, case_role))
        caller.case_key_hash = case_role; /* any */
    return caller_authorise(contract, operation, &caller, &runs_as, &refused) && str_eq(runs_as, role->name);
}
