/* cursor_test.c: cursors come back as they were made, or not at all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/cursor.c"

static struct arena arena;
static const struct str key = STR_INIT("0123456789abcdef0123456789abcdef"), binding = STR_INIT("listThings public kind=a");

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 64u << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static bool read_with(struct str with_key, struct str with_binding, struct str text)
{
    struct cursor cursor;
    struct error err = {.code = ERR_NONE};
    bool ok = cursor_read(&arena, with_key, with_binding, text, &cursor, &err);

    assert_int_equal(err.code, ok ? ERR_NONE : ERR_CURSOR);
    return ok;
}

static struct str made(void)
{
    const struct cursor cursor = {{STR("Lancaster \xc3\xb1"), STR("0b8f5a2e-1111-4222-8333-444455556666")}, 2};
    struct str text;

    assert_true(cursor_make(&arena, key, binding, &cursor, &text));
    return text;
}

static void values_come_back(void **state)
{
    (void)state;
    struct cursor cursor = {.values = {STR("a"), STR(""), STR("\xff\x01"), STR("2026-11-23 14:37:12.5+00")}}, back;
    struct str text;
    struct error err;

    for (; cursor.n <= CURSOR_VALUES_MAX; cursor.n++) {
        assert_true(cursor_make(&arena, key, binding, &cursor, &text));
        assert_true(cursor_read(&arena, key, binding, text, &back, &err));
        assert_int_equal(back.n, cursor.n);
        for (size_t i = 0; i < back.n; i++) {
            assert_true(str_eq(back.values[i], cursor.values[i]));
            assert_int_equal(back.values[i].p[back.values[i].n], '\0');
        }
    }
}

static void a_cursor_fits_in_a_url(void **state)
{
    (void)state;
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct str text = made();

    assert_true(text.n > 20 && strspn(text.p, unreserved) == text.n);
}

static void another_key_or_binding_refuses(void **state)
{
    (void)state;
    assert_true(read_with(key, binding, made()));
    assert_false(read_with(STR("1123456789abcdef0123456789abcdef"), binding, made()));
    assert_false(read_with(key, STR("listThings public kind=b"), made()));
    assert_false(read_with(key, STR(""), made()));
}

static void every_flipped_bit_refuses(void **state)
{
    (void)state;
    struct str text = made(), bytes;

    assert_true(crypto_from_base64url(&arena, text, &bytes));
    for (size_t bit = 0; bit < bytes.n * 8; bit++) {
        char *changed = arena_alloc(&arena, bytes.n);
        memcpy(changed, bytes.p, bytes.n);
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << bit % 8));
        assert_false(read_with(key, binding, crypto_base64url(&arena, (struct str){changed, bytes.n})));
    }
    for (size_t bit = 0; bit < text.n * 8; bit++) {
        char *changed = arena_alloc(&arena, text.n);
        memcpy(changed, text.p, text.n);
        changed[bit / 8] = (char)(changed[bit / 8] ^ (1 << bit % 8));
        assert_false(read_with(key, binding, (struct str){changed, text.n}));
    }
}

static void every_cut_and_appendage_refuses(void **state)
{
    (void)state;
    struct str text = made();

    for (size_t n = 0; n < text.n; n++) {
        assert_false(read_with(key, binding, (struct str){text.p, n}));
        assert_false(read_with(key, binding, str_skip(text, n + 1)));
    }
    assert_false(read_with(key, binding, arena_printf(&arena, "%s=", text.p)));
    assert_false(read_with(key, binding, arena_printf(&arena, "%sAAAA", text.p)));
    assert_false(read_with(key, binding, (struct str){NULL, 0}));
}

/* Signed by us, and nonsense all the same: an older version, lengths that lead past the end, too many values. */
static void what_is_signed_is_still_checked(void **state)
{
    (void)state;
    static const struct str payloads[] = {STR_INIT("\x02"), STR_INIT("\x01\x00"), STR_INIT("\x01\x00\x02z"), STR_INIT("\x01\xff\xffz"),
                                          STR_INIT("\x01\0\0\0\0\0\0\0\0\0\0")};

    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        char bytes[64];
        unsigned char mac[SHA256_BYTES];
        sign(key, binding, payloads[i], mac);
        memcpy(bytes, payloads[i].p, payloads[i].n);
        memcpy(bytes + payloads[i].n, mac, MAC_BYTES);
        assert_false(read_with(key, binding, crypto_base64url(&arena, (struct str){bytes, payloads[i].n + MAC_BYTES})));
    }
}

static void size_is_bounded(void **state)
{
    (void)state;
    static char long_text[70000];
    struct cursor cursor = {{{long_text, BYTES_MAX - MAC_BYTES - 1 - 2}}, 1};
    struct str text;

    memset(long_text, 'a', sizeof long_text);
    assert_true(cursor_make(&arena, key, binding, &cursor, &text));
    assert_int_equal(text.n, CURSOR_TEXT_MAX);
    assert_true(read_with(key, binding, text));
    cursor.values[0].n++;
    assert_false(cursor_make(&arena, key, binding, &cursor, &text));
    cursor.values[0].n = 65536 + 1;
    assert_false(cursor_make(&arena, key, binding, &cursor, &text));
    assert_false(read_with(key, binding, (struct str){long_text, CURSOR_TEXT_MAX + 4}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(a_cursor_fits_in_a_url),
        cmocka_unit_test(another_key_or_binding_refuses),
        cmocka_unit_test(every_flipped_bit_refuses),
        cmocka_unit_test(every_cut_and_appendage_refuses),
        cmocka_unit_test(what_is_signed_is_still_checked),
        cmocka_unit_test(size_is_bounded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
