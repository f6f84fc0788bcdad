/* buf_test.c: the capped buffer: limits, sticky failure, JSON strings. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/buf.c"

static void buf_grows_and_keeps_what_was_added(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 1 << 20);
    for (int i = 0; i < 10000; i++)
        buf_printf(&b, "%04d,", i);
    assert_false(b.failed);
    assert_int_equal(b.n, 50000);
    assert_memory_equal(b.p + 49990, "9998,9999,", 10);
    buf_done(&b);
    assert_null(b.p);
    buf_done(&b);
}

static void buf_stops_at_its_limit(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 5);
    buf_add(&b, STR("12345"));
    assert_false(b.failed);
    buf_add(&b, STR(""));
    assert_false(b.failed);
    buf_char(&b, '6');
    assert_true(b.failed);
    assert_true(str_eq(buf_str(&b), STR("12345")));
    buf_done(&b);
}

static void buf_fails_for_good_after_one_failure(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 5);
    buf_add(&b, STR("123456"));
    assert_true(b.failed);
    buf_add(&b, STR("1")); /* would fit, but text without its middle is worse than none */
    buf_printf(&b, "%d", 1);
    buf_json_string(&b, STR(""));
    assert_null(buf_reserve(&b, 1));
    assert_int_equal(b.n, 0);
    buf_clear(&b, 0);
    assert_false(b.failed);
    buf_add(&b, STR("1"));
    assert_int_equal(b.n, 1);
    buf_done(&b);
}

static void buf_with_limit_0_takes_nothing(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 0);
    buf_add(&b, STR(""));
    assert_false(b.failed);
    buf_char(&b, 'x');
    assert_true(b.failed);
    buf_done(&b);
}

static void buf_refuses_sizes_that_would_overflow(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 100);
    buf_add(&b, STR("abc"));
    assert_null(buf_reserve(&b, SIZE_MAX));
    assert_true(b.failed);
    buf_done(&b);
}

static void buf_printf_needs_one_byte_more(void **state)
{
    (void)state;
    char memory[4];
    struct buf b = buf_over(memory, sizeof memory);

    buf_printf(&b, "%s", "123");
    assert_false(b.failed);
    assert_int_equal(b.n, 3);
    b = buf_over(memory, sizeof memory);
    buf_printf(&b, "%s", "1234");
    assert_true(b.failed);
}

static void buf_over_never_leaves_the_memory_it_was_given(void **state)
{
    (void)state;
    char memory[4];
    struct buf b = buf_over(memory, sizeof memory);

    buf_add(&b, STR("1234"));
    assert_false(b.failed);
    assert_ptr_equal(b.p, memory);
    buf_char(&b, '5');
    assert_true(b.failed);
    assert_ptr_equal(b.p, memory);
}

static void buf_clear_gives_large_memory_back(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 1 << 20);
    buf_add(&b, STR("x"));
    char *small = b.p;
    buf_clear(&b, 4096);
    assert_ptr_equal(b.p, small);
    assert_non_null(buf_reserve(&b, 100000));
    buf_clear(&b, 4096);
    assert_null(b.p);
    assert_int_equal(b.capacity, 0);
    buf_done(&b);
}

