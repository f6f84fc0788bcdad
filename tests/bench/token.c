/* token.c: what it costs to verify a token, by algorithm: anew, and when it is known. Prints microseconds of CPU a token, the median of the
 * rounds and the best. Exits 1 when a token that is known takes longer than 5 us or a new one of RS256 longer than 40, by the best.
 *   cmake --preset release && cmake --build build/release --target token_bench && build/release/token_bench */
#include "auth/token.h"
#include "auth/token_cache.h"
#include "base/clock.h"
#include "tests/unit/base/keys.h"

#include <stdio.h>

#define ISSUER "https://login.example.org"
#define SECRET "0123456789abcdef0123456789abcdef"

enum { ROUNDS = 15, BATCH = 16, ROUND_NS = 20 * 1000 * 1000, WARM_NS_MAX = 5000, RS256_NS_MAX = 40000 };

static struct arena arena;
static const struct str scopes[] = {STR_INIT("organizations:read"), STR_INIT("organizations:write")};
static const struct role roles[] = {{.name = STR_INIT("resident")}, {.name = STR_INIT("coordinator"), .scopes = scopes, .n_scopes = 2}};
static const struct contract contract = {.roles = roles, .n_roles = 2};
static const struct claim_value values[] = {{STR_INIT("cpwg-coordinators"), STR_INIT("coordinator")}};
static struct issuer_rules rules = {
    .issuer = STR_INIT(ISSUER), .host = STR_INIT("login.example.org"), .jwks_uri = STR_INIT(ISSUER "/jwks"), .audiences = {STR_INIT("https://api.example.org")},
    .n_audiences = 1, .takes_at_jwt = true, .maps = {.role = {STR_INIT("/groups"), values, 1, STR_INIT("resident")}, .scopes_by_role = true, .contract = &contract}};
static struct token_keys keys = {.secret = STR_INIT(SECRET), .issuer = STR_INIT("urn:cpwg:local"), .audience = STR_INIT("cpwg-api"),
                                 .subject_key = STR_INIT(SECRET)};
static EVP_PKEY *rsa, *p256, *p384, *ed25519;

static bool fetch_jwks(enum fetch_reach reach, const bool *stop, struct arena *a, struct str url, struct fetched *ret, struct error *err)
{
    (void)reach;
    (void)stop;
    (void)url;
    (void)err;
    *ret = (struct fetched){arena_printf(a, "{\"keys\":[%s,%s,%s,%s]}", keys_jwk(a, rsa, ",\"kid\":\"R\"").p, keys_jwk(a, p256, ",\"kid\":\"2\"").p,
                                         keys_jwk(a, p384, ",\"kid\":\"3\"").p, keys_jwk(a, ed25519, ",\"kid\":\"E\"").p), -1};
    return true;
}

static void report(const struct issuer_event *event)
{
    (void)event;
}

/* As long as providers make them. */
static struct str provider_token(EVP_PKEY *key, const char *alg, const char *kid)
{
    long long now = (long long)clock_unix_s();
    struct str payload = arena_printf(&arena, "{\"iss\":\"" ISSUER "\",\"aud\":\"https://api.example.org\",\"sub\":\"5d3c9f3e-8a1b-4c57-9a33-2f0f6a0c9d11\",\"iat\":%lld,"
                                      "\"exp\":%lld,\"jti\":\"kC0rA9aD8yQmXb2uVt1Zp\",\"client_id\":\"front-end\",\"scope\":\"openid profile organizations:read\","
                                      "\"groups\":[\"everybody\",\"city-hall\",\"cpwg-coordinators\"],\"email\":\"somebody@example.org\",\"name\":\"Somebody\"}", now, now + 3600);
    struct str header = arena_printf(&arena, "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", alg, kid);
    struct str text = arena_printf(&arena, "%s.%s", crypto_base64url(&arena, header).p, crypto_base64url(&arena, payload).p);

