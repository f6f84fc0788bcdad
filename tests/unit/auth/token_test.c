/* token_test.c: local tokens that are taken, and the many that are not. Bad ones are signed with the right key, so that each is
 * refused for what is wrong with it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/token.c"
#include "tests/unit/auth/payload.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

#define KEY "0123456789abcdef0123456789abcdef"
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"

static const struct token_keys keys = {.secret = STR_INIT(KEY), .issuer = STR_INIT("urn:cpwg:local"), .audience = STR_INIT("cpwg-api")};
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 64 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* header.payload.signature, whatever they are, under `key`. */
static struct str forge(const EVP_MD *digest, const char *key, struct str header, struct str payload)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n;
    struct str text = arena_printf(&arena, "%s.%s", crypto_base64url(&arena, header).p, crypto_base64url(&arena, payload).p);

    assert_non_null(HMAC(digest, key, (int)strlen(key), (const unsigned char *)text.p, text.n, mac, &n));
    return arena_printf(&arena, "%s.%s", text.p, crypto_base64url(&arena, (struct str){(const char *)mac, n}).p);
}

static struct str signed_token(const char *header, const char *payload)
{
    return forge(EVP_sha256(), KEY, str_of(header), str_of(payload));
}

/* A payload that is taken, with `changes` before the rest, without the member of that name. */
static const char *payload(const char *changes, const char *without)
{
    const struct payload_member rest[] = {
        {"exp", arena_printf(&arena, "%lld", (long long)clock_unix_s() + 60).p},
        {"iss", "\"urn:cpwg:local\""},
        {"aud", "\"cpwg-api\""},
        {"sub", "\"somebody\""},
        {"role", "\"coordinator\""},
        {NULL, NULL},
    };
    return payload_of(&arena, rest, changes, without);
}

static bool verify(struct str token, struct claims *claims, struct error *err)
{
    *err = (struct error){0};
    return token_verify(&keys, &arena, token, claims, err);
}

static void assert_refused(struct str token, const char *reason)
{
    struct claims claims = {.expires_s = 42};
    struct error err;

    if (verify(token, &claims, &err))
        fail_msg("taken, though %s: %.200s", reason, token.p);
    assert_int_equal(err.code, ERR_TOKEN_INVALID);
    assert_string_equal(err.argument, reason);
    assert_int_equal(claims.expires_s, 42);
}

static void token_issued_is_taken_with_its_claims(void **state)
{
    (void)state;
    struct claims claims = {.subject = STR("demo \"ñ\\"), .role = STR("partner"), .affiliation = STR("organization"),
                            .organization = STR("0191d5a0-1111-7222-8333-444455556666"), .source = STR("shotspotter"),
                            .scopes = {STR("organizations:read"), STR("organizations:write")}, .n_scopes = 2};
    struct claims got;
    struct str token, other;
    struct error err;

    assert_true(token_issue(&keys, &arena, &claims, 60, &token, &err));
    assert_true(verify(token, &got, &err));
    assert_true(str_eq(got.subject, claims.subject) && str_eq(got.role, claims.role));
    assert_true(str_eq(got.affiliation, claims.affiliation) && str_eq(got.organization, claims.organization));
    assert_true(str_eq(got.source, claims.source) && got.id.n == UUID_TEXT_BYTES);
    assert_int_equal(got.n_scopes, 2);
    assert_true(str_eq(got.scopes[0], claims.scopes[0]) && str_eq(got.scopes[1], claims.scopes[1]));
    assert_in_range(got.expires_s, clock_unix_s() + 55, clock_unix_s() + 60);
    assert_true(token_issue(&keys, &arena, &claims, 60, &other, &err));
    assert_false(str_eq(token, other)); /* each has its own jti */
}

