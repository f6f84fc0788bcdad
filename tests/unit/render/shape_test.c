/* shape_test.c: which columns agree with a record, and which are refused at the start. */
#include "fake.h"

#include "api/render/shape.c"

static const struct schema title_schema = {
    .types = TYPE_OBJECT,
    .properties = {{"es", &text_schema, true}, {"en", &text_or_null, false}},
};
static const struct schema record = {
    .types = TYPE_OBJECT,
    .properties = {{"id", &uuid_schema, true}, {"title", &title_schema, true}, {"count", &integer_schema, false}},
};

static void expect_refused(const struct db_result *columns, enum shape_kind kind, const char *reason)
{
    struct shape *shape;
    struct error err = {.code = ERR_NONE};

    assert_false(shape_new(columns, &record, kind, NULL, &shape, &err));
    assert_int_equal(err.code, ERR_CONTRACT);
    assert_string_equal(err.argument, reason);
}

static void columns_that_agree_become_nodes(void **state)
{
    (void)state;
    const struct db_result columns = {5, {{"id", DB_UUID, NULL}, {"_revision", DB_BYTEA, NULL}, {"title.es", DB_TEXT, NULL},
                                          {"title.en", DB_TEXT, NULL}, {"count", DB_INT4, NULL}}};
    struct shape *shape;
    struct error err;

    assert_true(shape_new(&columns, &record, SHAPE_RECORD, NULL, &shape, &err));
    assert_int_equal(shape->n, 6);
    static const char *const keys[] = {",\"\":", ",\"id\":", ",\"title\":", ",\"es\":", ",\"en\":", ",\"count\":"};
    static const int at[] = {-1, 0, -1, 2, 3, 4};
    static const size_t ends[] = {6, 2, 5, 4, 5, 6};
    for (size_t i = 0; i < shape->n; i++) {
        assert_true(str_eq(shape->nodes[i].key, str_of(keys[i])));
        assert_int_equal(shape->nodes[i].column, at[i]);
        assert_int_equal(shape->nodes[i].end, ends[i]);
    }
    assert_false(shape->nodes[3].nullable);
    assert_true(shape->nodes[4].nullable);
    assert_true(shape->nodes[2].required);
    assert_false(shape->nodes[5].required);
    shape_free(shape);
}

static void a_required_member_needs_its_column(void **state)
{
    (void)state;
    expect_refused(&(struct db_result){2, {{"id", DB_UUID, NULL}, {"title.en", DB_TEXT, NULL}}}, SHAPE_RECORD,
                   "column title.es: missing, but required");
    expect_refused(&(struct db_result){1, {{"title.es", DB_TEXT, NULL}}}, SHAPE_RECORD, "column id: missing, but required");
    expect_refused(&(struct db_result){2, {{"_id", DB_UUID, NULL}, {"title.es", DB_TEXT, NULL}}}, SHAPE_RECORD,
                   "column id: missing, but required");
    expect_refused(&(struct db_result){1, {{"id", DB_UUID, NULL}}}, SHAPE_RECORD, "column title: missing, but required");
    expect_refused(&(struct db_result){2, {{"id", DB_UUID, NULL}, {"titles", DB_JSONB, NULL}}}, SHAPE_RECORD,
                   "column titles: no such member in the contract");
}

static void a_column_needs_its_member(void **state)
{
    (void)state;
    expect_refused(&(struct db_result){1, {{"secret", DB_TEXT, NULL}}}, SHAPE_RECORD, "column secret: no such member in the contract");
    expect_refused(&(struct db_result){1, {{"title.fr", DB_TEXT, NULL}}}, SHAPE_RECORD, "column title.fr: no such member in the contract");
    expect_refused(&(struct db_result){1, {{"place.lat", DB_TEXT, NULL}}}, SHAPE_RECORD, "column place.lat: no such member in the contract");
    expect_refused(&(struct db_result){1, {{"id.x", DB_TEXT, NULL}}}, SHAPE_RECORD, "column id.x: goes through a member that is no object");
    expect_refused(&(struct db_result){1, {{"title..es", DB_TEXT, NULL}}}, SHAPE_RECORD, "column title..es: a part of its name is empty");
    expect_refused(&(struct db_result){1, {{"title.", DB_TEXT, NULL}}}, SHAPE_RECORD, "column title.: a part of its name is empty");
}

