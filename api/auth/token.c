/* token.c: verifies and issues bearer tokens under the local HS256 key. Knows nothing of roles, requests or operations.
 *
 * libjwt 1.10.2 checks the signature and nothing else: it recurses as deep as the token nests, takes its algorithm from
 * the token, and ignores exp and nbf. So size, form, nesting and header are looked at before it sees a token, and all
 * claims are read by us from the part that was signed. It signs, and takes, no type but "JWT"; tokens of type "at+jwt"
 * (RFC 9068 2.1) come from providers with asymmetric keys, and are refused under this one. */
#include "auth/token.h"

#include "auth/token_cache.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/value.h"

#include <assert.h>
#include <errno.h>
#include <jwt.h>
#include <stdlib.h>

enum { TOKEN_DEPTH_MAX = 8, CLAIM_BYTES_MAX = 255, PARTS = 3 };

#define KEY_ID "local"

static bool refuse(struct error *err, const char *reason)
{
    return error_set(err, ERR_TOKEN_INVALID, "%s", reason);
}

/* Parts as they came; each has at least one byte. */
static bool split(struct str token, struct str ret_parts[PARTS])
{
    struct str part;
    size_t n = 0;

    while (str_next(&token, '.', &part)) {
        if (n == PARTS || part.n == 0)
            return false;
        ret_parts[n++] = part;
    }
    return n == PARTS;
}

static bool parse_object(struct arena *a, struct str part, const struct value **ret, struct error *err)
{
    struct str text;
    struct error refused;

    if (!crypto_from_base64url(a, part, &text))
        return refuse(err, "not base64url");
    if (!value_parse(a, text, TOKEN_DEPTH_MAX, ret, &refused)) {
        if (refused.code == ERR_SYNTAX)
            return refuse(err, "not well-formed JSON"); /* without line and column: nobody reads a token by those */
        *err = refused;
        return false;
    }
    return (*ret)->type == VALUE_OBJECT || refuse(err, "not a JSON object");
}

/* The header binds the token to the one key and its one algorithm; whatever else it says (crit, jku, jwk, x5c, zip,
 * another kid) could only change that, and is refused. */
static bool check_header(const struct value *header, struct error *err)
{
    static const struct {
        struct str name, value;
        bool required;
    } rules[] = {
        {STR_INIT("alg"), STR_INIT("HS256"), true},
        {STR_INIT("typ"), STR_INIT("JWT"), true},
        {STR_INIT("kid"), STR_INIT(KEY_ID), false},
    };
    size_t known = 0;

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct value *value = value_get(header, rules[i].name);
        if (value ? !str_eq(value_string(value), rules[i].value) : rules[i].required)
            return error_set(err, ERR_TOKEN_INVALID, "the header's %s is not %s", rules[i].name.p, rules[i].value.p);
        known += value != NULL;
    }
    return known == header->object.n || refuse(err, "the header has members other than alg, typ and kid");
}

static bool check_signature(const struct token_keys *keys, struct arena *a, struct str token, struct error *err)
{
    jwt_t *jwt = NULL;

    int status = jwt_decode(&jwt, arena_copy(a, token).p, (const unsigned char *)keys->secret.p, (int)keys->secret.n);
    bool ok = status == 0 && jwt_get_alg(jwt) == JWT_ALG_HS256;
    if (status == 0)
        jwt_free(jwt);
    if (status == ENOMEM)
        return error_set(err, ERR_OVERLOADED, "memory");
    return ok || refuse(err, "the signature does not match");
}

/* RFC 7519 4.1.4 to 4.1.6. Whole seconds only; exp is required. */
static bool check_times(const struct value *payload, int64_t now_s, int64_t *ret_expires_s, struct error *err)
{
    const struct value *exp = value_get(payload, STR("exp"));
    const struct value *starts[] = {value_get(payload, STR("nbf")), value_get(payload, STR("iat"))};

    if (!exp || exp->type != VALUE_INTEGER)
        return refuse(err, "exp is missing or not a whole number");
    if (exp->integer <= now_s - TOKEN_LEEWAY_S)
        return refuse(err, "it has expired");
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (starts[i] && (starts[i]->type != VALUE_INTEGER || starts[i]->integer < 0))
            return refuse(err, "nbf or iat is not a whole number");
        if (starts[i] && starts[i]->integer > now_s + TOKEN_LEEWAY_S)
            return refuse(err, "it is not valid yet");
    }
    *ret_expires_s = exp->integer;
    return true;
}

