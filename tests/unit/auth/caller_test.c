/* caller_test.c: who calls, from the Authorization header, and which security alternative lets them in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/caller.c"
#include "tests/unit/base/seal_fixture.h"

static const struct token_keys keys = {
    .secret = STR_INIT("0123456789abcdef0123456789abcdef"), .issuer = STR_INIT("issuer"), .audience = STR_INIT("audience")};
static struct arena arena;

static const struct str coordinator_scopes[] = {STR_INIT("a:read"), STR_INIT("a:write"), STR_INIT("b:read")};
static const struct str public_scopes[] = {STR_INIT("a:read")};
static const struct role roles[] = {
    {.name = STR_INIT("public"), .affiliation = STR_INIT("resident"), .scopes = public_scopes, .n_scopes = 1, .index = 0},
    {.name = STR_INIT("coordinator"), .affiliation = STR_INIT("city"), .scopes = coordinator_scopes, .n_scopes = 3, .index = 1},
    {.name = STR_INIT("auditor"), .affiliation = STR_INIT("council"), .index = 2},
    {.name = STR_INIT("case"), .affiliation = STR_INIT("resident"), .index = 3},
};
static const struct contract contract = {.roles = roles, .n_roles = 4};

static const struct requirement none = {.kind = SECURITY_NONE};
static const struct requirement case_key = {.kind = SECURITY_CASE_KEY};
static const struct requirement any_token = {.kind = SECURITY_TOKEN};
static const struct requirement a_read = {SECURITY_TOKEN, coordinator_scopes, 1};
static const struct requirement all_three = {SECURITY_TOKEN, coordinator_scopes, 3};
static const struct requirement b_read = {SECURITY_TOKEN, coordinator_scopes + 2, 1};

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 16 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* A header with a token of that role and those scopes (space-separated, "" for none). */
static struct str bearer(const char *role, const char *scopes, const char *affiliation)
{
    struct claims claims = {.subject = STR("somebody"), .role = str_of(role), .affiliation = str_of(affiliation)};
    struct str rest = str_of(*scopes ? scopes : NULL), token;
    struct error err;

    while (str_next(&rest, ' ', &claims.scopes[claims.n_scopes]))
        claims.n_scopes++;
    assert_true(token_issue(&keys, &arena, &claims, 60, &token, &err));
    return arena_printf(&arena, "Bearer %s", token.p);
}

static struct caller authenticated(struct str authorization)
{
    struct caller caller;
    struct error err;

    if (!caller_authenticate(&contract, &keys, &arena, authorization, &caller, &err))
        fail_msg("%s", err.argument);
    return caller;
}

static void assert_refused(struct str authorization, const char *reason)
{
    struct caller caller = {.role = STR("untouched")};
    struct error err;

    if (caller_authenticate(&contract, &keys, &arena, authorization, &caller, &err))
        fail_msg("taken: %.*s", STR_ARG(authorization));
    assert_int_equal(err.code, ERR_TOKEN_INVALID);
    assert_string_equal(err.argument, reason);
    assert_true(str_eq(caller.role, STR("untouched")));
}

static void caller_without_header_is_public(void **state)
{
    (void)state;
    struct caller caller = authenticated((struct str){NULL, 0});

    assert_true(str_eq(caller.role, STR("public")));
    assert_false(caller.has_token);
    assert_int_equal(caller.subject.n + caller.affiliation.n + caller.organization.n + caller.source.n, 0);
}

static void caller_is_who_the_token_says(void **state)
{
    (void)state;
    struct caller caller = authenticated(bearer("coordinator", "a:read", "police"));

    assert_true(caller.has_token);
    assert_true(str_eq(caller.role, STR("coordinator")) && str_eq(caller.subject, STR("somebody")));
    assert_true(str_eq(caller.affiliation, STR("police")));
    caller = authenticated(bearer("coordinator", "a:read", NULL));
    assert_true(str_eq(caller.affiliation, STR("city"))); /* the role's */
}

static void caller_is_asked_about_once_a_minute(void **state)
{
    (void)state;
    const struct identity coordinator = {.standing = STANDING_ACTIVE, .person = {STR("018f"), STR("Ana"), STR("active")},
                                         .role = STR("coordinator"), .affiliation = STR("city")};
    struct token_keys cached = keys;
    struct str good = bearer("auditor", "a:read", NULL), bad = {good.p, good.n - 3};
    struct caller caller, again;
    struct error err;

    cached.cache = token_cache_new();
    assert_true(caller_authenticate(&contract, &cached, &arena, good, &caller, &err));
    assert_false(caller.identified);
    assert_true(caller_authenticate(&contract, &cached, &arena, good, &again, &err));
    assert_false(again.identified); /* verified, but nobody has asked yet */
    assert_true(caller_identify(&contract, &cached, &coordinator, &caller, &err));
    assert_true(str_eq(caller.role, STR("coordinator")) && str_eq(caller.affiliation, STR("city")));
    assert_true(caller_authenticate(&contract, &cached, &arena, good, &again, &err));
    assert_true(again.identified && str_eq(again.role, STR("coordinator")) && str_eq(again.person.name, STR("Ana")));
    for (int times = 0; times < 2; times++)
        assert_false(caller_authenticate(&contract, &cached, &arena, bad, &again, &err));
    token_cache_free(cached.cache);
}

