/* issuer_rules.c: reads the issuers file. Knows nothing of tokens. */
#include "auth/issuer_rules.h"

#include "base/file.h"
#include "contract/pointer.h"

enum { FILE_DEPTH_MAX = 8, TEXT_BYTES_MAX = 1024 };

/* Where reading is, and what all of it needs. */
struct reading {
    struct arena *a;
    const char *path;
    struct str pointer;
    enum fetch_reach reach;
    const struct contract *contract;
    struct error *err;
};

static bool refuse(const struct reading *r, const char *reason)
{
    return error_set(r->err, ERR_STARTUP, "%s#%.*s: %s", r->path, STR_ARG(r->pointer), reason);
}

static struct reading child(const struct reading *r, struct str token)
{
    struct reading below = *r;

    below.pointer = pointer_child(r->a, r->pointer, token);
    return below;
}

static struct reading item(const struct reading *r, size_t i)
{
    return child(r, arena_printf(r->a, "%zu", i));
}

/* A member that an object may have, and what becomes of it. */
struct rule {
    struct str name;
    bool required;
    bool (*read)(const struct reading *r, const struct value *value, void *to);
};

static bool is_known(const struct rule *rules, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rules[i].name, name))
            return true;
    return false;
}

static bool read_object(const struct reading *r, const struct value *value, const struct rule *rules, size_t n, void *to)
{
    if (value->type != VALUE_OBJECT)
        return refuse(r, "must be an object");
    for (size_t i = 0; i < value->object.n; i++) {
        struct reading below = child(r, value->object.v[i].name);
        if (!is_known(rules, n, value->object.v[i].name))
            return refuse(&below, "is not known");
    }
    for (size_t i = 0; i < n; i++) {
        const struct value *member = value_get(value, rules[i].name);
        struct reading below = child(r, rules[i].name);
        if (!member && rules[i].required)
            return refuse(&below, "is missing");
        if (member && !rules[i].read(&below, member, to))
            return false;
    }
    return true;
}

/* A list of 1 to max items. */
static bool check_list(const struct reading *r, const struct value *value, size_t max)
{
    if (value->type != VALUE_ARRAY || value->array.n < 1 || value->array.n > max)
        return refuse(r, arena_printf(r->a, "must be a list of 1 to %zu items", max).p);
    return true;
}

static bool read_text(const struct reading *r, const struct value *value, void *to)
{
    if (value->type != VALUE_STRING || !value->string.n || value->string.n > TEXT_BYTES_MAX)
        return refuse(r, arena_printf(r->a, "must be a text of 1 to %d bytes", TEXT_BYTES_MAX).p);
    *(struct str *)to = value->string;
    return true;
}

/* --- what a claim means */

static bool is_role(const struct reading *r, struct str name)
{
    const struct role *role = contract_role(r->contract, name);
    return role && role_takes_tokens(role);
}

static bool read_role_name(const struct reading *r, const struct value *value, void *to)
{
    return read_text(r, value, to) && (is_role(r, value->string) || refuse(r, "is no role of the contract that a token may name"));
}

static bool read_affiliation_name(const struct reading *r, const struct value *value, void *to)
{
    return read_text(r, value, to) &&
           (claims_is_affiliation(value->string) || refuse(r, "must be resident, organization, city, police or council"));
}

static bool read_from(const struct reading *r, const struct value *value, void *to)
{
    return read_text(r, value, &((struct claim_value *)to)->from);
}

static bool read_to_role(const struct reading *r, const struct value *value, void *to)
{
    return read_role_name(r, value, &((struct claim_value *)to)->to);
}

static bool read_to_affiliation(const struct reading *r, const struct value *value, void *to)
{
    return read_affiliation_name(r, value, &((struct claim_value *)to)->to);
}

static const struct rule role_value[] = {{STR_INIT("from"), true, read_from}, {STR_INIT("to"), true, read_to_role}};
static const struct rule affiliation_value[] = {{STR_INIT("from"), true, read_from}, {STR_INIT("to"), true, read_to_affiliation}};