static void token_issue_makes_nothing_that_would_be_refused(void **state)
{
    (void)state;
    static char long_text[3000];
    const struct {
        struct claims claims;
        int64_t lifetime_s;
    } rows[] = {
        {{.role = STR("partner")}, 60},
        {{.subject = STR("x")}, 60},
        {{.subject = STR("x"), .role = STR("partner")}, 0},
        {{.subject = STR("x"), .role = STR("partner")}, -1},
        {{.subject = STR("x"), .role = STR("partner")}, INT64_MAX},
        {{.subject = STR("a\nb"), .role = STR("partner")}, 60},
        {{.subject = STR("a\0b"), .role = STR("partner")}, 60},
        {{.subject = STR("\xff"), .role = STR("partner")}, 60},
        {{.subject = {long_text, 256}, .role = STR("partner")}, 60},
        {{.subject = {long_text, sizeof long_text}, .role = STR("partner")}, 60},
        {{.subject = STR("x"), .role = STR("partner"), .affiliation = STR("Police")}, 60},
        {{.subject = STR("x"), .role = STR("partner"), .organization = STR("1")}, 60},
        {{.subject = STR("x"), .role = STR("partner"), .scopes = {STR("a\",\"role\":\"auditor")}, .n_scopes = 1}, 60},
        {{.subject = STR("x"), .role = STR("partner"), .scopes = {STR("a b  c")}, .n_scopes = 1}, 60},
        {{.subject = STR("x"), .role = STR("partner"), .scopes = {STR("")}, .n_scopes = 1}, 60},
    };

    memset(long_text, 'x', sizeof long_text);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str token = {NULL, 0};
        struct error err;
        if (token_issue(&keys, &arena, &rows[i].claims, rows[i].lifetime_s, &token, &err))
            fail_msg("issued: row %zu: %s", i, token.p);
        assert_int_equal(err.code, ERR_TOKEN_INVALID);
        assert_null(token.p);
    }
}

static void token_is_taken(void **state)
{
    (void)state;
    const char *const good[] = {
        payload("", ""),
        payload("\"scope\":\"a:read b:write\",", ""),
        payload("\"aud\":[\"other\",\"cpwg-api\"],", "aud"),
        payload("\"aud\":[1,null,\"cpwg-api\"],", "aud"),
        payload("\"affiliation\":\"police\",\"source\":\"x\",\"jti\":\"1\",", ""),
        payload("\"organization\":\"0191D5A0-1111-7222-8333-44445555666F\",", ""),
        payload("\"iat\":0,\"nbf\":0,", ""),
        payload(arena_printf(&arena, "\"nbf\":%lld,\"iat\":%lld,", (long long)clock_unix_s() + 25, (long long)clock_unix_s() + 25).p, ""),
        payload(arena_printf(&arena, "\"exp\":%lld,", (long long)clock_unix_s() - 25).p, "exp"),
        payload("\"exp\":9223372036854775807,", "exp"),
        payload("\"unknown\":{\"a\":[1,{\"b\":[]}]},", ""),
    };
    struct claims claims;
    struct error err;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!verify(signed_token(HEADER, good[i]), &claims, &err))
            fail_msg("%s: %s", good[i], err.argument);
    assert_true(verify(signed_token("{\"kid\":\"local\",\"typ\":\"JWT\",\"alg\":\"HS256\"}", good[0]), &claims, &err));
}

