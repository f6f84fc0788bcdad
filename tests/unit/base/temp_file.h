/* temp_file.h: a file of the test's own, for what is read from files. cmocka's group setup and teardown. */
#ifndef TESTS_UNIT_BASE_TEMP_FILE_H
#define TESTS_UNIT_BASE_TEMP_FILE_H

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/cpwg_test_XXXXXX";
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd >= 0 && close(fd) == 0 && arena_init(&arena, 64 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return unlink(path);
}

static void write_file(struct str text)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    assert_int_equal(fwrite(text.p, 1, text.n, file), text.n);
    fclose(file);
}

#endif
