/* secret_test.c: secrets are read as people type them, and every slip of a character is found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/secret.c"
#include "tests/unit/base/seal_fixture.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 24) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void assert_reads(const char *text, const struct secret *wanted)
{
    struct secret key;

    if (!secret_read(str_of(text), &key))
        fail_msg("not read: %s", text);
    assert_memory_equal(&key, wanted, sizeof key);
}

static void a_key_is_seven_groups_of_four(void **state)
{
    (void)state;
    struct secret zero = {{0}}, one = {{0}}, most;
    char text[SECRET_TEXT_BYTES + 1];

    secret_show(&zero, text);
    assert_string_equal(text, "0000-0000-0000-0000-0000-0000-0000");
    one.digits[SECRET_DIGITS - 1] = 1;
    secret_show(&one, text);
    assert_string_equal(text, "0000-0000-0000-0000-0000-0000-0101");
    memset(&most, 31, sizeof most);
    secret_show(&most, text);
    assert_int_equal(strlen(text), SECRET_TEXT_BYTES);
    assert_memory_equal(text, "ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZ", 32);
}

static void what_is_shown_is_read_again(void **state)
{
    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct secret key;
        char text[SECRET_TEXT_BYTES + 1];
        secret_random(&key);
        secret_show(&key, text);
        assert_reads(text, &key);
    }
}

static void it_is_read_as_people_type_it(void **state)
{
    (void)state;
    struct secret key = {{0, 1, 0, 1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}};
    char text[SECRET_TEXT_BYTES + 1];

    secret_show(&key, text);
    assert_memory_equal(text, "0101-ABCD-EFGH-JKMN-PQRS-TVWX-YZ", 32);
    struct str check = {text + 32, 2};
    static const char *const forms[] = {"0101abcdefghjkmnpqrstvwxyz", "oIoL abcd efgh jkmn pqrs tvwx yz", "Oi-ol-ABCDEFGHJKMNPQRSTVWXYZ ", "--0101--ABCDEFGH JKMNPQRSTVWXYZ"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        assert_reads(arena_printf(&arena, "%s%.*s", forms[i], STR_ARG(check)).p, &key);
}

static void every_single_changed_character_is_found(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        struct secret key, read;
        char text[SECRET_TEXT_BYTES + 1];
        secret_random(&key);
        secret_show(&key, text);
        for (size_t i = 0; i < SECRET_TEXT_BYTES; i++) {
            char was = text[i];
            for (const char *c = alphabet; was != '-' && *c; c++) {
                text[i] = *c;
                assert_int_equal(secret_read(str_of(text), &read), *c == was);
            }
            text[i] = was;
        }
    }
}

static void every_change_of_neighbours_is_found(void **state)
{
    (void)state;
    for (int round = 0; round < 500; round++) {
        struct secret key, read;
        char text[SECRET_TEXT_BYTES + 1];
        secret_random(&key);
        secret_show(&key, text);
        for (size_t i = 0; i + 1 < SECRET_TEXT_BYTES; i++) {
            size_t j = text[i + 1] == '-' ? i + 2 : i + 1;
            char a = text[i], b = text[j];
            if (a == '-' || a == b)
                continue;
            text[i] = b;
            text[j] = a;
            assert_false(secret_read(str_of(text), &read));
            text[i] = a;
            text[j] = b;
        }
    }
}

static void what_is_no_key_is_refused(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR_INIT(""), STR_INIT("-"), STR_INIT("0000-0000-0000-0000-0000-0000-000"), STR_INIT("0000-0000-0000-0000-0000-0000-00000"),
        STR_INIT("U000-0000-0000-0000-0000-0000-0000"), STR_INIT("0000-0000-0000-0000-0000-0000-000\0"), STR_INIT("0000_0000_0000_0000_0000_0000_0000"),
        STR_INIT("0000-0000-0000-0000-0000-0000-00ZZ"), /* a check of 1023, which no number leaves */
        STR_INIT("\xc3\xb1" "00-0000-0000-0000-0000-0000-0000"),
    };
    struct secret key;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (secret_read(bad[i], &key))
            fail_msg("read: %.*s", STR_ARG(bad[i]));
}

static void digests_give_their_first_130_bits(void **state)
{
    (void)state;
    unsigned char digest[32];
    struct secret key, other;

    memset(digest, 0xff, sizeof digest);
    secret_from_digest(digest, &key);
    for (size_t i = 0; i < SECRET_DIGITS; i++)
        assert_int_equal(key.digits[i], 31);
    memset(digest, 0, sizeof digest);
    digest[0] = 0x08; /* 00001 00000 ... */
    digest[16] = 0x7f; /* bits 128 and 129 are 01 */
    secret_from_digest(digest, &key);
    assert_int_equal(key.digits[0], 1);
    assert_int_equal(key.digits[25], 1);
    digest[16] = 0x40;
    digest[17] = 0xff;
    secret_from_digest(digest, &other);
    assert_memory_equal(&key, &other, sizeof key);
}

static void the_hash_is_that_of_the_value_and_the_pepper_of_its_kind(void **state)
{
    (void)state;
    struct seal *seal = seal_fixture('a'), *other_seal = seal_fixture('b');
    struct secret key, other;

    secret_random(&key);
    other = key;
    other.digits[25] ^= 1;
    struct str hash = secret_hash(&arena, seal, SECRET_CASE_KEY, &key);
    assert_int_equal(hash.n, 64);
    assert_true(str_eq(hash, secret_hash(&arena, seal, SECRET_CASE_KEY, &key)));
    assert_false(str_eq(hash, secret_hash(&arena, other_seal, SECRET_CASE_KEY, &key)));
    assert_false(str_eq(hash, secret_hash(&arena, seal, SECRET_CASE_KEY, &other)));
    for (enum secret_kind kind = 1; kind < SECRET_KINDS; kind++)
        assert_false(str_eq(secret_hash(&arena, seal, kind, &key), secret_hash(&arena, seal, kind - 1, &key)));
    other = key;
    other.digits[0] ^= 16;
    assert_false(str_eq(hash, secret_hash(&arena, seal, SECRET_CASE_KEY, &other)));
    /* the value in 17 bytes, from its highest bit on */
    unsigned char value[17] = {0x08}, digest[32];
    struct secret small = {{1}};
    const struct str part = {(const char *)value, sizeof value};
    crypto_hmac(seal_key(seal, SEAL_CASE_KEY_PEPPER), &part, 1, digest);
    assert_true(str_eq(secret_hash(&arena, seal, SECRET_CASE_KEY, &small), crypto_hex(&arena, (struct str){(const char *)digest, 32})));
    seal_free(seal);
    seal_free(other_seal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_seven_groups_of_four),
        cmocka_unit_test(what_is_shown_is_read_again),
        cmocka_unit_test(it_is_read_as_people_type_it),
        cmocka_unit_test(every_single_changed_character_is_found),
        cmocka_unit_test(every_change_of_neighbours_is_found),
        cmocka_unit_test(what_is_no_key_is_refused),
        cmocka_unit_test(digests_give_their_first_130_bits),
        cmocka_unit_test(the_hash_is_that_of_the_value_and_the_pepper_of_its_kind),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
