/* claim_map_test.c: what a provider's claims become here, and what never comes through. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/claim_map.c"

#define KEY "0123456789abcdef0123456789abcdef"

static struct arena arena;
static const struct str scopes[] = {STR_INIT("a:read"), STR_INIT("b:write")};
static const struct role roles[] = {{.name = STR_INIT("resident")}, {.name = STR_INIT("coordinator"), .scopes = scopes, .n_scopes = 2},
                                    {.name = STR_INIT("officer"), .affiliation = STR_INIT("police")}};
static const struct contract contract = {.roles = roles, .n_roles = 3};
static const struct claim_value role_values[] = {{STR_INIT("admins"), STR_INIT("coordinator")}, {STR_INIT("staff"), STR_INIT("member")}, {STR_INIT("officers"), STR_INIT("officer")}};
static const struct claim_value affiliation_values[] = {{STR_INIT("LPD"), STR_INIT("police")}, {STR_INIT("city hall"), STR_INIT("city")}};
static struct claim_maps maps = {
    .role = {STR_INIT("/realm/roles"), role_values, 3, STR_INIT("resident")},
    .affiliation = {STR_INIT("/department"), affiliation_values, 2, {NULL, 0}},
    .contract = &contract,
};

static int setup(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static bool apply(const char *more, struct claims *ret, struct error *err)
{
    const struct value *payload;

    *ret = (struct claims){0};
    assert_true(value_parse(&arena, arena_printf(&arena, "{\"iss\":\"https://a\"%s}", more), 8, &payload, err));
    return claim_maps_apply(&maps, STR(KEY), &arena, payload, ret, err);
}

static struct claims applied(const char *more)
{
    struct claims claims;
    struct error err;

    if (!apply(more, &claims, &err))
        fail_msg("%s: %s", more, err.argument);
    return claims;
}

static void role_is_the_first_row_that_the_claim_has(void **state)
{
    (void)state;
    static const struct {
        const char *claim, *role;
    } rows[] = {
        {",\"realm\":{\"roles\":[\"staff\",\"admins\"]}", "coordinator"}, /* our order, not the token's */
        {",\"realm\":{\"roles\":[\"x\",\"staff\"]}", "member"},
        {",\"realm\":{\"roles\":\"admins\"}", "coordinator"},
        {",\"realm\":{\"roles\":\"admins staff\"}", "resident"},
        {",\"realm\":{\"roles\":\"Admins\"}", "resident"},
        {",\"realm\":{\"roles\":[[\"admins\"],7,null]}", "resident"},
        {",\"realm\":{\"roles\":{\"admins\":true}}", "resident"},
        {",\"realm\":[]", "resident"},
        {",\"realm/roles\":\"admins\"", "resident"},
        {",\"role\":\"coordinator\"", "resident"}, /* our own claim's name says nothing in a provider's token */
        {"", "resident"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(applied(arena_printf(&arena, ",\"sub\":\"1\"%s", rows[i].claim).p).role.p, rows[i].role);
}

static void affiliation_is_mapped_or_left_to_the_role(void **state)
{
    (void)state;
    assert_string_equal(applied(",\"sub\":\"1\",\"department\":\"LPD\"").affiliation.p, "police");
    assert_int_equal(applied(",\"sub\":\"1\",\"department\":\"other\"").affiliation.n, 0);
    assert_int_equal(applied(",\"sub\":\"1\",\"affiliation\":\"city\"").affiliation.n, 0);
}

static void a_role_of_the_police_is_of_the_police(void **state)
{
    (void)state;
    assert_string_equal(applied(",\"sub\":\"1\",\"department\":\"city hall\"").affiliation.p, "city");
    assert_string_equal(applied(",\"sub\":\"1\",\"department\":\"city hall\",\"realm\":{\"roles\":\"officers\"}").affiliation.p, "police");
    assert_string_equal(applied(",\"sub\":\"1\",\"realm\":{\"roles\":\"officers\"}").affiliation.p, "police");
}

static void organization_and_source_never_come_from_a_provider(void **state)
{
    (void)state;
    struct claims claims = applied(",\"sub\":\"1\",\"organization\":\"0191d5a0-1111-7222-8333-444455556666\",\"source\":\"x\",\"client_id\":\"c\",\"jti\":\"j\"");

    assert_int_equal(claims.organization.n + claims.source.n + claims.client.n + claims.id.n, 0);
}

static void subject_is_a_keyed_uuid_of_issuer_and_sub(void **state)
{
    (void)state;
    struct str one = applied(",\"sub\":\"1\"").subject;
    struct claims other;
    const struct value *payload;
    struct error err;

    assert_int_equal(one.n, UUID_TEXT_BYTES);
    assert_int_equal(one.p[14], '8');
    assert_non_null(strchr("89ab", one.p[19]));
    assert_true(str_eq(one, applied(",\"sub\":\"1\",\"name\":\"x\"").subject));
    assert_false(str_eq(one, applied(",\"sub\":\"2\"").subject));
    assert_true(value_parse(&arena, STR("{\"iss\":\"https://b\",\"sub\":\"1\"}"), 8, &payload, &err));
    assert_true(claim_maps_apply(&maps, STR(KEY), &arena, payload, &other, &err));
    assert_false(str_eq(one, other.subject));
    assert_true(value_parse(&arena, STR("{\"iss\":\"https://a\",\"sub\":\"1\"}"), 8, &payload, &err));
    assert_true(claim_maps_apply(&maps, STR("another key of thirty-two bytes!"), &arena, payload, &other, &err));
    assert_false(str_eq(one, other.subject));
}

static void sub_is_required(void **state)
{
    (void)state;
    static const char *const bad[] = {"", ",\"sub\":\"\"", ",\"sub\":7", ",\"sub\":null", ",\"sub\":\"a\\nb\""};
    struct claims claims;
    struct error err;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(apply(bad[i], &claims, &err));
        assert_string_equal(err.argument, "the claim sub is missing or does not fit");
    }
}

static void scopes_come_from_the_claim_or_from_the_role(void **state)
{
    (void)state;
    struct claims claims = applied(",\"sub\":\"1\",\"scope\":\"openid a:read\",\"realm\":{\"roles\":\"admins\"}");
    struct error err;

    assert_int_equal(claims.n_scopes, 2);
    assert_string_equal(arena_copy(&arena, claims.scopes[1]).p, "a:read");
    assert_false(apply(",\"sub\":\"1\",\"scope\":[\"a:read\"]", &claims, &err));
    maps.scopes_by_role = true;
    claims = applied(",\"sub\":\"1\",\"scope\":\"openid\",\"realm\":{\"roles\":\"admins\"}");
    assert_int_equal(claims.n_scopes, 2);
    assert_string_equal(claims.scopes[1].p, "b:write");
    assert_int_equal(applied(",\"sub\":\"1\",\"scope\":\"a:read\"").n_scopes, 0); /* a resident's */
    maps.scopes_by_role = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(role_is_the_first_row_that_the_claim_has),
        cmocka_unit_test(affiliation_is_mapped_or_left_to_the_role),
        cmocka_unit_test(a_role_of_the_police_is_of_the_police),
        cmocka_unit_test(organization_and_source_never_come_from_a_provider),
        cmocka_unit_test(subject_is_a_keyed_uuid_of_issuer_and_sub),
        cmocka_unit_test(sub_is_required),
        cmocka_unit_test(scopes_come_from_the_claim_or_from_the_role),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