/* RFC 7519 4.1.3: one audience, or a list that names ours. */
static bool names_audience(const struct value *aud, struct str audience)
{
    if (!aud || aud->type != VALUE_ARRAY)
        return aud && aud->type == VALUE_STRING && str_eq(aud->string, audience);
    for (size_t i = 0; i < aud->array.n; i++)
        if (aud->array.v[i]->type == VALUE_STRING && str_eq(aud->array.v[i]->string, audience))
            return true;
    return false;
}

/* 1 to 255 bytes without control characters (C0, DEL, C1): it reaches the database and the log. */
static bool is_plain_text(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == 0x7f || (c == 0xc2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xa0))
            return false;
    }
    return s.n >= 1 && s.n <= CLAIM_BYTES_MAX;
}

/* A role of the contract decides what a caller may do; an affiliation, what is kept from them. So an unknown one is
 * refused: "Police" must not pass for somebody who is not of the police. */
static bool is_affiliation(struct str s)
{
    static const struct str known[] = {STR_INIT("resident"), STR_INIT("organization"), STR_INIT("city"),
                                       STR_INIT("police"), STR_INIT("council")};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(known[i], s))
            return true;
    return false;
}

/* Lower or upper case, with its four hyphens (RFC 9562 4). */
static bool is_uuid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        char c = s.p[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (hyphen ? c != '-' : !hex)
            return false;
    }
    return s.n == UUID_TEXT_BYTES;
}

static const struct text_claim {
    struct str name;
    size_t offset; /* in struct claims */
    bool required;
    bool (*fits)(struct str);
} text_claims[] = {
    {STR_INIT("sub"), offsetof(struct claims, subject), true, is_plain_text},
    {STR_INIT("role"), offsetof(struct claims, role), true, is_plain_text},
    {STR_INIT("affiliation"), offsetof(struct claims, affiliation), false, is_affiliation},
    {STR_INIT("organization"), offsetof(struct claims, organization), false, is_uuid},
    {STR_INIT("source"), offsetof(struct claims, source), false, is_plain_text},
    {STR_INIT("jti"), offsetof(struct claims, id), false, is_plain_text},
};
enum { TEXT_CLAIMS = sizeof text_claims / sizeof text_claims[0] };

static bool read_texts(const struct value *payload, struct claims *ret, struct error *err)
{
    for (size_t i = 0; i < TEXT_CLAIMS; i++) {
        const struct text_claim *claim = &text_claims[i];
        const struct value *value = value_get(payload, claim->name);
        if (!value && !claim->required)
            continue;
        if (!value || value->type != VALUE_STRING || !claim->fits(value->string))
            return error_set(err, ERR_TOKEN_INVALID, "the claim %s is missing or does not fit", claim->name.p);
        *(struct str *)(void *)((char *)ret + claim->offset) = value->string;
    }
    return true;
}

/* RFC 6749 3.3: printable ASCII without quote and backslash. */
static bool is_scope(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x21 || s.p[i] > 0x7e || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return s.n > 0;
}

/* The claim `scope`: scopes with one space between them (RFC 8693 4.2); none when it is absent. */
static bool read_scopes(const struct value *payload, struct claims *ret, struct error *err)
{
    const struct value *scope = value_get(payload, STR("scope"));
    struct str rest = value_string(scope), part;

    if (scope && scope->type != VALUE_STRING)
        return refuse(err, "the claim scope does not fit");
    while (str_next(&rest, ' ', &part)) {
        if (!is_scope(part) || ret->n_scopes == SCOPES_MAX)
            return refuse(err, "the claim scope does not fit");
        ret->scopes[ret->n_scopes++] = part;
    }
    return true;
}

static bool verify_anew(const struct token_keys *keys, struct arena *a, struct str token, int64_t now_s, struct claims *ret,
                        struct error *err)
{
    struct str parts[PARTS], signature;
    const struct value *header, *payload;
    struct claims claims = {0};

