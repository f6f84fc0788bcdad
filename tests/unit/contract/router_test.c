/* router_test.c: which operation a method and path lead to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/contract/router.c"

enum { ARENA_BYTES = 4 << 20 };

static struct arena arena;
static struct operation operations[32];
static size_t n_operations;

static void add_operation(const char *method, const char *path)
{
    operations[n_operations] =
        (struct operation){.id = str_of(path), .method = str_of(method), .path = str_of(path), .index = n_operations};
    n_operations++;
}

static const struct router *router;

static int set_up(void **state)
{
    (void)state;
    struct error err;

    n_operations = 0;
    arena_reset(&arena, 0);
    add_operation("GET", "/");
    add_operation("GET", "/openapi.json");
    add_operation("DELETE", "/v1/things/{id}");
    add_operation("GET", "/v1/things");
    add_operation("POST", "/v1/things");
    add_operation("GET", "/v1/things/{id}");
    add_operation("PATCH", "/v1/things/{id}");
    add_operation("GET", "/v1/things/export");
    add_operation("PUT", "/v1/things/{id}/parts/{part_id}");
    add_operation("GET", "/v1/things/export/rows");
    add_operation("GET", "/v1/things/{thing_id}/parts");
    return router_new(&arena, operations, n_operations, &router, &err) ? 0 : -1;
}

static enum route_result find(const char *method, const char *path, struct route *ret)
{
    return router_find(router, str_of(method), str_of(path), ret);
}

static void assert_finds(const char *method, const char *path, const char *template)
{
    struct route route;

    if (find(method, path, &route) != ROUTE_FOUND)
        fail_msg("%s %s is not found", method, path);
    assert_string_equal(route.operation->path.p, template);
}

static void assert_unknown(const char *path)
{
    struct route route;

    if (find("GET", path, &route) != ROUTE_NO_PATH)
        fail_msg("%s is found", path);
    assert_null(route.allow.p);
    assert_null(route.operation);
}

static void assert_value(const struct route *route, size_t i, const char *expected)
{
    assert_true(i < route->n_values);
    assert_true(str_eq(route->values[i], str_of(expected)));
}

static void paths_and_methods_lead_to_their_operation(void **state)
{
    (void)state;
    assert_finds("GET", "/", "/");
    assert_finds("GET", "/openapi.json", "/openapi.json");
    assert_finds("POST", "/v1/things", "/v1/things");
    assert_finds("DELETE", "/v1/things/7", "/v1/things/{id}");
    assert_finds("GET", "/v1/things/7/parts", "/v1/things/{thing_id}/parts");
}

static void head_finds_get(void **state)
{
    (void)state;
    struct route route;

    assert_finds("HEAD", "/v1/things", "/v1/things");
    assert_int_equal(find("HEAD", "/v1/things/7/parts/8", &route), ROUTE_NO_METHOD);
}

static void values_come_raw_in_the_order_of_the_template(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(find("PUT", "/v1/things/a%2Fb/parts/c+d", &route), ROUTE_FOUND);
    assert_int_equal(route.n_values, 2);
    assert_value(&route, 0, "a%2Fb");
    assert_value(&route, 1, "c+d");
}

static void a_plain_segment_beats_a_template(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(find("GET", "/v1/things/export", &route), ROUTE_FOUND);
    assert_string_equal(route.operation->path.p, "/v1/things/export");
    assert_int_equal(route.n_values, 0);
}

static void a_plain_segment_hides_the_other_methods_of_a_template(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(find("DELETE", "/v1/things/export", &route), ROUTE_NO_METHOD);
    assert_string_equal(route.allow.p, "GET, HEAD, OPTIONS");
}

static void a_plain_segment_that_leads_nowhere_is_a_value_after_all(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(find("PUT", "/v1/things/export/parts/9", &route), ROUTE_FOUND);
    assert_int_equal(route.n_values, 2);
    assert_value(&route, 0, "export");
    assert_value(&route, 1, "9");
    assert_finds("GET", "/v1/things/export/rows", "/v1/things/export/rows");
}

static void values_of_a_way_not_taken_are_forgotten(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(find("GET", "/v1/things/7/nothing", &route), ROUTE_NO_PATH);
    assert_int_equal(route.n_values, 0);
}

static void what_is_not_listed_is_unknown(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "", "*", "v1/things", "//", "/v1", "/v1/", "/v1/things/", "/v1/things//", "/v1//things", "/V1/things",
        "/v1/things/7/", "/v1/things//parts", "/v1/things/7/parts/", "/v1/thing", "/v1/thingss", "/v1/thing%73",
        "/openapi%2Ejson", "/v1/things/7/parts/8/9", "/v1/things/{id}/x", "/ ",
    };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_unknown(paths[i]);
}

static void a_wrong_method_is_told_which_are_allowed(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(find("PUT", "/v1/things/7", &route), ROUTE_NO_METHOD);
    assert_string_equal(route.allow.p, "GET, HEAD, PATCH, DELETE, OPTIONS");
    assert_int_equal(find("TRACE", "/v1/things", &route), ROUTE_NO_METHOD);
    assert_string_equal(route.allow.p, "GET, HEAD, POST, OPTIONS");
    assert_int_equal(find("get", "/v1/things", &route), ROUTE_NO_METHOD);
    assert_int_equal(find("", "/v1/things", &route), ROUTE_NO_METHOD);
    assert_int_equal(find("GET", "/v1/things/7/parts/8", &route), ROUTE_NO_METHOD);
    assert_string_equal(route.allow.p, "PUT, OPTIONS");
    assert_null(route.operation);
}

static void options_tells_what_is_allowed(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(find("OPTIONS", "/v1/things", &route), ROUTE_OPTIONS);
    assert_string_equal(route.allow.p, "GET, HEAD, POST, OPTIONS");
    assert_null(route.operation);
    assert_int_equal(find("OPTIONS", "*", &route), ROUTE_OPTIONS);
    assert_string_equal(route.allow.p, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    assert_int_equal(find("OPTIONS", "/nowhere", &route), ROUTE_NO_PATH);
}

static void assert_refused(const char *expected)
{
    const struct router *none;
    struct error err = {0};

    assert_false(router_new(&arena, operations, n_operations, &none, &err));
    assert_int_equal(err.code, ERR_CONTRACT);
    assert_non_null(strstr(err.argument, expected));
}

static void two_operations_of_one_method_and_shape_are_refused(void **state)
{
    (void)state;
    add_operation("GET", "/v1/things/{other}");
    assert_refused("GET /v1/things/{other}: the same as /v1/things/{id}");
}

static void too_many_values_are_refused(void **state)
{
    (void)state;
    add_operation("GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}");
    assert_true(router_new(&arena, operations, n_operations, &router, NULL));
    assert_finds("GET", "/1/2/3/4/5/6/7/8", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}");
    add_operation("GET", "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}");
    assert_refused("more than 8 path parameters");
}

static void methods_of_the_router_itself_are_refused(void **state)
{
    (void)state;
    add_operation("HEAD", "/v1/other");
    assert_refused("HEAD /v1/other: cannot be routed");
}

static void an_empty_contract_knows_no_path(void **state)
{
    (void)state;
    struct route route;

    assert_true(router_new(&arena, NULL, 0, &router, NULL));
    assert_int_equal(find("GET", "/", &route), ROUTE_NO_PATH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(paths_and_methods_lead_to_their_operation, set_up),
        cmocka_unit_test_setup(head_finds_get, set_up),
        cmocka_unit_test_setup(values_come_raw_in_the_order_of_the_template, set_up),
        cmocka_unit_test_setup(a_plain_segment_beats_a_template, set_up),
        cmocka_unit_test_setup(a_plain_segment_hides_the_other_methods_of_a_template, set_up),
        cmocka_unit_test_setup(a_plain_segment_that_leads_nowhere_is_a_value_after_all, set_up),
        cmocka_unit_test_setup(values_of_a_way_not_taken_are_forgotten, set_up),
        cmocka_unit_test_setup(what_is_not_listed_is_unknown, set_up),
        cmocka_unit_test_setup(a_wrong_method_is_told_which_are_allowed, set_up),
        cmocka_unit_test_setup(options_tells_what_is_allowed, set_up),
        cmocka_unit_test_setup(two_operations_of_one_method_and_shape_are_refused, set_up),
        cmocka_unit_test_setup(too_many_values_are_refused, set_up),
        cmocka_unit_test_setup(methods_of_the_router_itself_are_refused, set_up),
        cmocka_unit_test_setup(an_empty_contract_knows_no_path, set_up),
    };

    assert_true(arena_init(&arena, ARENA_BYTES));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
