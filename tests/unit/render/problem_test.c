/* problem_test.c: problems as JSON and as pages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/render/problem.c"
#include "base/value.h"

static struct arena arena;
static struct buf b;

static int setup(void **state)
{
    (void)state;
    buf_init(&b, 1 << 20);
    return arena_init(&arena, 16u << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    buf_done(&b);
    arena_done(&arena);
    return 0;
}

static const struct value *rendered(const struct error *err, enum language language)
{
    const struct value *problem;
    struct error refused;

    buf_clear(&b, 1 << 20);
    problem_render(err, language, STR("4bf92f3577b34da6a3ce929d0e0e4736"), &b);
    assert_false(b.failed);
    assert_true(value_parse(&arena, buf_str(&b), VALUE_DEPTH_MAX, &problem, &refused));
    return problem;
}

static void expect(const struct value *object, const char *name, const char *expected)
{
    assert_true(str_eq(value_string(value_get(object, str_of(name))), str_of(expected)));
}

static void a_problem_has_its_members(void **state)
{
    (void)state;
    struct error err;

    error_set(&err, ERR_SYNTAX, "duplicate member, line 1, column 9");
    const struct value *es = rendered(&err, LANGUAGE_ES);
    expect(es, "type", "/problems/malformed-json");
    expect(es, "title", "JSON mal formado");
    expect(es, "detail", "El cuerpo no es el JSON que lee este servicio: miembro duplicado, línea 1, columna 9.");
    expect(es, "trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_int_equal(value_get(es, STR("status"))->integer, 400);
    assert_null(value_get(es, STR("errors")));
    expect(rendered(&err, LANGUAGE_EN), "detail",
           "The body is not the JSON that this service reads: duplicate member, line 1, column 9.");
}

static void a_constraint_is_told_in_words(void **state)
{
    (void)state;
    struct error err;

    error_set(&err, ERR_CONFLICT, "already_linked");
    expect(rendered(&err, LANGUAGE_EN), "detail", "The change conflicts with what is stored: the complaint is linked to it already (already_linked).");
    expect(rendered(&err, LANGUAGE_ES), "detail", "El cambio entra en conflicto con lo guardado: la queja ya está vinculada con ello (already_linked).");
    error_set(&err, ERR_REFERENCE, "police_record");
    expect(rendered(&err, LANGUAGE_EN), "detail", "A record that the request refers to does not exist: police record.");
    error_set(&err, ERR_TRANSITION, "subject");
    expect(rendered(&err, LANGUAGE_EN), "detail", "The record cannot go there from its present state; open to this caller: subject.");
}

static void violations_are_listed(void **state)
{
    (void)state;
    const struct violation violations[] = {
        {PLACE_BODY, STR("/a~1b/\"\n"), STR("maxLength"), STR("1")},
        {PLACE_QUERY, STR("/limit"), STR("type"), STR("integer")},
        {PLACE_PATH, {NULL, 0}, STR("unknown"), {NULL, 0}},
    };
    const struct error err = {.code = ERR_INVALID, .violations = violations, .n_violations = 3};
    const struct value *errors = value_get(rendered(&err, LANGUAGE_ES), STR("errors"));

    assert_int_equal(errors->array.n, 3);
    expect(errors->array.v[0], "in", "body");
    expect(errors->array.v[0], "pointer", "/a~1b/\"\n");
    expect(errors->array.v[0], "keyword", "maxLength");
    expect(errors->array.v[0], "detail", "Debe tener como máximo 1 carácter.");
    expect(errors->array.v[1], "in", "query");
    expect(errors->array.v[1], "detail", "Debe ser de tipo integer.");
    expect(errors->array.v[2], "in", "path");
    expect(errors->array.v[2], "pointer", "");
}

static void what_is_for_the_log_is_not_shown(void **state)
{
    (void)state;
    static const enum error_code codes[] = {ERR_INTERNAL, ERR_CONTRACT, ERR_STARTUP, ERR_REPLAY};

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct error err;
        error_set(&err, codes[i], "select secret from /etc/x");
        expect(rendered(&err, LANGUAGE_EN), "type", "/problems/internal-error");
        buf_char(&b, '\0');
        assert_false(b.failed);
        assert_null(strstr(b.p, "secret"));
    }
}

/* Every start tag but the void ones has its end tag, in order. */
static void expect_balanced(const char *page)
{
    struct str open[16];
    size_t depth = 0;

    for (const char *at = strchr(page, '<'); at; at = strchr(at + 1, '<')) {
        struct str name = {at + 1, strcspn(at + 1, " >")};
        if (str_starts(name, STR("!")) || str_eq(name, STR("meta")))
            continue;
        if (name.p[0] != '/') {
            assert_true(depth < 16);
            open[depth++] = name;
            continue;
        }
        assert_true(depth > 0 && str_eq(open[--depth], str_skip(name, 1)));
    }
    assert_int_equal(depth, 0);
}

static void every_page_is_well_formed_and_in_both_languages(void **state)
{
    (void)state;
    for (enum error_code code = ERR_NONE + 1; code < ERR_CODES; code++)
        for (enum language language = 0; language < LANGUAGES; language++) {
            buf_clear(&b, 1 << 20);
            problem_page(code, language, &b);
            buf_char(&b, '\0');
            assert_false(b.failed);
            expect_balanced(b.p);
            assert_non_null(strstr(b.p, language == LANGUAGE_ES ? "<html lang=\"es\">" : "<html lang=\"en\">"));
            assert_non_null(strstr(b.p, "<section id=\"es\" lang=\"es\">"));
            assert_non_null(strstr(b.p, "<section id=\"en\" lang=\"en\">"));
            assert_non_null(strstr(b.p, language == LANGUAGE_ES ? "href=\"#en\"" : "href=\"#es\""));
            assert_null(strstr(b.p, "{}"));
            assert_null(strstr(b.p, "://"));
        }
}

static void a_page_escapes_what_it_shows(void **state)
{
    (void)state;
    buf_clear(&b, 1 << 20);
    problem_page(ERR_TOKEN_MISSING, LANGUAGE_EN, &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    assert_non_null(strstr(b.p, "Bearer &lt;token&gt;"));
    assert_null(strstr(b.p, "<token>"));
    assert_non_null(strstr(b.p, "HTTP status code: 401"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_has_its_members),
        cmocka_unit_test(a_constraint_is_told_in_words),
        cmocka_unit_test(violations_are_listed),
        cmocka_unit_test(what_is_for_the_log_is_not_shown),
        cmocka_unit_test(every_page_is_well_formed_and_in_both_languages),
        cmocka_unit_test(a_page_escapes_what_it_shows),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
