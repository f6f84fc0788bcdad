/* schema_describe_test.c: what schemas say of themselves. */
#include "schema_fixture.h"

#include "api/contract/schema_describe.c"

static const char document[] =
    "{\"base\": {\"type\": \"object\", \"properties\": {\"id\": {\"type\": \"string\", \"format\": \"uuid\","
    "\"readOnly\": true}, \"n\": {\"type\": [\"number\", \"null\"], \"default\": 3}}, \"required\": [\"id\"]},"
    "\"more\": {\"allOf\": [{\"$ref\": \"#/base\"}, {\"properties\": {\"tags\": {\"type\": \"array\", \"items\":"
    "{\"type\": \"integer\"}}, \"n\": true}, \"required\": [\"n\"]}]},"
    "\"nullable\": {\"oneOf\": [{\"type\": \"null\"}, {\"$ref\": \"#/more\"}]},"
    "\"either\": {\"anyOf\": [{\"$ref\": \"#/base\"}, {\"type\": \"string\"}]}}";

static void types_are_gathered_through_references_and_alternatives(void **state)
{
    (void)state;
    assert_int_equal(schema_types(schema_at(document, "/base")), TYPE_OBJECT);
    assert_int_equal(schema_types(schema_at(document, "/more")), TYPE_OBJECT);
    assert_int_equal(schema_types(schema_at(document, "/nullable")), TYPE_OBJECT | TYPE_NULL);
    assert_int_equal(schema_types(schema_at(document, "/either")), TYPE_OBJECT | TYPE_STRING);
    assert_int_equal(schema_types(schema_of("{\"minimum\": 1}")), TYPE_ANY);
    assert_int_equal(schema_types(schema_of("{\"type\": \"number\"}")), TYPE_NUMBER);
    assert_int_equal(schema_types(schema_of("{\"type\": \"integer\"}")), TYPE_INTEGER);
    assert_int_equal(schema_types(schema_of("{\"allOf\": [{\"type\": \"number\"}, {\"type\": \"integer\"}]}")), TYPE_INTEGER);
    assert_int_equal(schema_types(schema_of("false")), 0);
}

static void properties_come_in_order_and_once(void **state)
{
    static const char *const names[] = {"id", "n", "tags"};
    const struct schema *schema = schema_at(document, "/nullable"), *property;
    struct str name;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_true(schema_property_at(schema, i, &name, &property));
        assert_true(str_eq(name, str_of(names[i])));
        assert_ptr_equal(schema_property(schema, name), property);
    }
    assert_false(schema_property_at(schema, 3, &name, &property));
    assert_null(schema_property(schema, STR("other")));
    assert_null(schema_property(schema_at(document, "/either"), STR("id")));
}

static void members_tell_format_items_and_default(void **state)
{
    const struct schema *schema = schema_at(document, "/more");

    (void)state;
    assert_int_equal(schema_format(schema_property(schema, STR("id"))), FORMAT_UUID);
    assert_int_equal(schema_format(schema), FORMAT_NONE);
    assert_int_equal(schema_default(schema_property(schema, STR("n")))->integer, 3);
    assert_null(schema_default(schema));
    assert_int_equal(schema_types(schema_items(schema_property(schema, STR("tags")))), TYPE_INTEGER);
    assert_null(schema_items(schema));
}

static void what_is_required_is_gathered(void **state)
{
    const struct schema *schema = schema_at(document, "/more");

    (void)state;
    assert_true(schema_requires(schema, STR("id")));
    assert_true(schema_requires(schema, STR("n")));
    assert_false(schema_requires(schema, STR("tags")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_gathered_through_references_and_alternatives),
        cmocka_unit_test(properties_come_in_order_and_once),
        cmocka_unit_test(members_tell_format_items_and_default),
        cmocka_unit_test(what_is_required_is_gathered),
    };
    return RUN_WITH_FIXTURE(tests);
}
