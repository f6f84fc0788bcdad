/* phrase_test.c: reasons in Spanish, and whether the table still holds those that the program gives. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "api/render/phrase.c"

static void spanish_of(struct str argument, char *ret, size_t bytes)
{
    struct buf b;

    buf_init(&b, bytes);
    phrase_spanish(argument, &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    memcpy(ret, b.p, b.n);
    buf_done(&b);
}

static void expect(const char *argument, const char *expected)
{
    char text[512];

    spanish_of(str_of(argument), text, sizeof text);
    assert_string_equal(text, expected);
}

static void phrases_turn_and_the_rest_stays(void **state)
{
    (void)state;
    expect("duplicate member, line 2, column 14", "miembro duplicado, línea 2, columna 14");
    expect("nested more than 32 deep", "niveles de anidamiento: más de 32");
    expect("the header's alg is not HS256", "en la cabecera, alg no es HS256");
    expect("more than one Content-Length", "hay más de una cabecera Content-Length");
    expect("more than 63", "más de 63");
    expect("organizations:read", "organizations:read");
    expect("", "");
}

/* Looks in a source for the texts after `opening` and gives how many there are; each must turn. */
static int look_through(const char *path, const char *opening)
{
    char line[1024], text[512], name[512];
    int found = 0;

    snprintf(name, sizeof name, "%s/%s", SOURCE_DIR, path);
    FILE *file = fopen(name, "re");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        const char *at = strstr(line, opening);
        if (!at || at[strlen(opening)] == '%')
            continue;
        struct str reason = str_of(at + strlen(opening));
        reason.n = str_find(reason, '"');
        spanish_of(reason, text, sizeof text);
        if (str_eq(reason, str_of(text)))
            fail_msg("%s: no Spanish for: %s", path, text);
        found++;
    }
    fclose(file);
    return found;
}

static void every_reason_turns(void **state)
{
    (void)state;
    assert_true(look_through("api/base/value.c", "        return \"") > 4);
    assert_true(look_through("api/auth/jws.c", "refuse(err, \"") > 3);
    assert_true(look_through("api/auth/token.c", "refuse(err, \"") > 5);
    assert_true(look_through("api/auth/claims.c", "refuse(err, \"") > 3);
    assert_true(look_through("api/auth/issuers.c", "refuse(err, \"") > 1);
    assert_true(look_through("api/custom/token_request.c", "refuse(err, \"") > 5);
    assert_true(look_through("api/auth/caller.c", "ERR_TOKEN_INVALID, \"") > 0);
    assert_true(look_through("api/http/gate.c", "malformed(err, \"") > 5);
    assert_true(look_through("api/http/server.c", "ERR_MALFORMED, \"") > 1);
    assert_true(look_through("api/http/body.c", "ERR_MALFORMED, \"") > 0);
    assert_true(look_through("api/http/stages.c", "ERR_MALFORMED, STR(\"") > 0);
    assert_true(look_through("api/http/stages.c", "ERR_SYNTAX, STR(\"") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_turn_and_the_rest_stays),
        cmocka_unit_test(every_reason_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
