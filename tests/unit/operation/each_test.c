/* each_test.c: a bad item refuses itself, and only itself. */
#include "tests/unit/contract/schema_fixture.h"

#include "api/operation/each.c"
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

static const char schema[] =
    "{\"type\":\"object\",\"required\":[\"id\"],\"additionalProperties\":false,\"properties\":{\"id\":{\"type\":\"string\",\"maxLength\":5},"
    "\"note\":{\"type\":\"string\",\"x-sealed\":true},\"findings\":{\"type\":\"array\",\"maxItems\":40,\"items\":{\"type\":\"object\",\"properties\":"
    "{\"outcome\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]}}}}}}";

static struct each split_as(const char *text, enum language language)
{
    const struct call call = {.arena = &fixture_arena, .language = language};

    return each_split(&call, seal, schema_of(schema), json(text));
}

static struct each split(const char *text)
{
    return split_as(text, LANGUAGE_EN);
}

/* The hash of the only item. */
static struct str hash_of(const char *item)
{
    const struct value *taken = json(split(arena_printf(&fixture_arena, "[%s]", item).p).taken);
    struct str hash = value_string(value_at(taken, STR("/0/hash")));

    assert_int_equal(hash.n, 64);
    return hash;
}

static void items_that_fit_are_taken_and_the_others_refused_by_their_index(void **state)
{
    (void)state;
    struct each each = split("[{\"id\":\"1\"},{\"id\":\"2\",\"findings\":[{\"outcome\":\"secret\"}]},{\"id\":\"3\"},7]");
    const struct value *taken = json(each.taken), *refused = json(each.refused);

    assert_int_equal(taken->array.n, 2);
    assert_int_equal(value_at(taken, STR("/0/index"))->integer, 0);
    assert_int_equal(value_at(taken, STR("/1/index"))->integer, 2);
    assert_true(str_eq(value_string(value_at(taken, STR("/1/record/id"))), STR("3")));
    assert_int_equal(refused->array.n, 2);
    assert_int_equal(value_at(refused, STR("/0/index"))->integer, 1);
    assert_true(str_eq(value_string(value_at(refused, STR("/0/errors/0/pointer"))), STR("/findings/0/outcome")));
    assert_true(str_eq(value_string(value_at(refused, STR("/0/errors/0/keyword"))), STR("enum")));
    assert_true(str_eq(value_string(value_at(refused, STR("/0/errors/0/detail"))), STR("Must be one of these values: a, b.")));
    assert_int_equal(value_at(refused, STR("/1/index"))->integer, 3);
    assert_true(str_eq(value_string(value_at(refused, STR("/1/errors/0/pointer"))), STR("")));
    assert_null(strstr(each.refused, "secret"));
}

static void details_are_in_the_language_of_the_call(void **state)
{
    (void)state;
    assert_non_null(strstr(split_as("[{}]", LANGUAGE_ES).refused, "Es obligatorio y falta."));
    assert_string_equal(split_as("[{}]", LANGUAGE_EN).refused,
                        "[{\"index\":0,\"errors\":[{\"pointer\":\"/id\",\"keyword\":\"required\",\"detail\":\"Is required and missing.\"}]}]");
}

static void an_empty_array_gives_two_empty_ones(void **state)
{
    (void)state;
    assert_string_equal(split("[]").taken, "[]");
    assert_string_equal(split("[]").refused, "[]");
}

static void hashes_depend_on_values_and_not_on_how_they_are_written(void **state)
{
    (void)state;
    struct str hash = hash_of("{\"id\":\"1\",\"note\":\"x\",\"findings\":[{\"outcome\":\"a\",\"n\":1}]}");

    assert_true(str_eq(hash, hash_of("{ \"findings\" : [{\"n\":1.0,\"outcome\":\"\\u0061\"}], \"note\":\"x\", \"id\":\"1\" }")));
    assert_false(str_eq(hash, hash_of("{\"id\":\"1\",\"note\":\"y\",\"findings\":[{\"outcome\":\"a\",\"n\":1}]}")));
    assert_false(str_eq(hash, hash_of("{\"id\":\"1\",\"note\":\"x\",\"findings\":[{\"outcome\":\"a\",\"n\":2}]}")));
    struct seal *other = seal_fixture('b'), *mine = seal;
    seal = other; /* who does not have the key cannot guess at what was sealed */
    assert_false(str_eq(hash, hash_of("{\"id\":\"1\",\"note\":\"x\",\"findings\":[{\"outcome\":\"a\",\"n\":1}]}")));
    seal = mine;
    seal_free(other);
}

