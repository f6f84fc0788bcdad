/* plan_test.c: what the engine demands of a contract before it pairs it with SQL. */
#include "tests/unit/contract/schema_fixture.h"

#include "api/operation/plan.c"

#include <stdio.h>

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
    assert_int_equal(bind_type(schema_of("{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"date\"}}"), true), DB_TEXT_ARRAY);
}

static void lists_of_a_body_are_bound_as_arrays_where_they_are_the_same(void **state)
{
    static const struct {
        const char *items;
        uint32_t type;
    } lists[] = {
        {"{\"type\":\"string\"}", DB_TEXT_ARRAY},
        {"{\"type\":\"string\",\"format\":\"email\"}", DB_TEXT_ARRAY},
        {"{\"type\":\"string\",\"format\":\"uuid\"}", DB_UUID_ARRAY},
        {"{\"type\":\"integer\"}", DB_INT8_ARRAY},
        {"{\"type\":[\"string\",\"null\"]}", DB_JSONB},
        {"{\"type\":\"string\",\"format\":\"date\"}", DB_JSONB},
        {"{\"type\":\"number\"}", DB_JSONB},
        {"{\"type\":\"boolean\"}", DB_JSONB},
        {"{\"type\":\"object\"}", DB_JSONB},
        {"{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", DB_JSONB},
    };

    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"type\":[\"array\",\"null\"],\"items\":%s}", lists[i].items);
        assert_int_equal(bind_type(schema_of(text), false), lists[i].type);
    }
    assert_int_equal(bind_type(schema_of("{\"type\":\"array\"}"), false), DB_JSONB);
}

static bool may_make(struct operation operation, bool needs_seal)
{
    const struct contract contract = {.needs_seal = needs_seal};
    struct plan plan = {.makes = 1u << SECRET_CASE_KEY};
    const struct tracing tracing = {.operation = &operation, .plan = &plan, .path = STR("x.sql")};
    struct error err;

    return may_use_secrets(&tracing, &contract, &err);
}

static void secrets_are_made_under_keys_that_nobody_guesses(void **state)
{
    (void)state;
    const struct parameter any = {.name = STR("Idempotency-Key"), .place = PLACE_HEADER, .schema = schema_of("{\"type\":\"string\"}")};
    const struct parameter uuid = {.name = STR("Idempotency-Key"), .place = PLACE_HEADER, .schema = schema_of("{\"type\":\"string\",\"format\":\"uuid\"}")};

    const struct parameter pattern = {.name = STR("Idempotency-Key"), .place = PLACE_HEADER, .schema = schema_of("{\"pattern\":\"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$\"}")};

    assert_true(may_make((struct operation){.is_public = true, .parameters = &uuid, .n_parameters = 1}, true));
    assert_true(may_make((struct operation){.is_public = true, .parameters = &pattern, .n_parameters = 1}, true));
    assert_false(may_make((struct operation){.is_public = true, .parameters = &any, .n_parameters = 1}, true));
    assert_true(may_make((struct operation){.parameters = &any, .n_parameters = 1}, true));
    assert_true(may_make((struct operation){.is_public = true}, true)); /* random then */
    assert_false(may_make((struct operation){.is_public = true}, false));
    assert_false(may_make((struct operation){.reads = true}, true));
}

static void secrets_that_a_body_brings_reach_sql_as_their_hash_alone(void **state)
{
    (void)state;
    const struct media body = {.schema = schema_of("{\"type\":\"object\",\"properties\":{\"invitation_code\":{\"type\":\"string\"}}}")};
    const struct operation operation = {.bodies = &body, .n_bodies = 1};
    static struct plan plan;
    struct tracing t = {&operation, &plan, STR("x.sql")};
    struct source source;

    assert_true(trace_secret(&t, STR("invitation_code_hash"), &source));
    assert_int_equal(source.kind, SOURCE_SECRET_HASH);
    assert_int_equal(plan.makes, 0);
    assert_false(trace_secret(&t, STR("invitation_code"), &source));
    assert_false(trace_secret(&t, STR("case_key_hashed"), &source));
    assert_true(trace_secret(&t, STR("case_key_hash"), &source));
    assert_int_equal(source.kind, SOURCE_NEW_SECRET_HASH);
    assert_true(trace_secret(&t, STR("case_key"), &source));
    assert_int_equal(source.kind, SOURCE_NEW_SECRET);
    assert_int_equal(plan.makes, 1u << SECRET_CASE_KEY);
}

static void sealed_members_are_bound_as_bytea(void **state)
{
    (void)state;
    assert_int_equal(bind_type(schema_of("{\"type\":\"string\",\"x-sealed\":true}"), false), DB_BYTEA);
    assert_int_equal(bind_type(schema_of("{\"type\":\"object\",\"x-sealed\":true}"), false), DB_BYTEA);
    assert_int_equal(bind_type(schema_of("{\"type\":\"object\",\"properties\":{\"a\":{\"x-sealed\":true}}}"), false), DB_JSONB);
}

static void what_c_derives_has_its_name_and_comes_from_the_guard_of_a_write(void **state)
{
    (void)state;
    static const struct custom custom = {.id = STR_INIT("checkIt"), .derives = STR_INIT("findings")};
    struct operation operation = {.id = STR("checkIt")};
    static struct plan plan;
    struct tracing t = {&operation, &plan, STR("x/checkIt.sql")};
    struct source source;
    struct error err;

    plan = (struct plan){.operation = &operation, .file = {.n = 2}};
    assert_false(trace_derived(&t, STR("findings"), &source));
    plan.derives = &custom;
    assert_true(trace_derived(&t, STR("findings"), &source));
    assert_int_equal(source.kind, SOURCE_DERIVED);
    assert_int_equal(source.type, DB_JSONB);
    assert_false(trace_derived(&t, STR("finding"), &source));

    assert_false(statements_fit(&t, &err));
    assert_string_equal(err.argument, "x/checkIt.sql: :findings is derived from the guard of a write");
    plan.file.statements[0].guard = true;
    assert_true(statements_fit(&t, &err));
    operation.reads = true;
    assert_false(statements_fit(&t, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_have_a_size_that_is_bounded_on_both_sides),
        cmocka_unit_test(formats_are_bound_as_what_keeps_them),
        cmocka_unit_test(lists_of_a_body_are_bound_as_arrays_where_they_are_the_same),
        cmocka_unit_test(what_c_derives_has_its_name_and_comes_from_the_guard_of_a_write),
        cmocka_unit_test(secrets_are_made_under_keys_that_nobody_guesses),
        cmocka_unit_test(secrets_that_a_body_brings_reach_sql_as_their_hash_alone),
        cmocka_unit_test(sealed_members_are_bound_as_bytea),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
