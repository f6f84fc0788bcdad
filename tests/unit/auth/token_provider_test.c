/* token_provider_test.c: tokens of providers and those that this service signs for systems: of every algorithm, and every bad one. Bad ones are
 * signed with the right key wherever that can be, so that each is refused for what is wrong with it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/token.c"
#include "tests/unit/auth/payload.h"
#include "tests/unit/base/keys.h"

#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <stdio.h>

#define ISSUER "https://login.example.org"
#define SECRET "0123456789abcdef0123456789abcdef"

static struct arena arena;
static EVP_PKEY *rsa, *p256, *p384, *ed25519, *stranger, *weak;
static const struct str scopes[] = {STR_INIT("a:read")};
static const struct role roles[] = {{.name = STR_INIT("resident")}, {.name = STR_INIT("coordinator"), .scopes = scopes, .n_scopes = 1}};
static const struct contract contract = {.roles = roles, .n_roles = 2};
static const struct claim_value role_values[] = {{STR_INIT("admins"), STR_INIT("coordinator")}};
static struct issuer_rules rules[] = {
    {.issuer = STR_INIT(ISSUER), .host = STR_INIT("login.example.org"), .jwks_uri = STR_INIT("https://login.example.org/jwks"),
     .audiences = {STR_INIT("https://api.example.org"), STR_INIT("api")}, .n_audiences = 2, .takes_at_jwt = true,
     .maps = {.role = {STR_INIT("/groups"), role_values, 1, STR_INIT("resident")}, .contract = &contract}},
    {.issuer = STR_INIT("https://other.example.org"), .host = STR_INIT("other.example.org"), .jwks_uri = STR_INIT("https://other.example.org/jwks"),
     .audiences = {STR_INIT("https://api.example.org")}, .n_audiences = 1, .takes_jwt = true, .algorithms = {[SIGNATURE_RS256] = true},
     .maps = {.role = {.fallback = STR_INIT("resident")}, .contract = &contract}},
};
static struct token_keys keys = {.secret = STR_INIT(SECRET), .issuer = STR_INIT("urn:cpwg:local"), .audience = STR_INIT("cpwg-api"),
                                 .subject_key = STR_INIT(SECRET)};

/* What the providers answer, written once: their threads ask when they like. */
static struct {
    char first[4096], other[1024];
} key_sets;

static bool fake_fetch(enum fetch_reach reach, const bool *stop, struct arena *a, struct str url, struct fetched *ret, struct error *err)
{
    (void)reach;
    (void)stop;
    (void)err;
    ret->max_age_s = -1;
    ret->body = arena_copy(a, str_of(str_starts(url, STR("https://other")) ? key_sets.other : key_sets.first));
    return true;
}

static void report(const struct issuer_event *event)
{
    (void)event;
}

static void write_key_sets(void)
{
    struct arena a;

    if (!arena_init(&a, 1 << 20))
        keys_fail();
    snprintf(key_sets.other, sizeof key_sets.other, "{\"keys\":[%s]}", keys_jwk(&a, stranger, ",\"kid\":\"rsa\"").p);
    snprintf(key_sets.first, sizeof key_sets.first, "{\"keys\":[%s,%s,%s,%s,%s,%s]}", keys_jwk(&a, rsa, ",\"kid\":\"rsa\"").p,
             keys_jwk(&a, rsa, ",\"kid\":\"only-ps\",\"alg\":\"PS256\"").p, keys_jwk(&a, p256, ",\"kid\":\"p256\"").p,
             keys_jwk(&a, p384, ",\"kid\":\"p384\"").p, keys_jwk(&a, ed25519, ",\"kid\":\"ed25519\"").p, keys_jwk(&a, weak, ",\"kid\":\"weak\"").p);
    arena_done(&a);
}

/* Once, for as long as the program lives: RSA keys take their time. */
static void make_keys(void)
{
    if (rsa)
        return;
    rsa = keys_make("RSA", 2048);
    stranger = keys_make("RSA", 2048);
    weak = keys_make("RSA", 1024);
    p256 = keys_make("P-256", 0);
    p384 = keys_make("P-384", 0);
    ed25519 = keys_make("ED25519", 0);
    write_key_sets();
}

