/* trace_test.c: traceparent in and out. */
#include "api/http/trace.c"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#define ID "0af7651916cd43dd8448eb211c80319c"
#define SPAN "b7ad6b7169203331"

static struct trace start(const char *traceparent)
{
    const struct header header = {STR_INIT("Traceparent"), str_of(traceparent)};
    struct trace trace;
    trace_start((struct headers){&header, 1}, &trace);
    return trace;
}

static void a_valid_trace_goes_on_with_a_span_of_our_own(void **state)
{
    struct trace trace = start("00-" ID "-" SPAN "-01");
    (void)state;
    assert_string_equal(trace.id, ID);
    assert_int_equal(strlen(trace.parent), TRACEPARENT_CHARS);
    assert_memory_equal(trace.parent, "00-" ID "-", 36);
    assert_memory_not_equal(trace.parent + 36, SPAN, 16);
    assert_string_equal(trace.parent + 52, "-01");
    assert_true(is_valid(str_of(trace.parent)));
}

static void anything_else_begins_a_new_trace(void **state)
{
    static const char *const bad[] = {
        "", "00", "01-" ID "-" SPAN "-01", "00-" ID "-" SPAN "-01-x", "00-" ID "-" SPAN "-0g", "00-0AF7651916CD43DD8448EB211C80319C-" SPAN "-01",
        "00-00000000000000000000000000000000-" SPAN "-01", "00-" ID "-0000000000000000-01", "00-" ID "_" SPAN "-01", "00-" ID "-" SPAN "-0\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct trace trace = start(bad[i]);
        assert_true(is_valid(str_of(trace.parent)));
        assert_string_not_equal(trace.id, ID);
    }
}

static void two_traces_are_as_good_as_none(void **state)
{
    const struct header twice[] = {{STR_INIT("traceparent"), STR_INIT("00-" ID "-" SPAN "-01")},
                                   {STR_INIT("traceparent"), STR_INIT("00-" ID "-" SPAN "-01")}};
    struct trace trace;
    (void)state;
    trace_start((struct headers){twice, 2}, &trace);
    assert_string_not_equal(trace.id, ID);
    trace_start((struct headers){NULL, 0}, &trace);
    assert_true(is_valid(str_of(trace.parent)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_valid_trace_goes_on_with_a_span_of_our_own),
        cmocka_unit_test(anything_else_begins_a_new_trace),
        cmocka_unit_test(two_traces_are_as_good_as_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
