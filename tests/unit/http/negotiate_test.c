/* negotiate_test.c: media types, languages and preferences as callers write them. */
#include "api/http/negotiate.c"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static const struct media media[] = {
    {.type = STR_INIT("application/json")}, {.type = STR_INIT("text/csv")}, {.type = STR_INIT("application/x-ndjson")}};
static const struct answer answer = {.status = 200, .media = media, .n_media = 3};

static struct headers one(const char *name, const char *value)
{
    static struct header header;
    header = (struct header){str_of(name), str_of(value)};
    return (struct headers){&header, 1};
}

static const char *choice(const char *accept)
{
    const struct media *chosen = negotiate_media(one("Accept", accept), &answer);
    return chosen ? chosen->type.p : "none";
}

static void the_best_quality_wins_and_the_contract_breaks_ties(void **state)
{
    (void)state;
    assert_string_equal(choice("text/csv"), "text/csv");
    assert_string_equal(choice("*/*"), "application/json");
    assert_string_equal(choice("text/csv, application/json"), "application/json");
    assert_string_equal(choice("application/json;q=0.5, text/csv;q=0.9"), "text/csv");
    assert_string_equal(choice("text/*"), "text/csv");
    assert_string_equal(choice("TEXT/CSV; header=present"), "text/csv");
    assert_string_equal(choice("text/html,application/xhtml+xml,*/*;q=0.8"), "application/json");
    assert_string_equal(choice(""), "application/json");
    assert_ptr_equal(negotiate_media((struct headers){NULL, 0}, &answer), &media[0]);
}

static void exact_ranges_outweigh_wild_ones(void **state)
{
    (void)state;
    assert_string_equal(choice("*/*, application/json;q=0"), "text/csv");
    assert_string_equal(choice("application/*;q=0.2, application/x-ndjson, text/csv;q=0.5"), "application/x-ndjson");
    assert_string_equal(choice("application/json;q=0.000"), "none");
}

static void what_is_not_served_or_not_read_is_not_chosen(void **state)
{
    (void)state;
    assert_string_equal(choice("image/png"), "none");
    assert_string_equal(choice("text/csv;q=2"), "none");
    assert_string_equal(choice("text/csv;q=abc"), "none");
    assert_string_equal(choice("text/csv;q="), "none");
    assert_string_equal(choice(";;,,"), "none");
    assert_string_equal(choice("application"), "none");
    assert_null(negotiate_media(one("Accept", "*/*"), &(struct answer){.status = 204}));
}

static void several_accept_lines_count_together(void **state)
{
    const struct header lines[] = {{STR_INIT("Accept"), STR_INIT("image/png")}, {STR_INIT("accept"), STR_INIT("text/csv")}};
    (void)state;
    assert_ptr_equal(negotiate_media((struct headers){lines, 2}, &answer), &media[1]);
}

static enum language language(const char *accept)
{
    return negotiate_language(one("Accept-Language", accept), LANGUAGE_ES);
}

static void languages_follow_quality_then_the_callers_order(void **state)
{
    (void)state;
    assert_int_equal(language("en"), LANGUAGE_EN);
    assert_int_equal(language("en-US,en;q=0.9,es;q=0.8"), LANGUAGE_EN);
    assert_int_equal(language("es-MX;q=0.5, en;q=0.4"), LANGUAGE_ES);
    assert_int_equal(language("de, fr"), LANGUAGE_ES);
    assert_int_equal(language("de, en;q=0.1"), LANGUAGE_EN);
    assert_int_equal(language("en;q=0"), LANGUAGE_ES);
    assert_int_equal(language("*"), LANGUAGE_ES);
    assert_int_equal(language(",;q=1,,"), LANGUAGE_ES);
    assert_int_equal(negotiate_language((struct headers){NULL, 0}, LANGUAGE_EN), LANGUAGE_EN);
}

static void prefer_is_read_token_by_token(void **state)
{
    (void)state;
    assert_true(negotiate_minimal(one("Prefer", "return=minimal")));
    assert_true(negotiate_minimal(one("prefer", "wait=5, Return = \"minimal\"; x=y")));
    assert_false(negotiate_minimal(one("Prefer", "return=representation")));
    assert_false(negotiate_minimal(one("Prefer", "return")));
    assert_false(negotiate_minimal(one("Prefer", "xreturn=minimal")));
    assert_false(negotiate_minimal(one("Prefer", "")));
}

static void of_a_preference_sent_twice_the_first_counts(void **state)
{
    static struct header lines[] = {{STR_INIT("Prefer"), STR_INIT("wait=5, return=representation")},
                                    {STR_INIT("Prefer"), STR_INIT("return=minimal")}};
    (void)state;
    assert_false(negotiate_minimal((struct headers){lines, 2}));
    assert_true(negotiate_minimal((struct headers){lines + 1, 1}));
    assert_true(negotiate_minimal(one("Prefer", "return=minimal, return=representation")));
    assert_false(negotiate_minimal(one("Prefer", "return=representation, return=minimal")));
    assert_false(negotiate_minimal(one("Prefer", "wait; return=minimal")));
}

static void bodies_are_utf8_of_a_declared_type(void **state)
{
    const struct operation operation = {.bodies = media, .n_bodies = 1};
    (void)state;
    assert_ptr_equal(negotiate_body(&operation, STR("application/json")), &media[0]);
    assert_ptr_equal(negotiate_body(&operation, STR("Application/JSON ; charset=\"UTF-8\"")), &media[0]);
    assert_null(negotiate_body(&operation, STR("application/json; charset=latin1")));
    assert_null(negotiate_body(&operation, STR("text/csv")));
    assert_null(negotiate_body(&operation, STR("")));
    assert_null(negotiate_body(&operation, (struct str){NULL, 0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_quality_wins_and_the_contract_breaks_ties),
        cmocka_unit_test(exact_ranges_outweigh_wild_ones),
        cmocka_unit_test(what_is_not_served_or_not_read_is_not_chosen),
        cmocka_unit_test(several_accept_lines_count_together),
        cmocka_unit_test(languages_follow_quality_then_the_callers_order),
        cmocka_unit_test(prefer_is_read_token_by_token),
        cmocka_unit_test(of_a_preference_sent_twice_the_first_counts),
        cmocka_unit_test(bodies_are_utf8_of_a_declared_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
