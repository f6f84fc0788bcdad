/* shape_json_test.c: rows as JSON objects and GeoJSON features. */
#include "fake.h"
#include "tests/unit/base/seal_fixture.h"

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

static const struct schema sealed_or_null = {.types = TYPE_ANY, .sealed = true}, sealed_text = {.types = TYPE_STRING, .sealed = true};
static const struct schema case_schema = {.types = TYPE_OBJECT, .properties = {{"narrative", &sealed_or_null, false}, {"phone", &sealed_text, false}}};

static void what_is_sealed_is_shown_opened(void **state)
{
    (void)state;
    struct arena a;
    struct seal *seal = seal_fixture('a');

    assert_true(arena_init(&a, 1 << 20));
    fake_seal = seal;
    const struct db_result text = sealed_row(&a, seal, "narrative", "narrative", "\"what \\\"he\\\" did\"");
    const struct db_result whole = sealed_row(&a, seal, "narrative", "narrative", "{\"a\":[1,null]}");
    expect_row(&text, &case_schema, SHAPE_RECORD, shape_json, "{\"narrative\":\"what \\\"he\\\" did\"}");
    expect_row(&whole, &case_schema, SHAPE_RECORD, shape_json, "{\"narrative\":{\"a\":[1,null]}}");
    expect_row(&(struct db_result){2, {{"narrative", DB_BYTEA, NULL}, {"phone", DB_BYTEA, NULL}}}, &case_schema, SHAPE_RECORD, shape_json,
               "{\"narrative\":null}");
    fake_seal = NULL;
    seal_free(seal);
    arena_done(&a);
}

static void what_does_not_open_fails_the_whole_answer(void **state)
{
    (void)state;
    struct arena a;
    struct seal *seal = seal_fixture('a'), *other = seal_fixture('b');

    assert_true(arena_init(&a, 1 << 20));
    const struct db_result rows[] = {
        sealed_row(&a, seal, "narrative", "contact", "1"), sealed_row(&a, other, "narrative", "narrative", "1"),
        {1, {{"narrative", DB_BYTEA, "\\x"}}}, {1, {{"narrative", DB_BYTEA, "\\x01020304"}}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct shape *shape;
        struct error err;
        struct buf b;
        buf_init(&b, 65536);
        assert_true(shape_new(&rows[i], &case_schema, SHAPE_RECORD, seal, &shape, &err));
        shape_json(shape, &rows[i], 0, &b);
        assert_true(b.failed);
        assert_non_null(strstr(b.why, "cannot be opened"));
        buf_done(&b);
        shape_free(shape);
    }
    seal_free(seal);
    seal_free(other);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_become_members_in_order),       cmocka_unit_test(null_is_null_without_a_schema),
        cmocka_unit_test(null_is_null_where_allowed_and_else_left_out),
        cmocka_unit_test(an_object_of_nulls_follows_its_schema), cmocka_unit_test(numbers_that_json_lacks_are_null),
        cmocka_unit_test(a_feature_keeps_id_and_geometry_apart),
        cmocka_unit_test(what_is_sealed_is_shown_opened),
        cmocka_unit_test(what_does_not_open_fails_the_whole_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
