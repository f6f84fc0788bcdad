/* conceal_test.c: what the contract seals is sealed wherever it stands, and nothing else is. */
#include "tests/unit/contract/schema_fixture.h"

#include "api/operation/conceal.c"
#include "tests/unit/base/seal_fixture.h"

static struct seal *seal;

static int start(void **state)
{
    seal = seal_fixture('a');
    return fixture_set_up(state) == 0 && seal ? 0 : -1;
}

static int stop(void **state)
{
    seal_free(seal);
    return fixture_tear_down(state);
}

/* The JSON text that a sealed string opens to. */
static struct str opened(const char *label, const struct value *value)
{
    struct buf b;

    assert_non_null(value);
    assert_int_equal(value->type, VALUE_STRING);
    buf_init(&b, 1 << 20);
    if (!seal_open(seal, str_of(label), value->string, &b))
        fail_msg("does not open as %s", label);
    struct str text = arena_copy(&fixture_arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static const char schema[] = "{\"properties\":{\"title\":{\"type\":\"string\"},\"narrative\":{\"type\":[\"string\",\"null\"],\"x-sealed\":true},"
                             "\"people\":{\"type\":\"array\",\"items\":{\"properties\":{\"name\":{\"type\":\"string\",\"x-sealed\":true},"
                             "\"age\":{\"type\":\"integer\"},\"address\":{\"type\":\"object\",\"x-sealed\":true}}}}}}";

static void members_are_sealed_at_every_depth(void **state)
{
    (void)state;
    const struct value *value = json("{\"title\":\"t\",\"narrative\":\"what \\\"happened\\\"\",\"people\":[{\"name\":\"A\",\"age\":5},{\"address\":{\"a\":[1,null]}}]}");
    const struct value *made = conceal_members(&fixture_arena, seal, schema_of(schema), value);

    assert_true(str_eq(value_string(value_at(made, STR("/title"))), STR("t")));
    assert_string_equal(opened("narrative", value_at(made, STR("/narrative"))).p, "\"what \\\"happened\\\"\"");
    assert_string_equal(opened("name", value_at(made, STR("/people/0/name"))).p, "\"A\"");
    assert_int_equal(value_at(made, STR("/people/0/age"))->integer, 5);
    assert_string_equal(opened("address", value_at(made, STR("/people/1/address"))).p, "{\"a\":[1,null]}");
    assert_null(strstr(value_text(&fixture_arena, made).p, "happened"));
}

static void null_stays_null(void **state)
{
    (void)state;
    const struct value *made = conceal_members(&fixture_arena, seal, schema_of(schema), json("{\"narrative\":null}"));

    assert_int_equal(value_at(made, STR("/narrative"))->type, VALUE_NULL);
}

static void what_holds_nothing_sealed_is_shared(void **state)
{
    (void)state;
    const struct value *value = json("{\"a\":{\"b\":1}}");

    assert_ptr_equal(conceal_members(&fixture_arena, seal, schema_of("{\"properties\":{\"a\":{\"type\":\"object\"}}}"), value), value);
}

static void the_label_is_the_last_part_of_the_path(void **state)
{
    (void)state;
    const struct value sealed = {.type = VALUE_STRING, .string = conceal_value(&fixture_arena, seal, STR("contact.phone"), json("\"717\""))};

    assert_string_equal(opened("phone", &sealed).p, "\"717\"");
}

static void small_members_keep_within_the_bound(void **state)
{
    (void)state;
    const struct schema *many = schema_of("{\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"properties\":{\"n\":{\"x-sealed\":true}}}}}}");
    char *text = arena_alloc(&fixture_arena, 100000);
    size_t n = (size_t)sprintf(text, "{\"a\":[{\"n\":1}");

    while (n < 90000)
        n += (size_t)sprintf(text + n, ",{\"n\":1}");
    strcpy(text + n, "]}");
    const struct value *value = json(text);
    size_t before = fixture_arena.used;
    value_text(&fixture_arena, conceal_members(&fixture_arena, seal, many, value));
    assert_in_range(fixture_arena.used - before, 1, n * CONCEAL_BYTES_FACTOR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_sealed_at_every_depth),
        cmocka_unit_test(null_stays_null),
        cmocka_unit_test(what_holds_nothing_sealed_is_shared),
        cmocka_unit_test(the_label_is_the_last_part_of_the_path),
        cmocka_unit_test(small_members_keep_within_the_bound),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
