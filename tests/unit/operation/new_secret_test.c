/* new_secret_test.c: the same request makes the same secret, any other another. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/new_secret.c"
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
    return new_secret_make(SECRET_CASE_KEY, &call, seal).hash;
}

static void the_same_request_gives_the_same_key(void **state)
{
    (void)state;
    struct call call = a_call();
    struct new_secret first = new_secret_make(SECRET_CASE_KEY, &call, seal), again = new_secret_make(SECRET_CASE_KEY, &call, seal);

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

static void each_kind_has_another(void **state)
{
    (void)state;
    struct call call = a_call();
    struct new_secret key = new_secret_make(SECRET_CASE_KEY, &call, seal);
    struct new_secret code = new_secret_make(SECRET_INVITATION_CODE, &call, seal);
    struct buf b;

    buf_init(&b, 1024);
    assert_true(seal_open(seal, STR("invitation_code"), code.sealed, &b));
    assert_false(seal_open(seal, STR("case_key"), code.sealed, &b));
    assert_false(str_eq(new_secret_hash_of(SECRET_CASE_KEY, &arena, (struct str){b.p + 1, b.n - 2}, seal), key.hash));
    buf_done(&b);
}

static void what_cannot_be_a_secret_has_no_hash(void **state)
{
    (void)state;
    assert_null(new_secret_hash_of(SECRET_INVITATION_CODE, &arena, STR(""), seal).p);
    assert_null(new_secret_hash_of(SECRET_INVITATION_CODE, &arena, STR("0000-0000-0000-0000-0000-0000-0001"), seal).p);
    assert_int_equal(new_secret_hash_of(SECRET_INVITATION_CODE, &arena, STR("0000-0000-0000-0000-0000-0000-0000"), seal).n, 64);
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
    struct new_secret made = new_secret_make(SECRET_CASE_KEY, &call, seal);
    struct secret key;
    struct buf b;

    buf_init(&b, 1024);
    assert_true(seal_open(seal, STR("case_key"), made.sealed, &b));
    assert_int_equal(b.n, SECRET_TEXT_BYTES + 2);
    assert_true(b.p[0] == '"' && b.p[b.n - 1] == '"');
    assert_true(secret_read((struct str){b.p + 1, b.n - 2}, &key));
    assert_true(str_eq(new_secret_hash_of(SECRET_CASE_KEY, &arena, (struct str){b.p + 1, b.n - 2}, seal), made.hash));
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_request_gives_the_same_key),
        cmocka_unit_test(whatever_differs_gives_another_key),
        cmocka_unit_test(each_kind_has_another),
        cmocka_unit_test(what_cannot_be_a_secret_has_no_hash),
        cmocka_unit_test(without_an_idempotency_key_it_is_random),
        cmocka_unit_test(what_is_sealed_is_the_key_as_it_is_shown),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
