/* chunked_test.c: which chunked bodies are read, and what of them. Each is read whole, and again as it comes in steps. */
#include "api/http/chunked.c"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include "chunked_outcome.h"

enum { DATA_MAX = 100 };

static void receive(struct str text, size_t step, struct outcome *ret)
{
    outcome_receive(text, step, DATA_MAX, ret);
    assert_true(ret->holds);
}

static struct outcome whole;

static enum chunked_state check(struct str text)
{
    static struct outcome part;

    receive(text, text.n, &whole);
    for (size_t step = 1; step < text.n; step++) {
        receive(text, step, &part);
        if (part.state != whole.state || part.n != whole.n || !str_eq(buf_str(&part.data), buf_str(&whole.data)))
            fail_msg("in steps of %zu another outcome: %.*s", step, STR_ARG(text));
    }
    return whole.state;
}

static void chunks_become_their_data(void **state)
{
    static const struct {
        struct str text, data;
    } rows[] = {
        {STR_INIT("2\r\n{}\r\n0\r\n\r\n"), STR_INIT("{}")},
        {STR_INIT("1\r\n{\r\n01\r\n}\r\n0\r\n\r\n"), STR_INIT("{}")},
        {STR_INIT("A\r\n{        }\r\n0\r\n\r\n"), STR_INIT("{        }")},
        {STR_INIT("0000000a\r\n{        }\r\n00000000\r\n\r\n"), STR_INIT("{        }")},
        {STR_INIT("4\r\n\r\n\r\n\r\n0\r\n\r\n"), STR_INIT("\r\n\r\n")},
        {STR_INIT("3\r\n\0\n\xff\r\n0\r\n\r\n"), STR_INIT("\0\n\xff")},
        {STR_INIT("0\r\n\r\n"), STR_INIT("")},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(check(rows[i].text), CHUNKED_DONE);
        assert_true(str_eq(buf_str(&whole.data), rows[i].data));
        assert_int_equal(whole.n, rows[i].text.n);
    }
}

static void what_stands_behind_a_body_is_left(void **state)
{
    (void)state;
    assert_int_equal(check(STR("2\r\n{}\r\n0\r\n\r\nGET / HTTP/1.1\r\n0\r\n\r\n")), CHUNKED_DONE);
    assert_int_equal(whole.n, strlen("2\r\n{}\r\n0\r\n\r\n"));
    assert_int_equal(whole.data.n, 2);
}

static void ambiguous_chunks_are_refused(void **state)
{
#define REST "\r\n{}\r\n0\r\n\r\n"
    static const struct str texts[] = {
        STR_INIT("5x" REST), STR_INIT("-2" REST), STR_INIT("+2" REST), STR_INIT("0x2" REST), STR_INIT("0_2" REST), STR_INIT("\"2\"" REST),
        STR_INIT("FFFFFFFFFFFFFFFFF" REST), STR_INIT("FFFFFFFFFFFFFFFF" REST), STR_INIT("100000002" REST), STR_INIT("000000002" REST), STR_INIT("" REST),
        STR_INIT("2\n{}\n0\n\n"), STR_INIT("2\r\n{}0\r\n\r\n"), STR_INIT("1" REST), STR_INIT("3" REST), STR_INIT("2;a=b" REST), STR_INIT("2;" REST),
        STR_INIT("2;a\n{}\r\n0\r\n\r\n"), STR_INIT("2;a=\"\r\n{}\r\n0\r\n\r\n\"\r\n{}\r\n0\r\n\r\n"), STR_INIT("2 " REST), STR_INIT(" 2" REST),
        STR_INIT("2\t" REST), STR_INIT("\xd9\xa2" REST), STR_INIT("2\0" REST), STR_INIT("\r\n2" REST), STR_INIT("2\r{}\r\n0\r\n\r\n"), STR_INIT("2\rx{}\r\n0\r\n\r\n"),
        STR_INIT("2\r" REST), STR_INIT("2\r\n{}\r\n0;a=b\r\n\r\n"), STR_INIT("2\r\n{}\n0\r\n\r\n"), STR_INIT("2\r\n{}\r0\r\n\r\n"),
        STR_INIT("2\r\n{}\r\n-0\r\n\r\n"), STR_INIT("2\r\n{}\r\n\r\n"), STR_INIT("2\r\n{}\r\n0\r\n\n"), STR_INIT("2\r\n{}\r\n0\r\n\r\r\n"),
        STR_INIT("2\r\n{}\r\n0\n\r\n"), STR_INIT("g" REST), STR_INIT("G" REST), STR_INIT("/" REST), STR_INIT(":" REST), STR_INIT("@" REST), STR_INIT("`" REST),
    };
#undef REST
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (check(texts[i]) != CHUNKED_MALFORMED)
            fail_msg("passed: %.*s", STR_ARG(texts[i]));
}

