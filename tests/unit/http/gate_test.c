/* gate_test.c: which heads the gate lets pass. Heads are cut as civetweb 1.15 cuts them: in place, dropping what it drops. */
#include "api/http/gate.c"
#include "tests/unit/http/raw_head.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static struct request request;
static struct error err;

static enum error_code check(const char *text)
{
    struct raw_head raw;
    err = (struct error){0};
    if (!raw_head_cut(text, &raw))
        return ERR_MALFORMED;
    return gate_check(&raw, &request, &err) ? ERR_NONE : err.code;
}

/* A GET with these lines after Host. */
static enum error_code check_with(const char *lines)
{
    char text[32768];
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\n%s\r\n", lines);
    return check(text);
}

static void plain_requests_pass(void **state)
{
    (void)state;
    assert_int_equal(check("GET /v1/x?a=1&b=%20 HTTP/1.1\r\nHost: localhost:8080\r\nAccept:  text/csv \r\nX-Empty:\r\n\r\n"), ERR_NONE);
    assert_true(str_eq(request.method, STR("GET")) && str_eq(request.path, STR("/v1/x")) && str_eq(request.query, STR("a=1&b=%20")));
    assert_true(str_eq(headers_get(request.headers, STR("accept")), STR("text/csv")));
    assert_true(request.keep_alive && !request_has_body(&request) && request.minor == 1);
    assert_int_equal(check("GET / HTTP/1.0\r\nHost: a\r\n\r\n"), ERR_NONE);
    assert_false(request.keep_alive);
    assert_int_equal(check("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), ERR_NONE);
}

static void bodies_are_announced_once(void **state)
{
    (void)state;
    assert_int_equal(check_with("Content-Length: 5\r\n"), ERR_NONE);
    assert_int_equal(request.content_length, 5);
    assert_int_equal(check_with("Transfer-Encoding: Chunked\r\n"), ERR_NONE);
    assert_true(request.chunked);
    assert_int_equal(check_with("Content-Length: 99999999999999999999\r\n"), ERR_NONE);
    assert_true(request.content_length == INT64_MAX);
}

static void doubtful_bodies_are_refused(void **state)
{
    static const char *const lines[] = {
        "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\ncontent-length: 6\r\n", "Content-Length: +5\r\n",
        "Content-Length: -5\r\n", "Content-Length: 0x10\r\n", "Content-Length: 5, 5\r\n", "Content-Length:\r\n", "Content-Length: 5 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding:\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (check_with(lines[i]) != ERR_MALFORMED)
            fail_msg("passed: %s", lines[i]);
    assert_int_equal(check("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), ERR_MALFORMED);
}

static void there_is_one_valid_host(void **state)
{
    static const char *const good[] = {"a", "localhost:8080", "api.example.org", "127.0.0.1:1", "[::1]:80", "[fe80::1]", "a_b-c"};
    static const char *const bad[] = {"",      "a b", "a:", "a:123456", "a:8x", "a/b", "user@a", "[]", "[::1", "[::1]x", ":80",
                                      "a,b",   "a\"", "[g%]", "a:-1"};
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", good[i]);
        if (check(text) != ERR_NONE)
            fail_msg("refused: %s", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", bad[i]);
        if (check(text) != ERR_MALFORMED)
            fail_msg("passed: %s", bad[i]);
    }
    assert_int_equal(check("GET / HTTP/1.1\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("Host: a\r\n"), ERR_MALFORMED);
}

static void lines_end_in_crlf_and_stand_alone(void **state)
{
    (void)state;
    assert_int_equal(check("GET / HTTP/1.1\nHost: a\n\n"), ERR_MALFORMED);
    assert_int_equal(check("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check("GET / HTTP/1.1\r\nHost: a\r\nX: y\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("X: y\r\n folded: 1\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("X : y\r\n"), ERR_MALFORMED);
    assert_int_equal(check("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("X(y): z\r\n"), ERR_MALFORMED);
    assert_int_equal(check("GET / HTTP/1.1\n\rHost: a\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check("GET / HTTP/1.1\r\rHost: a\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check("GET / HTTP/1.1\r Host: a\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check("GET / HTTP/1.1\n Host: a\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("X: a\x01z\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("X: a\x7f\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("X: a\tz \xc3\xa4\r\n"), ERR_NONE);
    assert_int_equal(check_with("\xc3\xa4: z\r\nContent-Length: 5\r\n"), ERR_MALFORMED);
}

static void request_lines_are_strict(void **state)
{
    static const char *const lines[] = {
        "GET  / HTTP/1.1",  "GET /  HTTP/1.1",      "GET http://a/ HTTP/1.1", "GET * HTTP/1.1",     "GET /\xc3\xa4 HTTP/1.1", "GET /a#b HTTP/1.1",
        "GET /%00 HTTP/1.1", "GET /a%00b HTTP/1.1", "G(T / HTTP/1.1",         "GET / HTTP/2.0",     "GET / HTTP/1.11",        "GET a HTTP/1.1",
        "GET /?\x7f HTTP/1.1", "GET\r/ HTTP/1.1", "GET /\rHTTP/1.1", "GET /\nHTTP/1.1",
    };
    char text[256];
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        snprintf(text, sizeof text, "%s\r\nHost: a\r\n\r\n", lines[i]);
        if (check(text) != ERR_MALFORMED)
            fail_msg("passed: %s", lines[i]);
    }
    assert_int_equal(check("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), ERR_NONE);
}

/* "\r\n\r\nGET ...": civetweb takes the empty lines for a head of 4 bytes, and the head for a body. */
static void empty_lines_before_the_request_line_are_refused(void **state)
{
    (void)state;
    assert_int_equal(check("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check("\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), ERR_MALFORMED);
    assert_int_equal(check("  GET / HTTP/1.1\r\nHost: a\r\n\r\n"), ERR_MALFORMED);
}

static void heads_are_bounded(void **state)
{
    static char text[40000], lines[20000];
    size_t n = 0;
    (void)state;
    for (int i = 0; i < HEADERS_MAX - 1; i++)
        n += (size_t)snprintf(lines + n, sizeof lines - n, "X-%d: y\r\n", i);
    assert_int_equal(check_with(lines), ERR_NONE);
    snprintf(lines + n, sizeof lines - n, "X-Last: y\r\n");
    assert_int_equal(check_with(lines), ERR_HEADERS_TOO_LARGE);
    snprintf(text, sizeof text, "GET / HTTP/1.1\r\nHost: a\r\nX: %017000d\r\n\r\n", 0);
    assert_int_equal(check(text), ERR_HEADERS_TOO_LARGE);
    snprintf(text, sizeof text, "GET /%08191d HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    assert_int_equal(check(text), ERR_NONE);
    snprintf(text, sizeof text, "GET /%08192d HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    assert_int_equal(check(text), ERR_URI_TOO_LONG);
    snprintf(text, sizeof text, "GET /%030000d HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    assert_int_equal(check(text), ERR_URI_TOO_LONG);
}

static void what_can_be_one_thing_only_comes_once(void **state)
{
    (void)state;
    assert_int_equal(check_with("Authorization: Bearer a\r\nAuthorization: Bearer b\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("Case-Key: a\r\nCASE-KEY: b\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("Content-Type: a/b\r\nContent-Type: c/d\r\n"), ERR_MALFORMED);
    assert_int_equal(check_with("Accept: a/b\r\nAccept: c/d\r\n"), ERR_NONE);
}

static void connections_are_kept_only_in_plain_words(void **state)
{
    (void)state;
    assert_int_equal(check_with("Connection: Keep-Alive\r\n"), ERR_NONE);
    assert_true(request.keep_alive);
    check_with("Connection: close\r\n");
    assert_false(request.keep_alive);
    check_with("Connection: keep-alive, close\r\n");
    assert_false(request.keep_alive);
    check_with("Connection: keep-alive\r\nConnection: close\r\n");
    assert_false(request.keep_alive);
    check_with("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    assert_false(request.keep_alive);
}

static void expectations_other_than_continue_are_refused(void **state)
{
    (void)state;
    assert_int_equal(check_with("Expect: 100-Continue\r\n"), ERR_NONE);
    assert_true(request.expects_continue);
    assert_int_equal(check_with("Expect: something\r\n"), ERR_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_requests_pass),
        cmocka_unit_test(bodies_are_announced_once),
        cmocka_unit_test(doubtful_bodies_are_refused),
        cmocka_unit_test(there_is_one_valid_host),
        cmocka_unit_test(lines_end_in_crlf_and_stand_alone),
        cmocka_unit_test(request_lines_are_strict),
        cmocka_unit_test(empty_lines_before_the_request_line_are_refused),
        cmocka_unit_test(heads_are_bounded),
        cmocka_unit_test(what_can_be_one_thing_only_comes_once),
        cmocka_unit_test(connections_are_kept_only_in_plain_words),
        cmocka_unit_test(expectations_other_than_continue_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
