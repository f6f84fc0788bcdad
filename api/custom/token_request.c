/* token_request.c: reads forms and Basic credentials. Knows nothing of clients. */
#include "custom/token_request.h"

#include "base/crypto.h"
#include "contract/percent.h"

enum parameter_of_form { GRANT_TYPE, SCOPE, CLIENT_ID, CLIENT_SECRET, ASSERTION_TYPE, ASSERTION, PARAMETERS };

static const struct str names[PARAMETERS] = {
    [GRANT_TYPE] = STR_INIT("grant_type"),
    [SCOPE] = STR_INIT("scope"),
    [CLIENT_ID] = STR_INIT("client_id"),
    [CLIENT_SECRET] = STR_INIT("client_secret"),
    [ASSERTION_TYPE] = STR_INIT("client_assertion_type"),
    [ASSERTION] = STR_INIT("client_assertion"),
};

static bool refuse(struct error *err, const char *reason)
{
    return error_set(err, ERR_TOKEN_REQUEST, "%s", reason);
}

/* One name=value; twice is twice, though both be empty. */
static bool read_pair(struct arena *a, struct str pair, struct str values[PARAMETERS], unsigned *seen, struct error *err)
{
    size_t equals = str_find(pair, '=');
    struct str name, value;

    if (!percent_decode(a, (struct str){pair.p, equals}, true, &name) || !percent_decode(a, str_skip(pair, equals + 1), true, &value))
        return refuse(err, "the form is not properly encoded");
    for (unsigned i = 0; i < PARAMETERS; i++) {
        if (!str_eq(names[i], name))
            continue;
        if (*seen & 1U << i)
            return refuse(err, "a parameter stands twice");
        *seen |= 1U << i;
        if (value.n)
            values[i] = value;
    }
    return true;
}

static bool read_form(struct arena *a, struct str form, struct str values[PARAMETERS], struct error *err)
{
    unsigned seen = 0;
    struct str pair;

    if (form.n > TOKEN_REQUEST_BYTES_MAX)
        return refuse(err, "the form is too long");
    while (str_next(&form, '&', &pair))
        if (!read_pair(a, pair, values, &seen, err))
            return false;
    return true;
}

/* base64 with its padding (RFC 4648 4), by way of base64url. */
static bool from_base64(struct arena *a, struct str text, struct str *ret)
{
    char *url = arena_alloc(a, text.n + 1);
    size_t n = text.n;

    while (n && text.n - n < 2 && text.p[n - 1] == '=')
        n--;
    for (size_t i = 0; i < n; i++) {
        if (text.p[i] == '-' || text.p[i] == '_')
            return false;
        url[i] = text.p[i] == '+' ? '-' : text.p[i] == '/' ? '_' : text.p[i];
    }
    return crypto_from_base64url(a, (struct str){url, n}, ret);
}

/* The id and secret of Basic, each encoded as in a form (RFC 6749 2.3.1). */
static bool read_basic(struct arena *a, struct str authorization, struct str *ret_id, struct str *ret_secret)
{
    struct str rest = authorization, scheme, pair;

    str_next(&rest, ' ', &scheme);
    if (!str_eq_nocase(scheme, STR("Basic")) || rest.n > TOKEN_REQUEST_BYTES_MAX || !from_base64(a, str_trim(rest), &pair))
        return false;
    size_t colon = str_find(pair, ':');
    return colon < pair.n && percent_decode(a, (struct str){pair.p, colon}, true, ret_id) &&
           percent_decode(a, str_skip(pair, colon + 1), true, ret_secret) && ret_id->n && ret_secret->n;
}

/* Exactly one way, complete. */
static bool check_methods(const struct str values[PARAMETERS], bool basic, struct error *err)
{
    int methods = basic + (values[CLIENT_SECRET].p != NULL) + (values[ASSERTION].p != NULL);

    if (methods > 1)
        return refuse(err, "the client shows itself in more than one way");
    if (methods == 0)
        return error_set(err, ERR_CLIENT, "%s", "");
    if (values[CLIENT_SECRET].p && !values[CLIENT_ID].p)
        return refuse(err, "client_id is missing");
    if (values[ASSERTION].p && !str_eq(values[ASSERTION_TYPE], STR("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")))
        return refuse(err, "client_assertion_type is missing or another");
    return values[CLIENT_ID].n <= CLIENT_ID_BYTES_MAX || refuse(err, "client_id is too long");
}

bool token_request_read(struct arena *a, struct str form, struct str authorization, struct token_request *ret, struct error *err)
{
    struct str values[PARAMETERS] = {{NULL, 0}}, id, secret;
    bool basic = authorization.p;

    if (!read_form(a, form, values, err))
        return false;
    if (basic && !read_basic(a, authorization, &id, &secret))
        return error_set(err, ERR_CLIENT, "%s", "");
    if (!check_methods(values, basic, err))
        return false;
    if (basic && ((values[CLIENT_ID].p && !str_eq(values[CLIENT_ID], id)) || id.n > CLIENT_ID_BYTES_MAX))
        return refuse(err, "client_id is not that of the header Authorization");
    if (!values[GRANT_TYPE].p)
        return refuse(err, "grant_type is missing");
    if (!str_eq(values[GRANT_TYPE], STR("client_credentials")))
        return error_set(err, ERR_GRANT_TYPE, "%s", "");
    *ret = (struct token_request){values[SCOPE], basic ? id : values[CLIENT_ID], basic ? secret : values[CLIENT_SECRET], values[ASSERTION]};
    return true;
}
