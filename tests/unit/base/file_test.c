/* file_test.c: whole files, and what is not one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/file.c"

#include <stdio.h>
#include <stdlib.h>

static struct arena arena;
static char folder[] = "/tmp/cpwg_file_test_XXXXXX";

static int setup(void **state)
{
    (void)state;
    return mkdtemp(folder) && arena_init(&arena, 16 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return rmdir(folder);
}

static const char *write_file(const char *name, struct str text, mode_t mode)
{
    const char *path = arena_printf(&arena, "%s/%s", folder, name).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_int_equal(write(fd, text.p, text.n), text.n);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
    return path;
}

static void file_read_gives_all_bytes_and_the_mode(void **state)
{
    (void)state;
    const char *path = write_file("a", STR("one\0two\n"), 0640);
    struct str text;
    struct error err;
    unsigned mode;

    assert_true(file_read(&arena, path, 8, &text, &mode, &err));
    assert_true(str_eq(text, STR("one\0two\n")));
    assert_int_equal(text.p[8], '\0');
    assert_int_equal(mode, 0640);
    unlink(path);
}

static void file_read_takes_an_empty_file(void **state)
{
    (void)state;
    const char *path = write_file("a", STR(""), 0600);
    struct str text = STR("x");
    struct error err;

    assert_true(file_read(&arena, path, 0, &text, NULL, &err));
    assert_int_equal(text.n, 0);
    assert_string_equal(text.p, "");
    unlink(path);
}

static void file_read_refuses_what_is_too_large_or_not_a_file(void **state)
{
    (void)state;
    const char *path = write_file("a", STR("12345"), 0600), *pipe = arena_printf(&arena, "%s/pipe", folder).p;
    struct str text = {NULL, 0};
    struct error err;

    assert_false(file_read(&arena, path, 4, &text, NULL, &err));
    assert_int_equal(err.code, ERR_STARTUP);
    assert_string_equal(err.argument, arena_printf(&arena, "%s: not a file, or too large", path).p);
    assert_false(file_read(&arena, folder, 1000, &text, NULL, &err));
    assert_false(file_read(&arena, "/no/such/file", 1000, &text, NULL, &err));
    assert_string_equal(err.argument, "/no/such/file: No such file or directory");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_false(file_read(&arena, pipe, 1000, &text, NULL, &err)); /* and does not wait for a writer */
    assert_null(text.p);
    unlink(pipe);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(file_read_gives_all_bytes_and_the_mode),
        cmocka_unit_test(file_read_takes_an_empty_file),
        cmocka_unit_test(file_read_refuses_what_is_too_large_or_not_a_file),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
