/* shape_column_test.c: what PostgreSQL's texts become in JSON, and which types fit which schemas. */
#include "fake.h"

#include "api/render/shape_column.c"

static void expect_json(uint32_t type, const char *text, const char *expected)
{
    enum shows shows;
    struct buf b;

    buf_init(&b, 65536);
    assert_true(column_shows(type, &shows));
    column_json(shows, str_of(text), &b);
    buf_char(&b, '\0');
    assert_false(b.failed);
    assert_string_equal(b.p, expected);
    buf_done(&b);
}

static void numbers_are_as_the_database_prints_them(void **state)
{
    (void)state;
    expect_json(DB_INT8, "-9223372036854775808", "-9223372036854775808");
    expect_json(DB_NUMERIC, "0.10000000000000000000000001", "0.10000000000000000000000001");
    expect_json(DB_FLOAT8, "1e+20", "1e+20");
    expect_json(DB_BOOL, "t", "true");
    expect_json(DB_BOOL, "f", "false");
}

static void texts_are_escaped(void **state)
{
    (void)state;
    expect_json(DB_TEXT, "a \"b\" \\ \n \x01 \xc3\xb1", "\"a \\\"b\\\" \\\\ \\n \\u0001 \xc3\xb1\"");
    expect_json(DB_UUID, "0b8f5a2e-1111-4222-8333-444455556666", "\"0b8f5a2e-1111-4222-8333-444455556666\"");
    expect_json(DB_DATE, "2026-11-23", "\"2026-11-23\"");
    expect_json(DB_TIME, "14:37:12", "\"14:37:12\"");
}

static void timestamps_are_rfc_3339(void **state)
{
    (void)state;
    expect_json(DB_TIMESTAMPTZ, "2026-11-23 14:37:12.123456+00", "\"2026-11-23T14:37:12.123456+00:00\"");
    expect_json(DB_TIMESTAMPTZ, "2026-11-23 14:37:12-05", "\"2026-11-23T14:37:12-05:00\"");
    expect_json(DB_TIMESTAMPTZ, "2026-11-23 14:37:12+05:30", "\"2026-11-23T14:37:12+05:30\"");
    expect_json(DB_TIMESTAMPTZ, "0044-03-15 00:00:00+00 BC", "\"0044-03-15 00:00:00+00 BC\"");
    expect_json(DB_TIMESTAMPTZ, "infinity", "\"infinity\"");
    expect_json(DB_TIMESTAMPTZ, "-infinity", "\"-infinity\"");
}

static void json_passes_through_on_one_line(void **state)
{
    (void)state;
    expect_json(DB_JSONB, "{\"a\": [1, \"\\n\"]}", "{\"a\": [1, \"\\n\"]}");
    expect_json(DB_JSON, "[{\"a\":1}, \n {\"a\":2}]\r", "[{\"a\":1},   {\"a\":2}] ");
}

static void arrays_become_json_arrays(void **state)
{
    (void)state;
    expect_json(DB_TEXT_ARRAY, "{}", "[]");
    expect_json(DB_TEXT_ARRAY, "{a,NULL,\"NULL\",\"\"}", "[\"a\",null,\"NULL\",\"\"]");
    expect_json(DB_TEXT_ARRAY, "{\"b, \\\"c\\\"}\",\"\\\\\",\"x\ny\"}", "[\"b, \\\"c\\\"}\",\"\\\\\",\"x\\u000ay\"]");
    expect_json(DB_TEXT_ARRAY, "{1,\x01,true}", "[\"1\",\"\\u0001\",\"true\"]");
    expect_json(DB_TEXT_ARRAY, "[0:1]={a,b}", "[\"a\",\"b\"]");
    expect_json(DB_TEXT_ARRAY, "{{a,b},{c,\"}\"}}", "[[\"a\",\"b\"],[\"c\",\"}\"]]");
    expect_json(DB_INT8_ARRAY, "{1,-2,NULL}", "[1,-2,null]");
    expect_json(DB_UUID_ARRAY, "{0b8f5a2e-1111-4222-8333-444455556666}", "[\"0b8f5a2e-1111-4222-8333-444455556666\"]");
}

