/* key_set_test.c: JWKS documents: what is taken, left out and refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/key_set.c"
#include "tests/unit/base/keys.h"

static struct arena arena;
static EVP_PKEY *rsa, *p256, *weak;

static int setup(void **state)
{
    (void)state;
    rsa = keys_make("RSA", 2048);
    p256 = keys_make("P-256", 0);
    weak = keys_make("RSA", 1024);
    return arena_init(&arena, 256 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(p256);
    EVP_PKEY_free(weak);
    arena_done(&arena);
    return 0;
}

static struct str jwks(const char *keys)
{
    return arena_printf(&arena, "{\"keys\":[%s]}", keys);
}

static struct key_set *take(struct str json)
{
    struct key_set *set = NULL;
    struct error err;

    if (!key_set_read(&arena, json, &set, &err))
        fail_msg("%s: %.300s", err.argument, json.p);
    return set;
}

static void assert_refused(struct str json, const char *reason)
{
    struct key_set *set = NULL;
    struct error err;

    if (key_set_read(&arena, json, &set, &err))
        fail_msg("taken: %.300s", json.p);
    assert_int_equal(err.code, ERR_INVALID);
    assert_string_equal(err.argument, reason);
    assert_null(set);
}

static void key_set_finds_keys_by_kid_and_algorithm(void **state)
{
    (void)state;
    struct key_set *set = take(jwks(arena_printf(&arena, "%s,%s", keys_jwk(&arena, rsa, ",\"kid\":\"a\"").p,
                                                 keys_jwk(&arena, p256, ",\"kid\":\"b\",\"use\":\"sig\",\"key_ops\":[\"verify\"]").p).p));

    assert_int_equal(key_set_count(set), 2);
    assert_non_null(key_set_find(set, STR("a"), SIGNATURE_RS256));
    assert_non_null(key_set_find(set, STR("a"), SIGNATURE_PS256));
    assert_null(key_set_find(set, STR("a"), SIGNATURE_ES256));
    assert_non_null(key_set_find(set, STR("b"), SIGNATURE_ES256));
    assert_null(key_set_find(set, STR("b"), SIGNATURE_ES384));
    assert_null(key_set_find(set, STR("c"), SIGNATURE_RS256));
    assert_null(key_set_find(set, STR(""), SIGNATURE_RS256));
    assert_true(key_set_has(set, STR("a")) && !key_set_has(set, STR("aa")) && !key_set_has(NULL, STR("a")));
    key_set_unref(key_set_ref(set));
    key_set_unref(set);
    key_set_unref(NULL);
}

static void key_with_an_alg_is_for_that_alone(void **state)
{
    (void)state;
    struct key_set *set = take(jwks(keys_jwk(&arena, rsa, ",\"kid\":\"a\",\"alg\":\"PS256\"").p));

    assert_non_null(key_set_find(set, STR("a"), SIGNATURE_PS256));
    assert_null(key_set_find(set, STR("a"), SIGNATURE_RS256));
    key_set_unref(set);
}

static void keys_of_no_use_are_left_out(void **state)
{
    (void)state;
    const char *const rows[] = {
        keys_jwk(&arena, rsa, "").p,                                          /* no kid */
        keys_jwk(&arena, rsa, ",\"kid\":\"\"").p,
        keys_jwk(&arena, rsa, ",\"kid\":7").p,
        keys_jwk(&arena, rsa, ",\"kid\":\"x\",\"use\":\"enc\"").p,
        keys_jwk(&arena, rsa, ",\"kid\":\"x\",\"use\":null").p,
        keys_jwk(&arena, rsa, ",\"kid\":\"x\",\"key_ops\":[\"encrypt\"]").p,
        keys_jwk(&arena, rsa, ",\"kid\":\"x\",\"key_ops\":\"verify\"").p,
        keys_jwk(&arena, rsa, ",\"kid\":\"x\",\"alg\":\"RSA-OAEP\"").p,
        keys_jwk(&arena, rsa, ",\"kid\":\"x\",\"alg\":\"none\"").p,
        keys_jwk(&arena, rsa, ",\"kid\":\"x\",\"d\":\"AQAB\"").p,             /* nobody's secret any more */
        keys_jwk(&arena, weak, ",\"kid\":\"x\"").p,
        "{\"kty\":\"oct\",\"kid\":\"x\",\"k\":\"c2VjcmV0\"}",
        "{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"kid\":\"x\",\"x\":\"AAAA\"}",
        "{}", "null", "[]", "7",
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_refused(jwks(rows[i]), "no key of use");
        struct key_set *set = take(jwks(arena_printf(&arena, "%s,%s", rows[i], keys_jwk(&arena, p256, ",\"kid\":\"good\"").p).p));
        assert_int_equal(key_set_count(set), 1);
        assert_false(key_set_has(set, STR("x")));
        key_set_unref(set);
    }
}

