/* fixture.h: contracts to load in tests: the good one, and copies of it with one file changed. */
#ifndef TESTS_CONTRACT_FIXTURE_H
#define TESTS_CONTRACT_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/value.h"
#include "operation/merge.h"

#define GOOD_CONTRACT SOURCE_DIR "/tests/unit/contract/fixtures/good"

static const char *const fixture_files[] = {"openapi.json", "things.json"};
static char fixture_dir[] = "/tmp/contract-test-XXXXXX";

/* One way to spoil the good contract: a merge patch (RFC 7396) for a file, or its whole text after "=". */
struct refusal {
    const char *file, *change, *expected; /* what the refusal must say */
};

static struct str fixture_read(struct arena *a, const char *name)
{
    char path[512], text[65536];

    snprintf(path, sizeof path, "%s/%s", GOOD_CONTRACT, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    return arena_copy(a, (struct str){text, n});
}

static struct str fixture_changed(struct arena *a, struct str text, const char *change)
{
    const struct value *whole, *patch;
    struct error err;

    if (change[0] == '=')
        return str_of(change + 1);
    assert_true(value_parse(a, text, 64, &whole, &err));
    if (!value_parse(a, str_of(change), 64, &patch, &err))
        fail_msg("bad patch (%s): %s", err.argument, change);
    return value_text(a, merge_record(a, NULL, whole, patch));
}

/* A folder with the good contract, one file of it changed; until fixture_remove. */
static const char *fixture_make(struct arena *a, const char *name, const char *change)
{
    memcpy(fixture_dir + sizeof fixture_dir - 7, "XXXXXX", 6);
    assert_non_null(mkdtemp(fixture_dir));
    for (size_t i = 0; i < sizeof fixture_files / sizeof fixture_files[0]; i++) {
        struct str text = fixture_read(a, fixture_files[i]), path;
        if (strcmp(fixture_files[i], name) == 0)
            text = fixture_changed(a, text, change);
        path = arena_printf(a, "%s/%s", fixture_dir, fixture_files[i]);
        FILE *file = fopen(path.p, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
        fclose(file);
    }
    return fixture_dir;
}

static void fixture_remove(void)
{
    char path[512];

    for (size_t i = 0; i < sizeof fixture_files / sizeof fixture_files[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", fixture_dir, fixture_files[i]);
        unlink(path);
    }
    rmdir(fixture_dir);
}

#endif
