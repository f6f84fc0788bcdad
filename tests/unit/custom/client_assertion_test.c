/* client_assertion_test.c: which assertions are read, and which key signed them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "api/custom/client_assertion.c"
#include "tests/unit/base/keys.h"

static struct arena arena;

/* Kind of key, algorithm, and one that is not the kind's. */
static const char *const kinds[][3] = {
    {"RSA", "RS256", "ES256"}, {"RSA", "PS256", "EdDSA"}, {"P-256", "ES256", "ES384"}, {"P-384", "ES384", "ES256"}, {"ED25519", "EdDSA", "RS256"},
};
enum { OF_RSA, OF_P256 = 2, OF_ED25519 = 4, KINDS = sizeof kinds / sizeof kinds[0] };

static EVP_PKEY *own[KINDS], *strangers[KINDS], *weak;

static int setup(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        own[i] = keys_make(kinds[i][0], 2048);
        strangers[i] = keys_make(kinds[i][0], 2048);
    }
    weak = keys_make("RSA", 1024);
    return arena_init(&arena, 16u << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        EVP_PKEY_free(own[i]);
        EVP_PKEY_free(strangers[i]);
    }
    EVP_PKEY_free(weak);
    arena_done(&arena);
    return 0;
}

enum { NOW_S = 1800000000 };

#define CLAIMS(more) "{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"here\",\"exp\":1800000300,\"jti\":\"1\"" more "}"

static struct str signed_by(EVP_PKEY *key, const char *alg, const char *header, const char *claims)
{
    struct str text = arena_printf(&arena, "%s.%s", crypto_base64url(&arena, str_of(header)).p, crypto_base64url(&arena, str_of(claims)).p);
    struct str signature = key ? keys_sign(&arena, key, alg, text) : STR("x");

    return arena_printf(&arena, "%s.%s", text.p, crypto_base64url(&arena, signature).p);
}

static bool reads(struct str text, struct client_assertion *ret)
{
    const struct str audiences[] = {STR("here"), STR("https://here.example.org/oauth/token")};
    struct error err = {.code = ERR_NONE};

    bool ok = client_assertion_read(&arena, text, &(struct assertion_terms){audiences, 2, NOW_S}, ret, &err);
    assert_true(ok || (err.code == ERR_CLIENT && !err.argument[0]));
    return ok;
}

static const struct value *keys_of(struct str list)
{
    const struct value *keys;
    struct error err;

    assert_true(value_parse(&arena, list, VALUE_DEPTH_MAX, &keys, &err));
    return keys;
}

static const struct value *one_key(struct str jwk)
{
    return keys_of(arena_printf(&arena, "[%.*s]", STR_ARG(jwk)));
}

static void claims_must_fit(void **state)
{
    (void)state;
    static const struct {
        const char *claims;
        bool fits;
    } rows[] = {
        {CLAIMS(""), true},
        {CLAIMS(",\"x\":1,\"iat\":1800000000,\"nbf\":1800000010"), true},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":[\"x\",\"https://here.example.org/oauth/token\"],\"exp\":1800000330,\"jti\":\"1\"}", true},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"here\",\"exp\":1800000331,\"jti\":\"1\"}", false},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"here\",\"exp\":1799999970,\"jti\":\"1\"}", false},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"here\",\"jti\":\"1\"}", false},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"there\",\"exp\":1800000300,\"jti\":\"1\"}", false},
        {"{\"iss\":\"a\",\"sub\":\"b\",\"aud\":\"here\",\"exp\":1800000300,\"jti\":\"1\"}", false},
        {"{\"iss\":\"a\",\"aud\":\"here\",\"exp\":1800000300,\"jti\":\"1\"}", false},
        {"{\"sub\":\"a\",\"aud\":\"here\",\"exp\":1800000300,\"jti\":\"1\"}", false},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"here\",\"exp\":1800000300}", false},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"here\",\"exp\":1800000300,\"jti\":1}", false},
        {"{\"iss\":\"a\",\"sub\":\"a\",\"aud\":\"here\",\"exp\":1800000300,\"jti\":\"1\",\"nbf\":1800000031}", false},
        {"[]", false},
    };
    struct client_assertion assertion;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (reads(signed_by(NULL, "", "{\"alg\":\"ES256\"}", rows[i].claims), &assertion) != rows[i].fits)
            fail_msg("row %zu: %s", i, rows[i].claims);
}

static void headers_say_no_more_than_is_understood(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        bool fits;
    } rows[] = {
        {"{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"1\"}", true},
        {"{\"alg\":\"ES256\",\"typ\":\"client-authentication+jwt\"}", true},
        {"{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}", false},
        {"{\"alg\":\"ES256\",\"crit\":[\"b64\"]}", false},
        {"{\"alg\":\"ES256\",\"jwk\":{}}", false},
        {"{\"alg\":\"ES256\",\"x5t\":\"x\"}", false},
    };
    struct client_assertion assertion;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (reads(signed_by(NULL, "", rows[i].header, CLAIMS("")), &assertion) != rows[i].fits)
            fail_msg("row %zu: %s", i, rows[i].header);
    assert_false(reads(STR("a.b"), &assertion));
}