static int setup(void **state)
{
    (void)state;
    static const struct issuers_options options = {.list = {rules, 2}, .report = report, .fetch = fake_fetch};
    static const struct str secret = STR_INIT("0123456789abcdef0123456789abcdeF");
    struct error err;

    make_keys();
    memset(rules[0].algorithms, true, sizeof rules[0].algorithms);
    keys.issuers = issuers_new(&options);
    keys.systems = local_issuer_new(secret, STR("https://api.example.org"));
    return arena_init(&arena, 64 << 20) && issuers_start(keys.issuers, &err) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    issuers_free(keys.issuers);
    local_issuer_free(keys.systems);
    arena_done(&arena);
    return 0;
}

/* header.payload */
static struct str text_of(const char *header, const char *payload)
{
    return arena_printf(&arena, "%s.%s", crypto_base64url(&arena, str_of(header)).p, crypto_base64url(&arena, str_of(payload)).p);
}

static struct str sign_as(EVP_PKEY *key, const char *alg, const char *header, const char *payload)
{
    struct str text = text_of(header, payload);
    return arena_printf(&arena, "%s.%s", text.p, crypto_base64url(&arena, keys_sign(&arena, key, alg, text)).p);
}

/* A payload that is taken, with `changes` before the rest, without the member of that name. */
static const char *payload(const char *changes, const char *without)
{
    const struct payload_member rest[] = {
        {"exp", arena_printf(&arena, "%lld", (long long)clock_unix_s() + 60).p},
        {"iss", "\"" ISSUER "\""},
        {"aud", "\"https://api.example.org\""},
        {"sub", "\"somebody\""},
        {NULL, NULL},
    };
    return payload_of(&arena, rest, changes, without);
}

#define RS256 "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}"

static void assert_refused(struct str token, const char *reason)
{
    struct claims claims = {.expires_s = 42};
    struct error err = {.code = ERR_NONE};

    if (token_verify(&keys, &arena, token, &claims, &err))
        fail_msg("taken, though %s: %.300s", reason, token.p);
    assert_int_equal(err.code, ERR_TOKEN_INVALID);
    assert_string_equal(err.argument, reason);
    assert_int_equal(claims.expires_s, 42);
}

static struct claims taken(struct str token)
{
    struct claims claims;
    struct error err;

    if (!token_verify(&keys, &arena, token, &claims, &err))
        fail_msg("%s: %.300s", err.argument, token.p);
    return claims;
}

static void token_of_each_algorithm_is_taken(void **state)
{
    (void)state;
    const struct {
        EVP_PKEY *key;
        const char *alg, *kid;
    } rows[] = {{rsa, "RS256", "rsa"}, {rsa, "RS384", "rsa"}, {rsa, "RS512", "rsa"}, {rsa, "PS256", "rsa"},       {rsa, "PS256", "only-ps"},
                {p256, "ES256", "p256"}, {p384, "ES384", "p384"}, {ed25519, "EdDSA", "ed25519"}};

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str header = arena_printf(&arena, "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", rows[i].alg, rows[i].kid);
        struct claims claims = taken(sign_as(rows[i].key, rows[i].alg, header.p, payload("\"groups\":[\"x\",\"admins\"],\"scope\":\"openid a:read\",", "")));
        assert_int_equal(claims.origin, TOKEN_PROVIDER);
        assert_true(str_eq(claims.role, STR("coordinator")));
        assert_int_equal(claims.subject.n, UUID_TEXT_BYTES);
        assert_null(memmem(claims.subject.p, claims.subject.n, "somebody", 8));
        assert_int_equal(claims.n_scopes, 2);
    }
}

