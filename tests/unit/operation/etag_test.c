/* etag_test.c: conditions of RFC 9110 13.1 on tags of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api/operation/etag.c"

static void none_match_compares_weakly(void **state)
{
    struct str tag = STR("\"7-json-public\"");
    (void)state;
    assert_true(etag_none_match(STR("\"7-json-public\""), tag));
    assert_true(etag_none_match(STR("\"6-json-public\", W/\"7-json-public\""), tag));
    assert_true(etag_none_match(STR("*"), tag));
    assert_false(etag_none_match(STR("\"7-csv-public\""), tag));
    assert_false(etag_none_match(STR("7-json-public"), tag));
    assert_false(etag_none_match(STR(""), tag));
    assert_false(etag_none_match((struct str){NULL, 0}, tag));
}

static void match_compares_the_revision_of_any_format_and_role(void **state)
{
    (void)state;
    assert_true(etag_match(STR("\"7-json-public\""), STR("7")));
    assert_true(etag_match(STR("\"7-csv-coordinator\""), STR("7")));
    assert_true(etag_match(STR("\"1-json-x\" , \"7-json-x\""), STR("7")));
    assert_true(etag_match(STR("*"), STR("7")));
    assert_false(etag_match(STR("\"77-json-public\""), STR("7")));
    assert_false(etag_match(STR("\"-json-public\""), STR("7")));
    assert_false(etag_match(STR("7-json-public"), STR("7")));
    assert_false(etag_match(STR("\""), STR("")));
}

static void match_refuses_weak_tags(void **state)
{
    (void)state;
    assert_false(etag_match(STR("W/\"7-json-public\""), STR("7")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(none_match_compares_weakly),
        cmocka_unit_test(match_compares_the_revision_of_any_format_and_role),
        cmocka_unit_test(match_refuses_weak_tags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
