/* phrase_test.c: reasons in Spanish, and whether the table still holds those that the program gives. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <glob.h>
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

/* The last literal of a line of SQL, without its quotes; "" when there is none. */
static void last_literal(const char *line, char *ret)
{
    *ret = '\0';
    while ((line = strchr(line, '\''))) {
        char *to = ret;
        for (line++; *line && (*line != '\'' || *++line == '\''); line++) /* two quotes are one */
            *to++ = *line;
        *to = '\0';
    }
}

/* Looks in a migration for what callers are told of a conflict; each must turn. Gives how many there are. */
static int look_through_sql(const char *path)
{
    static const char *const openings[] = {"errcode = 'CW008', detail = '", "perform must(", "    return '", "    return case ", "                         else '"};
    char line[1024], reason[1024], text[512];
    bool goes_on = false;
    int found = 0;

    FILE *file = fopen(path, "re");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        bool opens = goes_on;
        for (size_t i = 0; i < sizeof openings / sizeof openings[0]; i++)
            opens |= strstr(line, openings[i]) != NULL;
        goes_on = opens && !strchr(line, ';');
        last_literal(line, reason);
        if (!opens || !strchr(reason, ' '))
            continue;
        spanish_of(str_of(reason), text, sizeof text);
        if (strcmp(reason, text) == 0)
            fail_msg("%s: no Spanish for: %s", path, reason);
        found++;
    }
    fclose(file);
    return found;
}

static void every_reason_of_the_database_turns(void **state)
{
    glob_t files;
    int found = 0;

    (void)state;
    assert_int_equal(glob(SOURCE_DIR "/db/migrations/deploy/*.sql", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        found += look_through_sql(files.gl_pathv[i]);
    globfree(&files);
    assert_true(found > 35);
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
    assert_true(look_through("api/http/head.c", "malformed(err, \"") > 5);
    assert_true(look_through("api/http/head.c", "head->reason = \"") > 1);
    assert_true(look_through("api/http/body.c", "ERR_MALFORMED, \"") > 0);
    assert_true(look_through("api/http/stages.c", "ERR_MALFORMED, STR(\"") > 0);
    assert_true(look_through("api/http/stages.c", "ERR_SYNTAX, STR(\"") > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_turn_and_the_rest_stays),
        cmocka_unit_test(every_reason_turns),
        cmocka_unit_test(every_reason_of_the_database_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
