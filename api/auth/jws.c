/* jws.c: takes signed tokens apart. Knows nothing of keys and claims. */
#include "auth/jws.h"

#include "base/crypto.h"

enum { TOKEN_DEPTH_MAX = 8, PARTS = 3 };

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

static void read_header(const struct value *value, struct jose_header *ret)
{
    const struct {
        struct str name;
        struct str *to;
    } known[] = {{STR("alg"), &ret->alg}, {STR("typ"), &ret->typ}, {STR("kid"), &ret->kid}};
    size_t n_known = 0, n_thumbprints = value_get(value, STR("x5t")) != NULL;

    n_thumbprints += value_get(value, STR("x5t#S256")) != NULL;
    *ret = (struct jose_header){.thumbprint = n_thumbprints > 0};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const struct value *member = value_get(value, known[i].name);
        if (!member)
            continue;
        n_known++;
        *known[i].to = member->type == VALUE_STRING ? member->string : STR("");
    }
    ret->more = n_known + n_thumbprints != value->object.n;
}

bool jws_parse(struct arena *a, struct str text, struct jws *ret, struct error *err)
{
    struct str parts[PARTS];
    const struct value *header;

    if (text.n > TOKEN_BYTES_MAX)
        return refuse(err, "too long");
    if (!split(text, parts))
        return refuse(err, "not three parts");
    if (!parse_object(a, parts[0], &header, err) || !parse_object(a, parts[1], &ret->payload, err))
        return false;
    if (!crypto_from_base64url(a, parts[2], &ret->signature))
        return refuse(err, "not base64url");
    read_header(header, &ret->header);
    ret->text = text;
    ret->signed_text = (struct str){text.p, parts[0].n + 1 + parts[1].n};
    return true;
}