static bool read_values(const struct reading *r, const struct value *value, const struct rule rules[2], struct claim_map *map)
{
    if (!check_list(r, value, CLAIM_VALUES_MAX))
        return false;
    struct claim_value *values = arena_array(r->a, struct claim_value, value->array.n);
    for (size_t i = 0; i < value->array.n; i++) {
        struct reading below = item(r, i);
        if (!read_object(&below, value->array.v[i], rules, 2, &values[i]))
            return false;
    }
    map->values = values;
    map->n = value->array.n;
    return true;
}

static bool read_role_values(const struct reading *r, const struct value *value, void *to)
{
    return read_values(r, value, role_value, to);
}

static bool read_affiliation_values(const struct reading *r, const struct value *value, void *to)
{
    return read_values(r, value, affiliation_value, to);
}

static bool read_claim(const struct reading *r, const struct value *value, void *to)
{
    struct claim_map *map = to;
    return read_text(r, value, &map->claim) && (value->string.p[0] == '/' || refuse(r, "must be a JSON Pointer, such as /groups"));
}

static bool read_default_role(const struct reading *r, const struct value *value, void *to)
{
    return read_role_name(r, value, &((struct claim_map *)to)->fallback);
}

static bool read_default_affiliation(const struct reading *r, const struct value *value, void *to)
{
    return read_affiliation_name(r, value, &((struct claim_map *)to)->fallback);
}

static bool read_map(const struct reading *r, const struct value *value, const struct rule rules[3], struct claim_map *map)
{
    return read_object(r, value, rules, 3, map) &&
           ((map->claim.n > 0) == (map->n > 0) || refuse(r, "claim and map belong together"));
}

/* --- members of an issuer */

static bool read_role(const struct reading *r, const struct value *value, void *to)
{
    static const struct rule rules[] = {{STR_INIT("claim"), false, read_claim},
                                        {STR_INIT("map"), false, read_role_values},
                                        {STR_INIT("default"), false, read_default_role}};
    return read_map(r, value, rules, &((struct issuer_rules *)to)->maps.role);
}

static bool read_affiliation(const struct reading *r, const struct value *value, void *to)
{
    static const struct rule rules[] = {{STR_INIT("claim"), false, read_claim},
                                        {STR_INIT("map"), false, read_affiliation_values},
                                        {STR_INIT("default"), false, read_default_affiliation}};
    return read_map(r, value, rules, &((struct issuer_rules *)to)->maps.affiliation);
}

static bool read_scopes(const struct reading *r, const struct value *value, void *to)
{
    struct issuer_rules *rules = to;

    rules->maps.scopes_by_role = str_eq(value_string(value), STR("role"));
    return rules->maps.scopes_by_role || str_eq(value_string(value), STR("claim")) || refuse(r, "must be \"claim\" or \"role\"");
}

static bool read_url(const struct reading *r, const struct value *value, struct str *ret)
{
    return read_text(r, value, ret) &&
           (fetch_takes_url(r->reach, *ret) || refuse(r, "must be an https URL (with outgoing_reach = sandbox also http)"));
}

static bool read_issuer_url(const struct reading *r, const struct value *value, void *to)
{
    struct issuer_rules *rules = to;

    if (!read_url(r, value, &rules->issuer))
        return false;
    if (str_find(rules->issuer, '?') < rules->issuer.n)
        return refuse(r, "has no query (OpenID Connect Discovery 1.0, 3)");
    rules->host = str_skip(rules->issuer, str_find(rules->issuer, ':') + 3);
    rules->host.n = str_find(rules->host, '/');
    return true;
}

static bool read_jwks_uri(const struct reading *r, const struct value *value, void *to)
{
    return read_url(r, value, &((struct issuer_rules *)to)->jwks_uri);
}

static bool read_audiences(const struct reading *r, const struct value *value, void *to)
{
    struct issuer_rules *rules = to;

    if (!check_list(r, value, ISSUER_AUDIENCES_MAX))
        return false;
    for (size_t i = 0; i < value->array.n; i++) {
        struct reading below = item(r, i);
        if (!read_text(&below, value->array.v[i], &rules->audiences[rules->n_audiences++]))
            return false;
    }
    return true;
}