static void sealed_members_are_sealed(void **state)
{
    (void)state;
    const struct value *taken = json(split("[{\"id\":\"1\",\"note\":\"what happened\"}]").taken);
    struct buf b;

    buf_init(&b, 4096);
    assert_true(seal_open(seal, STR("note"), value_string(value_at(taken, STR("/0/record/note"))), &b));
    assert_true(str_eq(buf_str(&b), STR("\"what happened\"")));
    buf_done(&b);
    assert_string_equal(split("[{\"id\":\"123456\",\"note\":\"what happened\"}]").taken, "[]");
}

static void what_is_said_of_refused_items_is_bounded(void **state)
{
    (void)state;
    char *text = arena_alloc(&fixture_arena, 4 << 20);
    size_t n = 0;

    text[n++] = '[';
    for (int i = 0; i < 3000; i++) {
        n += (size_t)sprintf(text + n, "%s{\"findings\":[", i ? "," : "");
        for (int j = 0; j < 20; j++)
            n += (size_t)sprintf(text + n, "%s{\"outcome\":%d}", j ? "," : "", j);
        n += (size_t)sprintf(text + n, "]}");
    }
    text[n++] = ']';
    struct each each = split(arena_copy(&fixture_arena, (struct str){text, n}).p);
    const struct value *refused = json(each.refused);
    assert_string_equal(each.taken, "[]");
    assert_int_equal(refused->array.n, 3000);
    assert_int_equal(value_at(refused, STR("/0/errors"))->array.n, EACH_ERRORS_MAX);
    assert_int_equal(value_at(refused, STR("/2999/index"))->integer, 2999);
    assert_int_equal(value_at(refused, STR("/2999/errors"))->array.n, 0);
    assert_in_range(strlen(each.refused), EACH_REFUSED_BYTES, EACH_REFUSED_BYTES + 3000 * 40 + 16384);
}

static void five_hundred_items_stay_within_the_bound(void **state)
{
    (void)state;
    char *text = arena_alloc(&fixture_arena, 1 << 20);
    size_t n = 0;

    text[n++] = '[';
    for (int i = 0; i < 500; i++)
        n += (size_t)sprintf(text + n, "%s{\"id\":\"%d\",\"note\":\"%d\",\"findings\":[{\"outcome\":\"a\"},{\"outcome\":\"%c\"}]}", i ? "," : "", i, i,
                             i % 5 ? 'b' : 'x');
    text[n++] = ']';
    const struct value *array = json(arena_copy(&fixture_arena, (struct str){text, n}).p);
    const struct schema *items = schema_of(schema);
    const struct call call = {.arena = &fixture_arena};
    size_t before = fixture_arena.used;
    struct each each = each_split(&call, seal, items, array);
    assert_in_range(fixture_arena.used - before, n, n * CONCEAL_BYTES_FACTOR);
    assert_int_equal(json(each.taken)->array.n, 400);
    assert_int_equal(json(each.refused)->array.n, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_that_fit_are_taken_and_the_others_refused_by_their_index),
        cmocka_unit_test(details_are_in_the_language_of_the_call),
        cmocka_unit_test(an_empty_array_gives_two_empty_ones),
        cmocka_unit_test(hashes_depend_on_values_and_not_on_how_they_are_written),
        cmocka_unit_test(sealed_members_are_sealed),
        cmocka_unit_test(what_is_said_of_refused_items_is_bounded),
        cmocka_unit_test(five_hundred_items_stay_within_the_bound),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
