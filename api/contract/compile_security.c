/* compile_security.c: security schemes, what an operation demands of its caller, roles and affiliations. Knows nothing of tokens. */
#include "contract/compile.h"

/* How a security scheme is kept: by its kind, which everything after goes by. */
static bool scheme_kind(const struct value *scheme, enum security *ret)
{
    struct str type = value_string(value_get(scheme, STR("type")));

    if (str_eq(type, STR("oauth2")) && value_at(scheme, STR("/flows/clientCredentials"))) {
        *ret = SECURITY_TOKEN;
        return true;
    }
    if (str_eq(type, STR("http")) && str_eq(value_string(value_get(scheme, STR("scheme"))), STR("basic"))) {
        *ret = SECURITY_CLIENT;
        return true;
    }
    *ret = SECURITY_CASE_KEY;
    return str_eq(type, STR("apiKey")) && str_eq(value_string(value_get(scheme, STR("in"))), STR("header")) &&
           str_eq(value_string(value_get(scheme, STR("name"))), STR("Case-Key"));
}

static struct element schemes(struct compiler *c)
{
    struct element root = {c->bundle.document, {NULL, 0}};

    return element_get(c, element_get(c, root, STR("components")), STR("securitySchemes"));
}

bool compile_schemes(struct compiler *c)
{
    struct element all = schemes(c);
    enum security kind;

    for (size_t i = 0; i < element_count(all); i++) {
        struct element scheme = element_get(c, all, all.value->object.v[i].name);
        if (!scheme_kind(scheme.value, &kind))
            return compile_refuse(c, scheme.at, "must be oauth2 with clientCredentials, http basic, or apiKey in the header Case-Key");
    }
    return true;
}

static bool knows_scope(const struct value *scheme, struct str scope)
{
    return value_get(value_at(scheme, STR("/flows/clientCredentials/scopes")), scope);
}

static bool some_scheme_knows_scope(struct compiler *c, struct str scope)
{
    struct element all = schemes(c);

    for (size_t i = 0; i < element_count(all); i++)
        if (knows_scope(all.value->object.v[i].value, scope))
            return true;
    return false;
}

/* Scopes as texts; of one scheme, or of any when scheme is NULL. */
static bool compile_scopes(struct compiler *c, struct element list, const struct value *scheme, const struct str **ret,
                           size_t *ret_n)
{
    if (!list.value || list.value->type != VALUE_ARRAY)
        return compile_refuse(c, list.at, "must be an array of scopes");
    struct str *scopes = arena_array(c->arena, struct str, list.value->array.n);
    for (size_t i = 0; i < list.value->array.n; i++) {
        scopes[i] = value_string(list.value->array.v[i]);
        if (!scopes[i].n || !(scheme ? knows_scope(scheme, scopes[i]) : some_scheme_knows_scope(c, scopes[i])))
            return compile_refuse(c, list.at, "unknown scope \"%.*s\"", STR_ARG(scopes[i]));
    }
    *ret = scopes;
    *ret_n = list.value->array.n;
    return true;
}

static bool compile_requirement(struct compiler *c, struct element alternative, struct requirement *ret)
{
    if (alternative.value->type != VALUE_OBJECT || alternative.value->object.n > 1)
        return compile_refuse(c, alternative.at, "an alternative is {} or one scheme with its scopes");
    *ret = (struct requirement){.kind = SECURITY_NONE};
    if (alternative.value->object.n == 0)
        return true;
    struct str name = alternative.value->object.v[0].name;
    struct element scheme = element_get(c, schemes(c), name);
    if (!scheme.value || !scheme_kind(scheme.value, &ret->kind))
        return compile_refuse(c, alternative.at, "unknown security scheme \"%.*s\"", STR_ARG(name));
    return compile_scopes(c, element_get(c, alternative, name), scheme.value, &ret->scopes, &ret->n_scopes);
}

bool compile_requirements(struct compiler *c, struct element operation, struct operation *ret)
{
    struct element list = element_get(c, operation, STR("security"));
    size_t n = element_count(list);
    struct requirement *requirements = arena_array(c->arena, struct requirement, n);

    if (n == 0)
        return compile_refuse(c, list.at, "names no alternative; a public operation says [{}]");
    for (size_t i = 0; i < n; i++) {
        if (!compile_requirement(c, element_item(c, list, i), &requirements[i]))
            return false;
        ret->is_public |= requirements[i].kind == SECURITY_NONE;
        ret->takes_case_key |= requirements[i].kind == SECURITY_CASE_KEY;
        ret->takes_client |= requirements[i].kind == SECURITY_CLIENT;
    }
    if (ret->takes_client && !ret->is_public)
        return compile_refuse(c, list.at, "who shows a client's secret runs as public: name {} as well");
    ret->requirements = requirements;
    ret->n_requirements = n;
    return true;
}

bool compile_roles(struct compiler *c, const struct role **ret, size_t *ret_n)
{
    struct element root = {c->bundle.document, {NULL, 0}}, all = element_get(c, root, STR("x-roles"));
    size_t n = element_count(all);
    struct role *roles = arena_array(c->arena, struct role, n);

    for (size_t i = 0; i < n; i++) {
        struct element role = element_get(c, all, all.value->object.v[i].name);
        roles[i].name = all.value->object.v[i].name;
        roles[i].affiliation = value_string(value_get(role.value, STR("affiliation")));
        roles[i].index = i;
        if (!compile_scopes(c, element_get(c, role, STR("scopes")), NULL, &roles[i].scopes, &roles[i].n_scopes))
            return false;
        if (roles[i].n_scopes > ROLE_SCOPES_MAX)
            return compile_refuse(c, role.at, "more than %d scopes", ROLE_SCOPES_MAX);
    }
    *ret = roles;
    *ret_n = n;
    return true;
}

bool compile_affiliations(struct compiler *c, const struct affiliation **ret, size_t *ret_n)
{
    struct element root = {c->bundle.document, {NULL, 0}}, all = element_get(c, root, STR("x-affiliations"));
    size_t n = element_count(all);
    struct affiliation *affiliations = arena_array(c->arena, struct affiliation, n);

    for (size_t i = 0; i < n; i++) {
        struct affiliation *one = &affiliations[i];
        one->name = all.value->object.v[i].name;
        struct element without = element_get(c, element_get(c, all, one->name), STR("without"));
        if (!compile_scopes(c, without, NULL, &one->without, &one->n_without))
            return false;
    }
    *ret = affiliations;
    *ret_n = n;
    return true;
}