static void types_must_fit_and_be_known(void **state)
{
    (void)state;
    expect_refused(&(struct db_result){1, {{"id", DB_TEXT, NULL}}}, SHAPE_RECORD, "column id: its type does not fit the contract's");
    expect_refused(&(struct db_result){1, {{"title", 1114, NULL}}}, SHAPE_RECORD, "column title: its type (oid 1114) is never shown");
    expect_refused(&(struct db_result){1, {{"title", 1114, NULL}}}, SHAPE_CSV, "column title: its type (oid 1114) is never shown");
}

static void what_is_sealed_is_bytea_and_bytea_is_what_is_sealed(void **state)
{
    (void)state;
    static const struct schema sealed = {.types = TYPE_STRING, .sealed = true};
    static const struct schema contact = {.types = TYPE_OBJECT, .marks = MARKS_SEALED, .properties = {{"phone", &sealed, false}}};
    static const struct schema filing = {.types = TYPE_OBJECT,
                                         .properties = {{"narrative", &sealed, false}, {"contact", &contact, false}, {"title", &text_schema, false}}};
    static const struct {
        struct db_result columns;
        enum shape_kind kind;
        const char *reason; /* NULL: it is taken */
    } cases[] = {
        {{2, {{"narrative", DB_BYTEA, NULL}, {"contact.phone", DB_BYTEA, NULL}}}, SHAPE_RECORD, NULL},
        {{2, {{"narrative", DB_BYTEA, NULL}, {"contact.phone", DB_BYTEA, NULL}}}, SHAPE_CSV, NULL},
        {{1, {{"narrative", DB_TEXT, NULL}}}, SHAPE_RECORD, "column narrative: is sealed in the contract (x-sealed), so it must be bytea"},
        {{1, {{"contact.phone", DB_TEXT, NULL}}}, SHAPE_CSV, "column contact.phone: is sealed in the contract (x-sealed), so it must be bytea"},
        {{1, {{"title", DB_BYTEA, NULL}}}, SHAPE_RECORD, "column title: is bytea, but not sealed in the contract (x-sealed)"},
        {{1, {{"other", DB_BYTEA, NULL}}}, SHAPE_CSV, "column other: is bytea, but not sealed in the contract (x-sealed)"},
        {{1, {{"contact", DB_JSONB, NULL}}}, SHAPE_RECORD, "column contact: has sealed members (x-sealed), which json cannot show"},
        {{1, {{"contact", DB_JSONB, NULL}}}, SHAPE_CSV, "column contact: has sealed members (x-sealed), which json cannot show"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shape *shape = NULL;
        struct error err = {.code = ERR_NONE};
        bool taken = shape_new(&cases[i].columns, &filing, cases[i].kind, NULL, &shape, &err);
        if (taken)
            shape_free(shape);
        assert_int_equal(taken, cases[i].reason == NULL);
        if (!taken)
            assert_string_equal(err.argument, cases[i].reason);
    }
}

static void members_of_an_object_stand_together_once(void **state)
{
    (void)state;
    expect_refused(&(struct db_result){3, {{"title.es", DB_TEXT, NULL}, {"id", DB_UUID, NULL}, {"title.en", DB_TEXT, NULL}}},
                   SHAPE_RECORD, "column title.en: its object's other columns do not stand beside it");
    expect_refused(&(struct db_result){2, {{"id", DB_UUID, NULL}, {"id", DB_UUID, NULL}}}, SHAPE_RECORD, "column id: stands twice");
    expect_refused(&(struct db_result){2, {{"title.es", DB_TEXT, NULL}, {"title", DB_JSONB, NULL}}}, SHAPE_RECORD,
                   "column title: stands twice");
    expect_refused(&(struct db_result){2, {{"title", DB_JSONB, NULL}, {"title.es", DB_TEXT, NULL}}}, SHAPE_RECORD,
                   "column title.es: its object's other columns do not stand beside it");
}

static void a_feature_has_a_geometry_beside_its_record(void **state)
{
    (void)state;
    expect_refused(&(struct db_result){2, {{"id", DB_UUID, NULL}, {"title", DB_JSONB, NULL}}}, SHAPE_FEATURE,
                   "column geometry: missing, but a feature has one");
    expect_refused(&(struct db_result){1, {{"geometry", DB_TEXT, NULL}}}, SHAPE_FEATURE, "column geometry: GeoJSON is json or jsonb");
    expect_refused(&(struct db_result){1, {{"geometry", DB_JSONB, NULL}}}, SHAPE_RECORD,
                   "column geometry: no such member in the contract");
    expect_refused(&(struct db_result){2, {{"geometry", DB_JSONB, NULL}, {"id", DB_UUID, NULL}}}, SHAPE_FEATURE,
                   "column title: missing, but required");
}

static void csv_has_columns_of_its_own(void **state)
{
    (void)state;
    struct shape *shape;
    struct error err;
    const struct db_result columns = {2, {{"title.fr", DB_TEXT, NULL}, {"id", DB_TEXT, NULL}}};

    assert_true(shape_new(&columns, &record, SHAPE_CSV, NULL, &shape, &err));
    assert_int_equal(shape->n, 3);
    shape_free(shape);
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    struct shape *shape;
    struct error err;
    const struct db_result fits = {1, {{"a.b.c.d.e.f.g.h", DB_TEXT, NULL}}}, too_deep = {1, {{"a.b.c.d.e.f.g.h.i", DB_TEXT, NULL}}};

    assert_true(shape_new(&fits, NULL, SHAPE_RECORD, NULL, &shape, &err));
    shape_free(shape);
    assert_false(shape_new(&too_deep, NULL, SHAPE_RECORD, NULL, &shape, &err));
    assert_string_equal(err.argument, "column a.b.c.d.e.f.g.h.i: nested too deep");
}

static void a_shape_fits_the_columns_that_it_was_made_for(void **state)
{
    (void)state;
    struct shape *shape;
    struct error err;
    const struct db_result columns = {2, {{"id", DB_UUID, NULL}, {"at", DB_TEXT, NULL}}};

    assert_true(shape_new(&columns, NULL, SHAPE_RECORD, NULL, &shape, &err));
    assert_true(shape_fits(shape, &columns));
    assert_true(shape_fits(shape, &(struct db_result){2, {{"id", DB_UUID, "1"}, {"at", DB_TEXT, "2"}}}));
    assert_false(shape_fits(shape, &(struct db_result){1, {{"id", DB_UUID, NULL}}}));
    assert_false(shape_fits(shape, &(struct db_result){3, {{"id", DB_UUID, NULL}, {"at", DB_TEXT, NULL}, {"by", DB_TEXT, NULL}}}));
    assert_false(shape_fits(shape, &(struct db_result){2, {{"id", DB_TEXT, NULL}, {"at", DB_TEXT, NULL}}}));
    assert_false(shape_fits(shape, &(struct db_result){2, {{"id", DB_UUID, NULL}, {"to", DB_TEXT, NULL}}}));
    shape_free(shape);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_that_agree_become_nodes),          cmocka_unit_test(a_required_member_needs_its_column),
        cmocka_unit_test(a_column_needs_its_member),                cmocka_unit_test(types_must_fit_and_be_known),
        cmocka_unit_test(what_is_sealed_is_bytea_and_bytea_is_what_is_sealed),
        cmocka_unit_test(members_of_an_object_stand_together_once), cmocka_unit_test(a_feature_has_a_geometry_beside_its_record),
        cmocka_unit_test(csv_has_columns_of_its_own),               cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(a_shape_fits_the_columns_that_it_was_made_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
