/* schema_suite.c: runs a folder in the format of the official JSON-Schema-Test-Suite against the schema compiler.
 * Per file: passed, failed, and refused (the schema did not compile, or the JSON cannot be held). Fails if any failed. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contract/schema.h"

enum { DEPTH_MAX = 200, FILES_MAX = 4096, OPEN_FILES_MAX = 8 };

static const size_t FILE_BYTES_MAX = 64u << 20, ARENA_BYTES = (size_t)4 << 30;

struct tally {
    size_t passed, failed, refused;
};

struct suite {
    struct arena arena; /* emptied after each group */
    const char *file;
    struct tally tally;
};

/* What a list of violations must hold to be of use. */
static bool explains(const struct violations *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->v[i].keyword.n == 0 || (list->v[i].pointer.n && list->v[i].pointer.p[0] != '/'))
            return false;
    return list->n > 0;
}

static void run_test(struct suite *suite, const struct schema *schema, struct str group, const struct value *test)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = &suite->arena, .v = v};
    const struct value *data = value_get(test, STR("data"));
    bool wanted = value_is_true(value_get(test, STR("valid")));
    bool fits = schema_validate(schema, data, STR(""), NULL);
    bool same = schema_validate(schema, data, STR(""), &list) == fits && (fits ? list.n == 0 : explains(&list));

    if (fits == wanted && same) {
        suite->tally.passed++;
        return;
    }
    suite->tally.failed++;
    fprintf(stderr, "%s: %.*s: %.*s: %s\n", suite->file, STR_ARG(group),
            STR_ARG(value_string(value_get(test, STR("description")))),
            same ? (wanted ? "is refused" : "is taken") : "the violations do not agree with the answer");
}

/* 2020-12 has tests that a format is not asserted. The service asserts formats, as draft 7 lets it and 2020-12 too
 * where so configured, so these ask for what it refuses to do. */
static bool wants_no_assertion(const struct value *test)
{
    return str_ends(value_string(value_get(test, STR("description"))), STR("is only an annotation by default"));
}

static void run_group(struct suite *suite, const struct value *group)
{
    const struct value *tests = value_get(group, STR("tests"));
    const struct schema *schema;
    struct error err;
    struct schema_set *set = schema_set_new(&suite->arena, value_get(group, STR("schema")));
    bool compiled = schema_compile(set, STR(""), &schema, &err);

    if (!compiled && getenv("SCHEMA_SUITE_REASONS"))
        fprintf(stderr, "%s: refused: %s\n", suite->file, err.argument);
    for (size_t i = 0; i < tests->array.n; i++)
        if (!compiled || wants_no_assertion(tests->array.v[i]))
            suite->tally.refused++;
        else
            run_test(suite, schema, value_string(value_get(group, STR("description"))), tests->array.v[i]);
}

static bool is_group(const struct value *group)
{
    const struct value *tests = value_get(group, STR("tests"));

    return value_get(group, STR("schema")) && tests && tests->type == VALUE_ARRAY;
}

/* How often `"valid":` stands in text: the tests of a group that cannot be parsed. */
static size_t count_tests(struct str text)
{
    size_t n = 0;

    for (; text.n; text = str_skip(text, 1))
        n += str_starts(text, STR("\"valid\":"));
    return n;
}

/* The length of the JSON value, or of what looks like one, at the front of text: up to a comma or bracket of its own
 * level. */
static size_t element_bytes(struct str text)
{
    int depth = 0;
    bool in_string = false;
    size_t i = 0;

    for (; i < text.n; i++) {
        char c = text.p[i];
        if (in_string)
            i += c == '\\';
        if (c == '"')
            in_string = !in_string;
        if (in_string)
            continue;
        if (depth == 0 && (c == ',' || c == ']'))
            break;
        depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    }
    return i < text.n ? i : text.n;
}

/* Group by group, so that one which cannot be held (a number of 40 digits, NUL in a string) takes no other with it. */
static void run_groups(struct suite *suite, struct str text)
{
    struct str rest = str_skip(text, str_find(text, '[') + 1);

    while (rest.n) {
        struct str element = {rest.p, element_bytes(rest)};
        const struct value *group;
        struct error err;
        if (!value_parse(&suite->arena, element, DEPTH_MAX, &group, &err))
            suite->tally.refused += count_tests(element);
        else if (is_group(group))
            run_group(suite, group);
        arena_reset(&suite->arena, 1 << 20);
        rest = str_skip(rest, element.n);
        if (rest.n && rest.p[0] == ']')
            break;
        rest = str_skip(rest, 1);
    }
}

static char *paths[FILES_MAX];
static size_t n_paths;

static int remember_path(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info, (void)at;
    if (kind == FTW_F && str_ends(str_of(path), STR(".json")) && n_paths < FILES_MAX)
        paths[n_paths++] = strdup(path);
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool run_file(struct suite *suite, const char *path, const char *name)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(FILE_BYTES_MAX);

    if (!file || !text) {
        fprintf(stderr, "%s: cannot be read\n", path);
        return false;
    }
    size_t n = fread(text, 1, FILE_BYTES_MAX, file);
    fclose(file);
    suite->file = name;
    suite->tally = (struct tally){0};
    run_groups(suite, (struct str){text, n});
    free(text);
    printf("%s: %zu passed, %zu failed, %zu refused\n", name, suite->tally.passed, suite->tally.failed,
           suite->tally.refused);
    return true;
}

int main(int argc, char **argv)
{
    struct suite suite = {0};
    struct tally total = {0};

    if (argc != 2 || nftw(argv[1], remember_path, OPEN_FILES_MAX, 0) || n_paths == 0) {
        fprintf(stderr, "usage: schema_suite DIR, a folder of the JSON-Schema-Test-Suite\n");
        return 2;
    }
    if (!arena_init(&suite.arena, ARENA_BYTES))
        return 2;
    qsort(paths, n_paths, sizeof *paths, by_path);
    for (size_t i = 0; i < n_paths; i++) {
        struct str name = str_skip(str_of(paths[i]), strlen(argv[1]));
        while (name.n && name.p[0] == '/')
            name = str_skip(name, 1);
        if (!run_file(&suite, paths[i], name.n ? name.p : paths[i]))
            return 2;
        total.passed += suite.tally.passed;
        total.failed += suite.tally.failed;
        total.refused += suite.tally.refused;
        free(paths[i]);
    }
    arena_done(&suite.arena);
    printf("total: %zu passed, %zu failed, %zu refused\n", total.passed, total.failed, total.refused);
    return total.failed > 0;
}
