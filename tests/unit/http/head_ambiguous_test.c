/* head_ambiguous_test.c: the heads that two servers could read in two ways, of tests/http/ambiguous.mjs, and those that look so. */
#include "api/http/head.c"
#include "tests/unit/http/head_outcome.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#define POST "POST / HTTP/1.1\r\nHost: a\r\n"
#define GET "GET / HTTP/1.1\r\nHost: a\r\n"
#define NEXT "GET / HTTP/1.1\r\nHost: smuggled\r\n\r\n"

/* The code that a text's head comes to, whole and in steps of any size. */
static enum error_code check(struct str text)
{
    static struct outcome whole, part;

    outcome_read(text, text.n, &whole);
    for (size_t step = 1; step < text.n; step++) {
        outcome_read(text, step, &part);
        if (!outcome_same(&whole, &part))
            fail_msg("in steps of %zu another outcome: %.*s", step, STR_ARG(text));
    }
    assert_int_not_equal(whole.state, HEAD_UNFINISHED);
    assert_int_equal(whole.passed, whole.err.code == ERR_NONE);
    return whole.err.code;
}

static const struct str ambiguous[] = {
    STR_INIT(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\r\nContent-Length: 49\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 0\r\nContent-Length: 49\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 0, 5\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: +0\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: -1\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 0x0\r\n\r\n" NEXT), STR_INIT(POST "Content-Length:\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length : 5\r\n\r\n" NEXT), STR_INIT(POST "X: y\r\n Content-Length: 5\r\n\r\n" NEXT),
    STR_INIT("POST / HTTP/1.1\r\n Host: a\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "X\303\244: y\r\nContent-Length: 5\r\n\r\n" NEXT), STR_INIT(POST "\303\244: y\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "X(y): z\r\n\r\n" NEXT), STR_INIT(POST "nonsense\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\nHost: a\n\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a\nX: y\r\n\r\n" NEXT), STR_INIT(GET "X: y\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\n\rHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\rHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies HTTP/1.1\r Host: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\n Host: a\r\n\r\n" NEXT), STR_INIT(GET "X: a\001b\r\n\r\n" NEXT),
    STR_INIT(GET "X: a\177b\r\n\r\n" NEXT), STR_INIT(GET "X: a\rb\r\n\r\n" NEXT), STR_INIT(GET "X: a\000b\r\n\r\n" NEXT),
    STR_INIT(GET "X:\ty\001\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies HTTP/1.1\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nAccept: */*\r\n\r\n" NEXT), STR_INIT(GET "Host: b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost:\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a/b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: u@a\r\n\r\n" NEXT),
    STR_INIT("GET http://a/v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET * HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET v1 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/a%00b HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies#x HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/\303\244 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/\001 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET  /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies  HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1 \r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/2.0\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.10\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies http/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("G(T / HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("\r\n\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 49\r\n\r\n" NEXT), STR_INIT("\n\n" NEXT), STR_INIT("  " NEXT),
    STR_INIT("\000" NEXT),
    STR_INIT("\026\003\001\002\000\001\000\001\374\003\003\000\000\000\000"),
    STR_INIT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), STR_INIT(GET "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n" NEXT),
    STR_INIT(POST "Expect: more\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT("CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT(POST "Content-Length:\r\n 5\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding:\r\n\tchunked\r\n\r\n0\r\n\r\n" NEXT), STR_INIT(POST "X: y\r\n\tContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT("GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n" NEXT), STR_INIT("GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n" NEXT),
    STR_INIT(POST "X: y\rContent-Length: 5\r\n\r\n" NEXT), STR_INIT("GET / HTTP/1.1\rHost: a\r\n\r\n" NEXT),
    STR_INIT("GET / HTTP/1.1\rHost: a\r\r" NEXT), STR_INIT(POST "X: y\r\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "X: y\n\rContent-Length: 5\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 5\n\n" NEXT),
    STR_INIT(POST "Content-Length: 5\r\n\n" NEXT), STR_INIT(POST "Content-Length: 5\n\r\n" NEXT),
    STR_INIT(POST "X: y\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "X: y\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT), STR_INIT(GET "X: a\000\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5\000\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies\000 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\000\r\nHost: a\r\n\r\n" NEXT), STR_INIT(GET "\000\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length\t: 5\r\n\r\n" NEXT), STR_INIT(POST "Content-Length\013: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length\240: 5\r\n\r\n" NEXT), STR_INIT(POST "\240Content-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length\000: 5\r\n\r\n" NEXT), STR_INIT(POST "\000Content-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Content Length: 5\r\n\r\n" NEXT), STR_INIT(POST "Content-Length:: 5\r\n\r\n" NEXT),
    STR_INIT(POST "\"Content-Length\": 5\r\n\r\n" NEXT), STR_INIT(POST "Content-L\351ngth: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding : 5\r\n\r\n" NEXT), STR_INIT(POST "Transfer-Encoding\t: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Host : 5\r\n\r\n" NEXT), STR_INIT(POST "\177: 5\r\n\r\n" NEXT), STR_INIT(POST "a@b: 5\r\n\r\n" NEXT),
    STR_INIT(POST "a/b: 5\r\n\r\n" NEXT), STR_INIT(POST "a{b}: 5\r\n\r\n" NEXT), STR_INIT(POST ": 5\r\n\r\n" NEXT),
    STR_INIT(POST ":\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 5 5\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5, 5\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 0,0\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5,\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: ,5\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5;a=b\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: \"5\"\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5.0\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 5e0\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: -0\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 5b\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 1_0\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 0x5\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: \331\245\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: \0135\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5\013\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: 5\014\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: \2405\r\n\r\n" NEXT), STR_INIT(POST "Content-Length: five\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length:   \r\n\r\n" NEXT), STR_INIT(POST "Content-Length: -18446744073709551611\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5\r\nContent-Length:\r\n\r\n" NEXT),
    STR_INIT(POST "Content-Length: 5\r\nX: y\r\ncontent-length: 5\r\nCONTENT-LENGTH: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked,\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\013\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: \013chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\014\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked;\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chun ked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\000\r\n\r\n0\r\n\r\n" NEXT), STR_INIT(POST "Transfer-Encoding:\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: trailers\r\n\r\n0\r\n\r\n" NEXT), STR_INIT(POST "Transfer-Encoding: cow\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked-x\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\240\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\r\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: chunked\r\nContent-Length:\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT(POST "Transfer-Encoding: xchunked\r\nContent-Length: 0\r\n\r\n" NEXT),
    STR_INIT("POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT("POST /v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Length: 54\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" NEXT),
    STR_INIT("POST /v1/organizations HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n31\r\nGET /v1/vocabularies HTTP/1.1\r\nHost: smuggled\r\n\r\n\r\n0\r\n\r\n"),
    STR_INIT("GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET https://a/v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET http://b/v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET http://u:p@a/v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET ?a=b HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET \\v1\\plan HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET #x HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies?limit=1#x HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies x HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET\t/v1/vocabularies\tHTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies\177 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies%00 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a:b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a:\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a:999999\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a:80:80\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a:-1\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a:+80\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a:80a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a,b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a, a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a\tb\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: [::1\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: [::1]x\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: [::1]:\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: ::1\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a?b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a#b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a\\b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: u:p@a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: @a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: %61\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a%00\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: \344\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: http://a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: a;b\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: \"a\"\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n" NEXT),
    STR_INIT(GET "HOST: a\r\n\r\n" NEXT), STR_INIT(GET "Host: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies HTTP/1.0\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/0.9\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.2\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies HTTP/3\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies HTTP/1.\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/01.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.01\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/ 1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/-1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1x\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1,1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTPS/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies Http/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies ICY/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies HTTP/1.1\t\r\nHost: a\r\n\r\n" NEXT), STR_INIT("GET /v1/vocabularies\r\n" NEXT),
    STR_INIT("GET /v1/vocabularies\r\n\r\n" NEXT), STR_INIT("GET HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("HTTP/1.1\r\nHost: a\r\n\r\n" NEXT), STR_INIT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" NEXT),
    STR_INIT("G\000ET /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("G\303\211T /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("\tGET /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("\rGET /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("\r\n GET /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("\r\n\r\n\r\nGET /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT(POST "Expect: 100-continue, 100-continue\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Expect: 100-continue;a=b\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Expect: \"100-continue\"\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Expect: 200-ok\r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Expect: 100-continu\r\nContent-Length: 5\r\n\r\n" NEXT), STR_INIT(POST "Expect: \r\nContent-Length: 5\r\n\r\n" NEXT),
    STR_INIT(POST "Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n" NEXT),
};

static void ambiguous_heads_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ambiguous / sizeof ambiguous[0]; i++)
        if (check(ambiguous[i]) != ERR_MALFORMED)
            fail_msg("passed: %.*s", STR_ARG(ambiguous[i]));
}

static const struct str plain[] = {
    STR_INIT(GET "Content-Length: 49\r\n\r\n" NEXT),
    STR_INIT(GET "Transfer-Encoding: chunked\r\n\r\n31\r\nGET /v1/vocabularies HTTP/1.1\r\nHost: smuggled\r\n\r\n\r\n0\r\n\r\n"),
    STR_INIT("BREW /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("get /v1/vocabularies HTTP/1.1\r\nHost: a\r\n\r\n" NEXT),
    STR_INIT("POST /v1/organizations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\nContent-Length: 18446744073709551621\r\n\r\n" NEXT),
    STR_INIT(GET "Content-Length: 000\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET //v1/vocabularies HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1//plan HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/x/../plan HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/%2e%2e/v1/plan HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/./plan HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1%2fplan HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/plan/1%2f1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/plan/1%0d%0aX:y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1\\plan HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/plan;x=y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/plan/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/vocabularies?\?? HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/vocabularies? HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT("GET /v1/vocabularies?limit=% HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    STR_INIT(GET "X: \344\377\r\nConnection: close\r\n\r\n"),
    STR_INIT(GET "Content_Length: 5\r\nTransfer_Encoding: chunked\r\nConnection: close\r\n\r\n"),
    STR_INIT(GET "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n" NEXT),
    STR_INIT(GET "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n\r\n" NEXT),
    STR_INIT(GET "Connection: close, Host, Content-Length, Authorization\r\n\r\n"),
    STR_INIT(GET "X-Original-URL: /v1/me\r\nX-Rewrite-URL: /v1/me\r\nX-HTTP-Method-Override: DELETE\r\nX-Forwarded-Host: b\r\nForwarded: host=b\r\nConnection: close\r\n\r\n"),
    STR_INIT("POST /v1/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 49\r\n\r\n" NEXT),
    STR_INIT("POST /v1/vocabularies HTTP/1.1\r\nHost: a\r\nContent-Length: 49\r\n\r\n" NEXT),
    STR_INIT("POST /v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 49\r\n\r\n" NEXT),
    STR_INIT("POST /v1/nothing HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n31\r\nGET /v1/vocabularies HTTP/1.1\r\nHost: smuggled\r\n\r\n\r\n0\r\n\r\n"),
    STR_INIT("DELETE /v1/vocabularies HTTP/1.1\r\nHost: a\r\nContent-Length: 49\r\n\r\n" NEXT),
    STR_INIT("HEAD /v1/vocabularies HTTP/1.1\r\nHost: a\r\nContent-Length: 49\r\n\r\n" NEXT),
    STR_INIT("OPTIONS /v1/vocabularies HTTP/1.1\r\nHost: a\r\nContent-Length: 49\r\n\r\n" NEXT),
    STR_INIT("OPTIONS /v1/vocabularies HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n31\r\nGET /v1/vocabularies HTTP/1.1\r\nHost: smuggled\r\n\r\n\r\n0\r\n\r\n"),
    STR_INIT(GET "Expect: 100-continue\r\nConnection: close\r\n\r\n"),
};

static void heads_that_can_be_read_in_one_way_pass(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (check(plain[i]) != ERR_NONE)
            fail_msg("refused: %.*s", STR_ARG(plain[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ambiguous_heads_are_refused),
        cmocka_unit_test(heads_that_can_be_read_in_one_way_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
