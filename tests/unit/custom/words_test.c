/* words_test.c: texts as words. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/custom/words.c"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 16u << 20) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* Expects folded words, one space between them. */
static void expect_words(const char *text, const char *expected)
{
    struct words words = words_of(&arena, str_of(text));
    struct str found = STR("");

    for (size_t i = 0; i < words.n; i++)
        found = arena_printf(&arena, "%.*s%s%.*s", STR_ARG(found), i ? " " : "", STR_ARG(words.v[i].folded));
    assert_string_equal(found.p, expected);
}

static void case_and_accents_do_not_count(void **state)
{
    (void)state;
    expect_words("Peña PEÑA pen\xcc\x83""a", "pena pena pena");
    expect_words("ÁÉÍÓÚÜ áéíóúü Çß Øå Žižek Łódź ŸÞ", "aeiouu aeiouu cs oa zizek lodz yp");
    expect_words("Ñandú ＡＢ１ Ρω Київ", "nandu ab1 ρω київ");
    expect_words("1ª 2º", "1a 2o");
}

static void what_does_not_show_does_not_part_words(void **state)
{
    (void)state;
    expect_words("Demp\xc2\xadsey Demp\xe2\x80\x8bsey \xef\xbb\xbfRuiz", "dempsey dempsey ruiz");
}

static void apostrophes_join_and_possessives_do_not(void **state)
{
    (void)state;
    expect_words("O'Brien O\xe2\x80\x99""Brien Ruiz's Ruiz\xe2\x80\x99s dogs' 'quoted' 5'11", "obrien obrien ruiz s ruiz s dogs quoted 5 11");
}

static void all_else_parts_words(void **state)
{
    (void)state;
    expect_words("", "");
    expect_words(" \n!?", "");
    expect_words("¿Qué? «sí»—no…J.M. a×b 😀x a_b-c/d", "que si no j m a b x a b c d");
}

static void words_know_where_they_stand_and_how_they_look(void **state)
{
    (void)state;
    struct words words = words_of(&arena, STR("Sí, el Agente RUIZ vio 52nd y 1234. Ñu"));
    static const struct {
        uint32_t offset, length;
        bool capital, upper, digit, number, starts;
    } expected[] = {
        {0, 2, true, false, false, false, true},   {4, 2, false, false, false, false, false}, {7, 6, true, false, false, false, false},
        {14, 4, true, true, false, false, false},  {19, 3, false, false, false, false, false}, {23, 4, false, false, true, false, false},
        {28, 1, false, false, false, false, false}, {30, 4, false, false, true, true, false},  {36, 2, true, false, false, false, true},
    };

    assert_int_equal(words.n, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < words.n; i++) {
        const struct word *w = &words.v[i];
        assert_int_equal(w->offset, expected[i].offset);
        assert_int_equal(w->length, expected[i].length);
        assert_int_equal(w->capital, expected[i].capital);
        assert_int_equal(w->upper, expected[i].upper);
        assert_int_equal(w->digit, expected[i].digit);
        assert_int_equal(w->number, expected[i].number);
        assert_int_equal(w->starts, expected[i].starts);
    }
}

static void capitals_alternate_beyond_latin_1(void **state)
{
    (void)state;
    struct words words = words_of(&arena, STR("Āa āa Ĺa ĺa Ŀa Ŋa ŋa Ÿa Źa źa ſa ĸa ŉa ÿa Þa"));
    static const char row[] = "ynynyynyynnnnny"; /* whether each begins with a capital */

    assert_int_equal(words.n, sizeof row - 1);
    for (size_t i = 0; i < words.n; i++)
        assert_int_equal(words.v[i].capital, row[i] == 'y');
}

static void lists_and_gaps_are_asked_word_by_word(void **state)
{
    (void)state;
    struct words words = words_of(&arena, STR("Calle #12"));

    assert_true(word_in(&words.v[0], "avenida calle via"));
    assert_false(word_in(&words.v[0], "callejon call e"));
    assert_true(gap_has(&words.v[1], "#"));
    assert_false(gap_has(&words.v[0], "#"));
    assert_true(gap_only(&words.v[0], ""));
    assert_true(gap_only(&words.v[1], " #"));
    assert_false(gap_only(&words.v[1], " "));
}

static void every_byte_of_long_texts_fits(void **state)
{
    (void)state;
    enum { N = 20000 };
    char *text = arena_alloc(&arena, N + 1);

    for (size_t i = 0; i < N; i++)
        text[i] = i % 2 ? ' ' : 'a';
    assert_int_equal(words_of(&arena, (struct str){text, N}).n, N / 2);
    assert_int_equal(words_of(&arena, (struct str){text, N - 1}).n, N / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case_and_accents_do_not_count),
        cmocka_unit_test(what_does_not_show_does_not_part_words),
        cmocka_unit_test(apostrophes_join_and_possessives_do_not),
        cmocka_unit_test(all_else_parts_words),
        cmocka_unit_test(words_know_where_they_stand_and_how_they_look),
        cmocka_unit_test(capitals_alternate_beyond_latin_1),
        cmocka_unit_test(lists_and_gaps_are_asked_word_by_word),
        cmocka_unit_test(every_byte_of_long_texts_fits),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
