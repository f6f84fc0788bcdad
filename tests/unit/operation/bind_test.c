/* bind_test.c: what PostgreSQL gets to read for the values that the contract lets through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/operation/bind.c"
#include "tests/unit/base/seal_fixture.h"

static struct arena arena;

static int open_arena(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 22) ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void assert_str(struct str got, const char *wanted)
{
    assert_string_equal(arena_copy(&arena, got).p, wanted);
}

static void date_times_become_utc(void **state)
{
    (void)state;
    assert_str(bind_date_time(&arena, STR("2026-11-23T10:20:30Z")), "2026-11-23 10:20:30+00");
    assert_str(bind_date_time(&arena, STR("2026-11-23t10:20:30.123456z")), "2026-11-23 10:20:30.123456+00");
    assert_str(bind_date_time(&arena, STR("2026-11-23T20:20:30-05:00")), "2026-11-24 01:20:30+00");
    assert_str(bind_date_time(&arena, STR("2026-01-01T00:20:30+05:30")), "2025-12-31 18:50:30+00");
}

static void a_leap_second_is_the_one_after_it(void **state)
{
    (void)state;
    assert_str(bind_date_time(&arena, STR("2016-12-31T23:59:60Z")), "2017-01-01 00:00:00+00");
    assert_str(bind_date_time(&arena, STR("2016-12-31T23:59:60.999999Z")), "2017-01-01 00:00:00.999999+00");
    assert_str(bind_date_time(&arena, STR("2017-01-01T08:59:60.5+09:00")), "2017-01-01 00:00:00.5+00");
    assert_str(bind_date_time(&arena, STR("2016-12-31T18:59:60.5-05:00")), "2017-01-01 00:00:00.5+00");
    assert_str(bind_date_time(&arena, STR("2024-02-29T23:59:60+00:00")), "2024-03-01 00:00:00+00");
}

static void offsets_that_postgresql_refuses_are_applied(void **state)
{
    (void)state;
    assert_str(bind_date_time(&arena, STR("2024-03-01T00:00:00+23:59")), "2024-02-29 00:01:00+00");
    assert_str(bind_date_time(&arena, STR("2023-12-31T23:59:59-23:59")), "2024-01-01 23:58:59+00");
}

static void the_year_zero_is_1_bc(void **state)
{
    (void)state;
    assert_str(bind_date(&arena, STR("0000-02-29")), "0001-02-29 BC");
    assert_str(bind_date(&arena, STR("0001-01-01")), "0001-01-01");
    assert_str(bind_date_time(&arena, STR("0000-01-01T00:00:00+01:00")), "0002-12-31 23:00:00+00 BC");
    assert_str(bind_date_time(&arena, STR("9999-12-31T23:59:59-01:00")), "10000-01-01 00:59:59+00");
}

static void days_survive_there_and_back(void **state)
{
    (void)state;
    for (long day = -800000; day < 4000000; day += 97) {
        long y, m, d;
        date_from_days(day, &y, &m, &d);
        assert_int_equal(days_from_date(y, m, d), day);
        assert_in_range(m, 1, 12);
        assert_in_range(d, 1, 31);
    }
}

static const struct value *parse(const char *text)
{
    const struct value *value;
    struct error err;
    assert_true(value_parse(&arena, str_of(text), 32, &value, &err));
    return value;
}

static void arrays_are_quoted(void **state)
{
    (void)state;
    assert_str(bind_array(&arena, parse("[]"), DB_TEXT), "{}");
    assert_str(bind_array(&arena, parse("[\"a\",\"b c\"]"), DB_TEXT), "{\"a\",\"b c\"}");
    assert_str(bind_array(&arena, parse("[\"a\\\"b\",\"{x,y}\",\"\\\\\",\"\",\"null\"]"), DB_TEXT),
               "{\"a\\\"b\",\"{x,y}\",\"\\\\\",\"\",\"null\"}");
    assert_string_equal(value_to_text(&arena, parse("[1,2.0]"), DB_INT8_ARRAY), "{\"1\",\"2\"}");
    assert_string_equal(value_to_text(&arena, parse("[]"), DB_TEXT_ARRAY), "{}");
}

static void scalars_keep_their_value(void **state)
{
    (void)state;
    assert_string_equal(value_to_text(&arena, parse("\"x'y\""), DB_TEXT), "x'y");
    assert_string_equal(value_to_text(&arena, parse("1.0"), DB_INT8), "1");
    assert_string_equal(value_to_text(&arena, parse("1e18"), DB_INT8), "1000000000000000000");
    assert_string_equal(value_to_text(&arena, parse("0.1"), DB_NUMERIC), "0.1");
    assert_string_equal(value_to_text(&arena, parse("true"), DB_BOOL), "true");
    assert_string_equal(value_to_text(&arena, parse("{\"a\":[1,null]}"), DB_JSONB), "{\"a\":[1,null]}");
    assert_null(value_to_text(&arena, parse("null"), DB_TEXT));
}

static void members_are_found_below_objects(void **state)
{
    (void)state;
    const struct value *body = parse("{\"place\":{\"lat\":1},\"gone\":null}");
    assert_int_equal(body_member(body, STR("place.lat"))->integer, 1);
    assert_null(body_member(body, STR("place.lon")));
    assert_null(body_member(body, STR("other.lat")));
    assert_null(body_member(NULL, STR("x")));
}

static void a_parent_that_is_null_makes_its_members_null(void **state)
{
    (void)state;
    const struct value *member = body_member(parse("{\"place\":null}"), STR("place.lat"));
    assert_non_null(member);
    assert_int_equal(member->type, VALUE_NULL);
}

static void what_the_guard_tells_is_bound_after_it(void **state)
{
    (void)state;
    struct seal *seal = seal_fixture('a');
    static struct plan plan; /* of three names: derived, a sealed object, a text */
    static struct binding binding;
    const struct call call = {.arena = &arena, .body = parse("{\"contact\":{\"phone\":\"2\"},\"kind\":\"x\"}")};
    struct buf opened;

    plan = (struct plan){.seal = seal, .file = {.n_names = 3}};
    plan.sources[0] = (struct source){.kind = SOURCE_DERIVED, .type = DB_JSONB};
    plan.sources[1] = (struct source){.kind = SOURCE_BODY, .path = STR("contact"), .type = DB_BYTEA, .seals = true};
    plan.sources[2] = (struct source){.kind = SOURCE_BODY, .path = STR("kind"), .type = DB_TEXT};
    binding = (struct binding){.derived = "[1]", .texts = {NULL, "sealed", "x"}, .given = 6};

    bind_guarded(&plan, &call, NULL, &binding);
    assert_int_equal(binding.given, 7);
    assert_string_equal(binding.texts[0], "[1]");
    assert_string_equal(binding.texts[1], "sealed");

    bind_guarded(&plan, &call, parse("{\"contact\":{\"name\":\"A\",\"phone\":\"2\"},\"kind\":\"y\"}"), &binding);
    assert_string_equal(binding.texts[2], "x");
    buf_init(&opened, 1024);
    assert_true(seal_open(seal, STR("contact"), str_of(binding.texts[1]), &opened));
    assert_str(buf_str(&opened), "{\"name\":\"A\",\"phone\":\"2\"}");
    buf_done(&opened);
    seal_free(seal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_times_become_utc),
        cmocka_unit_test(a_leap_second_is_the_one_after_it),
        cmocka_unit_test(offsets_that_postgresql_refuses_are_applied),
        cmocka_unit_test(the_year_zero_is_1_bc),
        cmocka_unit_test(days_survive_there_and_back),
        cmocka_unit_test(arrays_are_quoted),
        cmocka_unit_test(scalars_keep_their_value),
        cmocka_unit_test(members_are_found_below_objects),
        cmocka_unit_test(what_the_guard_tells_is_bound_after_it),
        cmocka_unit_test(a_parent_that_is_null_makes_its_members_null),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
