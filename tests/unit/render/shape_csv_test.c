/* shape_csv_test.c: rows as CSV. */
#include "fake.h"
#include "tests/unit/base/seal_fixture.h"

#include <stdio.h>

#include "api/render/shape_csv.c"

static void header(const struct shape *shape, const struct db_result *result, int row, struct buf *b)
{
    (void)row;
    shape_csv_header(shape, result, b);
}

static void expect_cell(uint32_t type, const char *value, const char *expected)
{
    char line[256];

    snprintf(line, sizeof line, "%s,1\r\n", expected);
    expect_row(&(struct db_result){2, {{"a", type, value}, {"b", DB_INT8, "1"}}}, NULL, SHAPE_CSV, shape_csv, line);
}

static void the_header_names_what_is_shown(void **state)
{
    (void)state;
    expect_row(&(struct db_result){5, {{"id", DB_UUID, NULL}, {"_revision", DB_INT8, NULL}, {"title.es", DB_TEXT, NULL},
                                       {"a,b", DB_TEXT, NULL}, {"x.y.z", DB_TEXT, NULL}}},
               NULL, SHAPE_CSV, header, "id,title_es,\"a,b\",x_y_z\r\n");
}

static void values_are_as_in_json_but_for_quotes(void **state)
{
    (void)state;
    expect_cell(DB_BOOL, "f", "false");
    expect_cell(DB_NUMERIC, "-1.50", "-1.50");
    expect_cell(DB_NUMERIC, "NaN", "");
    expect_cell(DB_TIMESTAMPTZ, "2026-11-23 14:37:12.5+00", "2026-11-23T14:37:12.5+00:00");
    expect_cell(DB_DATE, "2026-11-23", "2026-11-23");
    expect_cell(DB_TEXT, NULL, "");
    expect_cell(DB_TEXT, "\xc3\xb1 \\ x", "\xc3\xb1 \\ x");
    expect_cell(DB_JSONB, "{\"a\": 1}", "\"{\"\"a\"\": 1}\"");
    expect_cell(DB_TEXT_ARRAY, "{a,\"b c\"}", "\"[\"\"a\"\",\"\"b c\"\"]\"");
    expect_cell(DB_INT8_ARRAY, "{1}", "[1]");
}

static void separators_are_enclosed(void **state)
{
    (void)state;
    expect_cell(DB_TEXT, "a,b", "\"a,b\"");
    expect_cell(DB_TEXT, "a\nb", "\"a\nb\"");
    expect_cell(DB_TEXT, "a\r\nb", "\"a\r\nb\"");
    expect_cell(DB_TEXT, "\"", "\"\"\"\"");
    expect_cell(DB_TEXT, "say \"yes\"", "\"say \"\"yes\"\"\"");
}

static void formulas_are_disarmed(void **state)
{
    (void)state;
    expect_cell(DB_TEXT, "=1+1", "'=1+1");
    expect_cell(DB_TEXT, "+1", "'+1");
    expect_cell(DB_TEXT, "-1", "'-1");
    expect_cell(DB_TEXT, "@SUM(A1)", "'@SUM(A1)");
    expect_cell(DB_TEXT, "\t=1", "'\t=1");
    expect_cell(DB_TEXT, "\r=1", "\"'\r=1\"");
    expect_cell(DB_TEXT, "=\"a,b\"", "\"'=\"\"a,b\"\"\"");
    expect_cell(DB_TEXT, "a=1", "a=1");
    expect_cell(DB_INT8, "-1", "-1");
}

static void every_row_has_every_column(void **state)
{
    (void)state;
    expect_row(&(struct db_result){3, {{"a.x", DB_TEXT, NULL}, {"b", DB_TEXT, "1"}, {"a.y", DB_TEXT, NULL}}}, NULL, SHAPE_CSV,
               shape_csv, ",1,\r\n");
}

static void a_full_buffer_fails_and_stays_within(void **state)
{
    (void)state;
    const struct db_result result = {2, {{"a", DB_TEXT, "\"\"\"\"\"\","}, {"b", DB_TEXT, "=\","}}};
    struct shape *shape;
    struct error err;

    assert_true(shape_new(&result, NULL, SHAPE_CSV, NULL, &shape, &err));
    for (size_t max = 0; max < 40; max++) {
        struct buf b;
        buf_init(&b, max);
        shape_csv(shape, &result, 0, &b);
        assert_true(b.failed == (max < 25));
        assert_true(b.n <= max);
        buf_done(&b);
    }
    shape_free(shape);
}

static void what_is_sealed_is_shown_opened_and_without_quotes(void **state)
{
    (void)state;
    static const struct schema sealed = {.types = TYPE_ANY, .sealed = true};
    static const struct schema contact = {.types = TYPE_OBJECT, .properties = {{"phone", &sealed, false}}};
    static const struct schema record = {.types = TYPE_OBJECT, .properties = {{"contact", &contact, false}}};
    static const struct {
        const char *json, *cell;
    } cases[] = {
        {"\"plain\"", "plain\r\n"}, {"\"\"", "\r\n"}, {"17", "17\r\n"}, {"-1", "-1\r\n"}, {"true", "true\r\n"},
        {"\"=1+1\"", "'=1+1\r\n"}, {"\"a,\\\"b\\\"\"", "\"a,\"\"b\"\"\"\r\n"}, {"[1,2]", "\"[1,2]\"\r\n"},
        {"\"\\b\\f\\n\\r\\t\\\\\\/\"", "\"\b\f\n\r\t\\/\"\r\n"},
        {"\"\\u0041\\u00f1\\u2028\\ud83d\\ude00\"", "A\xc3\xb1\xe2\x80\xa8\xf0\x9f\x98\x80\r\n"},
    };
    struct seal *seal = seal_fixture('a');
    struct arena a;

    assert_true(arena_init(&a, 1 << 20));
    fake_seal = seal;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct db_result row = sealed_row(&a, seal, "contact.phone", "phone", cases[i].json);
        expect_row(&row, &record, SHAPE_CSV, shape_csv, cases[i].cell);
    }
    fake_seal = NULL;
    seal_free(seal);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_what_is_shown), cmocka_unit_test(values_are_as_in_json_but_for_quotes),
        cmocka_unit_test(separators_are_enclosed),        cmocka_unit_test(formulas_are_disarmed),
        cmocka_unit_test(every_row_has_every_column),     cmocka_unit_test(a_full_buffer_fails_and_stays_within),
        cmocka_unit_test(what_is_sealed_is_shown_opened_and_without_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