static void one_kid_of_two_keys_refuses_both(void **state)
{
    (void)state;
    const char *a = keys_jwk(&arena, rsa, ",\"kid\":\"a\"").p, *b = keys_jwk(&arena, p256, ",\"kid\":\"a\"").p;
    const char *encrypts = keys_jwk(&arena, p256, ",\"kid\":\"a\",\"use\":\"enc\"").p;

    assert_refused(jwks(arena_printf(&arena, "%s,%s", a, b).p), "two keys have the same kid");
    key_set_unref(take(jwks(arena_printf(&arena, "%s,%s", a, encrypts).p)));
}

static void key_set_is_bounded(void **state)
{
    (void)state;
    struct str text = keys_jwk(&arena, p256, ",\"kid\":\"0\"");

    for (int i = 1; i < KEY_SET_KEYS_MAX; i++)
        text = arena_printf(&arena, "%s,%s", text.p, keys_jwk(&arena, p256, arena_printf(&arena, ",\"kid\":\"%d\"", i).p).p);
    struct key_set *set = take(jwks(text.p));
    assert_int_equal(key_set_count(set), KEY_SET_KEYS_MAX);
    key_set_unref(set);
    assert_refused(jwks(arena_printf(&arena, "%s,{}", text.p).p), "more than 64 keys");
    char *kid = memset(arena_alloc(&arena, KEY_ID_BYTES_MAX + 2), 'k', KEY_ID_BYTES_MAX + 1);
    assert_refused(jwks(keys_jwk(&arena, p256, arena_printf(&arena, ",\"kid\":\"%s\"", kid).p).p), "no key of use");
}

static void what_is_no_jwks_is_refused(void **state)
{
    (void)state;
    assert_refused(STR("<html>"), "not JSON");
    assert_refused(STR(""), "not JSON");
    assert_refused(STR("{\"keys\":[],\"keys\":[]}"), "not JSON");
    assert_refused(STR("{\"keys\":[[[[[[[[[]]]]]]]]]}"), "not JSON");
    assert_refused(STR("[]"), "not a JWKS");
    assert_refused(STR("{}"), "not a JWKS");
    assert_refused(STR("{\"keys\":{}}"), "not a JWKS");
    assert_refused(STR("{\"keys\":[]}"), "no key of use");
}

static void key_sets_are_equal_by_their_kids(void **state)
{
    (void)state;
    struct key_set *a = take(jwks(keys_jwk(&arena, rsa, ",\"kid\":\"a\"").p)), *b = take(jwks(keys_jwk(&arena, rsa, ",\"kid\":\"b\"").p));

    assert_true(key_set_equal(a, a) && key_set_equal(NULL, NULL));
    assert_false(key_set_equal(a, b) || key_set_equal(a, NULL) || key_set_equal(NULL, b));
    key_set_unref(a);
    key_set_unref(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_set_finds_keys_by_kid_and_algorithm), cmocka_unit_test(key_with_an_alg_is_for_that_alone),
        cmocka_unit_test(keys_of_no_use_are_left_out),             cmocka_unit_test(one_kid_of_two_keys_refuses_both),
        cmocka_unit_test(key_set_is_bounded),                      cmocka_unit_test(what_is_no_jwks_is_refused),
        cmocka_unit_test(key_sets_are_equal_by_their_kids),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