/* Which of the column types fit a schema: one letter each, in the table's order. */
static void expect_fitting(const struct schema *schema, const char *expected)
{
    static const struct {
        uint32_t type;
        char letter;
    } letters[] = {
        {DB_BOOL, 'b'}, {DB_INT2, '2'}, {DB_INT4, '4'}, {DB_INT8, '8'}, {DB_NUMERIC, 'n'}, {DB_FLOAT4, 'f'}, {DB_FLOAT8, 'F'},
        {DB_TEXT, 't'}, {DB_VARCHAR, 'v'}, {DB_BPCHAR, 'c'}, {DB_UUID, 'u'}, {DB_DATE, 'd'}, {DB_TIME, 'T'},
        {DB_TIMESTAMPTZ, 's'}, {DB_JSON, 'j'}, {DB_JSONB, 'J'}, {DB_TEXT_ARRAY, 'A'}, {DB_UUID_ARRAY, 'U'},
        {DB_INT8_ARRAY, 'I'}, {1114, '!'}, {0, '!'},
    };
    char found[32] = "";

    for (size_t i = 0, n = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (column_fits(letters[i].type, schema))
            found[n++] = letters[i].letter;
    assert_string_equal(found, expected);
}

static void types_fit_what_they_can_always_be(void **state)
{
    (void)state;
    expect_fitting(&(struct schema){.types = TYPE_BOOLEAN | TYPE_NULL}, "b");
    expect_fitting(&integer_schema, "248");
    expect_fitting(&number_schema, "248nfF");
    expect_fitting(&text_schema, "tvcudTs");
    expect_fitting(&uuid_schema, "u");
    expect_fitting(&(struct schema){.types = TYPE_STRING | TYPE_NULL, .format = FORMAT_DATE_TIME}, "s");
    expect_fitting(&(struct schema){.types = TYPE_STRING, .format = FORMAT_DATE}, "d");
    expect_fitting(&(struct schema){.types = TYPE_STRING, .format = FORMAT_TIME}, "tvc");
    expect_fitting(&(struct schema){.types = TYPE_STRING, .format = FORMAT_URI}, "tvc");
    expect_fitting(&(struct schema){.types = TYPE_OBJECT}, "jJ");
    expect_fitting(&(struct schema){.types = TYPE_ARRAY}, "jJAUI");
    expect_fitting(&(struct schema){.types = TYPE_ARRAY, .items = &text_schema}, "jJAU");
    expect_fitting(&(struct schema){.types = TYPE_ARRAY, .items = &uuid_schema}, "jJU");
    expect_fitting(&(struct schema){.types = TYPE_ARRAY, .items = &integer_schema}, "jJI");
    expect_fitting(&any_schema, "b248nfFtvcudTsjJAUI");
    expect_fitting(&(struct schema){.types = TYPE_NULL}, "");
}

static void bytes_are_what_is_sealed_and_nothing_else(void **state)
{
    (void)state;
    const struct schema sealed = {.types = TYPE_STRING, .sealed = true}, holds = {.types = TYPE_OBJECT, .marks = MARKS_SEALED};
    enum shows shows;

    assert_true(column_shows(DB_BYTEA, &shows));
    assert_int_equal(shows, SHOWS_SEALED);
    assert_null(column_seals_not(DB_BYTEA, &sealed));
    assert_null(column_seals_not(DB_TEXT, &text_schema));
    assert_null(column_seals_not(DB_TEXT, NULL));
    assert_non_null(column_seals_not(DB_BYTEA, &text_schema));
    assert_non_null(column_seals_not(DB_BYTEA, NULL));
    assert_non_null(column_seals_not(DB_TEXT, &sealed));
    assert_non_null(column_seals_not(DB_JSONB, &sealed));
    assert_non_null(column_seals_not(DB_JSONB, &holds));
    assert_false(column_shows(1114, &shows)); /* timestamp without time zone */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_as_the_database_prints_them), cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(timestamps_are_rfc_3339),                 cmocka_unit_test(json_passes_through_on_one_line),
        cmocka_unit_test(arrays_become_json_arrays),               cmocka_unit_test(types_fit_what_they_can_always_be),
        cmocka_unit_test(bytes_are_what_is_sealed_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
