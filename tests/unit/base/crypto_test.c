/* crypto_test.c: the primitives against published vectors, and their refusals. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/crypto.c"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void sha256_matches_fips_180_4(void **state)
{
    (void)state;
    unsigned char digest[SHA256_BYTES];

    crypto_sha256(STR("abc"), digest);
    assert_string_equal(crypto_hex(&arena, (struct str){(const char *)digest, sizeof digest}).p,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    crypto_sha256((struct str){NULL, 0}, digest);
    assert_string_equal(crypto_hex(&arena, (struct str){(const char *)digest, sizeof digest}).p,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* By another implementation of BLAKE2b with 32 bytes; the second of 00 00 00 00 00 00 00 01 "a" 00 00 00 00 00 00 00 02 "bc" under "key". */
static void digests_are_blake2b_of_32_bytes(void **state)
{
    const struct str parts[] = {STR("a"), STR("bc")};
    unsigned char digest[DIGEST_BYTES];
    (void)state;

    crypto_digest(STR("abc"), digest);
    assert_string_equal(crypto_hex(&arena, (struct str){(const char *)digest, sizeof digest}).p,
                        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    crypto_digest((struct str){NULL, 0}, digest);
    assert_string_equal(crypto_hex(&arena, (struct str){(const char *)digest, sizeof digest}).p,
                        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    crypto_keyed_digest(STR("key"), parts, 2, digest);
    assert_string_equal(crypto_hex(&arena, (struct str){(const char *)digest, sizeof digest}).p,
                        "661191ab274c18c94eeb84d4989d4b2c484a2956c7090cf402ed20a21f239f7d");
}

static void hmac_is_hmac_sha256_of_lengths_and_parts(void **state)
{
    (void)state;
    unsigned char mac[SHA256_BYTES];
    const struct str parts[] = {STR("a"), STR("bc")};

    /* HMAC-SHA256("key", 00 00 00 00 00 00 00 01 "a" 00 00 00 00 00 00 00 02 "bc"), by another implementation */
    crypto_hmac(STR("key"), parts, 2, mac);
    assert_string_equal(crypto_hex(&arena, (struct str){(const char *)mac, sizeof mac}).p, "ba41d3aaace0b4bb31fb49a559ae1df182e1fd8add9b6b3b5603e6cb342dce22");
}

static void hmac_tells_parts_and_keys_apart(void **state)
{
    (void)state;
    unsigned char one[SHA256_BYTES], two[SHA256_BYTES];
    const struct str a_bc[] = {STR("a"), STR("bc")}, ab_c[] = {STR("ab"), STR("c")}, abc[] = {STR("abc"), STR("")};

    crypto_hmac(STR("key"), a_bc, 2, one);
    crypto_hmac(STR("key"), ab_c, 2, two);
    assert_false(crypto_equal(one, two, sizeof one));
    crypto_hmac(STR("key"), abc, 1, one);
    crypto_hmac(STR("key"), abc, 2, two);
    assert_false(crypto_equal(one, two, sizeof one));
    crypto_hmac(STR("kez"), abc, 1, two);
    assert_false(crypto_equal(one, two, sizeof one));
    crypto_hmac(STR("key"), abc, 1, two);
    assert_true(crypto_equal(one, two, sizeof one));
}

static void mac_matches_rfc_4231(void **state)
{
    (void)state;
    unsigned char mac[SHA256_BYTES];

    crypto_mac(STR("Jefe"), STR("what do ya want for nothing?"), mac);
    assert_string_equal(crypto_hex(&arena, (struct str){(const char *)mac, sizeof mac}).p, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

static void base64url_matches_rfc_4648_and_reads_back(void **state)
{
    (void)state;
    static const struct {
        struct str bytes, text;
    } rows[] = {
        {STR_INIT(""), STR_INIT("")},         {STR_INIT("f"), STR_INIT("Zg")},
        {STR_INIT("fo"), STR_INIT("Zm8")},    {STR_INIT("foo"), STR_INIT("Zm9v")},
        {STR_INIT("foob"), STR_INIT("Zm9vYg")}, {STR_INIT("fooba"), STR_INIT("Zm9vYmE")},
        {STR_INIT("foobar"), STR_INIT("Zm9vYmFy")}, {STR_INIT("\xff\xfe\xfb\xef"), STR_INIT("__777w")},
        {STR_INIT("\0\0"), STR_INIT("AAA")},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str bytes;
        assert_string_equal(crypto_base64url(&arena, rows[i].bytes).p, rows[i].text.p);
        assert_true(crypto_from_base64url(&arena, rows[i].text, &bytes));
        assert_true(str_eq(bytes, rows[i].bytes));
    }
}

static void base64url_refuses_what_is_not_canonical(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR_INIT("Z"),    STR_INIT("Zm9vZ"), STR_INIT("Zg=="), STR_INIT("Zg="), STR_INIT("Zh"),   STR_INIT("Zm9"),
        STR_INIT("Zm+v"), STR_INIT("Zm/v"),  STR_INIT("Zm v"), STR_INIT("Zm9v\n"), STR_INIT("Zm\0v"), STR_INIT("Zm9vñ"),
        STR_INIT("="),    STR_INIT("Z-9."),
    };
    struct str bytes;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (crypto_from_base64url(&arena, bad[i], &bytes))
            fail_msg("taken as base64url: %s", bad[i].p);
}

static void base64url_has_one_text_for_each_value(void **state)
{
    (void)state;
    for (int first = 0; first < 64; first++)
        for (int second = 0; second < 64; second++) {
            const char text[2] = {alphabet[first], alphabet[second]};
            struct str bytes;
            bool ok = crypto_from_base64url(&arena, (struct str){text, 2}, &bytes);
            assert_int_equal(ok, second % 16 == 0);
            if (ok)
                assert_true(str_eq(crypto_base64url(&arena, bytes), (struct str){text, 2}));
            arena_reset(&arena, SIZE_MAX / 2);
        }
}

static void random_bytes_and_uuids_differ(void **state)
{
    (void)state;
    unsigned char one[1000] = {0}, two[1000] = {0}, zero[100] = {0};
    char a[UUID_TEXT_BYTES + 1], b[UUID_TEXT_BYTES + 1];

    crypto_random(one, sizeof one);
    crypto_random(two, sizeof two);
    assert_false(crypto_equal(one, two, sizeof one));
    assert_false(crypto_equal(one + 900, zero, sizeof zero)); /* the end is filled as well */
    crypto_uuid(a);
    crypto_uuid(b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), UUID_TEXT_BYTES);
    assert_int_equal(strspn(a, "0123456789abcdef-"), UUID_TEXT_BYTES);
    assert_true(a[8] == '-' && a[13] == '-' && a[18] == '-' && a[23] == '-');
    assert_true(a[14] == '4' && strchr("89ab", a[19]));
}

static void uuid_of_a_digest_is_version_8(void **state)
{
    (void)state;
    unsigned char digest[SHA256_BYTES];
    char text[UUID_TEXT_BYTES + 1];

    memset(digest, 0xff, sizeof digest);
    crypto_uuid_of(digest, text);
    assert_string_equal(text, "ffffffff-ffff-8fff-bfff-ffffffffffff");
    memset(digest, 0, sizeof digest);
    crypto_uuid_of(digest, text);
    assert_string_equal(text, "00000000-0000-8000-8000-000000000000");
}

static void wiped_memory_is_zero(void **state)
{
    (void)state;
    unsigned char secret[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    static const unsigned char zeros[8];

    crypto_wipe(secret, sizeof secret);
    assert_memory_equal(secret, zeros, sizeof zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_matches_fips_180_4),
        cmocka_unit_test(digests_are_blake2b_of_32_bytes),
        cmocka_unit_test(hmac_is_hmac_sha256_of_lengths_and_parts),
        cmocka_unit_test(hmac_tells_parts_and_keys_apart),
        cmocka_unit_test(mac_matches_rfc_4231),
        cmocka_unit_test(base64url_matches_rfc_4648_and_reads_back),
        cmocka_unit_test(base64url_refuses_what_is_not_canonical),
        cmocka_unit_test(base64url_has_one_text_for_each_value),
        cmocka_unit_test(random_bytes_and_uuids_differ),
        cmocka_unit_test(uuid_of_a_digest_is_version_8),
        cmocka_unit_test(wiped_memory_is_zero),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
