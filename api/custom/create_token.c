/* create_token.c: createToken: a token for a system that shows who it is (RFC 6749 4.4). In C because SQL can neither compare secrets under
 * a key that is kept from it nor check and make signatures. Whoever is refused is told the same, after the same work, whether the client is
 * not known, is revoked, calls from elsewhere than it may, or has shown the wrong thing. */
#include "auth/secret.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "custom/client_assertion.h"
#include "custom/custom.h"
#include "custom/token_request.h"
#include "operation/client_record.h"

enum { AUDIENCES = 2 };

static bool refuse(struct error *err)
{
    return error_set(err, ERR_CLIENT, "%s", "");
}

static struct lookup lookup_of(const struct surroundings *around, const struct call *call)
{
    return (struct lookup){around->pool, call->arena, call->address, call->deadline_ns};
}

static bool check_secret(const struct surroundings *around, const struct call *call, const struct token_request *request,
                         struct client_record *ret, struct error *err)
{
    const struct lookup lookup = lookup_of(around, call);
    struct secret secret = {{0}};
    bool is_one = secret_read(request->secret, &secret);
    struct str hash = secret_hash(call->arena, around->seal, SECRET_CLIENT_SECRET, &secret);

    if (!client_record_find_by_secret(&lookup, request->client_id, hash, ret, err))
        return false;
    if (!is_one || !ret->is_admitted)
        return refuse(err);
    return ret->used_today || client_record_used(&lookup, ret, err);
}

/* Where assertions may be for: this server, by its name, or the address that takes them. */
static bool read_assertion(const struct surroundings *around, const struct call *call, const struct token_request *request,
                           struct client_assertion *ret, struct error *err)
{
    struct str base = around->config->base_url;
    const struct str audiences[AUDIENCES] = {
        local_issuer_url(around->keys->systems),
        arena_printf(call->arena, "%.*s%.*s", STR_ARG(base), STR_ARG(call->operation->path)),
    };

    const struct assertion_terms terms = {audiences, base.n ? AUDIENCES : 1, clock_unix_s()};

    if (!client_assertion_read(call->arena, request->assertion, &terms, ret, err))
        return false;
    return !request->client_id.p || str_eq(request->client_id, ret->client_id) || refuse(err);
}

static struct str hex(struct arena *a, const unsigned char digest[SHA256_BYTES])
{
    return crypto_hex(a, (struct str){(const char *)digest, SHA256_BYTES});
}

static bool check_assertion(const struct surroundings *around, const struct call *call, const struct client_assertion *assertion,
                            struct client_record *ret, struct error *err)
{
    const struct lookup lookup = lookup_of(around, call);
    unsigned char digest[SHA256_BYTES];

    crypto_hmac(seal_key(around->seal, SEAL_CLIENT_SECRET_PEPPER), &assertion->client_id, 1, digest);
    if (!client_record_find_by_keys(&lookup, assertion->client_id, hex(call->arena, digest), ret, err))
        return false;
    if (!client_assertion_is_signed(call->arena, assertion, ret->keys, err))
        return false;
    if (!ret->is_admitted)
        return refuse(err);
    crypto_sha256(assertion->jti, digest);
    struct error failed;
    if (client_record_shown(&lookup, ret, hex(call->arena, digest), assertion->expires_s + TOKEN_LEEWAY_S, &failed))
        return true;
    if (failed.code == ERR_CONFLICT) /* shown before */
        return refuse(err);
    *err = failed;
    return false;
}

/* Finds the client that shows itself. */
static bool authenticate(const struct surroundings *around, const struct call *call, const struct token_request *request,
                         struct client_record *ret, struct error *err)
{
    struct client_assertion assertion;

    if (request->secret.p)
        return check_secret(around, call, request, ret, err);
    return read_assertion(around, call, request, &assertion, err) && check_assertion(around, call, &assertion, ret, err);
}

/* A scope that is asked for twice is asked for. */
static size_t read_asked(struct str asked, struct str ret[SCOPES_MAX + 1])
{
    struct str one;
    size_t n = 0;

    while (n <= SCOPES_MAX && str_next(&asked, ' ', &one))
        if (one.n && !str_in(one, ret, n))
            ret[n++] = one;
    return n;
}

/* The scopes of the client that its role may have and, where some are asked for, that are among those. ERR_CLIENT_SCOPE where one is
 * asked for that it has not, or none is left. */
static bool grant(const struct contract *contract, const struct client_record *client, struct str asked, struct claims *claims, struct error *err)
{
    const struct role *role = contract_role(contract, client->role);
    struct str wanted[SCOPES_MAX + 1];
    size_t n = read_asked(asked, wanted);

    for (size_t i = 0; client->scopes && i < client->scopes->array.n && claims->n_scopes < SCOPES_MAX; i++) {
        struct str scope = client->scopes->array.v[i]->string;
        if (role && str_in(scope, role->scopes, role->n_scopes) && (!n || str_in(scope, wanted, n)))
            claims->scopes[claims->n_scopes++] = scope;
    }
    return (claims->n_scopes && (!n || claims->n_scopes == n)) || error_set(err, ERR_CLIENT_SCOPE, "%s", "");
}

static void answer(const struct claims *claims, struct str token, int lifetime_s, struct reply *reply)
{
    struct buf *b = reply->body;

    reply_header(reply, STR("Pragma"), STR("no-cache")); /* RFC 6749 5.1; no-store is there anyway */
    buf_printf(b, "{\"access_token\":\"%.*s\",\"token_type\":\"Bearer\",\"expires_in\":%d,\"scope\":\"", STR_ARG(token), lifetime_s);
    for (size_t i = 0; i < claims->n_scopes; i++)
        buf_printf(b, "%s%.*s", i ? " " : "", STR_ARG(claims->scopes[i]));
    buf_add(b, STR("\"}"));
}

bool custom_create_token(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    int lifetime_s = around->config->client_token_s;
    struct token_request request;
    struct client_record client;
    struct str token;

    if (!token_request_read(call->arena, call->body_text, call->authorization, &request, err) ||
        !authenticate(around, call, &request, &client, err))
        return false;
    struct claims claims = {
        .subject = client.id,
        .client = client.id,
        .role = client.role,
        .organization = client.organization,
        .source = client.source,
    };
    if (!grant(around->contract, &client, request.scope, &claims, err) ||
        !token_sign_system(around->keys, call->arena, &claims, lifetime_s, &token, err))
        return false;
    answer(&claims, token, lifetime_s, reply);
    return true;
}
