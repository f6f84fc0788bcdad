/* signature_test.c: signatures against published vectors and against libcrypto's own, and the keys and signatures that are refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sodium.h>

#include "api/base/signature.c"
#include "tests/unit/base/keys.h"

static struct arena arena;
static EVP_PKEY *rsa, *p256, *p384, *ed25519;

static int setup(void **state)
{
    (void)state;
    rsa = keys_make("RSA", 2048);
    p256 = keys_make("P-256", 0);
    p384 = keys_make("P-384", 0);
    ed25519 = keys_make("ED25519", 0);
    return arena_init(&arena, 64 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(p256);
    EVP_PKEY_free(p384);
    EVP_PKEY_free(ed25519);
    arena_done(&arena);
    return 0;
}

static bool try_read(struct str jwk, struct signature_key **ret, struct error *err)
{
    const struct value *value;

    assert_true(value_parse(&arena, jwk, 8, &value, err));
    return signature_key_read(&arena, value, ret, err);
}

static struct signature_key *read_key(struct str jwk)
{
    struct signature_key *key = NULL;
    struct error err;

    if (!try_read(jwk, &key, &err))
        fail_msg("%s: %s", err.argument, jwk.p);
    return key;
}

static struct str bytes_of(const char *base64url)
{
    struct str bytes;

    assert_true(crypto_from_base64url(&arena, str_of(base64url), &bytes));
    return bytes;
}

/* What does not hold says so, in one way. */
static bool holds(const struct signature_key *key, enum signature_algorithm algorithm, struct str data, struct str signature)
{
    struct error err;
    bool ok = signature_verify(key, algorithm, data, signature, &err);

    if (!ok)
        assert_int_equal(err.code, ERR_INVALID);
    return ok;
}

static void signature_matches_rfc_7515_a3(void **state)
{
    (void)state;
    struct signature_key *key = read_key(STR("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                             "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"));
    struct str text = STR("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ");

    assert_true(holds(key, SIGNATURE_ES256, text,
                                 bytes_of("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")));
    signature_key_unref(key);
}

static void signature_matches_rfc_8037_a4(void **state)
{
    (void)state;
    struct signature_key *key = signature_key_ed25519((const unsigned char *)bytes_of("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").p);
    struct str text = STR("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    struct str want = bytes_of("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
    unsigned char got[ED25519_SIGNATURE_BYTES];

    assert_non_null(key);
    assert_true(signature_sign(key, text, got));
    assert_memory_equal(got, want.p, sizeof got);
    assert_true(holds(key, SIGNATURE_EDDSA, text, want));
    assert_string_equal(signature_key_jwk(&arena, key).p, "\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"");
    signature_key_unref(key);
}

static EVP_PKEY *key_for(enum signature_algorithm algorithm)
{
    switch (algorithms[algorithm].family) {
    case FAMILY_RSA:
        return rsa;
    case FAMILY_P256:
        return p256;
    case FAMILY_P384:
        return p384;
    case FAMILY_ED25519:
        break;
    }
    return ed25519;
}

/* Each algorithm's signature holds for it and for no other, under its key and under no other, and with no bit changed. */
static void signature_of_each_algorithm_holds_for_it_alone(void **state)
{
    (void)state;
    struct signature_key *keys[SIGNATURE_ALGORITHMS];
    struct str data = STR("what is signed");

    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++)
        keys[i] = read_key(keys_jwk(&arena, key_for((enum signature_algorithm)i), ""));
    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++) {
        enum signature_algorithm own = (enum signature_algorithm)i, named;
        struct str signature = keys_sign(&arena, key_for(own), signature_algorithm_name(own).p, data);
        assert_true(signature_algorithm_named(signature_algorithm_name(own), &named) && named == own);
        for (int key = 0; key < SIGNATURE_ALGORITHMS; key++)
            for (int other = 0; other < SIGNATURE_ALGORITHMS; other++)
                if (holds(keys[key], (enum signature_algorithm)other, data, signature) != (other == i && key_for(own) == key_for((enum signature_algorithm)key)))
                    fail_msg("%s signed, key of %s, verified as %s", algorithms[i].name.p, algorithms[key].name.p, algorithms[other].name.p);
        assert_false(holds(keys[i], own, STR("what is signef"), signature));
        for (size_t at = 0; at < signature.n; at += 7) {
            char *changed = memcpy(arena_alloc(&arena, signature.n), signature.p, signature.n);
            changed[at] ^= 1;
            assert_false(holds(keys[i], own, data, (struct str){changed, signature.n}));
        }
    }
    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++)
        signature_key_unref(keys[i]);
}

static void signature_of_another_length_or_of_zeros_is_refused(void **state)
{
    (void)state;
    struct str data = STR("what is signed");
    static const char zeros[96];

    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++) {
        enum signature_algorithm algorithm = (enum signature_algorithm)i;
        struct signature_key *key = read_key(keys_jwk(&arena, key_for(algorithm), ""));
        struct str good = keys_sign(&arena, key_for(algorithm), algorithms[i].name.p, data);
        char *more = memcpy(arena_alloc(&arena, good.n + 1), good.p, good.n);
        assert_false(holds(key, algorithm, data, (struct str){more, good.n + 1}));
        assert_false(holds(key, algorithm, data, (struct str){good.p, good.n - 1}));
        assert_false(holds(key, algorithm, data, (struct str){NULL, 0}));
        assert_false(holds(key, algorithm, data, (struct str){zeros, good.n < sizeof zeros ? good.n : sizeof zeros}));
        if (good.n <= sizeof zeros) { /* R or S alone is 0 */
            char *half = arena_alloc(&arena, good.n);
            memcpy(half, good.p, good.n / 2);
            assert_false(holds(key, algorithm, data, (struct str){half, good.n}));
            memset(half, 0, good.n);
            memcpy(half + good.n / 2, good.p + good.n / 2, good.n / 2);
            assert_false(holds(key, algorithm, data, (struct str){half, good.n}));
        }
        signature_key_unref(key);
    }
}

