/* tree_test.c: reading printed query trees. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/tree.c"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, (size_t)1 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static const struct tree *read(const char *text)
{
    return tree_read(&arena, str_of(text));
}

static void fields_and_items_are_found(void **state)
{
    (void)state;
    const struct tree *op = tree_item(read("({OPEXPR :opno 98 :location\n-1 :args ({VAR :varno 2} {PARAM})})"), 1);

    assert_true(op->is_node);
    assert_true(str_eq(op->text, STR("OP")));
    assert_int_equal(tree_number(op, ":opno"), 98);
    assert_int_equal(tree_number(op, ":location"), -1);
    assert_int_equal(tree_number(tree_item(tree_field(op, ":args"), 1), ":varno"), 2);
    assert_true(str_eq(tree_item(tree_field(op, ":args"), 2)->text, STR("PARAM")));
    assert_null(tree_item(tree_field(op, ":args"), 3));
    assert_null(tree_item(tree_field(op, ":args"), 0));
    assert_null(tree_field(op, ":arg"));
    assert_int_equal(tree_number(op, ":args"), -1);
    assert_int_equal(tree_number(NULL, ":opno"), -1);
}

static void escaped_brackets_and_spaces_are_text(void **state)
{
    (void)state;
    const struct tree *alias = read("{ALIAS :aliasname a\\ \\{b\\} :colnames (\"x\\)\" \"\") :end 1}");

    assert_true(str_eq(tree_field(alias, ":aliasname")->text, STR("a\\ \\{b\\}")));
    assert_true(str_eq(tree_item(tree_field(alias, ":colnames"), 2)->text, STR("\"\"")));
    assert_int_equal(tree_number(alias, ":end"), 1);
}

static void what_is_not_one_whole_tree_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", " ", "({A}", "{A", "{", "(", ")", "}", "{A}}", "{A} {B}", "{A\\}", "({A :x\\)})\\"};
    struct str deep = arena_printf(&arena, "%*s", 2000, "");
    char *brackets = arena_alloc(&arena, deep.n + 1);

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (read(texts[i]))
            fail_msg("read: %s", texts[i]);
    memset(brackets, '(', deep.n / 2);
    memset(brackets + deep.n / 2, ')', deep.n / 2);
    assert_null(read(brackets));
    assert_non_null(tree_read(&arena, (struct str){brackets + 2, deep.n - 4}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_items_are_found),
        cmocka_unit_test(escaped_brackets_and_spaces_are_text),
        cmocka_unit_test(what_is_not_one_whole_tree_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
