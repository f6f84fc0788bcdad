/* plan_check_test.c: SQL that runs, and would still serve callers wrong, is refused. */
#include "tests/unit/contract/schema_fixture.h"

#include "api/operation/plan_check.c"

static const struct parameter none_match = {.name = STR_INIT("If-None-Match"), .place = PLACE_HEADER};

/* "" when the file is taken, else why not. Names are members of the body, but for :id and :after_<column>. */
static const char *refusal(struct operation operation, const char *sql)
{
    static struct error err;
    static struct plan plan;
    struct operation *kept = arena_new(&fixture_arena, struct operation);

    *kept = operation;
    plan = (struct plan){.operation = kept, .cursor = operation.is_list ? &none_match : NULL};
    err = (struct error){0};
    if (!sql_parse(&fixture_arena, STR("x.sql"), str_of(sql), &plan.file, &err))
        fail_msg("%s", err.argument);
    for (size_t i = 0; i < plan.file.n_names; i++) {
        struct str name = plan.file.names[i];
        plan.sources[i].kind = str_eq(name, STR("id")) ? SOURCE_PARAMETER : SOURCE_BODY;
        if (str_starts(name, STR("case_key"))) {
            plan.sources[i] = (struct source){.kind = str_eq(name, STR("case_key")) ? SOURCE_NEW_SECRET : SOURCE_NEW_SECRET_HASH, .path = STR("case_key")};
            plan.makes = 1;
        }
        if (str_starts(name, STR("after_"))) {
            plan.sources[i].kind = SOURCE_AFTER;
            plan.after[plan.n_after++] = str_skip(name, strlen("after_"));
        }
    }
    plan.guard = plan.file.statements[0].guard ? &plan.file.statements[0] : NULL;
    plan.answer = &plan.file.statements[plan.file.n - 1];
    return plan_check(&fixture_arena, &plan, STR("x.sql"), &err) ? "" : err.argument;
}

#define GUARD "-- x\n-- guard\nselect * from t where id = :id\nfor    update;\n"
#define ANSWER "select * from t where id = :id;\n"

static void the_guard_of_a_change_locks(void **state)
{
    (void)state;
    struct operation change = {.is_patch = true}, read = {.reads = true};

    assert_string_equal(refusal(change, GUARD ANSWER), "");
    assert_string_equal(refusal(change, "-- x\n-- guard\nselect * from t FOR NO KEY UPDATE;\n" ANSWER), "");
    assert_string_equal(refusal(change, "-- x\n-- guard\nselect updated_at from t;\n" ANSWER), "x.sql:3: the guard of a change must lock the record: for update");
    assert_string_equal(refusal(read, "-- x\n-- guard\nselect updated_at from t;\n" ANSWER), "");
}

static void a_patch_leaves_out_what_it_does_not_name(void **state)
{
    (void)state;
    struct operation patch = {.is_patch = true}, post = {0};

    assert_string_equal(refusal(patch, GUARD "update t\nset n = n + 1\n, a = :a --?\nwhere id = :id;\n" ANSWER), "");
    assert_string_equal(refusal(patch, GUARD "UPDATE t\nset n = n + 1\n, a = :a\nwhere id = :id;\n" ANSWER),
                        "x.sql:5: :a needs --? at the end of its line: a patch without it would set null");
    assert_string_equal(refusal(patch, GUARD "insert into log values (:a);\n" ANSWER), "");
    assert_string_equal(refusal(post, GUARD "update t\nset a = :a\nwhere id = :id;\n" ANSWER), "");
}

static void a_list_has_its_etag_from_a_guard(void **state)
{
    (void)state;
    struct operation list = {.is_list = true, .reads = true, .parameters = &none_match, .n_parameters = 1};

    assert_non_null(strstr(refusal(list, "-- x\nselect a from t where true\nand a > :after_a --?\norder by a;\n"), "has no guard"));
    assert_string_equal(refusal(list, "-- x\n-- guard\nselect n;\nselect a from t where true\nand a > :after_a --?\norder by a;\n"), "");
}

static void a_file_begins_and_ends_no_transaction(void **state)
{
    (void)state;
    struct operation change = {0};

    assert_string_equal(refusal(change, "-- x\nWITH t as (select 1) select * from t;\n  insert into t values (:a);\n" ANSWER), "");
    assert_non_null(strstr(refusal(change, "-- x\nbegin;\n" ANSWER), "x.sql:2: a statement must select, insert"));
    assert_non_null(strstr(refusal(change, "-- x\n" ANSWER "Commit and chain;\n" ANSWER), "x.sql:3: a statement must"));
    assert_non_null(strstr(refusal(change, "-- x\nset role other;\n" ANSWER), "a statement must"));
}

static const char *ordered(const char *order)
{
    struct operation list = {.is_list = true, .reads = true};
    struct str sql = arena_printf(&fixture_arena, "-- x\nselect 1 from t where true\nand (at, id) < (:after_at, :after_id) --?\n%s;\n", order);

    return refusal(list, sql.p);
}

static void the_order_of_a_list_is_that_of_its_cursor(void **state)
{
    (void)state;
    assert_string_equal(ordered("order by at, id"), "");
    assert_string_equal(ordered("order  by\n t.at desc, t.id desc nulls last\nlimit 5"), "");
    assert_string_equal(ordered("order by _at, \"id\""), "");
    assert_string_equal(ordered("order by lower(at, 1), id"), "");
    assert_non_null(strstr(ordered("order by id, at"), "in the same order"));
    assert_non_null(strstr(ordered("order by at"), "in the same order"));
    assert_non_null(strstr(ordered("order by at, id, name"), "in the same order"));
    assert_non_null(strstr(ordered("limit 5"), "has an order by"));
}

static void the_key_of_a_case_is_in_the_answer_alone(void **state)
{
    (void)state;
    struct operation post = {0};

    assert_string_equal(refusal(post, "-- x\ninsert into t values (:case_key_hash);\nselect :case_key as case_key;\n"), "");
    assert_string_equal(refusal(post, "-- x\nselect 1;\ninsert into t values (:case_key);\nselect 1;\n"),
                        "x.sql:3: :case_key is for the answer alone; what is stored is :case_key_hash");
}

static void what_is_refused_of_pushed_records_is_told(void **state)
{
    (void)state;
    const struct media body = {.schema = schema_of("{\"properties\":{\"records\":{\"type\":\"array\",\"x-each\":true,\"items\":{}}}}")};
    struct operation push = {.id = STR("push"), .bodies = &body, .n_bodies = 1};

    assert_string_equal(refusal(push, "-- x\nselect :records, :records_refused;\n"), "");
    assert_string_equal(refusal(push, "-- x\nselect :records;\n"), "x.sql: :records_refused, the items of records that do not fit, is never used");
    assert_string_equal(refusal(push, "-- x\nselect :records_refused;\n"), "x.sql: the body member records of push is never used");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guard_of_a_change_locks),
        cmocka_unit_test(a_patch_leaves_out_what_it_does_not_name),
        cmocka_unit_test(a_list_has_its_etag_from_a_guard),
        cmocka_unit_test(a_file_begins_and_ends_no_transaction),
        cmocka_unit_test(the_order_of_a_list_is_that_of_its_cursor),
        cmocka_unit_test(the_key_of_a_case_is_in_the_answer_alone),
        cmocka_unit_test(what_is_refused_of_pushed_records_is_told),
    };
    return RUN_WITH_FIXTURE(tests);
}