static void a_record_whose_role_is_no_longer_there_admits_nobody(void **state)
{
    (void)state;
    const struct identity odd = {.standing = STANDING_ACTIVE, .role = STR("sheriff")};
    struct caller caller = authenticated(bearer("coordinator", "a:read", NULL));
    struct error err;

    assert_false(caller_identify(&contract, &keys, &odd, &caller, &err));
    assert_int_equal(err.code, ERR_TOKEN_INVALID);
}

static void a_system_that_is_not_admitted_has_no_valid_token(void **state)
{
    (void)state;
    const struct identity gone = {.standing = STANDING_ENDED, .is_system = true, .role = STR("coordinator")};
    struct caller caller = authenticated(bearer("coordinator", "a:read", NULL));
    struct error err;

    assert_false(caller_identify(&contract, &keys, &gone, &caller, &err));
    assert_int_equal(err.code, ERR_TOKEN_INVALID);
}

static void where_a_system_calls_from_is_asked_each_time(void **state)
{
    (void)state;
    const struct identity placed = {.standing = STANDING_ACTIVE, .is_system = true, .role = STR("coordinator"), .is_placed = true};
    struct token_keys cached = keys;
    struct str good = bearer("coordinator", "a:read", NULL);
    struct caller caller, again;
    struct error err;

    cached.cache = token_cache_new();
    assert_true(caller_authenticate(&contract, &cached, &arena, good, &caller, &err));
    assert_true(caller_identify(&contract, &cached, &placed, &caller, &err));
    assert_true(caller_authenticate(&contract, &cached, &arena, good, &again, &err));
    assert_false(again.identified);
    token_cache_free(cached.cache);
}