static void token_header_binds_key_and_algorithm(void **state)
{
    (void)state;
    static const struct {
        const char *header, *reason;
    } rows[] = {
        {"{\"alg\":\"none\",\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":\"None\",\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":\"hs256\",\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":\"HS384\",\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":\"HS512\",\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":\"RS256\",\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":\"HS256\\u0020\",\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":[\"HS256\"],\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"alg\":null,\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{\"typ\":\"JWT\"}", "the header's alg is not HS256"},
        {"{}", "the header's alg is not HS256"},
        {"{\"alg\":\"HS256\"}", "the header's typ is not JWT"},
        {"{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}", "the header's typ is not JWT"},
        {"{\"alg\":\"HS256\",\"typ\":\"dpop+jwt\"}", "the header's typ is not JWT"},
        {"{\"alg\":\"HS256\",\"typ\":1}", "the header's typ is not JWT"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"other\"}", "the header's kid is not local"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"\"}", "the header's kid is not local"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":null}", "the header's kid is not local"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"../../etc/passwd\"}", "the header's kid is not local"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"crit\":[\"exp\"]}", "the header has members other than alg, typ and kid"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"jku\":\"https://x\"}", "the header has members other than alg, typ and kid"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"jwk\":{\"kty\":\"oct\"}}", "the header has members other than alg, typ and kid"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"x5u\":\"https://x\"}", "the header has members other than alg, typ and kid"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"x5c\":[]}", "the header has members other than alg, typ and kid"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"b64\":false}", "the header has members other than alg, typ and kid"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\",\"cty\":\"JWT\"}", "the header has members other than alg, typ and kid"},
        {"{\"alg\":\"HS256\",\"alg\":\"none\",\"typ\":\"JWT\"}", "not well-formed JSON"},
        {"[\"HS256\",\"JWT\"]", "not a JSON object"},
        {"\"JWT\"", "not a JSON object"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\"", "not well-formed JSON"},
        {"{\"alg\":\"HS256\",\"typ\":\"JWT\"}}", "not well-formed JSON"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(signed_token(rows[i].header, payload("", "")), rows[i].reason);
}

static void token_signature_must_be_of_this_key_and_these_parts(void **state)
{
    (void)state;
    struct str good = signed_token(HEADER, payload("", "")), other = signed_token(HEADER, payload("\"scope\":\"x\",", ""));
    size_t payload_at = str_find(good, '.') + 1;
    size_t signature_at = payload_at + str_find(str_skip(good, payload_at), '.') + 1;
    struct str unsigned_part = {good.p, signature_at};
    struct str mac = str_skip(good, signature_at), other_mac = str_skip(other, other.n - mac.n);

    assert_refused(forge(EVP_sha256(), "another key of thirty-two bytes!", STR(HEADER), str_of(payload("", ""))),
                   "the signature does not match");
    assert_refused(forge(EVP_sha256(), "", STR(HEADER), str_of(payload("", ""))), "the signature does not match");
    assert_refused(forge(EVP_sha512(), KEY, STR(HEADER), str_of(payload("", ""))), "the signature does not match");
    assert_refused(arena_printf(&arena, "%.*s%.*s", STR_ARG(unsigned_part), STR_ARG(other_mac)), "the signature does not match");
    assert_refused(arena_printf(&arena, "%.*sAAAA", STR_ARG(unsigned_part)), "the signature does not match");
    assert_refused((struct str){good.p, good.n - 3}, "the signature does not match");
    assert_refused(arena_printf(&arena, "%.*sAAAA", STR_ARG(good)), "the signature does not match");
    for (size_t i = signature_at; i < good.n - 1; i++) { /* every digit counts; the last holds two bits of nothing */
        char *tampered = arena_alloc(&arena, good.n + 1);
        memcpy(tampered, good.p, good.n);
        tampered[i] = tampered[i] == 'A' ? 'B' : 'A';
        assert_refused((struct str){tampered, good.n}, "the signature does not match");
    }
}

static void token_form_is_strict(void **state)
{
    (void)state;
    struct str good = signed_token(HEADER, payload("", ""));
    char *long_token = memset(arena_alloc(&arena, 5001), 'A', 5000);
    const struct {
        struct str token;
        const char *reason;
    } rows[] = {
        {STR(""), "not three parts"},
        {{NULL, 0}, "not three parts"},
        {STR("."), "not three parts"},
        {STR(".."), "not three parts"},
        {STR("a.b"), "not three parts"},
        {STR("a..b"), "not three parts"},
        {STR(".a.b"), "not three parts"},
        {STR("e30.e30."), "not three parts"},
        {arena_printf(&arena, "%s.", good.p), "not three parts"},
        {arena_printf(&arena, ".%s", good.p), "not three parts"},
        {arena_printf(&arena, "%s.AA", good.p), "not three parts"},
        {STR("e30.e30.e30.e30.e30"), "not three parts"}, /* encrypted (RFC 7516) */
        {arena_printf(&arena, " %s", good.p), "not base64url"},
        {arena_printf(&arena, "%s ", good.p), "not base64url"},
        {arena_printf(&arena, "%s\n", good.p), "not base64url"},
        {arena_printf(&arena, "%s=", good.p), "not base64url"},
        {arena_printf(&arena, "%sAA", good.p), "not base64url"},
        {{good.p, good.n + 1}, "not base64url"}, /* its NUL */
        {STR("e31.e30.AA"), "not base64url"},    /* bits left over */
        {STR("e30=.e30.AA"), "not base64url"},
        {STR("e+/.e30.AA"), "not base64url"},
        {STR("AA.e30.AA"), "not well-formed JSON"},
        {{long_token, 5000}, "too long"},
        {{long_token, TOKEN_BYTES_MAX + 1}, "too long"},
        {{long_token, TOKEN_BYTES_MAX}, "not three parts"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(rows[i].token, rows[i].reason);
}

/* Without a secret there are no local tokens, whatever they are signed with. */
static void token_needs_a_secret_to_be_local(void **state)
{
    (void)state;
    struct token_keys none = keys;
    struct claims claims;
    struct error err;

    none.secret = (struct str){NULL, 0};
    assert_false(token_verify(&none, &arena, forge(EVP_sha256(), "", STR(HEADER), str_of(payload("", ""))), &claims, &err));
    assert_string_equal(err.argument, "it comes from another issuer");
}

static void token_with_a_kid_of_10_kB_is_too_long(void **state)
{
    (void)state;
    char *kid = memset(arena_alloc(&arena, 10001), 'k', 10000);
    assert_refused(signed_token(arena_printf(&arena, "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"%s\"}", kid).p, payload("", "")),
                   "too long");
}

/* Deep enough to end a thread with 79 kB of stack, if anything recursed. */
static void token_parts_are_bounded_in_depth_before_they_are_parsed(void **state)
{
    (void)state;
    char *deep = memset(arena_alloc(&arena, 2001), '[', 2000);

    assert_refused(signed_token(deep, payload("", "")), "not well-formed JSON");
    assert_refused(signed_token(HEADER, deep), "not well-formed JSON");
    assert_refused(signed_token(HEADER, payload("\"a\":[[[[[[[[1]]]]]]]],", "")), "not well-formed JSON");
}

static void token_times_are_checked(void **state)
{
    (void)state;
    long long now = (long long)clock_unix_s();
    const struct {
        const char *payload, *reason;
    } rows[] = {
        {payload("", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":\"9999999999\",", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":9999999999.5,", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":1e10,", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":null,", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":true,", "exp"), "exp is missing or not a whole number"},
        {payload("\"exp\":9223372036854775808,", "exp"), "not well-formed JSON"},
        {payload("\"exp\":0,", "exp"), "it has expired"},
        {payload("\"exp\":-9223372036854775808,", "exp"), "it has expired"},
        {payload(arena_printf(&arena, "\"exp\":%lld,", now - TOKEN_LEEWAY_S).p, "exp"), "it has expired"},
        {payload(arena_printf(&arena, "\"nbf\":%lld,", now + TOKEN_LEEWAY_S + 5).p, ""), "it is not valid yet"},
        {payload("\"nbf\":9223372036854775807,", ""), "it is not valid yet"},
        {payload("\"nbf\":\"0\",", ""), "nbf or iat is not a whole number"},
        {payload(arena_printf(&arena, "\"iat\":%lld,", now + TOKEN_LEEWAY_S + 5).p, ""), "it is not valid yet"},
        {payload("\"iat\":-1,", ""), "nbf or iat is not a whole number"},
        {payload("\"iat\":1.5,", ""), "nbf or iat is not a whole number"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(signed_token(HEADER, rows[i].payload), rows[i].reason);
}

static void token_claims_are_checked(void **state)
{
    (void)state;
    char *long_text = memset(arena_alloc(&arena, 257), 'x', 256);
    char scopes[SCOPES_MAX * 2 + 2];
    const struct {
        const char *payload, *reason;
    } rows[] = {
        {payload("", "iss"), "it comes from another issuer"},
        {payload("\"iss\":\"urn:cpwg:local2\",", "iss"), "it comes from another issuer"},
        {payload("\"iss\":[\"urn:cpwg:local\"],", "iss"), "it comes from another issuer"},
        {payload("", "aud"), "it is meant for another audience"},
        {payload("\"aud\":\"cpwg\",", "aud"), "it is meant for another audience"},
        {payload("\"aud\":\"cpwg-api2\",", "aud"), "it is meant for another audience"},
        {payload("\"aud\":[],", "aud"), "it is meant for another audience"},
        {payload("\"aud\":[\"x\",[\"cpwg-api\"]],", "aud"), "it is meant for another audience"},
        {payload("\"aud\":{\"cpwg-api\":1},", "aud"), "it is meant for another audience"},
        {payload("", "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":\"\",", "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":7,", "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":\"a\\r\\nb\",", "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":\"a\\u007f\",", "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":\"a\\u0085b\",", "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":\"a\\u0000\",", "sub"), "not well-formed JSON"},
        {payload("\"sub\":\"\\ud800\",", "sub"), "not well-formed JSON"},
        {payload(arena_printf(&arena, "\"sub\":\"%s\",", long_text).p, "sub"), "the claim sub is missing or does not fit"},
        {payload("\"sub\":\"a\",", ""), "not well-formed JSON"}, /* twice */
        {payload("\"role\":\"auditor\",", ""), "not well-formed JSON"},
        {payload("", "role"), "the claim role is missing or does not fit"},
        {payload("\"role\":[\"coordinator\"],", "role"), "the claim role is missing or does not fit"},
        {payload("\"affiliation\":\"Police\",", ""), "the claim affiliation is missing or does not fit"},
        {payload("\"affiliation\":\"\",", ""), "the claim affiliation is missing or does not fit"},
        {payload("\"affiliation\":null,", ""), "the claim affiliation is missing or does not fit"},
        {payload("\"organization\":\"not a uuid\",", ""), "the claim organization is missing or does not fit"},
        {payload("\"organization\":\"0191d5a0-1111-7222-8333-44445555666\",", ""), "the claim organization is missing or does not fit"},
        {payload("\"organization\":\"0191d5a0-1111-7222-8333-4444555566666\",", ""), "the claim organization is missing or does not fit"},
        {payload("\"organization\":\"0191d5a0011110722208333044445555666g\",", ""), "the claim organization is missing or does not fit"},
        {payload("\"source\":1,", ""), "the claim source is missing or does not fit"},
        {payload("\"jti\":\"\",", ""), "the claim jti is missing or does not fit"},
        {payload("\"scope\":[\"a\"],", ""), "the claim scope does not fit"},
        {payload("\"scope\":\"a  b\",", ""), "the claim scope does not fit"},
        {payload("\"scope\":\" a\",", ""), "the claim scope does not fit"},
        {payload("\"scope\":\"a\\tb\",", ""), "the claim scope does not fit"},
        {payload("\"scope\":\"añ\",", ""), "the claim scope does not fit"},
        {payload("\"scope\":\"\",", ""), "the claim scope does not fit"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_refused(signed_token(HEADER, rows[i].payload), rows[i].reason);
    assert_refused(signed_token(HEADER, "[]"), "not a JSON object");
    for (size_t i = 0; i <= SCOPES_MAX; i++)
        memcpy(scopes + 2 * i, "s ", 2);
    scopes[SCOPES_MAX * 2 + 1] = '\0'; /* SCOPES_MAX + 1 of them */
    assert_refused(signed_token(HEADER, payload(arena_printf(&arena, "\"scope\":\"%s\",", scopes).p, "")), "the claim scope does not fit");
}

/* Of one token, every prefix and every changed byte is refused: nothing in it is loose. */
static void token_has_no_loose_byte(void **state)
{
    (void)state;
    struct str good = signed_token(HEADER, payload("", ""));
    struct arena a;
    struct claims claims;
    struct error err;

    assert_true(arena_init(&a, 1 << 20));
    for (size_t i = 0; i < good.n; i++) {
        char *changed = arena_alloc(&a, good.n + 1);
        memcpy(changed, good.p, good.n);
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        assert_false(token_verify(&keys, &a, (struct str){changed, good.n}, &claims, &err));
        assert_false(token_verify(&keys, &a, (struct str){good.p, i}, &claims, &err));
        arena_reset(&a, SIZE_MAX / 2);
    }
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_issued_is_taken_with_its_claims),
        cmocka_unit_test(token_issue_makes_nothing_that_would_be_refused),
        cmocka_unit_test(token_is_taken),
        cmocka_unit_test(token_header_binds_key_and_algorithm),
        cmocka_unit_test(token_signature_must_be_of_this_key_and_these_parts),
        cmocka_unit_test(token_form_is_strict),
        cmocka_unit_test(token_needs_a_secret_to_be_local),
        cmocka_unit_test(token_with_a_kid_of_10_kB_is_too_long),
        cmocka_unit_test(token_parts_are_bounded_in_depth_before_they_are_parsed),
        cmocka_unit_test(token_times_are_checked),
        cmocka_unit_test(token_claims_are_checked),
        cmocka_unit_test(token_has_no_loose_byte),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
