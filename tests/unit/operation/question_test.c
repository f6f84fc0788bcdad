/* question_test.c: which texts of which statements the database is asked about. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/question.c"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, (size_t)16 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static const struct media media[] = {{.type = STR_INIT("application/json")}, {.type = STR_INIT("text/csv")}, {.type = STR_INIT("application/x-ndjson")}};
static const struct answer in_three = {.status = 200, .media = media, .n_media = 3}, in_none = {.status = 204};

enum { JSON = 1 << AS_JSON, CSV = 1 << AS_CSV, NDJSON = 1 << AS_NDJSON };

/* A plan in which :csv and :ndjson stand for formats, and all else for parameters of type text. */
static struct plan plan_of(const struct answer *success, const char *sql)
{
    struct operation *operation = arena_new(&arena, struct operation);
    struct plan plan = {.operation = operation};
    struct error err;

    operation->success = success;
    if (!sql_parse(&arena, STR("x.sql"), arena_printf(&arena, "-- x\n%s", sql), &plan.file, &err))
        fail_msg("%s", err.argument);
    for (size_t i = 0; i < plan.file.n_names; i++) {
        plan.sources[i] = (struct source){.kind = SOURCE_PARAMETER, .type = DB_TEXT};
        if (str_eq(plan.file.names[i], STR("csv")))
            plan.sources[i] = (struct source){.kind = SOURCE_FORMAT, .index = AS_CSV};
        if (str_eq(plan.file.names[i], STR("ndjson")))
            plan.sources[i] = (struct source){.kind = SOURCE_FORMAT, .index = AS_NDJSON};
    }
    return plan;
}

/* The next question; asserts what it asks. */
static void assert_asks(const struct question **next, const char *text, unsigned formats, bool whole)
{
    const struct question *question = *next;

    assert_non_null(question);
    assert_string_equal(question->text.p, text);
    assert_int_equal(question->formats, formats);
    assert_int_equal(question->whole, whole);
    *next = question->next;
}

static void every_line_is_seen_present_and_absent(void **state)
{
    (void)state;
    struct plan plan = plan_of(&in_none, "select 1 where true\nand 'a' = :a --?\nand 'b' = :b --?\nand 'c' = :c;");
    const struct question *question = questions_of(&arena, &plan, 1);

    assert_asks(&question, "select 1 where true\n\n\nand 'c' = $1", JSON, false);
    assert_int_equal(question->types[0], DB_TEXT);
    assert_asks(&question, "select 1 where true\nand 'a' = $1 \nand 'b' = $2 \nand 'c' = $3", JSON, true);
    assert_asks(&question, "select 1 where true\nand 'a' = $1 \n\nand 'c' = $2", JSON, false);
    assert_asks(&question, "select 1 where true\n\nand 'b' = $1 \nand 'c' = $2", JSON, false);
    assert_null(question);
}

static void a_text_that_formats_share_is_asked_once(void **state)
{
    (void)state;
    struct plan plan = plan_of(&in_three, "select 1;\nselect 2 where true\nand 'a' = :a --?\n;");
    const struct question *question = questions_of(&arena, &plan, 1);

    assert_asks(&question, "select 1", JSON | CSV | NDJSON, true);
    assert_asks(&question, "select 2 where true\n\n", JSON | CSV | NDJSON, false);
    assert_asks(&question, "select 2 where true\nand 'a' = $1 \n", JSON | CSV | NDJSON, true);
    assert_null(question);
}

static void each_format_is_asked_with_lines_of_its_own(void **state)
{
    (void)state;
    struct plan plan = plan_of(&in_three, "select 1\n, 'c' --? csv\n, 'n' --? ndjson\n, :a --?\n;");
    const struct question *question = questions_of(&arena, &plan, 1);

    assert_asks(&question, "select 1\n\n\n\n", JSON, false);
    assert_asks(&question, "select 1\n\n\n, $1 \n", JSON, true);
    assert_asks(&question, "select 1\n, 'c' \n\n\n", CSV, false);
    assert_asks(&question, "select 1\n, 'c' \n\n, $1 \n", CSV, true);
    assert_asks(&question, "select 1\n\n, 'n' \n\n", NDJSON, false);
    assert_asks(&question, "select 1\n\n, 'n' \n, $1 \n", NDJSON, true);
    assert_null(question);
}

static void answers_that_can_be_counted_are_asked_for_their_count(void **state)
{
    (void)state;
    static const struct parameter include = {.name = STR_INIT("include")};
    struct plan plan = plan_of(&in_three, "select 1;\nselect 2\n;");
    plan.include = &include;
    plan.answer = &plan.file.statements[1];
    const struct question *question = questions_of(&arena, &plan, 1);

    assert_asks(&question, "select 1", JSON | CSV | NDJSON, true);
    assert_asks(&question, "select 2\n", JSON | CSV | NDJSON, true);
    assert_true(question->counts);
    assert_asks(&question, "select count(*) from (select 2\n) as counted", JSON | CSV | NDJSON, false);
    assert_null(question);
}

static void plans_come_in_their_order_and_those_in_c_are_not_asked_about(void **state)
{
    (void)state;
    struct plan plans[] = {plan_of(&in_none, "select 1;"), {.operation = NULL}, plan_of(&in_none, "select 1;")};
    const struct question *question = questions_of(&arena, plans, 3);

    assert_ptr_equal(question->plan, &plans[0]);
    assert_ptr_equal(question->next->plan, &plans[2]);
    assert_null(question->next->next);
    assert_null(questions_of(&arena, &plans[1], 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_line_is_seen_present_and_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_that_formats_share_is_asked_once, setup, teardown),
        cmocka_unit_test_setup_teardown(each_format_is_asked_with_lines_of_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(answers_that_can_be_counted_are_asked_for_their_count, setup, teardown),
        cmocka_unit_test_setup_teardown(plans_come_in_their_order_and_those_in_c_are_not_asked_about, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
