/* identity_test.c: what somebody may do by their record and their token together. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/identity.c"

static const struct str resident_scopes[] = {STR_INIT("complaints:file")}, coordinator_scopes[] = {STR_INIT("a:read"), STR_INIT("a:write")};
static const struct role roles[] = {
    {.name = STR_INIT("resident"), .affiliation = STR_INIT("resident"), .scopes = resident_scopes, .n_scopes = 1},
    {.name = STR_INIT("coordinator"), .affiliation = STR_INIT("city"), .scopes = coordinator_scopes, .n_scopes = 2},
    {.name = STR_INIT("police_staff"), .affiliation = STR_INIT("police")},
};
static const struct contract contract = {.roles = roles, .n_roles = 3};

static struct claims token_of(const char *role, const char *affiliation)
{
    return (struct claims){.subject = STR("s"), .role = str_of(role), .affiliation = str_of(affiliation), .organization = STR("token's"),
                           .source = STR("token's"), .scopes = {STR("a:read")}, .n_scopes = 1};
}

static struct identity record_of(enum standing standing, const char *role, const char *affiliation)
{
    return (struct identity){.standing = standing, .role = str_of(role), .affiliation = str_of(affiliation), .organization = STR("record's")};
}

static struct claims applied(struct identity identity, struct claims claims)
{
    identity_apply(&identity, &contract, &claims);
    return claims;
}

static void without_a_record_the_token_stands(void **state)
{
    (void)state;
    struct claims claims = applied((struct identity){0}, token_of("coordinator", NULL));

    assert_true(str_eq(claims.role, STR("coordinator")) && str_eq(claims.organization, STR("token's")) && str_eq(claims.source, STR("token's")));
    assert_null(claims.affiliation.p);
}

static void an_active_record_goes_before_the_token(void **state)
{
    (void)state;
    struct claims claims = applied(record_of(STANDING_ACTIVE, "coordinator", "city"), token_of("resident", "council"));

    assert_true(str_eq(claims.role, STR("coordinator")) && str_eq(claims.affiliation, STR("city")));
    assert_true(str_eq(claims.organization, STR("record's")));
    assert_null(claims.source.p);
    assert_int_equal(claims.n_scopes, 1); /* no more than it names */
    claims = applied(record_of(STANDING_ACTIVE, "resident", "resident"), token_of("coordinator", NULL));
    assert_true(str_eq(claims.role, STR("resident")));
}

static void whoever_has_ended_or_only_begins_is_a_resident(void **state)
{
    (void)state;
    struct claims claims = applied(record_of(STANDING_ENDED, "coordinator", "city"), token_of("coordinator", "city"));

    assert_true(str_eq(claims.role, STR("resident")) && str_eq(claims.affiliation, STR("resident")));
    assert_null(claims.organization.p);
    assert_null(claims.source.p);
}

static void police_is_whom_either_calls_police(void **state)
{
    (void)state;
    static const struct {
        enum standing standing;
        const char *token_role, *token, *record;
        bool police;
    } rows[] = {
        {STANDING_ACTIVE, "resident", "police", "city", true},    {STANDING_ACTIVE, "resident", "city", "police", true},
        {STANDING_ACTIVE, "police_staff", NULL, "city", true}, /* by the role's affiliation */
        {STANDING_ACTIVE, "resident", "city", "council", false},  {STANDING_ENDED, "resident", "police", "city", true},
        {STANDING_ENDED, "resident", "resident", "police", true}, {STANDING_ENDED, "resident", "city", "city", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct claims claims = applied(record_of(rows[i].standing, "coordinator", rows[i].record), token_of(rows[i].token_role, rows[i].token));
        assert_int_equal(str_eq(claims.affiliation, STR("police")), rows[i].police);
    }
}

static void scopes_that_are_the_roles_become_the_records_roles(void **state)
{
    (void)state;
    struct claims provider = token_of("resident", NULL);

    provider.scopes[0] = STR("complaints:file");
    provider.scopes_by_role = true;
    struct claims claims = applied(record_of(STANDING_ACTIVE, "coordinator", "city"), provider);
    assert_int_equal(claims.n_scopes, 2);
    assert_true(str_eq(claims.scopes[1], STR("a:write")));
    claims = applied(record_of(STANDING_ENDED, "coordinator", "city"), claims);
    assert_int_equal(claims.n_scopes, 1);
    assert_true(str_eq(claims.scopes[0], STR("complaints:file")));
}

static void a_system_is_what_its_record_says_within_its_token(void **state)
{
    (void)state;
    const struct value read = {.type = VALUE_STRING, .string = STR("a:read")}, other = {.type = VALUE_STRING, .string = STR("b:read")};
    const struct value *list[] = {&other, &read};
    const struct value scopes = {.type = VALUE_ARRAY, .array = {list, 2}}, none = {.type = VALUE_ARRAY, .array = {list, 1}};
    struct identity system = record_of(STANDING_ACTIVE, "police_staff", "");

    system.is_system = true;
    system.source = STR("record's");
    system.scopes = &scopes;
    struct claims claims = applied(system, token_of("coordinator", "city"));
    assert_true(str_eq(claims.role, STR("police_staff")) && str_eq(claims.organization, STR("record's")) && str_eq(claims.source, STR("record's")));
    assert_null(claims.affiliation.p); /* its role's */
    assert_int_equal(claims.n_scopes, 1);
    assert_true(str_eq(claims.scopes[0], STR("a:read")));
    system.scopes = &none;
    assert_int_equal(applied(system, token_of("coordinator", "city")).n_scopes, 0);
    system.scopes = NULL;
    assert_int_equal(applied(system, token_of("coordinator", "city")).n_scopes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_record_the_token_stands),
        cmocka_unit_test(an_active_record_goes_before_the_token),
        cmocka_unit_test(whoever_has_ended_or_only_begins_is_a_resident),
        cmocka_unit_test(police_is_whom_either_calls_police),
        cmocka_unit_test(scopes_that_are_the_roles_become_the_records_roles),
        cmocka_unit_test(a_system_is_what_its_record_says_within_its_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
