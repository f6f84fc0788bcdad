/* local_issuer_test.c: keys that come from a secret and the time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/local_issuer.c"

static const int64_t NOW_S = INT64_C(700) * LOCAL_KEY_PERIOD_S + 5;
static const struct str secret = STR_INIT("0123456789abcdef0123456789abcdef"), url = STR_INIT("https://api.example.org");
static struct local_issuer *issuer;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    issuer = local_issuer_new(secret, url);
    return issuer && arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    local_issuer_free(issuer);
    arena_done(&arena);
    return 0;
}

static struct str kid_at(struct local_issuer *of, int64_t now_s)
{
    struct str kid;
    struct signature_key *key = local_issuer_signer(of, &arena, now_s, &kid);

    assert_non_null(key);
    signature_key_unref(key);
    return kid;
}

static bool knows(struct str kid, int64_t now_s)
{
    struct signature_key *key = NULL;
    struct error err;

    if (!local_issuer_key(issuer, kid, now_s, &key, &err))
        assert_int_equal(err.code, ERR_INVALID);
    signature_key_unref(key);
    return key != NULL;
}

static void instances_with_the_same_secret_have_the_same_keys(void **state)
{
    (void)state;
    struct local_issuer *same = local_issuer_new(secret, url), *other = local_issuer_new(STR("0123456789abcdef0123456789abcdeF"), url);

    assert_true(same && other);
    assert_true(str_eq(kid_at(issuer, NOW_S), kid_at(same, NOW_S + 1000)));
    assert_false(str_eq(kid_at(issuer, NOW_S), kid_at(other, NOW_S)));
    assert_int_equal(kid_at(issuer, NOW_S).n, KID_BYTES);
    local_issuer_free(same);
    local_issuer_free(other);
    local_issuer_free(NULL);
}

static void what_a_key_signed_is_taken_for_a_period_more_and_by_clocks_that_differ(void **state)
{
    (void)state;
    struct str kid = kid_at(issuer, NOW_S);

    assert_false(knows(kid, NOW_S - 2 * (int64_t)LOCAL_KEY_PERIOD_S));
    assert_true(knows(kid, NOW_S - LOCAL_KEY_PERIOD_S));
    assert_true(knows(kid, NOW_S));
    assert_true(knows(kid, NOW_S + LOCAL_KEY_PERIOD_S));
    assert_false(knows(kid, NOW_S + 2 * (int64_t)LOCAL_KEY_PERIOD_S));
    assert_true(knows(kid, NOW_S)); /* made anew in a slot that another period had */
    assert_false(knows(STR("local"), NOW_S) || knows(STR(""), NOW_S) || knows((struct str){NULL, 0}, NOW_S));
}

static void a_signature_holds_by_the_key_of_its_kid(void **state)
{
    (void)state;
    unsigned char signature[ED25519_SIGNATURE_BYTES];
    struct str kid, signed_by = {(const char *)signature, sizeof signature};
    struct signature_key *signer = local_issuer_signer(issuer, &arena, NOW_S, &kid);
    struct signature_key *known, *next;
    struct error err;

    assert_non_null(signer);
    assert_true(local_issuer_key(issuer, kid, NOW_S + LOCAL_KEY_PERIOD_S, &known, &err));
    assert_true(local_issuer_key(issuer, kid_at(issuer, NOW_S + LOCAL_KEY_PERIOD_S), NOW_S, &next, &err));
    assert_true(signature_sign(signer, STR("x"), signature));
    assert_true(signature_verify(known, SIGNATURE_EDDSA, STR("x"), signed_by, &err));
    assert_false(signature_verify(next, SIGNATURE_EDDSA, STR("x"), signed_by, &err));
    signature_key_unref(signer);
    signature_key_unref(known);
    signature_key_unref(next);
}

static void the_jwks_has_the_last_key_the_present_and_the_next_and_no_private_part(void **state)
{
    (void)state;
    struct buf b;
    const struct value *document, *keys;
    struct error err;

    buf_init(&b, 4096);
    assert_true(local_issuer_jwks(issuer, &arena, NOW_S, &b));
    assert_true(value_parse(&arena, buf_str(&b), 8, &document, &err));
    keys = value_get(document, STR("keys"));
    assert_int_equal(keys->array.n, 3);
    for (int i = 0; i < 3; i++) {
        const struct value *jwk = keys->array.v[i];
        struct signature_key *key;
        assert_true(str_eq(value_string(value_get(jwk, STR("kid"))), kid_at(issuer, NOW_S + (i - 1) * (int64_t)LOCAL_KEY_PERIOD_S)));
        assert_null(value_get(jwk, STR("d")));
        assert_true(signature_key_read(&arena, jwk, &key, &err));
        signature_key_unref(key);
    }
    buf_done(&b);
}

/* RFC 8037 A.3: the thumbprint of the key of A.1. */
static void a_kid_is_the_thumbprint_of_rfc_7638(void **state)
{
    (void)state;
    struct str seed;
    char kid[KID_BYTES + 1];

    assert_true(crypto_from_base64url(&arena, STR("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"), &seed));
    struct signature_key *key = signature_key_ed25519((const unsigned char *)seed.p);
    assert_non_null(key);
    write_kid(key, kid);
    assert_string_equal(kid, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    signature_key_unref(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_with_the_same_secret_have_the_same_keys),
        cmocka_unit_test(what_a_key_signed_is_taken_for_a_period_more_and_by_clocks_that_differ),
        cmocka_unit_test(a_signature_holds_by_the_key_of_its_kid),
        cmocka_unit_test(the_jwks_has_the_last_key_the_present_and_the_next_and_no_private_part),
        cmocka_unit_test(a_kid_is_the_thumbprint_of_rfc_7638),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
