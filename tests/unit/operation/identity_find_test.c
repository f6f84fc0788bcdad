/* identity_find_test.c: what the database says of who carries a token, and that nothing is guessed when it says nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/identity_find.c"
#include "tests/unit/db/session.h"

#define SYSTEM "2f7e5c0a-61b3-4f0e-9a53-0d5b6a7c8e11"
#define REVOKED "2f7e5c0a-61b3-4f0e-9a53-0d5b6a7c8e12"
#define ANYWHERE "2f7e5c0a-61b3-4f0e-9a53-0d5b6a7c8e13"

static struct arena arena;

static int start(void **state)
{
    if (cluster_start(state) != 0 || !arena_init(&arena, 1 << 20))
        return -1;
    pool = pool_of(1);
    struct db_conn *conn = lend();
    carry_out(conn, "do $do$ begin perform set_config('client_min_messages', 'warning', true);"
                    "drop schema if exists cpwg cascade; create schema cpwg;"
                    "if to_regrole('cpwg_identity') is null then create role cpwg_identity; end if;"
                    "create table cpwg.person (id text, name text, state text, role text, affiliation text, organization_id text, subject text unique);"
                    "insert into cpwg.person values ('1', 'Ana', 'active', 'partner', 'organization', '7b0c', 'ana'),"
                    "('2', 'Beto', 'ended', 'coordinator', 'city', null, 'beto'), ('3', 'Cora', 'invited', 'member', 'police', null, 'cora');"
                    "create table cpwg.api_client (id uuid, role text, organization_id uuid, source_code text, scopes text[], address_ranges cidr[],"
                    "                              keys jsonb, state text);"
                    "create table cpwg.api_client_secret (id uuid, client_id uuid, hash text, last_used_on date, expires_at timestamptz);"
                    "insert into cpwg.api_client values ('" SYSTEM "', 'police_source', null, 'records', '{a:b}', '{192.0.2.0/24}', null, 'active'),"
                    "('" REVOKED "', 'police_source', null, 'records', '{a:b}', '{}', null, 'revoked'),"
                    "('" ANYWHERE "', 'partner', '" SYSTEM "', null, '{a:b}', '{}', null, 'active');"
                    "insert into cpwg.api_client_secret values ('" SYSTEM "', '" SYSTEM "', 'x', null, null), ('" REVOKED "', '" SYSTEM "', 'y', null, null);"
                    "grant usage on schema cpwg to cpwg_identity; grant select on all tables in schema cpwg to cpwg_identity; end $do$");
    db_return(pool, conn);
    return 0;
}

static int stop(void **state)
{
    db_pool_free(pool);
    arena_done(&arena);
    return cluster_stop(state);
}

static struct identity identity_of(struct claims claims, const char *address)
{
    const struct lookup lookup = {pool, &arena, str_of(address), in_ms(DEADLINE_MS)};
    struct identity identity;
    struct error err;

    if (!identity_find(&lookup, &claims, &identity, &err))
        fail_msg("%s", err.argument);
    return identity;
}

static struct identity found(const char *subject)
{
    return identity_of((struct claims){.subject = str_of(subject)}, "192.0.2.1");
}

static struct identity system_from(const char *client, const char *address)
{
    return identity_of((struct claims){.subject = STR("ana"), .client = str_of(client)}, address);
}

static void an_active_person_is_what_the_record_says(void **state)
{
    (void)state;
    struct identity ana = found("ana");

    assert_int_equal(ana.standing, STANDING_ACTIVE);
    assert_true(str_eq(ana.person.id, STR("1")) && str_eq(ana.person.name, STR("Ana")) && str_eq(ana.person.state, STR("active")));
    assert_true(str_eq(ana.role, STR("partner")) && str_eq(ana.affiliation, STR("organization")) && str_eq(ana.organization, STR("7b0c")));
}

static void whoever_is_not_active_has_ended(void **state)
{
    (void)state;
    struct identity beto = found("beto"), cora = found("cora");

    assert_int_equal(beto.standing, STANDING_ENDED);
    assert_int_equal(cora.standing, STANDING_ENDED);
    assert_true(str_eq(cora.affiliation, STR("police")));
    assert_null(beto.organization.p);
}

static void nobody_has_no_person(void **state)
{
    (void)state;
    assert_int_equal(found("nobody").standing, STANDING_NONE);
    assert_int_equal(found("'; drop table cpwg.person; --").standing, STANDING_NONE);
}

static void a_system_is_what_its_record_says(void **state)
{
    (void)state;
    struct identity placed = system_from(SYSTEM, "192.0.2.7"), anywhere = system_from(ANYWHERE, "2001:db8::1");

    assert_true(placed.is_system && placed.standing == STANDING_ACTIVE && placed.is_placed);
    assert_true(str_eq(placed.role, STR("police_source")) && str_eq(placed.source, STR("records")) && !placed.organization.p && !placed.person.id.p);
    assert_true(placed.scopes->array.n == 1 && str_eq(value_string(placed.scopes->array.v[0]), STR("a:b")));
    assert_true(anywhere.is_system && anywhere.standing == STANDING_ACTIVE && !anywhere.is_placed);
    assert_true(str_eq(anywhere.organization, STR(SYSTEM)) && !anywhere.source.p);
}

static void a_system_that_is_revoked_elsewhere_or_unknown_has_ended(void **state)
{
    (void)state;
    static const char *const others[][2] = {
        {REVOKED, "192.0.2.7"}, {SYSTEM, "192.0.3.7"}, {SYSTEM, "::ffff:0"}, {"2f7e5c0a-61b3-4f0e-9a53-0d5b6a7c8e10", "192.0.2.7"},
        {"2f7e5c0a-61b3-4f0e-9a53-0d5b6a7c8e14", "192.0.2.7"}, {"ana", "192.0.2.7"},
        {"2F7E5C0A-61B3-4F0E-9A53-0D5B6A7C8E11", "192.0.2.7"},
    };

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct identity identity = system_from(others[i][0], others[i][1]);
        assert_true(identity.is_system);
        assert_int_equal(identity.standing, STANDING_ENDED);
    }
}

static void nothing_is_guessed_without_the_database(void **state)
{
    (void)state;
    struct db_pool_options options = {.conninfo = "host=/nowhere", .size = 1, .wait_ms = 100};
    const struct claims claims[] = {{.subject = STR("ana")}, {.client = STR(SYSTEM)}};
    struct identity identity = {.standing = STANDING_ENDED};
    struct db_pool *away;
    struct error err;

    assert_true(db_pool_new(&options, &away, &err));
    for (int i = 0; i < 2; i++) {
        const struct lookup lookup = {away, &arena, STR("192.0.2.1"), in_ms(1000)};
        assert_false(identity_find(&lookup, &claims[i], &identity, &err));
        assert_int_equal(err.code, ERR_DB_UNAVAILABLE);
    }
    assert_int_equal(identity.standing, STANDING_ENDED);
    db_pool_free(away);
}

static void the_next_transaction_is_nobody_again(void **state)
{
    (void)state;
    found("ana");
    assert_int_equal(ask_once("select (current_user = session_user and current_setting('transaction_read_only') = 'off')::int"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_active_person_is_what_the_record_says),
        cmocka_unit_test(whoever_is_not_active_has_ended),
        cmocka_unit_test(nobody_has_no_person),
        cmocka_unit_test(a_system_is_what_its_record_says),
        cmocka_unit_test(a_system_that_is_revoked_elsewhere_or_unknown_has_ended),
        cmocka_unit_test(nothing_is_guessed_without_the_database),
        cmocka_unit_test(the_next_transaction_is_nobody_again),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
