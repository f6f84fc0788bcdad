/* head_test.c: which heads pass, and when those that do not are refused. Each is read whole, and again as it comes byte by byte. */
#include "api/http/head.c"
#include "tests/unit/http/head_outcome.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

static struct outcome whole, part;
static struct request request;

static void assert_same(struct str text, size_t step)
{
    outcome_read(text, step, &part);
    if (!outcome_same(&whole, &part))
        fail_msg("in steps of %zu another outcome (%d %s, not %d %s): %.*s", step, (int)part.err.code, part.err.argument, (int)whole.err.code,
                 whole.err.argument, STR_ARG(text));
}

static enum error_code check_bytes(struct str text)
{
    outcome_read(text, text.n, &whole);
    request = whole.request;
    request.headers.v = request.list;
    for (size_t step = 1; step <= text.n / 2 + 1; step += 1 + text.n / 100)
        assert_same(text, step);
    return whole.err.code;
}

static enum error_code check(const char *text)
{
    return check_bytes(str_of(text));
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

/* "\r\n\r\nGET ...": others take the empty lines for a head of 4 bytes, and the head for a body. */
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

/* After how many bytes a text is refused; 0 if it never is. */
static size_t refused_after(const char *bytes, size_t n)
{
    outcome_read((struct str){bytes, n}, 1, &part);
    assert_false(part.passed);
    return part.state == HEAD_REFUSED ? part.came : 0;
}

static void what_can_never_be_a_head_is_refused_at_once(void **state)
{
    static const struct {
        struct str bytes;
        size_t after;
        const char *reason;
    } rows[] = {
        {STR_INIT("\x16\x03\x01\x02\0\x01"), 1, "the method is no token"}, /* TLS */
        {STR_INIT("\x03\0\0\x13"), 1, "the method is no token"},           /* RDP */
        {STR_INIT("\0GET / HTTP/1.1\r\n"), 1, "the method is no token"},
        {STR_INIT("SSH-2.0-x\r\n"), 10, "the method is no token"},
        {STR_INIT("{\"a\":1}"), 1, "the method is no token"},
        {STR_INIT(" GET / HTTP/1.1\r\n"), 1, "the request line does not come first"},
        {STR_INIT("\nGET / HTTP/1.1\r\n"), 1, "the request line does not come first"},
        {STR_INIT("\rGET / HTTP/1.1\r\n"), 2, "the request line does not come first"},
        {STR_INIT("\r\n\r\nGET / HTTP/1.1\r\n"), 3, "the request line does not come first"},
        {STR_INIT("GET / HTTP/1.1\nHost: a\n\n"), 15, "a line does not end in CR LF"},
        {STR_INIT("GET / HTTP/1.1\rHost: a\r\r"), 16, "a line does not end in CR LF"},
        {STR_INIT("GET / HTTP/1.1\r\nHost: a\n"), 24, "a line does not end in CR LF"},
        {STR_INIT("GET / HTTP/1.1\r\nHost: a\r\n\n"), 26, "a line does not end in CR LF"},
        {STR_INIT("GET /\0 HTTP/1.1\r\n"), 6, "a control character in the request line"},
        {STR_INIT("GET / HTTP/1.1\r\nX: \x01"), 20, "a control character in a header field"},
        {STR_INIT("GET  HTTP/1.1\r\n"), 15, "the request line has other spaces than one between its parts"},
        {STR_INIT("GET /\r\n"), 7, "only HTTP/1.1 and HTTP/1.0 are spoken here"}, /* HTTP/0.9 */
        {STR_INIT("EHLO example.org\r\n"), 18, "only HTTP/1.1 and HTTP/1.0 are spoken here"},
        {STR_INIT("PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n"), 34, "the request line has other spaces than one between its parts"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(refused_after(rows[i].bytes.p, rows[i].bytes.n), rows[i].after);
        assert_int_equal(part.err.code, ERR_MALFORMED);
        assert_string_equal(part.err.argument, rows[i].reason);
        assert_int_equal(check_bytes(rows[i].bytes), ERR_MALFORMED);
    }
    assert_int_equal(check("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), ERR_MALFORMED);
    assert_string_equal(whole.err.argument, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    assert_int_equal(whole.state, HEAD_WHOLE);
}

static void a_head_that_goes_on_waits_for_the_rest(void **state)
{
    static const char text[] = "\r\nGET /a?b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
    struct head head = {0};
    (void)state;
    for (size_t n = 0; n < sizeof text - 1; n++) {
        assert_int_equal(head_scan(&head, (struct str){n ? text : NULL, n}), HEAD_UNFINISHED);
        assert_false(head_read(&head, (struct str){text, n}, &request, &whole.err));
        assert_int_equal(whole.err.code, ERR_MALFORMED);
        assert_int_equal(n <= head.begins, n == 0 || n == 2);
    }
    for (size_t n = sizeof text - 1; n < sizeof text + 1; n++) {
        assert_int_equal(head_scan(&head, (struct str){text, n}), HEAD_WHOLE);
        assert_int_equal(head.n, sizeof text - 1);
    }
}

static void what_stands_behind_a_head_is_left(void **state)
{
    static const char first[] = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n", rest[] = "\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n{}\n\0";
    char text[sizeof first + sizeof rest];
    (void)state;
    snprintf(text, sizeof text, "%s%s", first, rest);
    assert_int_equal(check(text), ERR_NONE);
    assert_int_equal(whole.n, sizeof first - 1);
    assert_int_equal(check(text + whole.n), ERR_NONE);
    assert_true(str_eq(request.path, STR("/2")));
    assert_int_equal(whole.n, strlen(rest) - strlen("{}\n"));
}

static void a_refused_head_tells_what_could_be_read(void **state)
{
    (void)state;
    assert_int_equal(check("POST /v1/x?y HTTP/1.1\r\nAccept-Language: es\r\nOrigin: https://a\r\nX: \x01\r\n"), ERR_MALFORMED);
    assert_true(str_eq(request.method, STR("POST")) && str_eq(request.path, STR("/v1/x")) && str_eq(request.query, STR("y")));
    assert_true(str_eq(headers_get(request.headers, STR("Accept-Language")), STR("es")));
    assert_true(str_eq(headers_get(request.headers, STR("Origin")), STR("https://a")));
    assert_int_equal(check("GET /v1/x HTTP/3.0\r\nnonsense\r\nAccept-Language: es\r\n\r\n"), ERR_MALFORMED);
    assert_true(str_eq(headers_get(request.headers, STR("Accept-Language")), STR("es")));
    assert_int_equal(request.headers.n, 1);
    assert_int_equal(check("G(T / HTTP/1.1\r\nHost: a\r\n\r\n"), ERR_MALFORMED);
    assert_true(!request.method.p && !request.path.p && request.headers.n == 0);
}

/* A text of `before`, so many letters, and `after`; lives until the next. */
static struct str stretched(const char *before, size_t letters, const char *after)
{
    static char text[200000];
    size_t n = strlen(before);
    memcpy(text, before, n);
    memset(text + n, 'y', letters);
    snprintf(text + n + letters, sizeof text - n - letters, "%s", after);
    return str_of(text);
}

static void what_is_too_large_is_told_as_what_it_is(void **state)
{
    static const struct {
        const char *before, *after;
        size_t most; /* letters that pass; more are refused */
        enum error_code code;
    } rows[] = {
        {"GET /", " HTTP/1.1\r\nHost: a\r\n\r\n", TARGET_BYTES_MAX - 1, ERR_URI_TOO_LONG},
        {"GET /?", " HTTP/1.1\r\nHost: a\r\n\r\n", TARGET_BYTES_MAX - 2, ERR_URI_TOO_LONG},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: ", "\r\n\r\n", HEAD_BYTES_MAX - 28, ERR_HEADERS_TOO_LARGE},
        {"\r\nGET / HTTP/1.1\r\nHost: a\r\nX: ", "\r\n\r\n", HEAD_BYTES_MAX - 28, ERR_HEADERS_TOO_LARGE},
        {"", " / HTTP/1.1\r\nHost: a\r\n\r\n", HEAD_BYTES_MAX - 20, ERR_HEADERS_TOO_LARGE},
        {"GET / HTTP/1.1\r\nHost: a\r\n", ": y\r\n\r\n", HEAD_BYTES_MAX - 28, ERR_HEADERS_TOO_LARGE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(check_bytes(stretched(rows[i].before, rows[i].most, rows[i].after)), ERR_NONE);
        for (size_t letters = rows[i].most + 1; letters < 150000; letters = letters * 3 / 2)
            assert_int_equal(check_bytes(stretched(rows[i].before, letters, rows[i].after)), rows[i].code);
        assert_int_equal(check_bytes(stretched(rows[i].before, 100000, "")), rows[i].code);
    }
}

static void a_token_that_fills_a_head_is_a_bad_token(void **state)
{
    static const char before[] = "GET / HTTP/1.1\r\nHost: a\r\nauthorization:  ";
    (void)state;
    assert_int_equal(check_bytes(stretched(before, HEAD_BYTES_MAX - 100, "\r\n\r\n")), ERR_NONE);
    assert_int_equal(check_bytes(stretched(before, HEAD_BYTES_MAX, "\r\n\r\n")), ERR_HEADERS_TOO_LARGE);
    for (size_t letters = HEAD_BYTES_MAX + 1; letters < 150000; letters += 20000)
        assert_int_equal(check_bytes(stretched(before, letters, "\r\n\r\n")), ERR_TOKEN_INVALID);
    assert_int_equal(check_bytes(stretched(before, 100000, "")), ERR_TOKEN_INVALID);
    assert_int_equal(refused_after(stretched(before, 100000, "").p, 100000), HEAD_WAIT_BYTES);
}

static void every_byte_passes_only_where_it_may_stand(void **state)
{
    static const char alnum[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const struct {
        const char *before, *after, *allowed; /* beside letters and digits */
    } rows[] = {
        {"G", "T / HTTP/1.1\r\nHost: a\r\n\r\n", "!#$%&'*+-.^_`|~"},
        {"GET /a", "b HTTP/1.1\r\nHost: a\r\n\r\n", "!\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
        {"GET /?a", "b HTTP/1.1\r\nHost: a\r\n\r\n", "!\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~"},
        {"GET / HTTP/1.1\r\nHost: a", "b\r\n\r\n", "-._~"},
        {"GET / HTTP/1.1\r\nHost: [", ":]\r\n\r\n", ":."},
        {"GET / HTTP/1.1\r\nHost: a\r\nX", "Y: z\r\n\r\n", "!#$%&'*+-.^_`|~:"},
    };
    (void)state;
    for (int c = 0; c < 256; c++) {
        bool is_alnum_char = c && strchr(alnum, c);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            char text[64];
            int n = snprintf(text, sizeof text, "%s%c%s", rows[i].before, c, rows[i].after);
            bool allowed = is_alnum_char || (c && strchr(rows[i].allowed, c));
            if (check_bytes((struct str){text, (size_t)n}) != (allowed ? ERR_NONE : ERR_MALFORMED))
                fail_msg("byte %02x behind %s", (unsigned)c, rows[i].before);
        }
        char text[] = "GET / HTTP/1.1\r\nHost: a\r\nX: a?b\r\n\r\n";
        *strchr(text, '?') = (char)c;
        bool is_text = c == '\t' || (c >= ' ' && c != 0x7f);
        assert_int_equal(check_bytes((struct str){text, sizeof text - 1}), is_text ? ERR_NONE : ERR_MALFORMED);
    }
}

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

static void mutants_come_to_the_same_whole_and_in_parts(void **state)
{
    static const char seed_text[] = "POST /v1/x?a=1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 5\r\nX-Y: z\r\nConnection: keep-alive\r\n\r\n12345";
    static const char bytes[] = "\r\n \t:\0\x7f\xe4?/#%,;15aHX*[";
    uint32_t seed = 2463534242;
    size_t passed = 0;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        char text[sizeof seed_text - 1];
        memcpy(text, seed_text, sizeof text);
        for (uint32_t n = next_random(&seed) % 4; n > 0; n--)
            text[next_random(&seed) % sizeof text] = bytes[next_random(&seed) % (sizeof bytes - 1)];
        size_t at = next_random(&seed) % sizeof text; /* and something taken out */
        size_t cut = next_random(&seed) % 3 == 0 ? 1 : 0;
        memmove(text + at, text + at + cut, sizeof text - at - cut);
        struct str s = {text, sizeof text - cut};
        outcome_read(s, s.n, &whole);
        assert_same(s, 1);
        assert_same(s, 1 + next_random(&seed) % s.n);
        passed += whole.passed;
    }
    assert_in_range(passed, 2000, 18000);
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
        cmocka_unit_test(what_can_never_be_a_head_is_refused_at_once),
        cmocka_unit_test(a_head_that_goes_on_waits_for_the_rest),
        cmocka_unit_test(what_stands_behind_a_head_is_left),
        cmocka_unit_test(a_refused_head_tells_what_could_be_read),
        cmocka_unit_test(what_is_too_large_is_told_as_what_it_is),
        cmocka_unit_test(a_token_that_fills_a_head_is_a_bad_token),
        cmocka_unit_test(every_byte_passes_only_where_it_may_stand),
        cmocka_unit_test(mutants_come_to_the_same_whole_and_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
