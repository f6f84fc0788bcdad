/* plan_test.c: what the engine demands of a contract before it pairs it with SQL. */
#include "tests/unit/contract/schema_fixture.h"

#include "api/operation/plan.c"

static bool is_taken(const char *schema, const char *default_value)
{
    const struct parameter limit = {.schema = schema_of(schema), .default_value = default_value ? json(default_value) : NULL};
    return limit_is_bounded(&limit);
}

static void pages_have_a_size_that_is_bounded_on_both_sides(void **state)
{
    (void)state;
    assert_true(is_taken("{\"type\":\"integer\",\"minimum\":1,\"maximum\":200}", "50"));
    assert_true(is_taken("{\"type\":\"integer\",\"minimum\":1,\"maximum\":10000}", "50"));
    assert_false(is_taken("{\"type\":\"integer\",\"minimum\":1,\"maximum\":200}", NULL));
    assert_false(is_taken("{\"type\":\"integer\",\"minimum\":0,\"maximum\":200}", "50"));
    assert_false(is_taken("{\"type\":\"integer\",\"minimum\":1,\"maximum\":10001}", "50"));
    assert_false(is_taken("{\"type\":\"integer\",\"minimum\":1}", "50"));
    assert_false(is_taken("{\"type\":\"integer\",\"maximum\":200}", "50"));
    assert_false(is_taken("{\"type\":\"number\",\"minimum\":1,\"maximum\":200}", "50"));
}

static void formats_are_bound_as_what_keeps_them(void **state)
{
    (void)state;
    assert_int_equal(bind_type(schema_of("{\"type\":\"string\",\"format\":\"date-time\"}"), false), DB_TIMESTAMPTZ);
    assert_int_equal(bind_type(schema_of("{\"type\":\"string\",\"format\":\"uuid\"}"), false), DB_UUID);
    assert_int_equal(bind_type(schema_of("{\"type\":\"string\",\"format\":\"time\"}"), false), DB_TEXT); /* it has an offset */
    assert_int_equal(bind_type(schema_of("{\"type\":[\"integer\",\"null\"]}"), false), DB_INT8);
    assert_int_equal(bind_type(schema_of("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"), true), DB_TEXT_ARRAY);
    assert_int_equal(bind_type(schema_of("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"), false), DB_JSONB);
}

static bool may_file(struct operation operation, bool needs_seal)
{
    const struct contract contract = {.needs_seal = needs_seal};
    const struct tracing tracing = {.operation = &operation, .path = STR("x.sql")};
    struct error err;

    return may_file_case(&tracing, &contract, &err);
}

static void cases_are_filed_under_keys_that_nobody_guesses(void **state)
{
    (void)state;
    const struct parameter any = {.name = STR("Idempotency-Key"), .place = PLACE_HEADER, .schema = schema_of("{\"type\":\"string\"}")};
    const struct parameter uuid = {.name = STR("Idempotency-Key"), .place = PLACE_HEADER, .schema = schema_of("{\"type\":\"string\",\"format\":\"uuid\"}")};

    const struct parameter pattern = {.name = STR("Idempotency-Key"), .place = PLACE_HEADER, .schema = schema_of("{\"pattern\":\"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$\"}")};

    assert_true(may_file((struct operation){.is_public = true, .parameters = &uuid, .n_parameters = 1}, true));
    assert_true(may_file((struct operation){.is_public = true, .parameters = &pattern, .n_parameters = 1}, true));
    assert_false(may_file((struct operation){.is_public = true, .parameters = &any, .n_parameters = 1}, true));
    assert_true(may_file((struct operation){.parameters = &any, .n_parameters = 1}, true));
    assert_true(may_file((struct operation){.is_public = true}, true)); /* random then */
    assert_false(may_file((struct operation){.is_public = true}, false));
    assert_false(may_file((struct operation){.reads = true}, true));
}

static void sealed_members_are_bound_as_bytea(void **state)
{
    (void)state;
    assert_int_equal(bind_type(schema_of("{\"type\":\"string\",\"x-sealed\":true}"), false), DB_BYTEA);
    assert_int_equal(bind_type(schema_of("{\"type\":\"object\",\"x-sealed\":true}"), false), DB_BYTEA);
    assert_int_equal(bind_type(schema_of("{\"type\":\"object\",\"properties\":{\"a\":{\"x-sealed\":true}}}"), false), DB_JSONB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_have_a_size_that_is_bounded_on_both_sides),
        cmocka_unit_test(formats_are_bound_as_what_keeps_them),
        cmocka_unit_test(cases_are_filed_under_keys_that_nobody_guesses),
        cmocka_unit_test(sealed_members_are_bound_as_bytea),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