static void token_header_may_be_what_providers_write(void **state)
{
    (void)state;
    taken(sign_as(rsa, "RS256", "{\"alg\":\"RS256\",\"typ\":\"application/at+jwt\",\"kid\":\"rsa\"}", payload("", "")));
    taken(sign_as(rsa, "RS256", "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"x5t\":\"x\",\"x5t#S256\":\"y\"}", payload("", "")));
    taken(sign_as(stranger, "RS256", "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"rsa\"}", payload("\"iss\":\"https://other.example.org\",", "iss")));
    taken(sign_as(rsa, "RS256", RS256, payload("\"aud\":[\"x\",\"api\"],", "aud")));
}

static void token_header_binds_key_and_algorithm(void **state)
{
    (void)state;
    static const char alg[] = "the header's alg is not one of its issuer's", typ[] = "the header's typ is not one that is taken of its issuer",
                      more[] = "the header has members other than alg, typ and kid", kid[] = "the header's kid names no key",
                      none[] = "its issuer has no such key", other[] = "its key is for another algorithm", mismatch[] = "the signature does not match";
    const struct {
        const char *header, *reason;
        const char *alg;
    } rows[] = {
        {"{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", alg, "RS256"},
        {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", alg, "RS256"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"local\"}", alg, "RS256"},
        {"{\"alg\":\"rs256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", alg, "RS256"},
        {"{\"alg\":\"ES512\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", alg, "RS256"},
        {"{\"alg\":[\"RS256\"],\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", alg, "RS256"},
        {"{\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", alg, "RS256"},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\"}", typ, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"rsa\"}", typ, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+JWT\",\"kid\":\"rsa\"}", typ, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"dpop+jwt\",\"kid\":\"rsa\"}", typ, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", kid, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"\"}", kid, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":7}", kid, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"other\"}", none, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"weak\"}", none, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"local\"}", none, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"p256\"}", other, "RS256"},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", other, "RS256"},
        {"{\"alg\":\"ES384\",\"typ\":\"at+jwt\",\"kid\":\"p256\"}", other, "RS256"},
        {"{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", other, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"only-ps\"}", other, "RS256"},
        {"{\"alg\":\"PS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", mismatch, "RS256"}, /* signed as the one, told as the other */
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", mismatch, "PS256"},
        {"{\"alg\":\"RS512\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", mismatch, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"crit\":[\"exp\"]}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"jku\":\"https://x\"}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"jwk\":{\"kty\":\"RSA\"}}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"x5u\":\"https://x\"}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"x5c\":[]}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"zip\":\"DEF\"}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"b64\":false}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\",\"cty\":\"JWT\"}", more, "RS256"},
        {"{\"alg\":\"RS256\",\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}", "not well-formed JSON", "RS256"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(sign_as(rsa, rows[i].alg, rows[i].header, payload("", "")), rows[i].reason);
}

/* The confusion that libraries fall for: HMAC with what everybody knows of the key. */
static void token_signed_with_a_public_key_as_secret_is_refused(void **state)
{
    (void)state;
    BIO *pem = BIO_new(BIO_s_mem());
    char *text;

    assert_true(pem && PEM_write_bio_PUBKEY(pem, rsa));
    long n = BIO_get_mem_data(pem, &text);
    const char *const issuers[] = {ISSUER, "urn:cpwg:local", "https://api.example.org"};
    const char *const headers[] = {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"rsa\"}", "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}",
                                   "{\"alg\":\"HS256\",\"typ\":\"JWT\"}", "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"rsa\"}"};
    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++)
        for (size_t j = 0; j < sizeof headers / sizeof headers[0]; j++) {
            unsigned char mac[EVP_MAX_MD_SIZE];
            unsigned length;
            struct claims claims;
            struct error err;
            struct str signed_text = text_of(headers[j], payload(arena_printf(&arena, "\"iss\":\"%s\",\"role\":\"coordinator\",", issuers[i]).p, "iss"));
            HMAC(EVP_sha256(), text, (int)n, (const unsigned char *)signed_text.p, signed_text.n, mac, &length);
            struct str token = arena_printf(&arena, "%s.%s", signed_text.p, crypto_base64url(&arena, (struct str){(const char *)mac, length}).p);
            assert_false(token_verify(&keys, &arena, token, &claims, &err));
            assert_int_equal(err.code, ERR_TOKEN_INVALID);
        }
    BIO_free(pem);
}

