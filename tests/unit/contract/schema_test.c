/* schema_test.c: which schemas compile, and how the others are refused. */
#include "schema_fixture.h"

#include "api/contract/schema.c"

static void assert_refused(const char *schema, const char *expected)
{
    const struct schema *ret;
    struct error err = {0};

    if (schema_compile(schema_set_new(&fixture_arena, json(schema)), STR(""), &ret, &err))
        fail_msg("taken: %s", schema);
    assert_int_equal(err.code, ERR_CONTRACT);
    if (!strstr(err.argument, expected))
        fail_msg("%s\n  says: %s\n  not: %s", schema, err.argument, expected);
}

static void what_is_not_supported_is_refused_by_name(void **state)
{
    static const char *const schemas[] = {
        "{\"prefixItems\": []}", "{\"additionalItems\": true}", "{\"unevaluatedItems\": false}",
        "{\"unevaluatedProperties\": false}", "{\"dependencies\": {}}", "{\"dependentSchemas\": {}}",
        "{\"minContains\": 1}", "{\"maxContains\": 1}", "{\"$anchor\": \"a\"}", "{\"$dynamicRef\": \"#\"}",
        "{\"$dynamicAnchor\": \"a\"}", "{\"$recursiveRef\": \"#\"}", "{\"$vocabulary\": {}}", "{\"nullable\": true}",
        "{\"discriminator\": {}}", "{\"contentEncoding\": \"base64\"}", "{\"contentMediaType\": \"a/b\"}",
        "{\"contentSchema\": {}}", "{\"minlength\": 1}", "{\"\": 1}", "{\"divisibleBy\": 1}", "{\"extends\": {}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++)
        assert_refused(schemas[i], ": this keyword is not supported");
}

static void refusals_point_at_the_place(void **state)
{
    (void)state;
    assert_refused("{\"properties\": {\"a/b\": {\"items\": {\"nullable\": true}}}}",
                   "/properties/a~1b/items/nullable: this keyword");
    assert_refused("{\"allOf\": [true, {\"type\": \"text\"}]}", "/allOf/1/type: must be a type's name");
    assert_refused("{\"$defs\": {\"unused\": {\"pattern\": \"(\"}}}", "/$defs/unused/pattern: ");
    assert_refused("{\"then\": {\"format\": \"ipv4\"}}", "/then/format: is none of the formats");
}

static void values_of_the_wrong_kind_are_refused(void **state)
{
    static const char *const schemas[] = {
        "1", "null", "[]", "\"string\"", "{\"type\": []}", "{\"type\": [\"string\", \"string\"]}", "{\"type\": 1}",
        "{\"enum\": 1}", "{\"minLength\": -1}", "{\"minLength\": 1.5}", "{\"maxItems\": \"1\"}", "{\"minimum\": \"1\"}",
        "{\"exclusiveMinimum\": true}", "{\"multipleOf\": 0}", "{\"multipleOf\": -1}", "{\"pattern\": 1}",
        "{\"pattern\": \"[\"}", "{\"format\": 1}", "{\"format\": \"int32\"}", "{\"uniqueItems\": 1}",
        "{\"required\": true}", "{\"required\": [1]}", "{\"required\": [\"a\", \"a\"]}", "{\"properties\": []}",
        "{\"properties\": {\"a\": 1}}", "{\"patternProperties\": {\"(\": {}}}", "{\"additionalProperties\": 1}",
        "{\"dependentRequired\": {\"a\": {}}}", "{\"dependentRequired\": {\"a\": [\"b\", \"b\"]}}", "{\"items\": [{}]}",
        "{\"items\": 1}", "{\"contains\": null}", "{\"allOf\": []}", "{\"anyOf\": {}}", "{\"oneOf\": [1]}", "{\"not\": 1}",
        "{\"if\": 1}", "{\"else\": 1}", "{\"$defs\": []}", "{\"definitions\": {\"a\": 1}}", "{\"title\": 1}",
        "{\"readOnly\": \"yes\"}", "{\"examples\": {}}", "{\"$schema\": \"http://json-schema.org/draft-04/schema#\"}",
        "{\"$schema\": \"https://example.org/mine\"}", "{\"items\": {\"$id\": \"a\"}}",
        "{\"items\": {\"$schema\": \"http://json-schema.org/draft-07/schema#\"}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof schemas / sizeof schemas[0]; i++)
        assert_refused(schemas[i], "");
}

static void references_must_be_local_and_stand_alone(void **state)
{
    (void)state;
    assert_refused("{\"$ref\": \"other.json\"}", "/$ref: must be a reference into this document");
    assert_refused("{\"$ref\": \"http://json-schema.org/draft-07/schema#\"}", "must be a reference into this document");
    assert_refused("{\"$ref\": 1}", "must be a reference into this document");
    assert_refused("{\"$ref\": \"#anchor\"}", "must be # with a JSON Pointer");
    assert_refused("{\"$ref\": \"#/a~2\"}", "must be # with a JSON Pointer");
    assert_refused("{\"$ref\": \"#/%4\"}", "must be # with a JSON Pointer");
    assert_refused("{\"$ref\": \"#/$defs/a\"}", "refers to nothing");
    assert_refused("{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {}}, \"maxLength\": 1}", "must stand alone");
    assert_refused("{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {}}, \"description\": \"\"}", "must stand alone");
    assert_refused("{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": 1}}", "/$defs/a: a schema must be");
}

static void loops_that_come_to_no_other_value_are_refused(void **state)
{
    (void)state;
    assert_refused("{\"$ref\": \"#\"}", "refers to itself");
    assert_refused("{\"allOf\": [{\"$ref\": \"#\"}]}", "refers to itself");
    assert_refused("{\"not\": {\"$ref\": \"#\"}}", "refers to itself");
    assert_refused("{\"if\": {\"anyOf\": [{\"oneOf\": [{\"$ref\": \"#\"}]}]}}", "refers to itself");
    assert_refused("{\"else\": true, \"if\": true, \"then\": {\"$ref\": \"#/then\"}}", "refers to itself");
    assert_refused("{\"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}}", "refers to itself");
    assert_refused("{\"properties\": {\"a\": {\"allOf\": [{\"$ref\": \"#/properties/a\"}]}}}", "refers to itself");
}

static void loops_through_members_and_items_are_fine(void **state)
{
    (void)state;
    schema_of("{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"items\": {\"$ref\": \"#\"}}");
    schema_of("{\"additionalProperties\": {\"$ref\": \"#\"}, \"propertyNames\": true, \"contains\": {\"$ref\": \"#\"}}");
}

static void long_chains_of_references_are_refused_without_deep_recursion(void **state)
{
    struct buf text;

    (void)state;
    buf_init(&text, 1 << 24);
    buf_add(&text, STR("{\"$defs\": {\"last\": true"));
    for (int i = 0; i < 3000; i++)
        buf_printf(&text, ",\"%d\":{\"$ref\":\"#/$defs/%d\"}", i, i + 1);
    buf_add(&text, STR(",\"3000\":true}}\0"));
    buf_char(&text, '\0');
    assert_false(text.failed);
    assert_refused(text.p, "too many schemas refer to each other");
    buf_done(&text);
}

static void annotations_and_definitions_are_taken(void **state)
{
    (void)state;
    schema_of("{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$id\": \"urn:a\", \"$comment\": \"\","
              "\"title\": \"\", \"description\": \"\", \"default\": 1, \"examples\": [], \"example\": 1,"
              "\"deprecated\": true, \"readOnly\": true, \"writeOnly\": false, \"x-anything\": [],"
              "\"$defs\": {\"a\": true}, \"definitions\": {\"b\": {}}}");
    schema_of("{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {}}}");
}

static void keywords_may_be_names_of_members(void **state)
{
    (void)state;
    assert_true(fits("{\"properties\": {\"$ref\": {\"type\": \"string\"}}}", "{\"$ref\": \"a\"}"));
    assert_false(fits("{\"properties\": {\"$ref\": {\"type\": \"string\"}}}", "{\"$ref\": 1}"));
    assert_true(fits("{\"const\": {\"$ref\": \"#\", \"unknown\": 1}}", "{\"unknown\": 1, \"$ref\": \"#\"}"));
}

static void a_set_compiles_each_schema_once_and_stays_broken_once_broken(void **state)
{
    struct schema_set *set = schema_set_new(&fixture_arena, json("{\"a\": {\"items\": {\"$ref\": \"#/b\"}}, \"b\": {},"
                                                                 "\"c\": {\"nullable\": true}}"));
    const struct schema *a, *b, *again;
    struct error err;

    (void)state;
    assert_true(schema_compile(set, STR("/a"), &a, &err));
    assert_true(schema_compile(set, STR("/b"), &b, &err));
    assert_true(schema_compile(set, STR("/b"), &again, &err));
    assert_ptr_equal(b, again);
    assert_false(schema_compile(set, STR("/d"), &again, &err));
    assert_string_equal(err.argument, "/d: there is nothing here");
    assert_false(schema_compile(set, STR("/c"), &again, &err));
    assert_false(schema_compile(set, STR("/a"), &again, &err));
    assert_string_equal(err.argument, "/c/nullable: this keyword is not supported");
}

static void slow_patterns_are_refused_where_that_is_demanded(void **state)
{
    struct schema_set *set = schema_set_new(&fixture_arena, json("{\"pattern\": \"^(a+)+$\"}"));
    const struct schema *schema;
    struct error err;

    (void)state;
    schema_of("{\"pattern\": \"^(a+)+$\"}");
    schema_set_demand_safe_patterns(set);
    assert_false(schema_compile(set, STR(""), &schema, &err));
    assert_string_equal(err.argument, "/pattern: it repeats without bound inside a repetition");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_supported_is_refused_by_name),
        cmocka_unit_test(refusals_point_at_the_place),
        cmocka_unit_test(values_of_the_wrong_kind_are_refused),
        cmocka_unit_test(references_must_be_local_and_stand_alone),
        cmocka_unit_test(loops_that_come_to_no_other_value_are_refused),
        cmocka_unit_test(loops_through_members_and_items_are_fine),
        cmocka_unit_test(long_chains_of_references_are_refused_without_deep_recursion),
        cmocka_unit_test(annotations_and_definitions_are_taken),
        cmocka_unit_test(keywords_may_be_names_of_members),
        cmocka_unit_test(a_set_compiles_each_schema_once_and_stays_broken_once_broken),
        cmocka_unit_test(slow_patterns_are_refused_where_that_is_demanded),
    };
    return RUN_WITH_FIXTURE(tests);
}
