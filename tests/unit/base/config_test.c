/* config_test.c: settings from the file and the environment, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/config.c"
#include "tests/unit/base/temp_file.h"

static bool load(struct str text, struct config *config, struct error *err)
{
    write_file(text);
    return config_load(&arena, path, config, err);
}

static void config_has_defaults_that_fit_their_own_ranges(void **state)
{
    (void)state;
    struct config config;
    struct error err;

    assert_true(config_load(&arena, NULL, &config, &err));
    assert_string_equal(config.listen.p, "127.0.0.1:8080");
    assert_string_equal(config.database.p, "");
    assert_string_equal(config.language.p, "es");
    assert_int_equal(config.threads, 2);
    assert_int_equal(config.body_max_bytes, 2097152);
}

static void config_file_sets_what_it_names(void **state)
{
    (void)state;
    struct config config;
    struct error err = {0};

    assert_true(load(STR("# comment\n\n  threads =  4\r\ndatabase = host=/run dbname=x password=a#b\n"
                         "\tlanguage\t=\ten\t\nbase_url =\nkeep_alive_ms=0"),
                     &config, &err));
    assert_int_equal(config.threads, 4);
    assert_string_equal(config.database.p, "host=/run dbname=x password=a#b"); /* = and # are the value's */
    assert_string_equal(config.language.p, "en");
    assert_int_equal(config.base_url.n, 0);
    assert_int_equal(config.keep_alive_ms, 0);
    assert_int_equal(config.in_flight_max, 32);
}

static void config_environment_wins_over_the_file(void **state)
{
    (void)state;
    struct config config;
    struct error err;

    setenv("CPWG_THREADS", "16", 1);
    setenv("CPWG_NO_SUCH_SETTING", "1", 1);
    assert_true(load(STR("threads = 8\nin_flight_max = 8\n"), &config, &err));
    assert_int_equal(config.threads, 16);
    assert_int_equal(config.in_flight_max, 8);
    setenv("CPWG_THREADS", "", 1);
    assert_false(load(STR(""), &config, &err));
    assert_string_equal(err.argument, "CPWG_THREADS: must be a whole number from 1 to 64");
    unsetenv("CPWG_THREADS");
    unsetenv("CPWG_NO_SUCH_SETTING");
}

static void config_refuses(void **state)
{
    (void)state;
    static const struct {
        struct str text;
        const char *reason; /* after the file's name */
    } rows[] = {
        {STR_INIT("thread = 4"), ":1: no such setting; `cpwg help` lists them"},
        {STR_INIT("Threads = 4"), ":1: no such setting; `cpwg help` lists them"},
        {STR_INIT(" = 4"), ":1: no such setting; `cpwg help` lists them"},
        {STR_INIT("#\n\nthreads 4"), ":3: not \"name = value\""},
        {STR_INIT("threads = 0"), ":1: threads: must be a whole number from 1 to 64"},
        {STR_INIT("threads = 65"), ":1: threads: must be a whole number from 1 to 64"},
        {STR_INIT("threads = 4294967300"), ":1: threads: must be a whole number from 1 to 64"},
        {STR_INIT("threads = 0x10"), ":1: threads: must be a whole number from 1 to 64"},
        {STR_INIT("threads = 010"), ":1: threads: must be a whole number from 1 to 64"},
        {STR_INIT("threads = 8 # eight"), ":1: threads: must be a whole number from 1 to 64"},
        {STR_INIT("threads = 8\nthreads = 8"), ":2: threads: is set twice"},
        {STR_INIT("issuer ="), ":1: issuer: must be a text of 1 to 255 bytes"},
        {STR_INIT("issuer = a\0b"), ":1: issuer: must be a text of 1 to 255 bytes"},
        {STR_INIT("language = eng"), ":1: language: must be a text of 2 to 2 bytes"},
    };
    struct config config = {.threads = 42};
    struct error err;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (load(rows[i].text, &config, &err))
            fail_msg("taken: %s", rows[i].text.p);
        assert_int_equal(err.code, ERR_STARTUP);
        assert_int_equal(strncmp(err.argument, path, strlen(path)), 0);
        assert_string_equal(err.argument + strlen(path), rows[i].reason);
    }
    assert_false(load(STR("language = de"), &config, &err));
    assert_string_equal(err.argument, "language: must be es or en");
    assert_int_equal(config.threads, 42); /* written on success only */
}

static void config_never_repeats_a_refused_value(void **state)
{
    (void)state;
    struct config config;
    struct error err;

    setenv("CPWG_THREADS", "hunter2", 1);
    assert_false(config_load(&arena, NULL, &config, &err));
    assert_null(strstr(err.argument, "hunter2"));
    unsetenv("CPWG_THREADS");
}

static void config_names_a_file_that_cannot_be_read(void **state)
{
    (void)state;
    struct config config;
    struct error err;
    static char large[FILE_BYTES_MAX + 1];

    assert_false(config_load(&arena, "/no/such/file", &config, &err));
    assert_string_equal(err.argument, "/no/such/file: No such file or directory");
    assert_false(config_load(&arena, "/tmp", &config, &err));
    assert_string_equal(err.argument, "/tmp: not a file, or too large");
    memset(large, '\n', sizeof large);
    assert_false(load((struct str){large, sizeof large}, &config, &err));
}

static void config_shows_every_setting(void **state)
{
    (void)state;
    static void (*const shows[])(void *) = {config_help, config_markdown};

    for (size_t i = 0; i < sizeof shows / sizeof shows[0]; i++) {
        char *text;
        size_t n, lines = 0;
        FILE *stream = open_memstream(&text, &n);
        assert_non_null(stream);
        shows[i](stream);
        assert_int_equal(fclose(stream), 0);
        assert_non_null(text);
        for (size_t at = 0; at < n; at++)
            lines += text[at] == '\n';
        assert_int_equal(lines, SETTINGS + (i == 1 ? 2 : 0));
        assert_non_null(strstr(text, "CPWG_BODY_MAX_BYTES"));
        assert_non_null(strstr(text, "1024 to 16777216"));
        assert_non_null(strstr(text, "largest request body"));
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_has_defaults_that_fit_their_own_ranges),
        cmocka_unit_test(config_file_sets_what_it_names),
        cmocka_unit_test(config_environment_wins_over_the_file),
        cmocka_unit_test(config_refuses),
        cmocka_unit_test(config_never_repeats_a_refused_value),
        cmocka_unit_test(config_names_a_file_that_cannot_be_read),
        cmocka_unit_test(config_shows_every_setting),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
