/* metrics_test.c: what is counted, as Prometheus reads it. */
#include "api/http/metrics.c"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

static struct arena arena;
static struct buf out;

static void answers_are_counted_by_operation_class_and_bucket(void **state)
{
    const struct operation operations[] = {{.id = STR_INIT("listThings"), .index = 0}, {.id = STR_INIT("never"), .index = 1}};
    const struct contract contract = {.operations = operations, .n = 2};
    struct metrics *metrics = metrics_new(&arena, &contract);
    const struct gauges gauges = {.in_flight = 3, .waiting = 1, .pools = {{.name = "requests", .in_use = 2}, {.name = "streams"}}};

    (void)state;
    metrics_count(metrics, &operations[0], 200, ERR_NONE, 1000000);
    metrics_count(metrics, &operations[0], 304, ERR_NONE, 1000001);
    metrics_count(metrics, NULL, 400, ERR_MALFORMED, INT64_C(60000000000));
    metrics_limited(metrics, LIMIT_CASE_KEY);
    metrics_render(metrics, &gauges, &out);
    buf_char(&out, '\0');
    assert_false(out.failed);
    assert_non_null(strstr(out.p, "cpwg_requests_total{operation=\"listThings\",status=\"2xx\"} 1\n"));
    assert_non_null(strstr(out.p, "cpwg_requests_total{operation=\"none\",status=\"4xx\"} 1\n"));
    assert_non_null(strstr(out.p, "cpwg_request_duration_seconds_bucket{operation=\"listThings\",le=\"0.001\"} 1\n"));
    assert_non_null(strstr(out.p, "cpwg_request_duration_seconds_bucket{operation=\"listThings\",le=\"0.0025\"} 2\n"));
    assert_non_null(strstr(out.p, "cpwg_request_duration_seconds_bucket{operation=\"none\",le=\"2.5\"} 0\n"));
    assert_non_null(strstr(out.p, "cpwg_request_duration_seconds_bucket{operation=\"none\",le=\"+Inf\"} 1\n"));
    assert_non_null(strstr(out.p, "cpwg_problems_total{type=\"malformed-request\"} 1\n"));
    assert_non_null(strstr(out.p, "cpwg_limited_total{policy=\"case_key\"} 1\n"));
    assert_non_null(strstr(out.p, "cpwg_limited_total{policy=\"client\"} 0\n"));
    assert_non_null(strstr(out.p, "cpwg_requests_in_flight 3\n"));
    assert_non_null(strstr(out.p, "cpwg_requests_waiting 1\n"));
    assert_non_null(strstr(out.p, "cpwg_db_connections{pool=\"requests\",state=\"in_use\"} 2\n"));
    assert_null(strstr(out.p, "never"));
}

static bool no_fetch(enum fetch_reach reach, const bool *stop, struct arena *a, struct str url, struct fetched *ret, struct error *err)
{
    (void)reach;
    (void)stop;
    (void)a;
    (void)url;
    (void)ret;
    return error_set(err, ERR_INVALID, "no");
}

static void issuers_show_their_fetches_and_keys(void **state)
{
    static const struct issuer_rules rules = {.issuer = STR_INIT("https://a.example.org/x"), .host = STR_INIT("a.example.org")};
    const struct issuers_options options = {.list = {&rules, 1}, .fetch = no_fetch};
    const struct contract contract = {.n = 0};
    struct gauges gauges = {.pools = {{.name = "requests"}, {.name = "streams"}}};

    (void)state;
    buf_clear(&out, 0);
    metrics_render(metrics_new(&arena, &contract), &gauges, &out);
    buf_char(&out, '\0');
    assert_false(out.failed);
    assert_null(strstr(out.p, "issuer"));
    gauges.issuers = issuers_new(&options);
    buf_clear(&out, 0);
    metrics_render(metrics_new(&arena, &contract), &gauges, &out);
    buf_char(&out, '\0');
    assert_false(out.failed);
    assert_non_null(strstr(out.p, "cpwg_issuer_fetches_total{issuer=\"a.example.org\",outcome=\"ok\"} 0\n"));
    assert_non_null(strstr(out.p, "cpwg_issuer_fetches_total{issuer=\"a.example.org\",outcome=\"failed\"} 0\n"));
    assert_non_null(strstr(out.p, "cpwg_issuer_keys{issuer=\"a.example.org\"} 0\n"));
    assert_non_null(strstr(out.p, "cpwg_issuer_keys_age_seconds{issuer=\"a.example.org\"} -1\n"));
    issuers_free(gauges.issuers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(answers_are_counted_by_operation_class_and_bucket),
                                       cmocka_unit_test(issuers_show_their_fetches_and_keys)};
    if (!arena_init(&arena, 1 << 20))
        return 1;
    buf_init(&out, 65536);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_done(&out);
    arena_done(&arena);
    return failed;
}