static struct client_assertion assertion_of(EVP_PKEY *key, const char *sign, const char *alg, const char *more)
{
    struct client_assertion assertion;

    assert_true(reads(signed_by(key, sign, arena_printf(&arena, "{\"alg\":\"%s\"%s}", alg, more).p, CLAIMS("")), &assertion));
    return assertion;
}

static bool is_signed(const struct client_assertion *assertion, const struct value *keys)
{
    struct error err;
    bool ok = client_assertion_is_signed(&arena, assertion, keys, &err);

    if (!ok)
        assert_int_equal(err.code, ERR_CLIENT);
    return ok;
}

static bool takes_key(const struct value *jwk)
{
    struct error err;
    bool ok = client_assertion_takes_key(&arena, jwk, &err);

    if (!ok)
        assert_int_equal(err.code, ERR_INVALID);
    return ok;
}

static void each_algorithm_is_verified_by_the_key_that_is_meant(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        EVP_PKEY *key = own[i], *stranger = strangers[i];
        struct str jwk = keys_jwk(&arena, key, ",\"kid\":\"two\""), other = keys_jwk(&arena, stranger, ",\"kid\":\"one\"");
        const struct value *both = keys_of(arena_printf(&arena, "[%s,%s]", other.p, jwk.p));
        struct client_assertion mine = assertion_of(key, kinds[i][1], kinds[i][1], ",\"kid\":\"two\"");
        struct client_assertion theirs = assertion_of(stranger, kinds[i][1], kinds[i][1], ",\"kid\":\"two\"");
        struct client_assertion nameless = assertion_of(key, kinds[i][1], kinds[i][1], "");

        assert_true(is_signed(&mine, both));
        assert_false(is_signed(&theirs, both));
        assert_true(is_signed(&nameless, one_key(jwk)));
        assert_false(is_signed(&mine, one_key(other)));
        assert_false(is_signed(&mine, keys_of(STR("[]"))));
        assert_false(is_signed(&mine, NULL));
    }
}

static void a_key_signs_with_its_own_algorithm_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < KINDS; i++) {
        EVP_PKEY *key = own[i];
        struct client_assertion mine = assertion_of(key, kinds[i][1], kinds[i][1], "");
        struct client_assertion claimed = assertion_of(key, kinds[i][1], kinds[i][2], "");
        const struct value *right = one_key(keys_jwk(&arena, key, arena_printf(&arena, ",\"alg\":\"%s\"", kinds[i][1]).p));
        const struct value *wrong = one_key(keys_jwk(&arena, key, arena_printf(&arena, ",\"alg\":\"%s\"", kinds[i][2]).p));

        assert_true(is_signed(&mine, right));
        assert_false(is_signed(&mine, wrong));
        assert_false(is_signed(&claimed, right));
    }
}

static void algorithms_that_are_not_taken_verify_nothing(void **state)
{
    (void)state;
    static const char *const algorithms[] = {"none", "HS256", "RS512", "RS384", "rs256", ""};
    EVP_PKEY *key = own[OF_RSA];

    for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++) {
        bool other = strcmp(algorithms[i], "RS512") == 0 || strcmp(algorithms[i], "RS384") == 0;
        struct client_assertion assertion = assertion_of(key, other ? algorithms[i] : "RS256", algorithms[i], "");
        assert_false(is_signed(&assertion, one_key(keys_jwk(&arena, key, ""))));
    }
}

static void ed25519_has_two_names(void **state)
{
    (void)state;
    EVP_PKEY *key = own[OF_ED25519];
    struct client_assertion assertion = assertion_of(key, "EdDSA", "Ed25519", "");

    assert_true(is_signed(&assertion, one_key(keys_jwk(&arena, key, ",\"alg\":\"EdDSA\""))));
}

static void there_is_a_decoy_for_each_algorithm(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        const struct jose_header header = {.kid = STR("whichever")};
        struct error err;
        struct signature_key *key = decoy(&arena, &header, taken[i].algorithm, &err);
        assert_non_null(key);
        assert_true(signature_key_fits(key, taken[i].algorithm));
        signature_key_unref(key);
    }
}

static void keys_are_taken_that_are_sound(void **state)
{
    (void)state;
    EVP_PKEY *good = own[OF_P256];

    assert_true(takes_key(one_key(keys_jwk(&arena, good, ",\"kid\":\"1\""))->array.v[0]));
    assert_false(takes_key(one_key(keys_jwk(&arena, weak, ""))->array.v[0]));
    assert_false(takes_key(one_key(keys_jwk(&arena, good, ",\"d\":\"x\""))->array.v[0]));
    assert_false(takes_key(keys_of(STR("[{\"kty\":\"oct\",\"k\":\"x\"}]"))->array.v[0]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_must_fit),
        cmocka_unit_test(headers_say_no_more_than_is_understood),
        cmocka_unit_test(each_algorithm_is_verified_by_the_key_that_is_meant),
        cmocka_unit_test(a_key_signs_with_its_own_algorithm_alone),
        cmocka_unit_test(algorithms_that_are_not_taken_verify_nothing),
        cmocka_unit_test(ed25519_has_two_names),
        cmocka_unit_test(there_is_a_decoy_for_each_algorithm),
        cmocka_unit_test(keys_are_taken_that_are_sound),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
