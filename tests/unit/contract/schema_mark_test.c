/* schema_mark_test.c: where x-sealed and x-each are found, and that an array with x-each leaves its items alone. */
#include "tests/unit/contract/schema_fixture.h"

#include "api/contract/schema_mark.c"

#define SEALED "{\"type\":\"string\",\"x-sealed\":true}"

static unsigned marks(const char *schema)
{
    return schema_marks(schema_of(schema));
}

static void sealed_members_are_found_by_properties_and_items(void **state)
{
    (void)state;
    assert_int_equal(marks("{\"type\":\"string\"}"), 0);
    assert_int_equal(marks(SEALED), MARKS_SEALED);
    assert_int_equal(marks("{\"properties\":{\"a\":" SEALED "}}"), MARKS_SEALED);
    assert_int_equal(marks("{\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"properties\":{\"b\":" SEALED "}}}}}"), MARKS_SEALED);
    assert_int_equal(marks("{\"anyOf\":[{\"type\":\"null\"},{\"properties\":{\"a\":" SEALED "}}]}"), MARKS_SEALED);
    assert_int_equal(marks("{\"allOf\":[{\"properties\":{\"a\":" SEALED "}}]}"), MARKS_SEALED);
    assert_int_equal(marks("{\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\"}},\"$defs\":{\"t\":" SEALED "}}"), MARKS_SEALED);
}

static void sealed_members_out_of_sight_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(marks("{\"patternProperties\":{\"a\":" SEALED "}}"), MARKS_SEALED_HIDDEN);
    assert_int_equal(marks("{\"additionalProperties\":" SEALED "}"), MARKS_SEALED_HIDDEN);
    assert_int_equal(marks("{\"oneOf\":[{\"properties\":{\"a\":" SEALED "}},{\"properties\":{\"a\":true}}]}"), MARKS_SEALED_HIDDEN);
    assert_int_equal(marks("{\"if\":true,\"then\":{\"properties\":{\"a\":" SEALED "}}}"), MARKS_SEALED_HIDDEN);
    assert_int_equal(marks("{\"not\":" SEALED "}"), MARKS_SEALED_HIDDEN);
    assert_int_equal(marks("{\"contains\":" SEALED "}"), MARKS_SEALED_HIDDEN);
    assert_int_equal(marks("{\"items\":" SEALED "}") & MARKS_SEALED_HIDDEN, MARKS_SEALED_HIDDEN); /* without a name of its own */
    assert_int_equal(marks("{\"items\":{\"contains\":" SEALED "}}"), MARKS_SEALED_HIDDEN);
    /* declared twice, the first hides the second */
    assert_int_equal(marks("{\"properties\":{\"a\":true},\"allOf\":[{\"properties\":{\"a\":" SEALED "}}]}"), MARKS_SEALED_HIDDEN);
    /* the same schema, once in sight and once not */
    assert_int_equal(marks("{\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\"}},\"not\":{\"$ref\":\"#/$defs/t\"},\"$defs\":{\"t\":" SEALED "}}"),
                     MARKS_SEALED | MARKS_SEALED_HIDDEN);
}

static void what_is_inside_a_sealed_value_is_sealed_with_it(void **state)
{
    (void)state;
    assert_int_equal(marks("{\"x-sealed\":true,\"properties\":{\"a\":" SEALED "},\"additionalProperties\":" SEALED "}"), MARKS_SEALED);
}

static void schemas_that_refer_to_themselves_are_searched_once(void **state)
{
    (void)state;
    assert_int_equal(marks("{\"properties\":{\"a\":{\"$ref\":\"#\"},\"b\":" SEALED "}}"), MARKS_SEALED);
    assert_int_equal(marks("{\"properties\":{\"a\":{\"items\":{\"$ref\":\"#\"}}}}"), 0);
}

#define EACH "{\"type\":\"array\",\"maxItems\":2,\"x-each\":true,\"items\":{\"type\":\"integer\"}}"

static void arrays_with_x_each_are_found_as_properties_and_elsewhere(void **state)
{
    (void)state;
    assert_int_equal(marks("{\"properties\":{\"a\":" EACH "}}"), MARKS_EACH);
    assert_int_equal(marks(EACH), MARKS_EACH_ELSEWHERE);
    assert_int_equal(marks("{\"properties\":{\"a\":{\"properties\":{\"b\":" EACH "}}}}"), MARKS_EACH_ELSEWHERE);
    assert_int_equal(marks("{\"additionalProperties\":" EACH "}"), MARKS_EACH_ELSEWHERE);
    assert_int_equal(marks("{\"properties\":{\"a\":{\"x-sealed\":true,\"properties\":{\"b\":" EACH "}}}}"), MARKS_SEALED | MARKS_EACH_ELSEWHERE);
    assert_int_equal(marks("{\"properties\":{\"a\":{\"x-each\":true,\"type\":\"array\",\"items\":" EACH "}}}"), MARKS_EACH | MARKS_EACH_ELSEWHERE);
}

static void an_array_with_x_each_checks_itself_and_not_its_items(void **state)
{
    (void)state;
    assert_true(fits(EACH, "[1,\"x\"]"));
    assert_false(fits(EACH, "[1,2,3]"));
    assert_false(fits(EACH, "{}"));
    assert_int_equal(schema_types(schema_items(schema_of(EACH))), TYPE_INTEGER);
    assert_true(schema_is_each(schema_of(EACH)));
    assert_false(schema_is_each(schema_of(SEALED)));
}

static void marks_are_true_or_left_out(void **state)
{
    (void)state;
    static const char *const wrong[] = {"{\"x-sealed\":false}", "{\"x-each\":\"yes\"}", "{\"x-sealed\":null}"};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const struct schema *schema;
        struct error err;
        assert_false(schema_compile(schema_set_new(&fixture_arena, json(wrong[i])), STR(""), &schema, &err));
        assert_non_null(strstr(err.argument, "is true, or left out"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_members_are_found_by_properties_and_items),
        cmocka_unit_test(sealed_members_out_of_sight_are_told_apart),
        cmocka_unit_test(what_is_inside_a_sealed_value_is_sealed_with_it),
        cmocka_unit_test(schemas_that_refer_to_themselves_are_searched_once),
        cmocka_unit_test(arrays_with_x_each_are_found_as_properties_and_elsewhere),
        cmocka_unit_test(an_array_with_x_each_checks_itself_and_not_its_items),
        cmocka_unit_test(marks_are_true_or_left_out),
    };
    return RUN_WITH_FIXTURE(tests);
}
