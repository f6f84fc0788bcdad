/* identity_find_test.c: what the database says of who carries a token, and that nothing is guessed when it says nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/identity_find.c"
#include "tests/unit/db/session.h"

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
                    "grant usage on schema cpwg to cpwg_identity; grant select on cpwg.person to cpwg_identity; end $do$");
    db_return(pool, conn);
    return 0;
}

static int stop(void **state)
{
    db_pool_free(pool);
    arena_done(&arena);
    return cluster_stop(state);
}

static struct identity found(const char *subject)
{
    const struct claims claims = {.subject = str_of(subject)};
    struct identity identity;
    struct error err;

    if (!identity_find(pool, &arena, &claims, in_ms(DEADLINE_MS), &identity, &err))
        fail_msg("%s", err.argument);
    return identity;
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

static void nobody_and_systems_have_no_person(void **state)
{
    (void)state;
    const struct claims system = {.subject = STR("ana"), .client = STR("ana")};
    struct identity identity;
    struct error err;

    assert_int_equal(found("nobody").standing, STANDING_NONE);
    assert_int_equal(found("'; drop table cpwg.person; --").standing, STANDING_NONE);
    assert_true(identity_find(pool, &arena, &system, in_ms(DEADLINE_MS), &identity, &err));
    assert_int_equal(identity.standing, STANDING_NONE);
}

static void nothing_is_guessed_without_the_database(void **state)
{
    (void)state;
    struct db_pool_options options = {.conninfo = "host=/nowhere", .size = 1, .wait_ms = 100};
    const struct claims claims = {.subject = STR("ana")};
    struct identity identity = {.standing = STANDING_ENDED};
    struct db_pool *away;
    struct error err;

    assert_true(db_pool_new(&options, &away, &err));
    assert_false(identity_find(away, &arena, &claims, in_ms(1000), &identity, &err));
    assert_int_equal(err.code, ERR_DB_UNAVAILABLE);
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
        cmocka_unit_test(nobody_and_systems_have_no_person),
        cmocka_unit_test(nothing_is_guessed_without_the_database),
        cmocka_unit_test(the_next_transaction_is_nobody_again),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