/* The local secret is for the local issuer alone. */
static void token_signed_with_the_local_secret_is_of_no_other_issuer(void **state)
{
    (void)state;
    static const char *const issuers[] = {ISSUER, "https://api.example.org", "https://other.example.org"};

    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++) {
        unsigned char mac[EVP_MAX_MD_SIZE];
        unsigned length;
        struct claims claims;
        struct error err;
        struct str text = text_of("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", payload(arena_printf(&arena, "\"iss\":\"%s\",\"role\":\"coordinator\",", issuers[i]).p, "iss"));
        HMAC(EVP_sha256(), SECRET, (int)strlen(SECRET), (const unsigned char *)text.p, text.n, mac, &length);
        struct str token = arena_printf(&arena, "%s.%s", text.p, crypto_base64url(&arena, (struct str){(const char *)mac, length}).p);
        assert_false(token_verify(&keys, &arena, token, &claims, &err));
        assert_int_equal(err.code, ERR_TOKEN_INVALID);
    }
}

static void token_of_one_issuer_is_not_taken_for_another(void **state)
{
    (void)state;
    assert_refused(sign_as(stranger, "RS256", RS256, payload("", "")), "the signature does not match");
    assert_refused(sign_as(rsa, "RS256", "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"rsa\"}", payload("\"iss\":\"https://other.example.org\",", "iss")),
                   "the signature does not match");
    assert_refused(sign_as(stranger, "PS256", "{\"alg\":\"PS256\",\"typ\":\"JWT\",\"kid\":\"rsa\"}", payload("\"iss\":\"https://other.example.org\",", "iss")),
                   "the header's alg is not one of its issuer's");
    assert_refused(sign_as(rsa, "RS256", RS256, payload("\"iss\":\"https://nobody.example.org\",", "iss")), "it comes from another issuer");
    assert_refused(sign_as(rsa, "RS256", RS256, payload("\"iss\":\"" ISSUER "/\",", "iss")), "it comes from another issuer");
    assert_refused(sign_as(rsa, "RS256", RS256, payload("\"iss\":[\"" ISSUER "\"],", "iss")), "it comes from another issuer");
    assert_refused(sign_as(rsa, "RS256", RS256, payload("", "iss")), "it comes from another issuer");
    assert_refused(sign_as(rsa, "RS256", RS256, payload("\"iss\":\"urn:cpwg:local\",", "iss")), "the header's alg is not HS256");
}