static void trailers_are_refused(void **state)
{
    static const struct str texts[] = {
        STR_INIT("0\r\nX: y\r\n\r\n"), STR_INIT("0\r\nContent-Length: 5\r\n\r\n"), STR_INIT("0\r\n\0: y\r\n\r\n"), STR_INIT("0\r\nnonsense\r\n\r\n"),
        STR_INIT("0\r\n X: y\r\n\r\n"), STR_INIT("0\r\n0\r\n\r\n"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(check(texts[i]), CHUNKED_MALFORMED);
        assert_int_equal(whole.n, strlen("0\r\n") + 1);
    }
}

static void a_body_without_its_end_waits(void **state)
{
    static const char text[] = "2\r\n{}\r\n0\r\n\r\n";
    (void)state;
    for (size_t n = 0; n < sizeof text - 1; n++) {
        assert_int_equal(check((struct str){text, n}), CHUNKED_MORE);
        assert_int_equal(whole.n, n);
    }
}

/* "64" is 100, the bound. */
static void a_body_over_its_bound_is_refused_before_its_data(void **state)
{
    struct chunked chunked = {.bytes_max = DATA_MAX};
    struct str rest = STR("63\r\n"), data;
    char text[DATA_MAX] = {0};
    (void)state;
    assert_int_equal(check(STR("65\r\n")), CHUNKED_TOO_LARGE);
    assert_int_equal(check(STR("FFFFFFFF\r\n")), CHUNKED_TOO_LARGE);
    assert_int_equal(check(STR("1\r\na\r\n64\r\nb")), CHUNKED_TOO_LARGE);
    assert_int_equal(whole.n, strlen("1\r\na\r\n64\r\n"));
    assert_int_equal(whole.data.n, 1);
    assert_int_equal(chunked_next(&chunked, &rest, &data), CHUNKED_MORE);
    rest = (struct str){text, 99};
    assert_int_equal(chunked_next(&chunked, &rest, &data), CHUNKED_DATA);
    assert_int_equal(data.n, 99);
    rest = STR("\r\n1\r\nx\r\n0\r\n\r\n");
    assert_int_equal(chunked_next(&chunked, &rest, &data), CHUNKED_DATA);
    assert_int_equal(chunked_next(&chunked, &rest, &data), CHUNKED_DONE);
}

static void the_end_is_for_good(void **state)
{
    static const struct {
        struct str text;
        enum chunked_state state;
    } rows[] = {{STR_INIT("0\r\n\r\n"), CHUNKED_DONE}, {STR_INIT("x"), CHUNKED_MALFORMED}, {STR_INIT("65\r\n"), CHUNKED_TOO_LARGE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct chunked chunked = {.bytes_max = DATA_MAX};
        struct str rest = rows[i].text, data;
        assert_int_equal(chunked_next(&chunked, &rest, &data), rows[i].state);
        rest = STR("2\r\n{}\r\n0\r\n\r\n");
        assert_int_equal(chunked_next(&chunked, &rest, &data), rows[i].state);
        assert_int_equal(rest.n, strlen("2\r\n{}\r\n0\r\n\r\n"));
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
    static const char seed_text[] = "3\r\nabc\r\n0a\r\n0123456789\r\n1\r\nx\r\n0\r\n\r\nGET", bytes[] = "\r\n 0123fF;x\0";
    uint32_t seed = 2463534242, done = 0;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        char text[sizeof seed_text - 1];
        memcpy(text, seed_text, sizeof text);
        for (uint32_t n = next_random(&seed) % 3; n > 0; n--)
            text[next_random(&seed) % sizeof text] = bytes[next_random(&seed) % (sizeof bytes - 1)];
        done += check((struct str){text, sizeof text}) == CHUNKED_DONE;
    }
    assert_in_range(done, 500, 4500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_become_their_data),
        cmocka_unit_test(what_stands_behind_a_body_is_left),
        cmocka_unit_test(ambiguous_chunks_are_refused),
        cmocka_unit_test(trailers_are_refused),
        cmocka_unit_test(a_body_without_its_end_waits),
        cmocka_unit_test(a_body_over_its_bound_is_refused_before_its_data),
        cmocka_unit_test(the_end_is_for_good),
        cmocka_unit_test(mutants_come_to_the_same_whole_and_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
