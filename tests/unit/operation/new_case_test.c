/* new_case_test.c: the same request files a case under the same key, any other under another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/new_case.c"
#include "tests/unit/base/seal_fixture.h"

static struct arena arena;
static struct seal *seal;

static int start(void **state)
{
    (void)state;
    seal = seal_fixture('a');
    return seal && arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    seal_free(seal);
    arena_done(&arena);
    return 0;
}

static const struct operation create = {.id = STR_INIT("createComplaint"), .takes_key = true};
static const struct operation other_operation = {.id = STR_INIT("createOther"), .takes_key = true}, without = {.id = STR_INIT("createComplaint")};
static const struct caller nobody = {.role = STR_INIT("public")}, somebody = {.role = STR_INIT("coordinator"), .subject = STR_INIT("s")};

static struct call a_call(void)
{
    return (struct call){.operation = &create, .arena = &arena, .caller = &nobody, .role = STR("public"), .body_text = STR("{\"a\":1}"),
                         .idempotency_key = STR("5f8e")};
}

static struct str hash_of(struct call call)
{
    return new_case_make(&call, seal).hash;
}

static void the_same_request_gives_the_same_key(void **state)
{
    (void)state;
    struct call call = a_call();
    struct new_case first = new_case_make(&call, seal), again = new_case_make(&call, seal);

    assert_true(str_eq(first.hash, again.hash));
    assert_false(str_eq(first.sealed, again.sealed)); /* sealed anew, and opening to the same */
}

static void whatever_differs_gives_another_key(void **state)
{
    (void)state;
    struct call calls[8];
    size_t n = sizeof calls / sizeof calls[0];

    for (size_t i = 0; i < n; i++)
        calls[i] = a_call();
    calls[1].body_text = STR("{\"a\":2}");
    calls[2].idempotency_key = STR("5f8f");
    calls[3].operation = &other_operation;
    calls[4].route.values[0] = STR("x");
    calls[4].route.n_values = 1;
    calls[5].caller = &somebody;
    calls[6].role = STR("coordinator");
    calls[7].operation = &without; /* looks at no Idempotency-Key */
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(hash_of(calls[i]), hash_of(calls[j])));
}

static void without_an_idempotency_key_it_is_random(void **state)
{
    (void)state;
    struct call call = a_call();

    call.idempotency_key = (struct str){NULL, 0};
    assert_false(str_eq(hash_of(call), hash_of(call)));
}

static void what_is_sealed_is_the_key_as_it_is_shown(void **state)
{
    (void)state;
    struct call call = a_call();
    struct new_case made = new_case_make(&call, seal);
    struct case_key key;
    struct buf b;

    buf_init(&b, 1024);
    assert_true(seal_open(seal, STR("case_key"), made.sealed, &b));
    assert_int_equal(b.n, CASE_KEY_TEXT_BYTES + 2);
    assert_true(b.p[0] == '"' && b.p[b.n - 1] == '"');
    assert_true(case_key_read((struct str){b.p + 1, b.n - 2}, &key));
    assert_true(str_eq(case_key_hash(&arena, &key, seal_key(seal, SEAL_CASE_KEY_PEPPER)), made.hash));
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_request_gives_the_same_key),
        cmocka_unit_test(whatever_differs_gives_another_key),
        cmocka_unit_test(without_an_idempotency_key_it_is_random),
        cmocka_unit_test(what_is_sealed_is_the_key_as_it_is_shown),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
