/* unique_test.c: equal items are found however they are written. */
#include "schema_fixture.h"

#include "api/contract/unique.c"

static void equal_items_are_found(void **state)
{
    static const char *const arrays[] = {"[1, 1.0]", "[0.0, -0.0]", "[{\"a\": 1, \"b\": [2]}, {\"b\": [2.0], \"a\": 1}]",
                                         "[\"\", \"\"]", "[[], []]", "[{}, {}]", "[null, 1, null]", "[1e300, 1e300]"};

    (void)state;
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        if (values_are_unique(json(arrays[i])))
            fail_msg("said to be unique: %s", arrays[i]);
}

static void different_items_are_not_mixed_up(void **state)
{
    static const char *const arrays[] = {
        "[]", "[1]", "[1, true, \"1\", [1], {\"1\": 1}, null, false, 0, \"\", [], {}]", "[[1, 2], [2, 1], [[1], 2], [1, [2]]]",
        "[{\"a\": 1, \"b\": 2}, {\"a\": 2, \"b\": 1}]", "[{\"a\": 0}, {\"a\": false}]", "[0.1, 0.10000000000000002]",
        "[9007199254740992.0, 9007199254740993]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        if (!values_are_unique(json(arrays[i])))
            fail_msg("said not to be unique: %s", arrays[i]);
}

/* Past PAIRS_MAX items the other way is taken; both must agree. */
static void long_arrays_are_judged_as_short_ones(void **state)
{
    struct value items[100] = {0};
    const struct value *pointers[100];
    struct value array = {.type = VALUE_ARRAY, .array = {pointers, 100}};

    (void)state;
    for (int i = 0; i < 100; i++) {
        items[i] = (struct value){.type = VALUE_INTEGER, .integer = i};
        pointers[i] = &items[i];
    }
    assert_true(values_are_unique(&array));
    assert_true(all_differ(&array));
    items[99] = (struct value){.type = VALUE_REAL, .real = 3.0};
    assert_false(values_are_unique(&array));
    assert_false(all_differ(&array));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_items_are_found),
        cmocka_unit_test(different_items_are_not_mixed_up),
        cmocka_unit_test(long_arrays_are_judged_as_short_ones),
    };
    return RUN_WITH_FIXTURE(tests);
}
