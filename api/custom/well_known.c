/* well_known.c: getJwks, getAuthorizationServer, getProtectedResource. In C because keys and issuers are this program's, not the
 * database's. */
#include "base/clock.h"
#include "custom/custom.h"

/* "name":"<base URL>path", after a comma. */
static void add_url(struct buf *b, struct str name, const struct config *config, const char *path)
{
    char text[512];
    struct buf url = buf_over(text, sizeof text);

    buf_add(&url, config->base_url);
    buf_add(&url, str_of(path));
    buf_char(b, ',');
    buf_json_string(b, name);
    buf_char(b, ':');
    buf_json_string(b, buf_str(&url));
}

/* Every scope that some role may have, once. */
static void add_scopes(struct buf *b, const struct contract *contract)
{
    const struct role *roles = contract->roles;
    bool first = true;

    buf_add(b, STR(",\"scopes_supported\":["));
    for (size_t i = 0; i < contract->n_roles; i++)
        for (size_t j = 0; j < roles[i].n_scopes; j++) {
            bool seen = false;
            for (size_t k = 0; k < i; k++)
                seen |= str_in(roles[i].scopes[j], roles[k].scopes, roles[k].n_scopes);
            if (seen)
                continue;
            if (!first)
                buf_char(b, ',');
            first = false;
            buf_json_string(b, roles[i].scopes[j]);
        }
    buf_char(b, ']');
}

bool custom_jwks(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    if (!around->keys->systems)
        buf_add(reply->body, STR("{\"keys\":[]}"));
    else if (!local_issuer_jwks(around->keys->systems, call->arena, clock_unix_s(), reply->body))
        return error_set(err, ERR_OVERLOADED, "memory");
    return true;
}

/* RFC 8414 2. Nobody signs in here, so that there is no authorization endpoint and no response type. */
bool custom_authorization_server(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    const struct token_keys *keys = around->keys;
    struct buf *b = reply->body;

    (void)call;
    (void)err;
    buf_add(b, STR("{\"issuer\":"));
    buf_json_string(b, keys->systems ? local_issuer_url(keys->systems) : keys->issuer);
    add_url(b, STR("token_endpoint"), around->config, "/oauth/token");
    add_url(b, STR("jwks_uri"), around->config, "/.well-known/jwks.json");
    add_url(b, STR("service_documentation"), around->config, "/openapi.json");
    buf_add(b, STR(",\"grant_types_supported\":[\"client_credentials\"],\"response_types_supported\":[]"
                   ",\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\",\"private_key_jwt\"]"
                   ",\"token_endpoint_auth_signing_alg_values_supported\":[\"RS256\",\"PS256\",\"ES256\",\"ES384\",\"EdDSA\",\"Ed25519\"]"));
    add_scopes(b, around->contract);
    buf_char(b, '}');
    return true;
}

/* Our own issuer, where it has an address, and the providers'. */
static void add_servers(struct buf *b, const struct token_keys *keys, const struct config *config)
{
    struct issuer_state state;
    bool own = keys->systems && config->base_url.n;

    buf_add(b, STR(",\"authorization_servers\":["));
    if (own)
        buf_json_string(b, local_issuer_url(keys->systems));
    for (size_t i = 0; issuers_state(keys->issuers, i, &state); i++) {
        if (own || i)
            buf_char(b, ',');
        buf_json_string(b, state.issuer);
    }
    buf_char(b, ']');
}

/* RFC 9728 2. */
bool custom_protected_resource(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    struct buf *b = reply->body;

    (void)call;
    (void)err;
    buf_add(b, STR("{\"resource\":"));
    buf_json_string(b, around->config->base_url.n ? around->config->base_url : STR("/"));
    add_servers(b, around->keys, around->config);
    add_url(b, STR("resource_documentation"), around->config, "/openapi.json");
    buf_add(b, STR(",\"bearer_methods_supported\":[\"header\"]"));
    add_scopes(b, around->contract);
    buf_char(b, '}');
    return true;
}
