/* response_test.c: heads as text, and what may not get into them. */
#include "api/http/response.c"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct buf out;

static void text_is(const char *expected)
{
    assert_true(str_eq(buf_str(&out), str_of(expected)));
    buf_clear(&out, 0);
}

static void a_value_never_becomes_a_line_of_its_own(void **state)
{
    (void)state;
    response_header(&out, STR("Location"), STR("/v1/x\r\nSet-Cookie: a=b"));
    response_header(&out, STR("Location"), STR("/v1/x\nX: y"));
    response_header(&out, STR("Location"), (struct str){"a\0b", 3});
    response_header(&out, STR("Location"), STR("a\x7f"));
    text_is("");
    response_header(&out, STR("Location"), STR("/v1/\xc3\xa9"));
    text_is("Location: /v1/\xc3\xa9\r\n");
}

static void heads_begin_with_status_and_date(void **state)
{
    (void)state;
    response_start(&out, 404);
    assert_true(str_starts(buf_str(&out), STR("HTTP/1.1 404 Not Found\r\nDate: ")));
    assert_true(str_ends(buf_str(&out), STR(" GMT\r\n")));
    assert_int_equal(out.n, strlen("HTTP/1.1 404 Not Found\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    buf_clear(&out, 0);
    response_start(&out, 299);
    assert_true(str_starts(buf_str(&out), STR("HTTP/1.1 299 \r\n")));
    buf_clear(&out, 0);
}

static void a_head_ends_with_the_length_or_without(void **state)
{
    (void)state;
    response_end(&out, 0);
    text_is("Content-Length: 0\r\n\r\n");
    response_end(&out, -1);
    text_is("\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_never_becomes_a_line_of_its_own),
        cmocka_unit_test(heads_begin_with_status_and_date),
        cmocka_unit_test(a_head_ends_with_the_length_or_without),
    };
    buf_init(&out, 4096);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_done(&out);
    return failed;
}
