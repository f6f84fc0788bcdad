/* pattern_test.c: expressions mean what ECMA-262 says, and work is bounded. */
#include "schema_fixture.h"

#include "api/contract/pattern.c"

#include <time.h>

static bool matches(const char *pattern, const char *text)
{
    const struct pattern *compiled;
    char reason[PATTERN_REASON_BYTES];

    if (!pattern_compile(&fixture_arena, str_of(pattern), &compiled, reason))
        fail_msg("refused (%s): %s", reason, pattern);
    return pattern_fits(compiled, str_of(text));
}

static void expressions_mean_what_ecma_262_says(void **state)
{
    (void)state;
    assert_true(matches("b", "abc"));
    assert_false(matches("^abc$", "abc\n"));
    assert_true(matches("", "anything"));
    assert_false(matches("^\\d$", "\xdb\xb1")); /* U+06F1 */
    assert_false(matches("^\\w$", "\xc3\xa9"));
    assert_true(matches("^\\s$", "\xc2\xa0"));
    assert_true(matches("^[\\sx]$", "\xef\xbb\xbf"));
    assert_false(matches("^\\S$", "\xe2\x80\xa8"));
    assert_false(matches("^[\\S]$", "\xe2\x80\x83"));
    assert_true(matches("^[^\\S]$", "\xe3\x80\x80"));
    assert_true(matches("^[\\S-]$", "\xe4\xb8\xad"));
    assert_false(matches("^.$", "\r"));
    assert_true(matches("^.$", "\xf0\x9f\x90\xb2"));
    assert_true(matches("^\\v$", "\x0b"));
    assert_true(matches("^[\\v\\b]$", "\b"));
    assert_true(matches("^[[:alpha:]]$", "a]"));
    assert_false(matches("^[]$", "a"));
    assert_true(matches("^[^]$", "\n"));
    assert_true(matches("^\\ud83d\\udc32$", "\xf0\x9f\x90\xb2"));
    assert_true(matches("^\\u{1f432}\\u00e9\\x41\\cJ$", "\xf0\x9f\x90\xb2\xc3\xa9" "A\n"));
    assert_true(matches("^\\p{Letter}\\p{Lu}\\P{L}$", "\xc3\xa9\xc3\x89" "1"));
    assert_true(matches("^(?<y>a)\\k<y>(?=b)(?!c)b$", "aab"));
    assert_true(matches("^(a)\\1$", "aa"));
    assert_true(matches("^a{2,3}?\\/\\.\\-$", "aa/.-"));
}

static void what_ecma_262_lacks_is_refused(void **state)
{
    static const char *const patterns[] = {
        "(", ")", "[a", "a**", "a++", "*a", "^*", "(?=a)*", "a{", "a{,2}", "{2}", "\\", "\\A", "\\Z", "\\z", "\\Qa\\E",
        "\\h", "\\R", "\\K", "\\G", "\\a", "\\e", "\\xg1", "\\u12", "\\u{}", "\\u{09", "\\u{1234567}", "\\c1", "\\01", "\\p", "\\p{",
        "\\p{Nonsense}", "(?i)a", "(?>a)", "(?P<n>a)", "(?#c)", "(*UTF)", "(*ACCEPT)", "(?(1)a)", "(?R)", "[b-a]", "\\2(a)",
        "[x-\\s]", "[\\s-z]", "[\\S-z]", "[x-\\S]", "\\ud83d", "\\k<n>", "(?<n>a)(?<n>b)",
    };
    const struct pattern *compiled;
    char reason[PATTERN_REASON_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        if (pattern_compile(&fixture_arena, str_of(patterns[i]), &compiled, reason))
            fail_msg("taken: %s", patterns[i]);
}

static void hopeless_work_ends_early_and_does_not_fit(void **state)
{
    char text[64];

    (void)state;
    memset(text, 'a', sizeof text);
    text[62] = '!';
    text[63] = '\0';
    clock_t start = clock();
    assert_false(matches("^(a+)+$", text));
    assert_false(matches("^(a|a|b?)*$", text));
    assert_true(clock() - start < 2 * CLOCKS_PER_SEC);
}

static void long_text_is_no_hopeless_work(void **state)
{
    char text[20001];

    (void)state;
    memset(text, 'a', sizeof text);
    text[20000] = '\0';
    assert_true(matches("^[a-z]+$", text));
    assert_true(matches("^(?:[a-y]|z)*$", text));
}

static void slow_kinds_of_expressions_are_told(void **state)
{
    static const char *const slow[] = {"(a+)+", "(a*)*", "(?:a|b*)+", "((a{2,})b)*", "(a+){10}", "(a)\\1",
                                       "(?<n>a)\\k<n>", "(?<=a)b", "(?<!a)b", "("};
    static const char *const safe[] = {"^[a-z]+$", "^(a+)?$", "^(?:-?[a-z])*$", "(a{1,3}){2}", "^a+b*c{3,}$", "(?=a)b",
                                       "^\\d{4}-Q[1-4]$", "(a|b)+", "(a+)(b+)"};
    const char *reason;

    (void)state;
    for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++)
        if (pattern_is_safe(str_of(slow[i]), &reason) || !reason)
            fail_msg("said to be safe: %s", slow[i]);
    for (size_t i = 0; i < sizeof safe / sizeof safe[0]; i++)
        if (!pattern_is_safe(str_of(safe[i]), &reason))
            fail_msg("said to be slow (%s): %s", reason, safe[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expressions_mean_what_ecma_262_says),
        cmocka_unit_test(what_ecma_262_lacks_is_refused),
        cmocka_unit_test(hopeless_work_ends_early_and_does_not_fit),
        cmocka_unit_test(long_text_is_no_hopeless_work),
        cmocka_unit_test(slow_kinds_of_expressions_are_told),
    };
    return RUN_WITH_FIXTURE(tests);
}
