/* service.c: puts the service together. Knows nothing of command lines and sockets. */
#include "ops/service.h"

#include "auth/token_cache.h"
#include "base/crypto.h"
#include "base/file.h"
#include "custom/custom.h"

enum { SECRET_BYTES_MIN = 32, SECRET_BYTES_MAX = 4096 };

static const size_t ARENA_BYTES = (size_t)256 << 20; /* of address space; pages cost memory once touched */

bool service_init(struct service *service, const char *config_file, struct error *err)
{
    *service = (struct service){0};
    if (!arena_init(&service->arena, ARENA_BYTES))
        return error_set(err, ERR_STARTUP, "no address space");
    return config_load(&service->arena, config_file, &service->config, err);
}

bool service_read_secret(struct service *service, struct error *err)
{
    const char *path = service->config.secret_file.p;
    const struct str purpose = STR("token");
    unsigned char key[SHA256_BYTES];
    unsigned mode;

    if (!*path)
        return error_set(err, ERR_STARTUP, "secret_file is not set (CPWG_SECRET_FILE): a file of at least 32 random bytes");
    if (!file_read(&service->arena, path, SECRET_BYTES_MAX, &service->secret, &mode, err))
        return error_set(err, ERR_STARTUP, "secret_file: %s", err->argument);
    if (mode & 077)
        return error_set(err, ERR_STARTUP, "secret_file: %s: others may read it; make it mode 0600", path);
    if (service->secret.n < SECRET_BYTES_MIN)
        return error_set(err, ERR_STARTUP, "secret_file: %s: shorter than %d bytes", path, SECRET_BYTES_MIN);
    crypto_hmac(service->secret, &purpose, 1, key);
    token_cache_free(service->keys.cache); /* what it holds was verified under the former key */
    service->keys.secret = arena_copy(&service->arena, (struct str){(const char *)key, sizeof key});
    service->keys.issuer = service->config.issuer;
    service->keys.audience = service->config.audience;
    service->keys.cache = token_cache_new();
    return true;
}

bool service_load_contract(struct service *service, struct error *err)
{
    return contract_load(&service->arena, service->config.contract_dir.p, &service->contract, err);
}

/* What tokens of our own for systems name as iss. */
static struct str systems_issuer(const struct config *config)
{
    return config->base_url.n ? config->base_url : config->issuer;
}

bool service_read_issuers(struct service *service, struct error *err)
{
    const struct config *config = &service->config;
    struct issuers_options *options = &service->issuers;
    struct error why;

    if (!fetch_reach_named(config->outgoing_reach, &options->reach))
        return error_set(err, ERR_STARTUP, "outgoing_reach: must be public, private or sandbox");
    if (!config->issuers_file.n)
        return true;
    if (!issuer_rules_read(&service->arena, config->issuers_file.p, options->reach, service->contract, &options->list, &why))
        return error_set(err, ERR_STARTUP, "issuers_file: %s", why.argument);
    for (size_t i = 0; i < options->list.n; i++)
        if (str_eq(options->list.v[i].issuer, config->issuer) || str_eq(options->list.v[i].issuer, systems_issuer(config)))
            return error_set(err, ERR_STARTUP, "issuers_file: %.*s is the name of tokens of our own", STR_ARG(options->list.v[i].issuer));
    return true;
}

/* What tokens need of the seal keys. */
static bool derive_from_seal(struct service *service, struct error *err)
{
    service->keys.subject_key = seal_key(service->seal, SEAL_SUBJECT);
    local_issuer_free(service->keys.systems);
    service->keys.systems = local_issuer_new(seal_key(service->seal, SEAL_TOKEN_SIGNING), systems_issuer(&service->config));
    return service->keys.systems || error_set(err, ERR_STARTUP, "no memory");
}

bool service_read_seal(struct service *service, struct error *err)
{
    const char *path = service->config.seal_key_file.p;

    if (!*path && service->issuers.list.n)
        return error_set(err, ERR_STARTUP, "seal_key_file is not set (CPWG_SEAL_KEY_FILE): who comes from a provider is known by a key of it");
    if (!*path && (!service->contract || service->contract->needs_seal))
        return error_set(err, ERR_STARTUP, "seal_key_file is not set (CPWG_SEAL_KEY_FILE): the contract has sealed members or case keys");
    if (!*path)
        return true;
    struct error why;
    if (!seal_read(path, &service->seal, &why))
        return error_set(err, ERR_STARTUP, "seal_key_file: %s", why.argument);
    return derive_from_seal(service, err);
}

bool service_start_issuers(struct service *service, void (*report)(const struct issuer_event *event), struct error *err)
{
    if (!service->issuers.list.n)
        return true;
    service->issuers.report = report;
    service->issuers.fetch = fetch_get;
    if (!fetch_init(service->config.outgoing_ca_file.n ? service->config.outgoing_ca_file.p : NULL) || !(service->keys.issuers = issuers_new(&service->issuers)))
        return error_set(err, ERR_STARTUP, "no memory");
    return issuers_start(service->keys.issuers, err);
}

bool service_open_database(struct service *service, struct error *err)
{
    const struct config *config = &service->config;
    struct db_pool_options options = {config->database.p, config->db_connections, config->db_wait_ms, config->db_share_from};

    if (config->database.n == 0)
        return error_set(err, ERR_STARTUP, "database is not set (CPWG_DATABASE): a libpq connection string");
    if (!db_pool_new(&options, &service->pool, err))
        return false;
    options.size = config->db_stream_connections;
    return db_pool_new(&options, &service->streams, err);
}

bool service_load_engine(struct service *service, struct error *err)
{
    struct engine_options options = {
        .contract = service->contract,
        .config = &service->config,
        .secret = service->secret.n ? service->secret : STR("nothing is signed"),
        .seal = service->seal,
        .keys = &service->keys,
        .pool = service->pool,
        .streams = service->streams,
    };

    options.customs = custom_table(&options.n_customs);
    return engine_new(&service->arena, &options, &service->engine, err);
}

void service_done(struct service *service)
{
    db_pool_free(service->streams);
    db_pool_free(service->pool);
    engine_done(service->engine);
    issuers_free(service->keys.issuers);
    local_issuer_free(service->keys.systems);
    token_cache_free(service->keys.cache);
    seal_free(service->seal);
    arena_done(&service->arena);
    *service = (struct service){0};
}