static void token_claims_are_checked_after_the_signature(void **state)
{
    (void)state;
    long long now = (long long)clock_unix_s();
    char *long_text = memset(arena_alloc(&arena, 257), 'x', 256);
    const struct {
        const char *payload, *reason;
    } rows[] = {
        {payload("", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":\"9999999999\",", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":1e10,", "exp"), "exp is missing or not a whole number"},
        {payload(arena_printf(&arena, "\"exp\":%lld,", now - TOKEN_LEEWAY_S).p, "exp"), "it has expired"},
        {payload(arena_printf(&arena, "\"nbf\":%lld,", now + TOKEN_LEEWAY_S + 5).p, ""), "it is not valid yet"},
        {payload(arena_printf(&arena, "\"iat\":%lld,", now + TOKEN_LEEWAY_S + 5).p, ""), "it is not valid yet"},
        {payload("", "aud"), "it is meant for another audience"},
        {payload("\"aud\":\"cpwg-api\",", "aud"), "it is meant for another audience"}, /* that of our own */
        {payload("\"aud\":[\"x\",\"y\"],", "aud"), "it is meant for another audience"},
        {payload("\"aud\":[],", "aud"), "it is meant for another audience"},
        {payload("\"aud\":\"https://api.example.org/\",", "aud"), "it is meant for another audience"},
        {payload("", "sub"), "the claim sub is missing or does not fit"},
        {payload(arena_printf(&arena, "\"sub\":\"%s\",", long_text).p, "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":\"b\",", ""), "not well-formed JSON"}, /* twice */
        {payload("\"scope\":7,", ""), "the claim scope does not fit"},
        {"[]", "not a JSON object"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_refused(sign_as(rsa, "RS256", RS256, rows[i].payload), rows[i].reason);
        if (strstr(rows[i].reason, "JSON") == NULL)
            assert_refused(sign_as(stranger, "RS256", RS256, rows[i].payload), "the signature does not match");
    }
}

static void token_of_any_size_and_depth_is_looked_at_safely(void **state)
{
    (void)state;
    char *kid = memset(arena_alloc(&arena, 10001), 'k', 10000), *deep = memset(arena_alloc(&arena, 2001), '[', 2000);
    char *huge = memset(arena_alloc(&arena, 100001), 'A', 100000);

    assert_refused(sign_as(rsa, "RS256", arena_printf(&arena, "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", kid).p, payload("", "")), "too long");
    assert_refused(sign_as(rsa, "RS256", arena_printf(&arena, "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"%.*s\"}", KEY_ID_BYTES_MAX + 1, kid).p, payload("", "")),
                   "the header's kid names no key");
    assert_refused(sign_as(rsa, "RS256", deep, payload("", "")), "not well-formed JSON");
    assert_refused(sign_as(rsa, "RS256", RS256, deep), "not well-formed JSON");
    assert_refused((struct str){huge, 100000}, "too long");
}

static void token_without_a_signature_or_with_a_forged_one_is_refused(void **state)
{
    (void)state;
    struct str text = text_of("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"p256\"}", payload("", ""));
    static const char zeros[64];
    struct str good = keys_sign(&arena, p256, "ES256", text);
    const struct str forged[] = {{zeros, 64}, {zeros, 63}, {zeros, 1}, {good.p, 63}, {good.p, 32}};

    for (size_t i = 0; i < sizeof forged / sizeof forged[0]; i++)
        assert_refused(arena_printf(&arena, "%s.%s", text.p, crypto_base64url(&arena, forged[i]).p), "the signature does not match");
    assert_refused(arena_printf(&arena, "%s.", text.p), "not three parts");
    assert_refused(text, "not three parts");
    taken(arena_printf(&arena, "%s.%s", text.p, crypto_base64url(&arena, good).p));
}

/* --- tokens for systems */

static const struct claims system_claims = {
    .subject = STR_INIT("importer"), .client = STR_INIT("importer"), .role = STR_INIT("police_source"), .source = STR_INIT("lpd"),
    .organization = STR_INIT("0191d5a0-1111-7222-8333-444455556666"), .scopes = {STR_INIT("a:push"), STR_INIT("a:read")}, .n_scopes = 2};

static struct str system_token(void)
{
    struct str token;
    struct error err;

    if (!token_sign_system(&keys, &arena, &system_claims, 600, &token, &err))
        fail_msg("%s", err.argument);
    return token;
}

static void token_for_a_system_is_taken_with_its_claims(void **state)
{
    (void)state;
    struct str token = system_token(), header;
    struct claims claims = taken(token);

    assert_int_equal(claims.origin, TOKEN_SYSTEM);
    assert_true(str_eq(claims.subject, STR("importer")) && str_eq(claims.client, STR("importer")) && str_eq(claims.role, STR("police_source")));
    assert_true(str_eq(claims.source, STR("lpd")) && str_eq(claims.organization, system_claims.organization));
    assert_int_equal(claims.n_scopes, 2);
    assert_int_equal(claims.id.n, UUID_TEXT_BYTES);
    assert_in_range(claims.expires_s, clock_unix_s() + 595, clock_unix_s() + 600);
    assert_true(crypto_from_base64url(&arena, (struct str){token.p, str_find(token, '.')}, &header));
    assert_true(str_starts(header, STR("{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\",\"kid\":\"")));
    assert_false(str_eq(token, system_token()));
}

static void token_for_a_system_is_refused_where_nothing_would_take_it(void **state)
{
    (void)state;
    struct claims other = system_claims;
    struct str token;
    struct error err;
    static const int64_t lifetimes[] = {0, -1, TOKEN_SYSTEM_LIFETIME_MAX_S + 1, INT64_MAX};

    for (size_t i = 0; i < sizeof lifetimes / sizeof lifetimes[0]; i++)
        assert_false(token_sign_system(&keys, &arena, &system_claims, lifetimes[i], &token, &err));
    other.client = STR("another");
    assert_false(token_sign_system(&keys, &arena, &other, 60, &token, &err));
    other = system_claims;
    other.role = (struct str){NULL, 0};
    assert_false(token_sign_system(&keys, &arena, &other, 60, &token, &err));
    assert_int_equal(err.code, ERR_TOKEN_INVALID);
}

static void token_for_a_system_has_no_loose_byte(void **state)
{
    (void)state;
    struct str good = system_token();
    struct claims claims;
    struct error err;

    for (size_t i = 0; i < good.n - 1; i++) { /* the last digit holds bits of nothing, which must be zero */
        char *changed = arena_alloc(&arena, good.n + 1);
        memcpy(changed, good.p, good.n);
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        assert_false(token_verify(&keys, &arena, (struct str){changed, good.n}, &claims, &err));
        arena_reset(&arena, SIZE_MAX / 2);
        good = system_token();
    }
}

static void token_for_a_system_of_another_service_is_refused(void **state)
{
    (void)state;
    static const struct str secret = STR_INIT("another key of thirty-two bytes!");
    struct token_keys foreign = keys, none = keys;
    struct str token;
    struct claims claims;
    struct error err;

    foreign.systems = local_issuer_new(secret, STR("https://api.example.org"));
    assert_non_null(foreign.systems);
    assert_true(token_sign_system(&foreign, &arena, &system_claims, 60, &token, &err));
    assert_refused(token, "its issuer has no such key");
    local_issuer_free(foreign.systems);
    none.systems = NULL;
    assert_false(token_verify(&none, &arena, system_token(), &claims, &err));
    assert_string_equal(err.argument, "it comes from another issuer");
}

/* Without a base URL both kinds of our own have the same issuer; each still has its own key. */
static void tokens_of_our_own_may_share_their_issuer(void **state)
{
    (void)state;
    static const struct str secret = STR_INIT("0123456789abcdef0123456789abcdeF");
    struct token_keys shared = keys;
    struct claims claims;
    struct str token;
    struct error err;

    shared.systems = local_issuer_new(secret, shared.issuer);
    assert_non_null(shared.systems);
    assert_true(token_sign_system(&shared, &arena, &system_claims, 60, &token, &err));
    assert_true(token_verify(&shared, &arena, token, &claims, &err));
    assert_int_equal(claims.origin, TOKEN_SYSTEM);
    assert_true(token_issue(&shared, &arena, &system_claims, 60, &token, &err));
    assert_true(token_verify(&shared, &arena, token, &claims, &err));
    assert_int_equal(claims.origin, TOKEN_LOCAL);
    local_issuer_free(shared.systems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_of_each_algorithm_is_taken),
        cmocka_unit_test(token_header_may_be_what_providers_write),
        cmocka_unit_test(token_header_binds_key_and_algorithm),
        cmocka_unit_test(token_signed_with_a_public_key_as_secret_is_refused),
        cmocka_unit_test(token_signed_with_the_local_secret_is_of_no_other_issuer),
        cmocka_unit_test(token_of_one_issuer_is_not_taken_for_another),
        cmocka_unit_test(token_claims_are_checked_after_the_signature),
        cmocka_unit_test(token_of_any_size_and_depth_is_looked_at_safely),
        cmocka_unit_test(token_without_a_signature_or_with_a_forged_one_is_refused),
        cmocka_unit_test(token_for_a_system_is_taken_with_its_claims),
        cmocka_unit_test(token_for_a_system_is_refused_where_nothing_would_take_it),
        cmocka_unit_test(token_for_a_system_has_no_loose_byte),
        cmocka_unit_test(token_for_a_system_of_another_service_is_refused),
        cmocka_unit_test(tokens_of_our_own_may_share_their_issuer),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
