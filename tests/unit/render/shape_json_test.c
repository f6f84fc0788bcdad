/* shape_json_test.c: rows as JSON objects and GeoJSON features. */
#include "fake.h"

#include "api/render/shape_json.c"

static const struct schema object_or_null = {.types = TYPE_OBJECT | TYPE_NULL, .properties = {{"a", &text_schema, false}, {"b", &text_or_null, false}}};
static const struct schema object = {.types = TYPE_OBJECT, .properties = {{"a", &text_schema, false}, {"b", &text_or_null, false}}};

static void expect(const struct db_result *result, const struct schema *record, const char *expected)
{
    expect_row(result, record, SHAPE_RECORD, shape_json, expected);
}

static void columns_become_members_in_order(void **state)
{
    (void)state;
    expect(&(struct db_result){6, {{"id", DB_INT8, "7"}, {"_revision", DB_INT8, "3"}, {"title.es", DB_TEXT, "uno"},
                                   {"title.more.x", DB_BOOL, "t"}, {"title.more.y", DB_NUMERIC, "1.50"}, {"tags", DB_TEXT_ARRAY, "{a}"}}},
           NULL, "{\"id\":7,\"title\":{\"es\":\"uno\",\"more\":{\"x\":true,\"y\":1.50}},\"tags\":[\"a\"]}");
    expect(&(struct db_result){0}, NULL, "{}");
    expect(&(struct db_result){2, {{"a.b.c", DB_INT8, "1"}, {"a.d", DB_INT8, "2"}}}, NULL, "{\"a\":{\"b\":{\"c\":1},\"d\":2}}");
    expect(&(struct db_result){3, {{"a", DB_INT8, "1"}, {"ab.c", DB_INT8, "2"}, {"b", DB_INT8, "3"}}}, NULL,
           "{\"a\":1,\"ab\":{\"c\":2},\"b\":3}");
    expect(&(struct db_result){1, {{"a\"b", DB_INT8, "1"}}}, NULL, "{\"a\\\"b\":1}");
}

static void null_is_null_without_a_schema(void **state)
{
    (void)state;
    expect(&(struct db_result){2, {{"a", DB_TEXT, NULL}, {"o.a", DB_TEXT, NULL}}}, NULL, "{\"a\":null,\"o\":null}");
}

static void null_is_null_where_allowed_and_else_left_out(void **state)
{
    (void)state;
    const struct schema record = {.types = TYPE_OBJECT, .properties = {{"a", &text_schema, false}, {"b", &text_or_null, false}, {"c", &text_schema, false}}};

    expect(&(struct db_result){3, {{"a", DB_TEXT, NULL}, {"b", DB_TEXT, NULL}, {"c", DB_TEXT, ""}}}, &record, "{\"b\":null,\"c\":\"\"}");
    expect(&(struct db_result){2, {{"a", DB_TEXT, NULL}, {"c", DB_TEXT, NULL}}}, &record, "{}");
}

static void an_object_of_nulls_follows_its_schema(void **state)
{
    (void)state;
    const struct db_result nulls = {2, {{"o.a", DB_TEXT, NULL}, {"o.b", DB_TEXT, NULL}}};
    const struct schema nullable = {.types = TYPE_OBJECT, .properties = {{"o", &object_or_null, true}}};
    const struct schema optional = {.types = TYPE_OBJECT, .properties = {{"o", &object, false}}};
    const struct schema required = {.types = TYPE_OBJECT, .properties = {{"o", &object, true}}};

    expect(&nulls, &nullable, "{\"o\":null}");
    expect(&nulls, &optional, "{}");
    expect(&nulls, &required, "{\"o\":{\"b\":null}}");
    expect(&(struct db_result){2, {{"o.a", DB_TEXT, "x"}, {"o.b", DB_TEXT, NULL}}}, &nullable, "{\"o\":{\"a\":\"x\",\"b\":null}}");
}

static void numbers_that_json_lacks_are_null(void **state)
{
    (void)state;
    expect(&(struct db_result){5, {{"a", DB_NUMERIC, "NaN"}, {"b", DB_FLOAT8, "Infinity"}, {"c", DB_NUMERIC, "-Infinity"},
                                   {"d", DB_NUMERIC, "-0.5"}, {"e", DB_TEXT, "NaN"}}},
           NULL, "{\"a\":null,\"b\":null,\"c\":null,\"d\":-0.5,\"e\":\"NaN\"}");
    const struct schema record = {.types = TYPE_OBJECT, .properties = {{"a", &number_schema, true}}};
    expect(&(struct db_result){1, {{"a", DB_NUMERIC, "NaN"}}}, &record, "{}");
}

static void a_feature_keeps_id_and_geometry_apart(void **state)
{
    (void)state;
    const struct schema record = {.types = TYPE_OBJECT, .properties = {{"id", &uuid_schema, true}, {"name", &text_schema, true}}};
    struct db_result result = {3, {{"id", DB_UUID, "u-1"}, {"geometry", DB_JSONB, "{\"type\": \"Point\"}"}, {"name", DB_TEXT, "x"}}};

    expect_row(&result, &record, SHAPE_FEATURE, shape_feature,
               "{\"type\":\"Feature\",\"id\":\"u-1\",\"geometry\":{\"type\": \"Point\"},\"properties\":{\"name\":\"x\"}}");
    result.columns[0].value = result.columns[1].value = NULL;
    expect_row(&result, &record, SHAPE_FEATURE, shape_feature,
               "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"name\":\"x\"}}");
    expect_row(&(struct db_result){1, {{"geometry", DB_JSON, "{}"}}}, NULL, SHAPE_FEATURE, shape_feature,
               "{\"type\":\"Feature\",\"geometry\":{},\"properties\":{}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_become_members_in_order),       cmocka_unit_test(null_is_null_without_a_schema),
        cmocka_unit_test(null_is_null_where_allowed_and_else_left_out),
        cmocka_unit_test(an_object_of_nulls_follows_its_schema), cmocka_unit_test(numbers_that_json_lacks_are_null),
        cmocka_unit_test(a_feature_keeps_id_and_geometry_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
