/* log_test.c: a line is one JSON object and one write, whatever is in the texts. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/log.c"

#include "base/value.h"

#include <fcntl.h>
#include <regex.h>

static struct arena arena;
static int saved_stderr, reader;

static int setup(void **state)
{
    (void)state;
    int ends[2];
    /* packets: each write is read by itself */
    if (!arena_init(&arena, 16 << 20) || pipe2(ends, O_DIRECT | O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    saved_stderr = dup(STDERR_FILENO);
    reader = ends[0];
    return dup2(ends[1], STDERR_FILENO) < 0 || close(ends[1]) != 0;
}

static int teardown(void **state)
{
    (void)state;
    dup2(saved_stderr, STDERR_FILENO);
    close(saved_stderr);
    close(reader);
    arena_done(&arena);
    return 0;
}

/* The one line that was written, as JSON. */
static const struct value *line(void)
{
    char text[8192], more[10];
    const struct value *value = NULL;
    struct error err;

    ssize_t n = read(reader, text, sizeof text);
    assert_in_range(n, 2, 4096);
    assert_int_equal(read(reader, more, sizeof more), -1); /* one write */
    assert_int_equal(text[n - 1], '\n');
    assert_null(memchr(text, '\n', (size_t)n - 1));
    assert_null(memchr(text, '\r', (size_t)n));
    if (!value_parse(&arena, (struct str){text, (size_t)n}, 2, &value, &err))
        fail_msg("%s: %.*s", err.argument, (int)n, text);
    return value;
}

static const char *text_of(const struct value *value, const char *name)
{
    return value_string(value_get(value, str_of(name))).p;
}

static void log_event_tells_when_what_and_how_bad(void **state)
{
    (void)state;
    regex_t time;

    log_event("info", "listening", "on %s:%d", "127.0.0.1", 8080);
    const struct value *value = line();
    assert_int_equal(regcomp(&time, "^20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3}Z$",
                             REG_EXTENDED), 0);
    assert_int_equal(regexec(&time, text_of(value, "time"), 0, NULL, 0), 0);
    regfree(&time);
    assert_string_equal(text_of(value, "level"), "info");
    assert_string_equal(text_of(value, "event"), "listening");
    assert_string_equal(text_of(value, "text"), "on 127.0.0.1:8080");
}

static void log_keeps_errno(void **state)
{
    (void)state;
    errno = ENOENT;
    log_event("info", "x", "y");
    assert_int_equal(errno, ENOENT);
    line();
}

static void log_lines_cannot_be_forged(void **state)
{
    (void)state;
    log_event("info", "x", "%s", "a\r\n{\"level\":\"error\"}\n\"\\\x01");
    assert_string_equal(text_of(line(), "text"), "a\r\n{\"level\":\"error\"}\n\"\\\x01");
}

static void log_replaces_what_is_not_utf8(void **state)
{
    (void)state;
    log_event("info", "x", "%s", "ñ\xff\xc3(\xed\xa0\x80😀\xe2\x82");
    assert_string_equal(text_of(line(), "text"), "ñ\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd😀\xef\xbf\xbd\xef\xbf\xbd");
}

static void log_request_tells_what_there_is(void **state)
{
    (void)state;
    const struct log_request request = {
        .method = STR("GET"), .route = STR("/v1/organizations/{id}"), .operation = STR("getOrganization"),
        .role = STR("public"), .trace_id = STR("abc"), .status = 200, .duration_us = 1234567, .db_us = 45,
        .request_bytes = 0, .response_bytes = 512,
    };

    log_request(&request);
    const struct value *value = line();
    assert_string_equal(text_of(value, "event"), "request");
    assert_string_equal(text_of(value, "level"), "info");
    assert_string_equal(text_of(value, "route"), "/v1/organizations/{id}");
    assert_string_equal(text_of(value, "operation"), "getOrganization");
    assert_true(value_get(value, STR("duration_ms"))->real >= 1234.567 && value_get(value, STR("duration_ms"))->real <= 1234.567);
    assert_string_equal(value_text(&arena, value_get(value, STR("db_ms"))).p, "0.045");
    assert_int_equal(value_get(value, STR("status"))->integer, 200);
    assert_int_equal(value_get(value, STR("response_bytes"))->integer, 512);
    assert_null(value_get(value, STR("error")));
    assert_null(value_get(value, STR("reason")));
}

static void log_request_of_a_fault_is_an_error(void **state)
{
    (void)state;
    const struct log_request request = {.status = 503, .error = STR("database-timeout"), .reason = STR("deadline")};

    log_request(&request);
    const struct value *value = line();
    assert_string_equal(text_of(value, "level"), "error");
    assert_string_equal(text_of(value, "error"), "database-timeout");
    assert_string_equal(text_of(value, "reason"), "deadline");
}

/* However long and full of escapes: at most 4096 bytes, still JSON, characters whole. */
static void log_lines_stay_within_one_atomic_write(void **state)
{
    (void)state;
    static const char *const fillers[] = {"x", "\n", "\x01", "😀", "ñ", "\xff", "\xe2\x80\xa8"};
    char text[9000];

    for (size_t i = 0; i < sizeof fillers / sizeof fillers[0]; i++) {
        size_t n = 0, step = strlen(fillers[i]);
        for (; n + step < sizeof text; n += step)
            memcpy(text + n, fillers[i], step);
        text[n] = '\0';
        const struct str s = {text, n};
        const struct log_request request = {s, s, s, s, s, s, s, 599, INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
        log_request(&request);
        const struct value *value = line();
        assert_true(value_string(value_get(value, STR("reason"))).n > 30);
        log_event("info", "x", "%s", text);
        assert_true(value_string(value_get(line(), STR("text"))).n > 200);
    }
}

#define WITH_LOG(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_LOG(log_event_tells_when_what_and_how_bad),
        WITH_LOG(log_keeps_errno),
        WITH_LOG(log_lines_cannot_be_forged),
        WITH_LOG(log_replaces_what_is_not_utf8),
        WITH_LOG(log_request_tells_what_there_is),
        WITH_LOG(log_request_of_a_fault_is_an_error),
        WITH_LOG(log_lines_stay_within_one_atomic_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
