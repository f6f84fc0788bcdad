/* sqlstate_test.c: what PostgreSQL reports becomes what the client is told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/db/sqlstate.c"

static void assert_maps(const char *state, enum error_code code, const char *argument)
{
    struct error err;

    sqlstate_error(str_of(state), STR("thing_name_key"), STR("open, closed"), &err);
    assert_int_equal(err.code, code);
    assert_string_equal(err.argument, argument);
}

static void our_states_show_their_detail(void **state)
{
    (void)state;
    assert_maps("CW001", ERR_TRANSITION, "open, closed");
    assert_maps("CW002", ERR_IDEMPOTENCY_RUNNING, "SQLSTATE CW002 thing_name_key");
    assert_maps("CW003", ERR_IDEMPOTENCY_REUSED, "SQLSTATE CW003 thing_name_key");
    assert_maps("CW004", ERR_REPLAY, "open, closed");
    assert_maps("CW005", ERR_NOT_FOUND, "SQLSTATE CW005 thing_name_key");
    assert_maps("CW006", ERR_FORBIDDEN, "SQLSTATE CW006 thing_name_key");
    assert_maps("CW007", ERR_TOO_OFTEN, "open, closed");
    assert_maps("CW008", ERR_CONFLICT, "open, closed");
    assert_maps("CW009", ERR_UNLINKABLE, "SQLSTATE CW009 thing_name_key");
    assert_maps("CW999", ERR_INTERNAL, "SQLSTATE CW999 thing_name_key");
}

static void violated_constraints_are_named(void **state)
{
    (void)state;
    assert_maps("23505", ERR_CONFLICT, "thing_name_key");
    assert_maps("23P01", ERR_CONFLICT, "thing_name_key");
    assert_maps("23503", ERR_REFERENCE, "thing_name_key");
    assert_maps("23514", ERR_INTERNAL, "SQLSTATE 23514 thing_name_key");
}

static void what_may_be_tried_again_is_503(void **state)
{
    static const char *const states[] = {"40001", "40P01", "55P03", "57014", "57P01", "57P03", "53300",
                                         "53100", "08006", "25006", "26000", "58030", "25P04"};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        sqlstate_error(str_of(states[i]), STR(""), STR(""), &err);
        assert_int_equal(error_info(err.code)->status, 503);
    }
    assert_maps("57014", ERR_DB_TIMEOUT, "SQLSTATE 57014 thing_name_key");
}

static void values_and_details_of_unknown_states_stay_hidden(void **state)
{
    struct error err;

    (void)state;
    sqlstate_error(STR("22P02"), STR(""), STR("private text"), &err);
    assert_int_equal(err.code, ERR_INTERNAL);
    assert_string_equal(err.argument, "SQLSTATE 22P02");
    sqlstate_error(STR("23505"), STR(""), STR("Key (name)=(private) already exists."), &err);
    assert_string_equal(err.argument, "SQLSTATE 23505");
}

static void row_level_security_is_forbidden(void **state)
{
    (void)state;
    assert_maps("42501", ERR_FORBIDDEN, "SQLSTATE 42501 thing_name_key");
}

static void states_that_need_another_connection(void **state)
{
    (void)state;
    assert_true(sqlstate_spoils(STR("25006")));
    assert_true(sqlstate_spoils(STR("26000")));
    assert_true(sqlstate_spoils(STR("57P01")));
    assert_false(sqlstate_spoils(STR("57014")));
    assert_false(sqlstate_spoils(STR("23505")));
    assert_false(sqlstate_spoils(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_states_show_their_detail),
        cmocka_unit_test(violated_constraints_are_named),
        cmocka_unit_test(what_may_be_tried_again_is_503),
        cmocka_unit_test(values_and_details_of_unknown_states_stay_hidden),
        cmocka_unit_test(row_level_security_is_forbidden),
        cmocka_unit_test(states_that_need_another_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
