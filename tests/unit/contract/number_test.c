/* number_test.c: decimals are exact, whatever their size. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/contract/number.c"

#define INTEGER(i) (&(struct value){.type = VALUE_INTEGER, .integer = (i)})
#define REAL(r) (&(struct value){.type = VALUE_REAL, .real = (r)})

static bool is_multiple(const struct value *number, const struct value *factor)
{
    return decimal_is_multiple(number_decimal(number), number_decimal(factor));
}

static void multiples_are_of_decimals_not_of_doubles(void **state)
{
    (void)state;
    assert_true(is_multiple(REAL(0.0075), REAL(0.0001)));
    assert_false(is_multiple(REAL(0.00751), REAL(0.0001)));
    assert_true(is_multiple(REAL(19.99), REAL(0.01)));
    assert_true(is_multiple(REAL(4.02), REAL(0.01)));
    assert_true(is_multiple(INTEGER(0), REAL(0.3)));
    assert_true(is_multiple(INTEGER(-6), INTEGER(3)));
    assert_false(is_multiple(INTEGER(7), INTEGER(2)));
    assert_true(is_multiple(INTEGER(3), REAL(1.5)));
    assert_false(is_multiple(REAL(0.5), INTEGER(1)));
}

static void multiples_are_exact_at_the_ends(void **state)
{
    (void)state;
    assert_false(is_multiple(REAL(1e308), REAL(0.123456789)));
    assert_true(is_multiple(REAL(1e308), REAL(0.5)));
    assert_false(is_multiple(REAL(5e-324), REAL(1e308)));
    assert_true(is_multiple(REAL(1e308), REAL(1e-308)));
    assert_true(is_multiple(INTEGER(INT64_MIN), INTEGER(2)));
    assert_false(is_multiple(INTEGER(INT64_MAX), INTEGER(2)));
    assert_true(is_multiple(INTEGER(INT64_MAX), INTEGER(INT64_MAX)));
    assert_true(is_multiple(INTEGER(9007199254740993), INTEGER(3)));
    assert_false(is_multiple(INTEGER(9007199254740992), INTEGER(3)));
}

static void comparison_is_exact_between_integers_and_reals(void **state)
{
    (void)state;
    assert_int_equal(number_compare(INTEGER(1), REAL(1.0)), 0);
    assert_int_equal(number_compare(INTEGER(1), REAL(1.5)), -1);
    assert_int_equal(number_compare(INTEGER(-1), REAL(-1.5)), 1);
    assert_int_equal(number_compare(INTEGER(9007199254740993), REAL(9007199254740992.0)), 1);
    assert_int_equal(number_compare(INTEGER(INT64_MAX), REAL(0x1p63)), -1);
    assert_int_equal(number_compare(INTEGER(INT64_MIN), REAL(-0x1p63)), 0);
    assert_int_equal(number_compare(REAL(-1e300), INTEGER(INT64_MIN)), -1);
    assert_int_equal(number_compare(REAL(2.0), REAL(1.0)), 1);
    assert_int_equal(number_compare(INTEGER(1), INTEGER(2)), -1);
}

static void reals_without_fraction_are_integers(void **state)
{
    (void)state;
    assert_true(number_is_integer(INTEGER(5)));
    assert_true(number_is_integer(REAL(-0.0)));
    assert_true(number_is_integer(REAL(1e300)));
    assert_false(number_is_integer(REAL(0.1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(multiples_are_of_decimals_not_of_doubles),
        cmocka_unit_test(multiples_are_exact_at_the_ends),
        cmocka_unit_test(comparison_is_exact_between_integers_and_reals),
        cmocka_unit_test(reals_without_fraction_are_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