static bool read_algorithms(const struct reading *r, const struct value *value, void *to)
{
    struct issuer_rules *rules = to;
    enum signature_algorithm algorithm;

    if (!check_list(r, value, SIGNATURE_ALGORITHMS))
        return false;
    memset(rules->algorithms, 0, sizeof rules->algorithms);
    for (size_t i = 0; i < value->array.n; i++) {
        struct reading below = item(r, i);
        if (!signature_algorithm_named(value_string(value->array.v[i]), &algorithm))
            return refuse(&below, "must be RS256, RS384, RS512, PS256, ES256, ES384 or EdDSA");
        rules->algorithms[algorithm] = true;
    }
    return true;
}

static bool read_types(const struct reading *r, const struct value *value, void *to)
{
    struct issuer_rules *rules = to;

    if (!check_list(r, value, 2))
        return false;
    rules->takes_at_jwt = false;
    for (size_t i = 0; i < value->array.n; i++) {
        struct str name = value_string(value->array.v[i]);
        struct reading below = item(r, i);
        if (str_eq(name, STR("at+jwt")))
            rules->takes_at_jwt = true;
        else if (str_eq(name, STR("JWT")))
            rules->takes_jwt = true;
        else
            return refuse(&below, "must be \"at+jwt\" or \"JWT\"");
    }
    return true;
}

static bool read_issuer(const struct reading *r, const struct value *value, struct issuer_rules *rules)
{
    static const struct rule members[] = {
        {STR_INIT("issuer"), true, read_issuer_url},        {STR_INIT("audiences"), true, read_audiences},
        {STR_INIT("role"), false, read_role},               {STR_INIT("affiliation"), false, read_affiliation},
        {STR_INIT("scopes"), false, read_scopes},           {STR_INIT("jwks_uri"), false, read_jwks_uri},
        {STR_INIT("algorithms"), false, read_algorithms},   {STR_INIT("types"), false, read_types},
    };
    static const struct str fallback = STR_INIT("resident");

    rules->maps.contract = r->contract;
    rules->maps.role.fallback = fallback;
    rules->takes_at_jwt = true;
    memset(rules->algorithms, true, sizeof rules->algorithms);
    return read_object(r, value, members, sizeof members / sizeof members[0], rules) &&
           (is_role(r, rules->maps.role.fallback) || refuse(r, "needs role.default: the contract has no role resident"));
}

static bool read_issuers(const struct reading *r, const struct value *value, void *to)
{
    struct issuer_list *list = to;

    if (!check_list(r, value, ISSUERS_MAX))
        return false;
    struct issuer_rules *rules = arena_array(r->a, struct issuer_rules, value->array.n);
    for (size_t i = 0; i < value->array.n; i++) {
        struct reading below = item(r, i);
        if (!read_issuer(&below, value->array.v[i], &rules[i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (str_eq(rules[j].issuer, rules[i].issuer))
                return refuse(&below, "its issuer is listed twice");
    }
    *list = (struct issuer_list){rules, value->array.n};
    return true;
}

bool issuer_rules_read(struct arena *a, const char *path, enum fetch_reach reach, const struct contract *contract,
                       struct issuer_list *ret, struct error *err)
{
    static const struct rule root = {STR_INIT("issuers"), true, read_issuers};
    const struct reading reading = {.a = a, .path = path, .pointer = STR(""), .reach = reach, .contract = contract, .err = err};
    struct issuer_list list = {NULL, 0};
    const struct value *document;
    struct error refused;
    struct str text;

    if (!file_read(a, path, ISSUERS_FILE_BYTES_MAX, &text, NULL, err))
        return false;
    if (!value_parse(a, text, FILE_DEPTH_MAX, &document, &refused))
        return error_set(err, ERR_STARTUP, "%s: %s", path, refused.argument);
    if (!read_object(&reading, document, &root, 1, &list))
        return false;
    *ret = list;
    return true;
}
