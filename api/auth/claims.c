/* claims.c: reads and writes the claims of tokens. Knows nothing of signatures and issuers. */
#include "auth/claims.h"

#include "contract/format.h"

static bool refuse(struct error *err, const char *reason)
{
    return error_set(err, ERR_TOKEN_INVALID, "%s", reason);
}

bool claims_check_times(const struct value *payload, int64_t now_s, int64_t *ret_expires_s, struct error *err)
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

bool claims_name_audience(const struct value *payload, const struct str *audiences, size_t n)
{
    const struct value *aud = value_get(payload, STR("aud"));

    if (!aud || aud->type != VALUE_ARRAY)
        return aud && aud->type == VALUE_STRING && str_in(aud->string, audiences, n);
    for (size_t i = 0; i < aud->array.n; i++)
        if (aud->array.v[i]->type == VALUE_STRING && str_in(aud->array.v[i]->string, audiences, n))
            return true;
    return false;
}

/* Controls are C0, DEL and C1: a claim reaches the database and the log. */
bool claims_is_plain_text(struct str s)
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
bool claims_is_affiliation(struct str s)
{
    static const struct str known[] = {STR_INIT("resident"), STR_INIT("organization"), STR_INIT("city"),
                                       STR_INIT("police"), STR_INIT("council")};

    return str_in(s, known, sizeof known / sizeof known[0]);
}

static bool is_uuid(struct str s)
{
    return format_fits(FORMAT_UUID, s);
}

static const struct text_claim {
    struct str name;
    size_t offset; /* in struct claims */
    bool required;
    bool (*fits)(struct str);
} text_claims[] = {
    {STR_INIT("sub"), offsetof(struct claims, subject), true, claims_is_plain_text},
    {STR_INIT("role"), offsetof(struct claims, role), true, claims_is_plain_text},
    {STR_INIT("affiliation"), offsetof(struct claims, affiliation), false, claims_is_affiliation},
    {STR_INIT("organization"), offsetof(struct claims, organization), false, is_uuid},
    {STR_INIT("source"), offsetof(struct claims, source), false, claims_is_plain_text},
    {STR_INIT("jti"), offsetof(struct claims, id), false, claims_is_plain_text},
    {STR_INIT("client_id"), offsetof(struct claims, client), false, claims_is_plain_text},
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
bool claims_read_scopes(const struct value *payload, struct claims *ret, struct error *err)
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

bool claims_read(const struct value *payload, struct claims *ret, struct error *err)
{
    return read_texts(payload, ret, err) && claims_read_scopes(payload, ret, err);
}

static void write_claim(struct buf *b, struct str name, struct str value)
{
    buf_char(b, ',');
    buf_json_string(b, name);
    buf_char(b, ':');
    buf_json_string(b, value);
}

void claims_take_scopes(struct claims *claims, const struct role *role)
{
    claims->n_scopes = role->n_scopes;
    for (size_t i = 0; i < role->n_scopes; i++)
        claims->scopes[i] = role->scopes[i];
}

void claims_write(const struct claims *claims, struct buf *b)
{
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
    if (claims->n_scopes)
        buf_char(b, '"');
}