    assert(keys->secret.n >= SHA256_BYTES); /* libjwt takes anything under a NULL key */
    if (token.n > TOKEN_BYTES_MAX)
        return refuse(err, "too long");
    if (!split(token, parts))
        return refuse(err, "not three parts");
    if (!parse_object(a, parts[0], &header, err) || !parse_object(a, parts[1], &payload, err))
        return false;
    if (!crypto_from_base64url(a, parts[2], &signature))
        return refuse(err, "not base64url");
    if (!check_header(header, err) || !check_signature(keys, a, token, err) ||
        !check_times(payload, now_s, &claims.expires_s, err))
        return false;
    if (!str_eq(value_string(value_get(payload, STR("iss"))), keys->issuer))
        return refuse(err, "it comes from another issuer");
    if (!names_audience(value_get(payload, STR("aud")), keys->audience))
        return refuse(err, "it is meant for another audience");
    if (!read_texts(payload, &claims, err) || !read_scopes(payload, &claims, err))
        return false;
    *ret = claims;
    return true;
}

bool token_verify(const struct token_keys *keys, struct arena *a, struct str token, struct claims *ret, struct error *err)
{
    int64_t now_s = clock_unix_s();

    if (keys->cache && token_cache_find(keys->cache, a, token, now_s, ret))
        return true;
    if (!verify_anew(keys, a, token, now_s, ret, err))
        return false;
    if (keys->cache)
        token_cache_keep(keys->cache, token, now_s, ret);
    return true;
}

static void write_claim(struct buf *b, struct str name, struct str value)
{
    buf_char(b, ',');
    buf_json_string(b, name);
    buf_char(b, ':');
    buf_json_string(b, value);
}

/* The payload as JSON, NUL-terminated. False when it is larger than any token may be. */
static bool write_payload(const struct token_keys *keys, const struct claims *claims, int64_t lifetime_s, struct buf *b)
{
    long long now = (long long)clock_unix_s();

    buf_printf(b, "{\"iat\":%lld,\"exp\":%lld", now, now + (long long)lifetime_s);
    write_claim(b, STR("iss"), keys->issuer);
    write_claim(b, STR("aud"), keys->audience);
    for (size_t i = 0; i < TEXT_CLAIMS; i++) {
        const void *claim = (const char *)claims + text_claims[i].offset;
        struct str value = *(const struct str *)claim;
        if (value.n)
            write_claim(b, text_claims[i].name, value);
    }
    for (size_t i = 0; i < claims->n_scopes; i++) {
        buf_add(b, i ? STR(" ") : STR(",\"scope\":\""));
        buf_add(b, claims->scopes[i]); /* needs no escapes: token_verify looks at what was made */
    }
    buf_add(b, claims->n_scopes ? STR("\"}") : STR("}"));
    buf_char(b, '\0');
    return !b->failed;
}

/* Signs a payload. NULL when libjwt refuses; freed with free(). */
static char *sign(const struct token_keys *keys, const char *payload)
{
    char *text = NULL;
    jwt_t *jwt;

    if (jwt_new(&jwt) != 0)
        return NULL;
    if (jwt_set_alg(jwt, JWT_ALG_HS256, (const unsigned char *)keys->secret.p, (int)keys->secret.n) == 0 &&
        jwt_add_header(jwt, "kid", KEY_ID) == 0 && jwt_add_grants_json(jwt, payload) == 0)
        text = jwt_encode_str(jwt);
    jwt_free(jwt);
    return text;
}

bool token_issue(const struct token_keys *keys, struct arena *a, const struct claims *claims, int64_t lifetime_s,
                 struct str *ret_token, struct error *err)
{
    char id[UUID_TEXT_BYTES + 1];
    struct claims fresh = *claims, verified;
    struct buf payload;

    if (lifetime_s < 1 || lifetime_s > TOKEN_LIFETIME_MAX_S)
        return error_set(err, ERR_TOKEN_INVALID, "the lifetime is not between 1 and %d seconds", TOKEN_LIFETIME_MAX_S);
    crypto_uuid(id);
    fresh.id = str_of(id);
    buf_init(&payload, TOKEN_BYTES_MAX);
    char *text = write_payload(keys, &fresh, lifetime_s, &payload) ? sign(keys, payload.p) : NULL;
    buf_done(&payload);
    if (!text)
        return refuse(err, "its claims are too large or do not fit");
    struct str token = arena_copy(a, str_of(text));
    free(text);
    if (!token_verify(keys, a, token, &verified, err)) /* nothing is issued that would not be taken */
        return false;
    *ret_token = token;
    return true;
}
