/* str_test.c: borrowed text at its edges. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/str.c"

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void str_to_i64_takes_whole_numbers_that_fit(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        int64_t number;
    } good[] = {
        {STR_INIT("0"), 0},   {STR_INIT("-0"), 0},     {STR_INIT("7"), 7},
        {STR_INIT("-1"), -1}, {STR_INIT("1000"), 1000}, {STR_INIT("9223372036854775807"), INT64_MAX},
        {STR_INIT("-9223372036854775808"), INT64_MIN},
    };

    for (size_t i = 0; i < COUNT(good); i++) {
        int64_t number = 42;
        assert_true(str_to_i64(good[i].text, &number));
        assert_true(number == good[i].number);
    }
}

static void str_to_i64_refuses_all_else_and_leaves_the_number(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR_INIT(""),    STR_INIT("-"),   STR_INIT("+1"),  STR_INIT("01"),  STR_INIT("-01"), STR_INIT("00"),
        STR_INIT(" 1"),  STR_INIT("1 "),  STR_INIT("1.0"), STR_INIT("1e3"), STR_INIT("0x1"), STR_INIT("--1"),
        STR_INIT("1\0"), STR_INIT("1,0"), STR_INIT("٣"),   STR_INIT("9223372036854775808"),
        STR_INIT("-9223372036854775809"), STR_INIT("18446744073709551616"), STR_INIT("99999999999999999999999999"),
    };

    for (size_t i = 0; i < COUNT(bad); i++) {
        int64_t number = 42;
        assert_false(str_to_i64(bad[i], &number));
        assert_true(number == 42);
    }
}

static void str_is_utf8_follows_the_unicode_table(void **state)
{
    (void)state;
    static const struct str good[] = {
        STR_INIT(""), STR_INIT("plain"), STR_INIT("\0"), STR_INIT("\x7f"),
        STR_INIT("\xc2\x80"), STR_INIT("\xdf\xbf"), STR_INIT("ñ"), /* two bytes */
        STR_INIT("\xe0\xa0\x80"), STR_INIT("\xed\x9f\xbf"), STR_INIT("\xee\x80\x80"), STR_INIT("\xef\xbf\xbf"),
        STR_INIT("\xf0\x90\x80\x80"), STR_INIT("\xf4\x8f\xbf\xbf"), STR_INIT("😀é—"),
    };
    static const struct str bad[] = {
        STR_INIT("\x80"), STR_INIT("\xbf"), STR_INIT("a\x80"), STR_INIT("\xff"), STR_INIT("\xfe"),
        STR_INIT("\xc0\x80"), STR_INIT("\xc1\xbf"), STR_INIT("\xe0\x9f\xbf"), STR_INIT("\xf0\x8f\xbf\xbf"), /* overlong */
        STR_INIT("\xed\xa0\x80"), STR_INIT("\xed\xbf\xbf"), STR_INIT("\xed\xa0\xbd\xed\xb8\x80"), /* surrogates */
        STR_INIT("\xf4\x90\x80\x80"), STR_INIT("\xf5\x80\x80\x80"), STR_INIT("\xf8\x88\x80\x80\x80"), /* > U+10FFFF */
        STR_INIT("\xc2"), STR_INIT("\xe2\x82"), STR_INIT("\xf0\x9f\x98"), STR_INIT("a\xc3"), /* cut short */
        STR_INIT("\xc3\x28"), STR_INIT("\xe2\x28\xa1"), STR_INIT("\xe2\x82\x28"), STR_INIT("\xf0\x9f\x28\x80"),
    };

    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(str_is_utf8(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        if (str_is_utf8(bad[i]))
            fail_msg("taken as UTF-8: row %zu", i);
}

static void str_is_utf8_agrees_with_decoding_every_code_point(void **state)
{
    (void)state;

    for (uint32_t c = 0x80; c <= 0x11ffff; c++) {
        char p[4];
        size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        for (size_t i = n; i-- > 1;)
            p[i] = (char)(0x80 | (c >> 6 * (n - 1 - i) & 0x3f));
        p[0] = (char)((0xf00 >> n & 0xff) | c >> 6 * (n - 1));
        bool valid = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
        assert_int_equal(str_is_utf8((struct str){p, n}), valid);
        assert_false(str_is_utf8((struct str){p, n - 1}));
    }
}

static void str_code_points_counts_characters(void **state)
{
    (void)state;
    assert_int_equal(str_code_points(STR("")), 0);
    assert_int_equal(str_code_points(STR("año 😀")), 5);
}

static void str_next_gives_every_part(void **state)
{
    (void)state;
    struct str rest = STR("a,,b,"), part;

    assert_true(str_next(&rest, ',', &part) && str_eq(part, STR("a")));
    assert_true(str_next(&rest, ',', &part) && str_eq(part, STR("")));
    assert_true(str_next(&rest, ',', &part) && str_eq(part, STR("b")));
    assert_true(str_next(&rest, ',', &part) && str_eq(part, STR("")));
    assert_false(str_next(&rest, ',', &part));
    assert_null(rest.p);
    rest = STR("");
    assert_true(str_next(&rest, ',', &part) && part.n == 0);
    assert_false(str_next(&rest, ',', &part));
}

static void str_takes_null_where_there_is_nothing(void **state)
{
    (void)state;
    const struct str none = {NULL, 0};
    struct str rest = none, part;

    assert_true(str_eq(none, STR("")));
    assert_true(str_eq_nocase(none, STR("")));
    assert_int_equal(str_compare(none, STR("")), 0);
    assert_true(str_compare(none, STR("a")) < 0);
    assert_true(str_starts(none, none) && str_ends(none, none));
    assert_false(str_starts(none, STR("a")));
    assert_int_equal(str_find(none, 'a'), 0);
    assert_int_equal(str_trim(none).n, 0);
    assert_int_equal(str_skip(none, 3).n, 0);
    assert_true(str_is_utf8(none));
    assert_false(str_next(&rest, ',', &part));
    assert_null(str_of(NULL).p);
}

static void str_compares_and_cuts(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("ab")) < 0 && str_compare(STR("b"), STR("ab")) > 0);
    assert_true(str_compare(STR("\xff"), STR("a")) > 0); /* bytes are unsigned */
    const struct str list[] = {STR("b"), STR("a\0b")};
    assert_true(str_in(STR("a\0b"), list, 2));
    assert_false(str_in(STR("a"), list, 2) || str_in(STR("b"), list, 0));
    assert_true(str_eq_nocase(STR("If-Match"), STR("iF-mATCH")));
    assert_false(str_eq_nocase(STR("[x]"), STR("{x}"))); /* 0x20 apart, but no letters */
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("ab"), STR("abc")));
    assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("bc"), STR("abc")));
    assert_true(str_eq(str_trim(STR(" \t a b\t ")), STR("a b")));
    assert_int_equal(str_trim(STR(" \t ")).n, 0);
    assert_true(str_eq(str_skip(STR("abc"), 2), STR("c")));
    assert_int_equal(str_find(STR("abc"), 'c'), 2);
    assert_int_equal(str_find(STR("abc"), 'x'), 3);
}

static void str_hash_is_fnv_1a(void **state)
{
    (void)state;
    assert_true(str_hash(STR("")) == 0xcbf29ce484222325u); /* published vectors */
    assert_true(str_hash(STR("a")) == 0xaf63dc4c8601ec8cu);
    assert_true(str_hash(STR("foobar")) == 0x85944171f73967e8u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_to_i64_takes_whole_numbers_that_fit),
        cmocka_unit_test(str_to_i64_refuses_all_else_and_leaves_the_number),
        cmocka_unit_test(str_is_utf8_follows_the_unicode_table),
        cmocka_unit_test(str_is_utf8_agrees_with_decoding_every_code_point),
        cmocka_unit_test(str_code_points_counts_characters),
        cmocka_unit_test(str_next_gives_every_part),
        cmocka_unit_test(str_takes_null_where_there_is_nothing),
        cmocka_unit_test(str_compares_and_cuts),
        cmocka_unit_test(str_hash_is_fnv_1a),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
