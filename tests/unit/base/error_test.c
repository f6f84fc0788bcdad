/* error_test.c: the catalogue is whole and consistent, and arguments stay text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/error.c"

#include <ctype.h>

static size_t placeholders(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < s.n; i++)
        n += s.p[i] == '{' && s.p[i + 1] == '}';
    return n;
}

static void every_error_has_a_row_that_makes_sense(void **state)
{
    (void)state;

    for (int code = ERR_NONE + 1; code < ERR_CODES; code++) {
        const struct error_info *info = error_info((enum error_code)code);
        assert_in_range(info->status, 400, 503);
        for (size_t i = 0; i < info->slug.n; i++)
            assert_true(islower((unsigned char)info->slug.p[i]) || info->slug.p[i] == '-');
        assert_int_equal(error_by_slug(info->slug), code); /* so slugs are unique */
        for (int language = 0; language < LANGUAGES; language++) {
            assert_true(info->title[language].n > 0 && str_is_utf8(info->title[language]));
            assert_true(info->detail[language].n > 0 && str_is_utf8(info->detail[language]));
            assert_true(placeholders(info->detail[language]) <= 1);
        }
        assert_int_equal(placeholders(info->detail[LANGUAGE_ES]), placeholders(info->detail[LANGUAGE_EN]));
    }
}

static void error_by_slug_finds_nothing_where_nothing_is(void **state)
{
    (void)state;
    assert_int_equal(error_by_slug(STR("no-such-error")), ERR_NONE);
    assert_int_equal(error_by_slug(STR("")), ERR_NONE);
    assert_int_equal(error_by_slug((struct str){NULL, 0}), ERR_NONE);
}

static void error_set_forgets_what_was_there(void **state)
{
    (void)state;
    struct error err = {.code = ERR_INVALID, .n_violations = 3, .more_violations = true};

    assert_false(error_set(&err, ERR_SCOPE, "%s:%d", "a", 1));
    assert_int_equal(err.code, ERR_SCOPE);
    assert_string_equal(err.argument, "a:1");
    assert_int_equal(err.n_violations, 0);
    assert_false(err.more_violations);
}

static void error_set_may_wrap_its_own_argument(void **state)
{
    (void)state;
    struct error err;

    error_set(&err, ERR_STARTUP, "%s", "reason");
    error_set(&err, ERR_STARTUP, "file:%d: %s", 3, err.argument);
    assert_string_equal(err.argument, "file:3: reason");
}

static void error_set_cuts_between_characters(void **state)
{
    (void)state;
    static const char *const fillers[] = {"", "x", "xx", "xxx"};
    char text[1000] = {0};
    struct error err;

    for (size_t i = 0; i + 4 < sizeof text; i += 4)
        memcpy(text + i, "\xf0\x9f\x98\x80", 4);
    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        error_set(&err, ERR_STARTUP, "%s%s", fillers[i], text);
        assert_true(str_is_utf8(str_of(err.argument)));
        assert_int_equal(strlen(err.argument), i + (511 - i) / 4 * 4);
    }
    memset(text, 'x', 600);
    error_set(&err, ERR_STARTUP, "%s", text);
    assert_int_equal(strlen(err.argument), 511);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_a_row_that_makes_sense),
        cmocka_unit_test(error_by_slug_finds_nothing_where_nothing_is),
        cmocka_unit_test(error_set_forgets_what_was_there),
        cmocka_unit_test(error_set_may_wrap_its_own_argument),
        cmocka_unit_test(error_set_cuts_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