/* DER (what other libraries take for ES256) is no signature of a JWS. */
static void signature_of_an_ec_key_in_der_is_refused(void **state)
{
    (void)state;
    struct signature_key *key = read_key(keys_jwk(&arena, p256, ""));
    EVP_MD_CTX *signing = EVP_MD_CTX_new();
    unsigned char der[80];
    size_t n = sizeof der;

    assert_true(EVP_DigestSignInit_ex(signing, NULL, "SHA256", NULL, NULL, p256, NULL) && EVP_DigestSign(signing, der, &n, (const unsigned char *)"x", 1));
    assert_false(holds(key, SIGNATURE_ES256, STR("x"), (struct str){(const char *)der, n}));
    assert_true(holds(key, SIGNATURE_ES256, STR("x"), keys_raw_ec(&arena, der, n, 32)));
    EVP_MD_CTX_free(signing);
    signature_key_unref(key);
}

static void keys_that_are_weak_or_malformed_are_refused(void **state)
{
    (void)state;
    EVP_PKEY *weak = keys_make("RSA", 1024), *odd = keys_make("RSA", 2040);
    const char *x = keys_number(&arena, p256, OSSL_PKEY_PARAM_EC_PUB_X, 32), *y = keys_number(&arena, p256, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    const char *n = keys_number(&arena, rsa, OSSL_PKEY_PARAM_RSA_N, 0);
    const struct str bad[] = {
        keys_jwk(&arena, weak, ""),
        keys_jwk(&arena, odd, ""),
        keys_jwk(&arena, rsa, ",\"d\":\"AQAB\""), /* its private part is out */
        keys_jwk(&arena, p256, ",\"d\":\"AQAB\""),
        STR("{}"),
        STR("{\"kty\":\"oct\",\"k\":\"AAAA\"}"),
        STR("{\"kty\":\"RSA\"}"),
        STR("{\"kty\":[\"RSA\"]}"),
        arena_printf(&arena, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQ\"}", n),         /* 1 */
        arena_printf(&arena, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAA\"}", n),       /* even */
        arena_printf(&arena, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAAAAE\"}", n),    /* 33 bits */
        arena_printf(&arena, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"\"}", n),
        arena_printf(&arena, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":65537}", n),
        arena_printf(&arena, "{\"kty\":\"RSA\",\"n\":\"%s=\",\"e\":\"AQAB\"}", n),
        arena_printf(&arena, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", y, x), /* not on the curve */
        arena_printf(&arena, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\"}", x),
        arena_printf(&arena, "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"%s\",\"y\":\"%s\"}", x, y),
        arena_printf(&arena, "{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"%s\",\"y\":\"%s\"}", x, y),
        arena_printf(&arena, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA%s\",\"y\":\"%s\"}", x, y),
        arena_printf(&arena, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%.43s\",\"y\":\"%.43s\"}",
                     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        STR("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}"),
        STR("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"),
        STR("{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"),
        STR("[]"),
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct signature_key *key = NULL;
        struct error err;
        if (try_read(bad[i], &key, &err))
            fail_msg("taken: %s", bad[i].p);
        assert_int_equal(err.code, ERR_INVALID);
        assert_null(key);
    }
    EVP_PKEY_free(weak);
    EVP_PKEY_free(odd);
}

/* A modulus that 3 divides: only arithmetic over it tells. */
static void key_that_was_stored_is_not_checked_again(void **state)
{
    (void)state;
    unsigned char ones[SIGNATURE_RSA_BITS_MIN / 8];
    struct signature_key *key = NULL;
    const struct value *jwk;
    struct error err;

    memset(ones, 0xff, sizeof ones);
    struct str n = crypto_base64url(&arena, (struct str){(const char *)ones, sizeof ones});
    assert_true(value_parse(&arena, arena_printf(&arena, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}", n.p), 8, &jwk, &err));
    assert_false(signature_key_read(&arena, jwk, &key, &err));
    assert_true(signature_key_read_checked(&arena, jwk, &key, &err));
    signature_key_unref(key);

    struct str data = STR("what is signed");
    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++) {
        EVP_PKEY *own = key_for((enum signature_algorithm)i);
        assert_true(value_parse(&arena, keys_jwk(&arena, own, ""), 8, &jwk, &err) && signature_key_read_checked(&arena, jwk, &key, &err));
        assert_true(signature_verify(key, (enum signature_algorithm)i, data, keys_sign(&arena, own, algorithms[i].name.p, data), &err));
        signature_key_unref(key);
    }
}

static void keys_fit_the_algorithms_of_their_kind(void **state)
{
    (void)state;
    struct signature_key *key = read_key(keys_jwk(&arena, rsa, "")), *curve = read_key(keys_jwk(&arena, p384, ""));

    assert_true(signature_key_fits(key, SIGNATURE_RS512) && signature_key_fits(key, SIGNATURE_PS256));
    assert_false(signature_key_fits(key, SIGNATURE_ES256) || signature_key_fits(key, SIGNATURE_EDDSA));
    assert_true(signature_key_fits(curve, SIGNATURE_ES384));
    assert_false(signature_key_fits(curve, SIGNATURE_ES256));
    signature_key_unref(signature_key_ref(key));
    signature_key_unref(key);
    signature_key_unref(curve);
    signature_key_unref(NULL);
}

static void algorithms_have_exact_names(void **state)
{
    (void)state;
    static const char *const others[] = {"none", "HS256", "rs256", "RS256 ", "RS1", "PS384", "PS512", "ES512", "ES256K", "Ed25519", ""};
    enum signature_algorithm algorithm;

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(signature_algorithm_named(str_of(others[i]), &algorithm));
}

/* In hexadecimal digits: of small order, as RFC 8032 5.1.2 writes them and otherwise. */
static void ed25519_keys_of_which_anybody_signs_are_refused(void **state)
{
    static const char *const points[] = {
        "0100000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0000000000000000000000000000000000000000000000000000000000000000", "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };
    unsigned char own[ED25519_KEY_BYTES], small[ED25519_KEY_BYTES], sum[ED25519_KEY_BYTES];
    size_t n = sizeof own;
    struct signature_key *key;
    struct error err;

    (void)state;
    assert_int_equal(EVP_PKEY_get_raw_public_key(ed25519, own, &n), 1);
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        sodium_hex2bin(small, sizeof small, points[i], 64, NULL, NULL, NULL);
        bool is_more = crypto_core_ed25519_add(sum, own, small) == 0 && memcmp(own, sum, sizeof sum) != 0; /* in no group that is used */
        for (int added = 0; added <= is_more; added++) {
            struct str x = crypto_base64url(&arena, (struct str){(const char *)(added ? sum : small), sizeof sum});
            if (try_read(arena_printf(&arena, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}", x.p), &key, &err))
                fail_msg("taken: %s%s", points[i], added ? " and a real one" : "");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_matches_rfc_7515_a3),
        cmocka_unit_test(signature_matches_rfc_8037_a4),
        cmocka_unit_test(signature_of_each_algorithm_holds_for_it_alone),
        cmocka_unit_test(signature_of_another_length_or_of_zeros_is_refused),
        cmocka_unit_test(signature_of_an_ec_key_in_der_is_refused),
        cmocka_unit_test(keys_that_are_weak_or_malformed_are_refused),
        cmocka_unit_test(key_that_was_stored_is_not_checked_again),
        cmocka_unit_test(keys_fit_the_algorithms_of_their_kind),
        cmocka_unit_test(algorithms_have_exact_names),
        cmocka_unit_test(ed25519_keys_of_which_anybody_signs_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