    return arena_printf(&arena, "%s.%s", text.p, crypto_base64url(&arena, keys_sign(&arena, key, alg, text)).p);
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Of this thread: others' work does not count. */
static int64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* As caller_authenticate and caller_identify do, without records to ask. */
static bool check(const struct token_keys *with, struct arena *a, struct str token, struct error *err)
{
    int64_t now_s = clock_unix_s();
    struct known known;

    if (with->cache && token_cache_find(with->cache, a, token, now_s, &known))
        return true;
    known = (struct known){.person.id = {NULL, 0}};
    if (!token_verify(with, a, token, &known.claims, err))
        return false;
    if (with->cache)
        token_cache_keep(with->cache, token, now_s, &known);
    return true;
}

/* ns a token in each round, in order. */
static void measure(const struct token_keys *with, struct str token, double ret_ns[ROUNDS])
{
    struct arena a;
    struct error err;

    if (!arena_init(&a, 1 << 20))
        abort();
    for (int round = 0; round < ROUNDS; round++) {
        int64_t began_ns = cpu_ns(), now_ns = began_ns;
        long n = 0;
        for (; now_ns - began_ns < ROUND_NS; now_ns = n % BATCH ? now_ns : cpu_ns(), n++) {
            if (!check(with, &a, token, &err)) {
                printf("refused: %s\n", err.argument);
                exit(1);
            }
            arena_reset(&a, 1 << 20);
        }
        ret_ns[round] = (double)(now_ns - began_ns) / (double)n;
    }
    qsort(ret_ns, ROUNDS, sizeof ret_ns[0], compare);
    arena_done(&a);
}

/* Whether it keeps what is wanted of it. */
static bool show(const char *name, struct str token)
{
    struct token_keys cold = keys, warm = keys;
    double cold_ns[ROUNDS], warm_ns[ROUNDS];

    warm.cache = token_cache_new();
    measure(&cold, token, cold_ns);
    measure(&warm, token, warm_ns);
    token_cache_free(warm.cache);
    printf("%-14s %4zu bytes   anew %6.1f (best %6.1f)   known %5.2f (best %5.2f)\n", name, token.n, cold_ns[ROUNDS / 2] / 1000, cold_ns[0] / 1000,
           warm_ns[ROUNDS / 2] / 1000, warm_ns[0] / 1000);
    return warm_ns[0] <= WARM_NS_MAX && (strcmp(name, "RS256") != 0 || cold_ns[0] <= RS256_NS_MAX);
}

static struct str own_token(bool system)
{
    const struct claims claims = {.subject = STR("importer"), .client = STR("importer"), .role = STR("coordinator"), .scopes = {scopes[0], scopes[1]}, .n_scopes = 2};
    struct str token;
    struct error err;

    if (!(system ? token_sign_system(&keys, &arena, &claims, 600, &token, &err) : token_issue(&keys, &arena, &claims, 600, &token, &err)))
        abort();
    return token;
}

int main(void)
{
    static const struct issuers_options options = {.list = {&rules, 1}, .report = report, .fetch = fetch_jwks};
    static const struct str secret = STR_INIT(SECRET), url = STR_INIT("https://api.example.org");
    struct error err;

    memset(rules.algorithms, true, sizeof rules.algorithms);
    rsa = keys_make("RSA", 2048);
    p256 = keys_make("P-256", 0);
    p384 = keys_make("P-384", 0);
    ed25519 = keys_make("ED25519", 0);
    keys.issuers = issuers_new(&options);
    keys.systems = local_issuer_new(secret, url);
    if (!arena_init(&arena, 1 << 20) || !issuers_start(keys.issuers, &err))
        return 1;
    bool ok = true;
    for (const char *const *alg = (const char *const[]){"RS256", "RS384", "RS512", "PS256", NULL}; *alg; alg++)
        ok &= show(*alg, provider_token(rsa, *alg, "R"));
    ok &= show("ES256", provider_token(p256, "ES256", "2"));
    ok &= show("ES384", provider_token(p384, "ES384", "3"));
    ok &= show("EdDSA", provider_token(ed25519, "EdDSA", "E"));
    ok &= show("a system's", own_token(true));
    ok &= show("local, HS256", own_token(false));
    issuers_free(keys.issuers);
    local_issuer_free(keys.systems);
    return ok ? 0 : 1;
}