static void numbers_have_so_many_digits_at_least(void **state)
{
    static const struct {
        uint64_t n;
        int digits;
        const char *text;
    } numbers[] = {
        {0, 1, "0"}, {0, 3, "000"}, {7, 1, "7"}, {7, 3, "007"}, {1234, 3, "1234"}, {10, 1, "10"}, {0, 0, ""},
        {UINT64_MAX, 1, "18446744073709551615"}, {UINT64_MAX, 20, "18446744073709551615"}, {1, 20, "00000000000000000001"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char memory[20];
        struct buf b = buf_over(memory, sizeof memory);
        buf_number(&b, numbers[i].n, numbers[i].digits);
        assert_false(b.failed);
        assert_int_equal(b.n, strlen(numbers[i].text));
        assert_memory_equal(b.p, numbers[i].text, b.n);
    }
}

static void buf_hex_is_whole_or_not_at_all(void **state)
{
    (void)state;
    struct buf b;

    buf_init(&b, 9);
    buf_hex(&b, (const unsigned char *)"\x00\x9a\xff", 3);
    buf_hex(&b, NULL, 0);
    assert_true(str_eq(buf_str(&b), STR("009aff")));
    buf_hex(&b, (const unsigned char *)"\x01\x02", 2);
    assert_true(b.failed);
    assert_int_equal(b.n, 6);
    buf_done(&b);
}

static void buf_json_string_escapes_what_json_and_scripts_need(void **state)
{
    (void)state;
    static const struct {
        struct str text, json;
    } rows[] = {
        {STR_INIT(""), STR_INIT("\"\"")},
        {STR_INIT("plain ñ 😀 /"), STR_INIT("\"plain ñ 😀 /\"")},
        {STR_INIT("\"\\"), STR_INIT("\"\\\"\\\\\"")},
        {STR_INIT("\b\t\n\f\r"), STR_INIT("\"\\b\\t\\n\\f\\r\"")},
        {STR_INIT("\0\v\x01\x1f\x7f"), STR_INIT("\"\\u0000\\u000b\\u0001\\u001f\x7f\"")},
        {STR_INIT("a\xe2\x80\xa8\xe2\x80\xa9z"), STR_INIT("\"a\\u2028\\u2029z\"")},
        {STR_INIT("€\xe2\x80\xa6"), STR_INIT("\"€\xe2\x80\xa6\"")}, /* the same first byte */
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf b;
        buf_init(&b, 1000);
        buf_json_string(&b, rows[i].text);
        assert_int_equal(b.n, rows[i].json.n);
        assert_memory_equal(b.p, rows[i].json.p, b.n);
        buf_done(&b);
    }
    struct buf b;
    buf_init(&b, 100);
    buf_json_string(&b, (struct str){NULL, 0});
    assert_true(str_eq(buf_str(&b), STR("\"\"")));
    buf_done(&b);
}

/* Texts are looked through in steps: what is to be escaped lies at every place of texts of every length, in memory of their own. */
static void buf_json_string_finds_what_it_escapes_at_every_place(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 50; n++)
        for (size_t at = 0; at < n; at++)
            for (int c = 0; c < 256; c++) {
                bool stays = c >= 0x20 && c != '"' && c != '\\';
                char *text = malloc(n), json[100], escape[8];
                struct buf b = buf_over(json, sizeof json);
                assert_non_null(text);
                memset(text, 'x', n);
                text[at] = (char)c;
                buf_json_string(&b, (struct str){text, n});
                snprintf(escape, sizeof escape, c == '"' || c == '\\' ? "\\%c" : c == '\n' ? "\\n" : "\\", c);
                assert_int_equal(b.p[0], '"');
                assert_memory_equal(b.p + 1, text, at);
                assert_memory_equal(b.p + 1 + at, stays ? text + at : escape, stays ? 1 : strlen(escape));
                assert_memory_equal(b.p + b.n - 1 - (n - at - 1), text + at + 1, n - at - 1);
                assert_int_equal(b.p[b.n - 1], '"');
                assert_true(stays ? b.n == n + 2 : b.n > n + 2);
                free(text);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_grows_and_keeps_what_was_added),
        cmocka_unit_test(buf_stops_at_its_limit),
        cmocka_unit_test(buf_fails_for_good_after_one_failure),
        cmocka_unit_test(buf_with_limit_0_takes_nothing),
        cmocka_unit_test(buf_refuses_sizes_that_would_overflow),
        cmocka_unit_test(buf_printf_needs_one_byte_more),
        cmocka_unit_test(buf_over_never_leaves_the_memory_it_was_given),
        cmocka_unit_test(buf_clear_gives_large_memory_back),
        cmocka_unit_test(numbers_have_so_many_digits_at_least),
        cmocka_unit_test(buf_hex_is_whole_or_not_at_all),
        cmocka_unit_test(buf_json_string_escapes_what_json_and_scripts_need),
        cmocka_unit_test(buf_json_string_finds_what_it_escapes_at_every_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