static void caller_scheme_may_be_written_in_any_case(void **state)
{
    (void)state;
    struct str token = str_skip(bearer("coordinator", "", NULL), 7);
    static const char *const schemes[] = {"Bearer", "bearer", "BEARER", "bEaReR"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        assert_true(authenticated(arena_printf(&arena, "%s %s", schemes[i], token.p)).has_token);
}

static void caller_token_may_stand_after_several_spaces(void **state)
{
    (void)state;
    struct str token = str_skip(bearer("coordinator", "", NULL), 7);

    assert_true(authenticated(arena_printf(&arena, "Bearer   %s", token.p)).has_token);
}

static void caller_refuses_whatever_is_not_a_bearer_token(void **state)
{
    (void)state;
    struct str good = bearer("coordinator", "", NULL), token = str_skip(good, 7);
    const struct str bad[] = {
        STR(""), STR(" "), STR("Bearer"), STR("Bearer "), STR("Bearer  "), STR("Bearer ="), STR("Basic dXNlcjpwYXNz"),
        STR("Bearer a b"), STR("Bearer a,b"), STR("Bearer a\0b"), STR("Bearer ñ"), STR("Bearer =a"), STR("Bearer \"a\""),
        STR("Bearer\ta"), token,
        arena_printf(&arena, "Bearer\t%s", token.p), arena_printf(&arena, "Bearer \t%s", token.p),
        arena_printf(&arena, " %s", good.p), arena_printf(&arena, "%s ", good.p), arena_printf(&arena, "Bearer%s", token.p),
        arena_printf(&arena, "%s, %s", good.p, good.p), arena_printf(&arena, "Bearer token=%s", token.p),
        arena_printf(&arena, "DPoP %s", token.p),
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(bad[i], "not a Bearer token");
    assert_refused(STR("Bearer abc"), "not three parts");
    assert_refused(arena_printf(&arena, "%s=", good.p), "not base64url");
}

static void caller_needs_a_role_of_the_contract_other_than_public(void **state)
{
    (void)state;
    assert_refused(bearer("public", "a:read", NULL), "no role of this service");
    assert_refused(bearer("case", "", NULL), "no role of this service");
    assert_refused(bearer("Coordinator", "", NULL), "no role of this service");
    assert_refused(bearer("coordinator\";", "", NULL), "no role of this service");
    assert_refused(bearer("superuser", "", NULL), "no role of this service");
}

/* Asserts the role to run as; or, when the caller is refused, the error and its argument. */
static void assert_outcome(const struct requirement *requirements, size_t n, const struct caller *caller, const char *role,
                           enum error_code code, const char *argument)
{
    const struct operation operation = {.requirements = requirements, .n_requirements = n};
    struct str got = {NULL, 0};
    struct error err = {0};

    assert_int_equal(caller_authorise(&contract, &operation, caller, &got, &err), role != NULL);
    assert_int_equal(err.code, role ? ERR_NONE : code);
    assert_true(str_eq(got, str_of(role)));
    if (!role)
        assert_string_equal(err.argument, argument);
}

static void public_operations_let_everybody_in_as_public(void **state)
{
    (void)state;
    struct caller nobody = authenticated((struct str){NULL, 0}), coordinator = authenticated(bearer("coordinator", "a:read", NULL));

    assert_outcome(&none, 1, &nobody, "public", ERR_NONE, "");
    assert_outcome(&none, 1, &coordinator, "public", ERR_NONE, "");
}

static void first_alternative_that_admits_gives_the_role(void **state)
{
    (void)state;
    const struct requirement token_first[] = {a_read, none}, none_first[] = {none, a_read}, two[] = {b_read, a_read};
    struct caller nobody = authenticated((struct str){NULL, 0}), coordinator = authenticated(bearer("coordinator", "a:read", NULL));
    struct caller scopeless = authenticated(bearer("coordinator", "", NULL));

    assert_outcome(token_first, 2, &coordinator, "coordinator", ERR_NONE, "");
    assert_outcome(token_first, 2, &nobody, "public", ERR_NONE, "");
    assert_outcome(token_first, 2, &scopeless, "public", ERR_NONE, "");
    assert_outcome(none_first, 2, &coordinator, "public", ERR_NONE, "");
    assert_outcome(two, 2, &coordinator, "coordinator", ERR_NONE, "");
}

/* Asserts which of the contract's roles an operation admits: a letter each, in their order, "-" where it does not. */
static void assert_admits(const struct requirement *requirements, size_t n, const char *letters)
{
    const struct operation operation = {.requirements = requirements, .n_requirements = n};

    for (size_t i = 0; i < contract.n_roles; i++)
        assert_int_equal(caller_admits_role(&contract, &operation, &roles[i]), letters[i] == roles[i].name.p[0]);
}

static void a_role_is_admitted_by_what_its_scopes_allow_at_most(void **state)
{
    (void)state;
    const struct requirement either[] = {a_read, case_key}, read_or_none[] = {a_read, none};

    assert_admits(&none, 1, "p---");
    assert_admits(&a_read, 1, "-c--");
    assert_admits(&any_token, 1, "-ca-");
    assert_admits(either, 2, "-c-c");
    assert_admits(read_or_none, 2, "pc--");
    assert_admits(NULL, 0, "----");
}

static void missing_token_is_told_apart_from_missing_scopes(void **state)
{
    (void)state;
    struct caller nobody = authenticated((struct str){NULL, 0}), coordinator = authenticated(bearer("coordinator", "a:write", NULL));
    const struct requirement two[] = {b_read, a_read};

    assert_outcome(&a_read, 1, &nobody, NULL, ERR_TOKEN_MISSING, "");
    assert_outcome(&any_token, 1, &nobody, NULL, ERR_TOKEN_MISSING, "");
    assert_outcome(&any_token, 1, &coordinator, "coordinator", ERR_NONE, "");
    assert_outcome(&a_read, 1, &coordinator, NULL, ERR_SCOPE, "a:read");
    assert_outcome(&all_three, 1, &coordinator, NULL, ERR_SCOPE, "a:read b:read");
    assert_outcome(two, 2, &coordinator, NULL, ERR_SCOPE, "b:read");
}

static void scope_counts_only_when_token_and_role_both_have_it(void **state)
{
    (void)state;
    struct caller auditor = authenticated(bearer("auditor", "a:read a:write b:read", NULL));
    struct caller coordinator = authenticated(bearer("coordinator", "A:read a:rea a:readx c:admin", NULL));

    assert_outcome(&a_read, 1, &auditor, NULL, ERR_SCOPE, "a:read"); /* the role may not have it */
    assert_outcome(&a_read, 1, &coordinator, NULL, ERR_SCOPE, "a:read"); /* the token does not carry it */
}

static void operations_that_admit_nobody_fail_closed(void **state)
{
    (void)state;
    const struct requirement token_or_key[] = {case_key, a_read}, key_second[] = {a_read, case_key};
    struct caller nobody = authenticated((struct str){NULL, 0}), coordinator = authenticated(bearer("coordinator", "a:read", NULL));

    assert_outcome(NULL, 0, &nobody, NULL, ERR_TOKEN_MISSING, "");
    assert_outcome(NULL, 0, &coordinator, NULL, ERR_FORBIDDEN, "");
    assert_outcome(&case_key, 1, &nobody, NULL, ERR_CASE_KEY_MISSING, "");
    assert_outcome(&case_key, 1, &coordinator, NULL, ERR_CASE_KEY_MISSING, "");
    assert_outcome(token_or_key, 2, &coordinator, "coordinator", ERR_NONE, "");
    assert_outcome(token_or_key, 2, &nobody, NULL, ERR_CASE_KEY_MISSING, "");
    assert_outcome(key_second, 2, &nobody, NULL, ERR_TOKEN_MISSING, "");
}

static const char typed[] = "oooo 0000-0000-0000-0000-0000-0000";

/* Whoever sends that header Case-Key to an operation that takes one, or does not. */
static enum error_code read_key(bool takes, const char *header, struct caller *caller)
{
    struct seal *seal = seal_fixture('a');
    const struct operation operation = {.takes_case_key = takes};
    struct error err = {.code = ERR_NONE};

    caller_read_case_key(&operation, seal, &arena, str_of(header), caller, &err);
    seal_free(seal);
    return err.code;
}

static void a_case_key_makes_a_caller_of_the_role_case(void **state)
{
    (void)state;
    const struct requirement token_or_key[] = {a_read, case_key};
    struct caller nobody = authenticated((struct str){NULL, 0}), coordinator = authenticated(bearer("coordinator", "a:read", NULL));
    struct caller scopeless = authenticated(bearer("coordinator", "", NULL));

    assert_int_equal(read_key(true, typed, &nobody), ERR_NONE);
    assert_true(str_eq(nobody.role, STR("case")) && nobody.case_key_hash.n == 64 && !nobody.has_token);
    assert_outcome(&case_key, 1, &nobody, "case", ERR_NONE, "");
    assert_outcome(token_or_key, 2, &nobody, "case", ERR_NONE, "");
    assert_outcome(&a_read, 1, &nobody, NULL, ERR_TOKEN_MISSING, "");
    assert_int_equal(read_key(true, typed, &coordinator), ERR_NONE);
    assert_outcome(token_or_key, 2, &coordinator, "coordinator", ERR_NONE, "");
    assert_outcome(&case_key, 1, &coordinator, "case", ERR_NONE, "");
    assert_int_equal(read_key(true, typed, &scopeless), ERR_NONE);
    assert_outcome(token_or_key, 2, &scopeless, "case", ERR_NONE, "");
}

static void a_case_key_is_looked_at_only_where_it_is_taken(void **state)
{
    (void)state;
    struct caller nobody = authenticated((struct str){NULL, 0});

    assert_int_equal(read_key(false, "nonsense", &nobody), ERR_NONE);
    assert_int_equal(read_key(false, typed, &nobody), ERR_NONE);
    assert_int_equal(read_key(true, NULL, &nobody), ERR_NONE);
    assert_int_equal(nobody.case_key_hash.n, 0);
    assert_true(str_eq(nobody.role, STR("public")));
}

static void a_mistyped_case_key_is_told(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "nonsense", "0000-0000-0000-0000-0000-0000-0001", "0000-0000-0000-0000-0000-0000-000"};
    struct caller nobody = authenticated((struct str){NULL, 0});

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(read_key(true, bad[i], &nobody), ERR_CASE_KEY_INVALID);
    assert_int_equal(nobody.case_key_hash.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(caller_without_header_is_public),
        cmocka_unit_test(caller_is_who_the_token_says),
        cmocka_unit_test(caller_is_asked_about_once_a_minute),
        cmocka_unit_test(a_record_whose_role_is_no_longer_there_admits_nobody),
        cmocka_unit_test(a_system_that_is_not_admitted_has_no_valid_token),
        cmocka_unit_test(where_a_system_calls_from_is_asked_each_time),
        cmocka_unit_test(caller_scheme_may_be_written_in_any_case),
        cmocka_unit_test(caller_token_may_stand_after_several_spaces),
        cmocka_unit_test(caller_refuses_whatever_is_not_a_bearer_token),
        cmocka_unit_test(caller_needs_a_role_of_the_contract_other_than_public),
        cmocka_unit_test(public_operations_let_everybody_in_as_public),
        cmocka_unit_test(first_alternative_that_admits_gives_the_role),
        cmocka_unit_test(a_role_is_admitted_by_what_its_scopes_allow_at_most),
        cmocka_unit_test(missing_token_is_told_apart_from_missing_scopes),
        cmocka_unit_test(scope_counts_only_when_token_and_role_both_have_it),
        cmocka_unit_test(operations_that_admit_nobody_fail_closed),
        cmocka_unit_test(a_case_key_makes_a_caller_of_the_role_case),
        cmocka_unit_test(a_case_key_is_looked_at_only_where_it_is_taken),
        cmocka_unit_test(a_mistyped_case_key_is_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
