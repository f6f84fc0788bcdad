/* sentence_test.c: sentences in both languages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/render/sentence.c"

static void expect_filled(const char *text, const char *argument, const char *expected)
{
    struct buf b;

    buf_init(&b, 4096);
    sentence_fill(str_of(text), str_of(argument), &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    assert_string_equal(b.p, expected);
    buf_done(&b);
}

static void expect_violation(const char *keyword, const char *argument, const char *es, const char *en)
{
    const struct violation violation = {PLACE_BODY, STR("/a"), str_of(keyword), str_of(argument)};
    const char *const expected[] = {[LANGUAGE_ES] = es, [LANGUAGE_EN] = en};

    for (enum language language = 0; language < LANGUAGES; language++) {
        struct buf b;
        buf_init(&b, 4096);
        sentence_violation(&violation, language, &b);
        buf_char(&b, '\0');
        assert_false(b.failed);
        assert_string_equal(b.p, expected[language]);
        buf_done(&b);
    }
}

static void the_argument_stands_where_the_template_says(void **state)
{
    (void)state;
    expect_filled("a {} b", "x", "a x b");
    expect_filled("{}", "x", "x");
    expect_filled("{}", "", "");
    expect_filled("It conflicts: {}.", "", "It conflicts.");
    expect_filled("The scope {}.", "", "The scope.");
    expect_filled("{} [one|many]!", "1", "1 one!");
    expect_filled("{} [one|many]!", "12", "12 many!");
    expect_filled("The pattern {}.", "^[a|b]$", "The pattern ^[a|b]$.");
}

static void an_argument_that_nobody_asked_for_is_not_shown(void **state)
{
    (void)state;
    expect_filled("Something failed.", "select secret", "Something failed.");
    expect_filled("", "select secret", "");
}

static void violations_say_what_is_demanded(void **state)
{
    (void)state;
    expect_violation("maxLength", "160", "Debe tener como máximo 160 caracteres.", "Must have at most 160 characters.");
    expect_violation("minLength", "1", "Debe tener como mínimo 1 carácter.", "Must have at least 1 character.");
    expect_violation("enum", "es, en", "Debe ser uno de estos valores: es, en.", "Must be one of these values: es, en.");
    expect_violation("required", "name", "Es obligatorio y falta.", "Is required and missing.");
    expect_violation("unknown", NULL, "No forma parte del contrato.", "Is not part of the contract.");
    expect_violation("$new", NULL, "No cumple el contrato: $new.", "Does not fit the contract: $new.");
}

/* A sentence of its own for every keyword that a schema or a parameter may break. */
static void every_keyword_has_its_sentence(void **state)
{
    (void)state;
    static const char *const keywords[] = {
        "type", "enum", "const", "required", "unknown", "minLength", "maxLength", "pattern", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "contains",
        "minProperties", "maxProperties", "propertyNames", "format", "anyOf", "oneOf", "allOf", "not", "if", "then", "else",
        "dependentRequired", "additionalProperties", "duplicate", "syntax", "reference",
    };
    for (size_t k = 0; k < sizeof keywords / sizeof keywords[0]; k++) {
        bool found = false;
        for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
            found |= str_eq(sentences[i].keyword, str_of(keywords[k]));
        if (!found)
            fail_msg("no sentence for %s", keywords[k]);
    }
}

static void every_sentence_ends_and_differs_between_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        const struct str *text = sentences[i].text;
        assert_true(str_ends(text[LANGUAGE_ES], STR(".")) && str_ends(text[LANGUAGE_EN], STR(".")));
        assert_false(str_eq(text[LANGUAGE_ES], text[LANGUAGE_EN]));
    }
}

static void every_status_has_advice(void **state)
{
    (void)state;
    for (enum error_code code = ERR_NONE + 1; code < ERR_CODES; code++) {
        int status = error_info(code)->status;
        struct str es = sentence_advice(status, LANGUAGE_ES), en = sentence_advice(status, LANGUAGE_EN);
        assert_true(str_ends(es, STR(".")) && str_ends(en, STR(".")) && !str_eq(es, en));
        assert_true(status == 500 || !str_eq(en, elsewhere.text[LANGUAGE_EN]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_argument_stands_where_the_template_says),
        cmocka_unit_test(an_argument_that_nobody_asked_for_is_not_shown),
        cmocka_unit_test(violations_say_what_is_demanded),
        cmocka_unit_test(every_keyword_has_its_sentence),
        cmocka_unit_test(every_sentence_ends_and_differs_between_languages),
        cmocka_unit_test(every_status_has_advice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
