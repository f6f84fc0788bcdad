/* check_test.c: which filters are refused at tables under row security. Needs a database; the answer's columns are held
 * against the contract in tests/contract. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/check.c"
#include "tests/unit/db/session.h"

static const char schema[] =
    "do $do$ begin "
    "drop schema if exists leaks cascade; create schema leaks;"
    "create type mood as enum ('good', 'bad');"
    "create table item (id uuid primary key, name text, n numeric, size int, at timestamptz, day date, mood mood, js jsonb,"
    "                   tags text[], word tsvector, listed boolean);"
    "create table part (id uuid primary key, item_id uuid references item, name text);"
    "create table open (id uuid primary key, name text, secret bytea);"
    "alter table item enable row level security;"
    "alter table part enable row level security;"
    "create view item_view with (security_invoker) as select id, name, lower(name) as lowered, listed from item;"
    "create view listed_item with (security_invoker) as select * from item_view where coalesce(listed, false);"
    "create view open_view as select * from open;"
    "create function same(text) returns text language sql immutable as 'select $1';"
    "create function safe(text) returns text language sql immutable leakproof as 'select $1';"
    "end $do$";

static struct leak_facts facts;
static struct arena arena;

static int start(void **state)
{
    struct db_conn *conn;

    if (cluster_start(state) != 0 || !arena_init(&arena, (size_t)64 << 20))
        return -1;
    strncat(cluster.conninfo, " options='-c search_path=leaks'", sizeof cluster.conninfo - strlen(cluster.conninfo) - 1);
    pool = pool_of(1);
    conn = lend();
    carry_out(conn, schema);
    db_return(pool, conn);
    return 0;
}

static int stop(void **state)
{
    arena_done(&arena);
    db_pool_free(pool);
    return cluster_stop(state);
}

/* Parameters of these names have these types. */
static uint32_t type_of(struct str name)
{
    static const struct {
        struct str name;
        uint32_t type;
    } types[] = {
        {STR_INIT("text"), DB_TEXT}, {STR_INIT("date"), DB_DATE}, {STR_INIT("time"), DB_TIMESTAMPTZ}, {STR_INIT("id"), DB_UUID},
        {STR_INIT("number"), DB_NUMERIC}, {STR_INIT("json"), DB_JSONB}, {STR_INIT("int"), DB_INT8}, {STR_INIT("texts"), DB_TEXT_ARRAY},
        {STR_INIT("ids"), DB_UUID_ARRAY}, {STR_INIT("sealed"), DB_BYTEA},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_eq(types[i].name, name))
            return types[i].type;
    fail_msg("no type for :%.*s", STR_ARG(name));
    return 0;
}

static const struct answer success = {.status = 204};

/* The operation `list` with this SQL. */
static struct plan plan_of(const char *sql)
{
    static const struct operation operation = {.id = STR_INIT("list"), .success = &success};
    struct plan plan = {.operation = &operation};
    struct error err = {.code = ERR_NONE};

    if (!sql_parse(&arena, STR("list.sql"), arena_printf(&arena, "-- list: lists\n%s\n;", sql), &plan.file, &err))
        fail_msg("%s", err.argument);
    for (size_t i = 0; i < plan.file.n_names; i++)
        plan.sources[i].type = type_of(plan.file.names[i]);
    return plan;
}

/* What the check says of the operation `list`; "" when it passes. */
static const char *verdict(const char *sql, bool filters)
{
    static struct error err;
    struct plan plan = plan_of(sql);
    struct db_conn *conn = lend();

    err = (struct error){.code = ERR_NONE};
    assert_true(check_facts(conn, &arena, &facts, &err));
    bool passes = check_plans(conn, &plan, 1, filters ? &facts : NULL, &err);
    db_return(pool, conn);
    assert_int_equal(err.code, passes ? ERR_NONE : ERR_CONTRACT);
    return err.argument;
}

static void assert_refused(const char *filter, const char *name)
{
    const char *said = verdict(arena_printf(&arena, "select id\nfrom item\nwhere id = :id\nand %s", filter).p, true);

    assert_string_equal(said, arena_printf(&arena, "list.sql:5: the filter uses %s, which is not leakproof: under row security it "
                                                   "cannot use an index", name).p);
}

static void filters_that_keep_their_index_pass(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "select * from item where name = :text and id = :id and size > :int and at >= :time and day = :date and listed",
        "select * from item where (at, id) > (:time, :id) order by at, id",
        "select * from item where name = any(:texts) or id = any(:ids) or name in ('a', :text) or name <> 'b'",
        "select * from item where name is null and listed is not true and name is distinct from :text and :text = any(tags)",
        "select * from item where name = lower(:text) and size = (:json->>'x')::int and name = safe(name)",
        "select * from item where at < (select coalesce(:time, now())) and :date is not null",
        "select * from item where :text like 'a%' and coalesce(:text, 'x') = 'x' and name = :text",
        "select * from item where name = (case when :text = 'a' then 'b' else :text end) and tags[1] = :text",
        "select * from item where at < now() - interval '1 hour' and name = greatest(:text, 'x')",
        "select lower(name), coalesce(n, 0) from item order by n",
        "select * from item i join part p on p.item_id = i.id left join open o on o.name = p.name where i.name = :text",
        "select * from item where exists (select from part where item_id = item.id and name = :text)",
        "select * from item where id in (select item_id from part where name = :text)",
        "select * from open where name like :text",
        "select * from open_view where lower(name) = :text",
        "select i.id from item i, open o where i.id = o.id and o.name like :text",
        "select x from unnest(:texts) as x where x like 'a%'",
        "select count(*) from item group by name having count(*) > 1 and lower(name) = 'x'",
        "select * from (select listed, max(name) as last from item group by listed) x where last like :text",
        "select * from (select id, lag(name) over (order by name) as last from item) x where last like :text",
        "select * from item_view where name = :text",
        "with x as (select * from item) select * from x where name = :text",
        "with x as (select * from open) select (select count(*) from x where name like :text)",
        "update item set name = lower(name), js = :json where id = :id",
        "delete from item where id = :id",
        "insert into part (id, item_id) select :id, id from item where name = :text",
        "insert into open (id) select :id from jsonb_to_recordset(:json) as x (a text) where a like 'x%'",
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        if (*verdict(statements[i], true))
            fail_msg("%s: %s", statements[i], verdict(statements[i], true));
}

static void filters_that_lose_their_index_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *filter, *name;
    } filters[] = {
        {"name like :text", "~~(text,text) (textlike)"},
        {"name ilike :text", "~~*(text,text) (texticlike)"},
        {"at > :date", ">(timestamp with time zone,date) (timestamptz_gt_date)"},
        {":date <= at", "<=(date,timestamp with time zone) (date_le_timestamptz)"},
        {"day = :time", "=(date,timestamp with time zone) (date_eq_timestamptz)"},
        {"n = :number", "=(numeric,numeric) (numeric_eq)"},
        {"size = :number", "=(numeric,numeric) (numeric_eq)"},
        {"mood = 'good'", "=(anyenum,anyenum) (enum_eq)"},
        {"mood::text = :text", "a cast by way of text"},
        {"js @> :json", "@>(jsonb,jsonb) (jsonb_contains)"},
        {"js->>'a' = :text", "->>(jsonb,text) (jsonb_object_field_text)"},
        {"tags @> :texts", "@>(anyarray,anyarray) (arraycontains)"},
        {"tags = :texts", "=(anyarray,anyarray) (array_eq)"},
        {"tags::uuid[] = array[:id]", "a cast of an array"},
        {"word @@ to_tsquery(:text)", "@@(tsvector,tsquery) (ts_match_vq)"},
        {"lower(name) = :text", "lower(text)"},
        {"same(name) = :text", "same(text)"},
        {"at::date = :date", "date(timestamp with time zone)"},
        {"date_trunc('day', at) = :time", "date_trunc(text,timestamp with time zone)"},
        {"coalesce(name, '') = :text", "COALESCE"},
        {"name = coalesce(:text, 'x')", "COALESCE"},
        {"greatest(name, 'x') = :text", "greatest or least"},
        {"nullif(n, 1) is null", "=(numeric,numeric) (numeric_eq)"},
        {"n is distinct from :number", "=(numeric,numeric) (numeric_eq)"},
        {"n in (1, 2)", "=(numeric,numeric) (numeric_eq)"},
        {"n in (select 1.0)", "=(numeric,numeric) (numeric_eq)"},
        {"(name, n) > (:text, :number)", ">(numeric,numeric) (numeric_gt)"},
        {"(name = :text or not (listed and name like :text))", "~~(text,text) (textlike)"},
        {"exists (select from part where item_id = item.id and name like :text)", "~~(text,text) (textlike)"},
        {"exists (select from open where open.name like item.name)", "~~(text,text) (textlike)"},
        {"case when listed then name like :text else false end", "~~(text,text) (textlike)"},
    };
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        assert_refused(filters[i].filter, filters[i].name);
}

static void filters_are_found_wherever_they_stand(void **state)
{
    (void)state;
    static const char *const statements[] = {
        "select * from item_view where lowered = :text",
        "select * from (select id, name as a from item) x where a like :text",
        "select * from (select x.*, y.name as b from item x left join item y on y.id = x.id) z where b like :text",
        "select * from item a join item b using (n)",
        "select * from item a full join item b using (name) where name like :text",
        "select * from item a join part b on a.name like b.name",
        "select * from open a left join item b on a.id = b.id and b.name like :text",
        "with x as (select * from item) select * from x where name like :text",
        "with x as (select * from item), y as (select * from x) select (select count(*) from y where name like :text)",
        "select * from open where id in (select id from item where name like :text)",
        "select array(select id from item where name like :text)",
        "select id from open union all select id from item where name like :text",
        "select * from (select name from item union all select name from open) x where name like :text",
        "update item set name = :text where name like :text",
        "delete from item where name like :text",
        "update open set name = :text from item where item.id = open.id and item.name like :text",
        "insert into open (id) select id from item where name like :text",
        "with x as (update item set size = 1 where name like :text returning id) select * from x",
        "select * from open, lateral (select * from item where item.id = open.id and item.name like open.name) x",
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        if (!strstr(verdict(statements[i], true), "not leakproof"))
            fail_msg("passed: %s", statements[i]);
}

static void a_view_is_told_from_the_statement(void **state)
{
    (void)state;
    const char *said = verdict("select id\nfrom listed_item\nwhere id = :id", true);

    assert_string_equal(said, "list.sql:2: a filter here or in a view uses COALESCE, which is not leakproof: under row security it "
                              "cannot use an index");
    assert_non_null(strstr(verdict("select id\nfrom item_view\nwhere lowered = :text", true), "list.sql:4: the filter uses lower(text)"));
}

static void the_line_is_that_of_the_file(void **state)
{
    (void)state;
    static const char sql[] = "select 'ñ' -- a comment\n, id /* of\n two */\nfrom item\nwhere id = :id\nand name = :text --?\n"
                              "and day = :date --? date\nand lower(name) = :text  --?";

    assert_non_null(strstr(verdict(sql, true), "list.sql:9: the filter uses lower(text)"));
    assert_non_null(strstr(verdict("select 1;\n\nselect id\nfrom item\nwhere name like :text", true), "list.sql:6: "));
}

static void what_is_sealed_is_used_as_bytea_alone(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "insert into open (id, name) values (:id, :sealed)", "select id from item where name = :sealed", "select lower(:sealed)",
        "update item set js = :sealed where id = :id", "select id from item where :sealed",
        "update open set name = coalesce(null, :sealed) where id = :id", "insert into open (id, name) select :id, x::text from (values (:sealed::text)) v (x)",
    };

    assert_string_equal(verdict("select octet_length(:sealed), :sealed is null, :sealed as x", true), "");
    assert_string_equal(verdict("insert into open (id, secret) select :id, :sealed", true), "");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (!*verdict(wrong[i], true))
            fail_msg("passed: %s", wrong[i]);
    assert_non_null(strstr(verdict(wrong[0], true), "list.sql:2: :sealed is sealed: bytea, and used as something else"));
}

static void without_facts_filters_are_not_looked_at(void **state)
{
    (void)state;
    assert_string_equal(verdict("select * from item where name like :text", false), "");
}

enum { MANY = 3 * DB_DESCRIBED_MAX + 1 }; /* more than go in one transaction */

/* Plans of good statements, named op0, op1, .... */
static struct plan *many_plans(void)
{
    struct plan *plans = arena_array(&arena, struct plan, MANY);

    for (size_t i = 0; i < MANY; i++) {
        struct operation *operation = arena_new(&arena, struct operation);
        *operation = (struct operation){.id = arena_printf(&arena, "op%zu", i), .success = &success};
        plans[i] = plan_of(arena_printf(&arena, "select id from item where size = %zu", i).p);
        plans[i].operation = operation;
    }
    return plans;
}

static void spoil(struct plan *plan, const char *sql)
{
    const struct operation *operation = plan->operation;

    *plan = plan_of(sql);
    plan->operation = operation;
}

static struct error check_many(struct db_conn *conn, const struct plan *plans)
{
    struct error err = {.code = ERR_NONE};

    bool passes = check_plans(conn, plans, MANY, NULL, &err);
    assert_int_equal(passes, err.code == ERR_NONE);
    return err;
}

static void of_many_the_first_that_is_wrong_is_told_wherever_it_stands(void **state)
{
    (void)state;
    struct plan *plans = many_plans();
    struct db_conn *conn = lend();
    static const size_t places[] = {MANY - 1, 2 * DB_DESCRIBED_MAX + 7, 2 * DB_DESCRIBED_MAX, DB_DESCRIBED_MAX - 1, 5, 0};

    assert_int_equal(check_many(conn, plans).code, ERR_NONE);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        spoil(&plans[places[i]], arena_printf(&arena, "select id from item;\n\nselect wrong%zu from item", i).p);
        struct error err = check_many(conn, plans);
        assert_int_equal(err.code, ERR_CONTRACT);
        assert_string_equal(err.argument, arena_printf(&arena, "op%zu.sql:4: SQLSTATE 42703: column \"wrong%zu\" does not exist", places[i], i).p);
    }
    assert_int_equal(ask(conn, "select 1"), 1);
    db_return(pool, conn);
}

static void what_the_contract_refuses_is_told_before_what_the_database_refuses_after_it(void **state)
{
    (void)state;
    struct plan *plans = many_plans();
    struct db_conn *conn = lend();
    const struct operation reads = {.id = STR_INIT("reads"), .success = &success, .reads = true};

    spoil(&plans[9], "select wrong from item");
    spoil(&plans[7], "-- guard\nselect id from item;\nselect id from item");
    plans[7].guard = &plans[7].file.statements[0];
    plans[7].operation = &reads;
    assert_string_equal(check_many(conn, plans).argument, "reads.sql:3: the guard has no column _revision");
    spoil(&plans[7], "-- guard\nselect 1 as \"_revision\";\nselect id from item");
    plans[7].guard = &plans[7].file.statements[0];
    assert_string_equal(check_many(conn, plans).argument, "op9.sql:2: SQLSTATE 42703: column \"wrong\" does not exist");
    db_return(pool, conn);
}

/* Another session that keeps `part` to itself until it is abandoned; what asks about it waits. */
static struct db_conn *lock_part(struct db_pool *others)
{
    struct db_conn *conn;
    const struct db_result *result;
    struct error err;

    assert_true(db_lend(others, in_ms(DEADLINE_MS), &conn, &err));
    assert_true(db_send_text(conn, "alter table part add column late int", &err) && db_flush(conn, &err) && db_next(conn, &result, &err));
    return conn;
}

static void a_database_that_is_late_is_no_disagreement(void **state)
{
    (void)state;
    struct plan *plans = many_plans();
    struct db_pool *others = pool_of(1);
    struct db_conn *holder = lock_part(others), *conn = lend_for(300);

    spoil(&plans[100], "select name from part");
    struct error err = check_many(conn, plans);
    db_return(pool, conn);
    assert_int_equal(err.code, ERR_DB_TIMEOUT);
    assert_string_equal(err.argument, "deadline passed");
    db_abandon(holder);
    db_return(others, holder);
    db_pool_free(others);
    conn = lend();
    assert_int_equal(check_many(conn, plans).code, ERR_NONE);
    db_return(pool, conn);
}

static void a_connection_lost_midway_is_no_disagreement(void **state)
{
    (void)state;
    struct plan *plans = many_plans();
    struct db_pool *others = pool_of(2);
    struct db_conn *holder = lock_part(others), *killer, *conn = lend();
    struct error err;

    spoil(&plans[100], "select name from part");
    assert_true(db_lend(others, in_ms(DEADLINE_MS), &killer, &err));
    assert_true(db_send_text(killer, "do $$ begin loop perform pg_terminate_backend(pid) from pg_locks where not granted; exit when found; end loop; end $$", &err));
    assert_true(db_flush(killer, &err));
    err = check_many(conn, plans);
    db_return(pool, conn);
    assert_int_equal(err.code, ERR_DB_UNAVAILABLE);
    assert_string_equal(err.argument, "SQLSTATE 57P01: terminating connection due to administrator command");
    db_abandon(killer);
    db_return(others, killer);
    db_abandon(holder);
    db_return(others, holder);
    db_pool_free(others);
    conn = lend();
    assert_int_equal(check_many(conn, plans).code, ERR_NONE);
    db_return(pool, conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filters_that_keep_their_index_pass),
        cmocka_unit_test(filters_that_lose_their_index_are_refused_by_name),
        cmocka_unit_test(filters_are_found_wherever_they_stand),
        cmocka_unit_test(a_view_is_told_from_the_statement),
        cmocka_unit_test(the_line_is_that_of_the_file),
        cmocka_unit_test(what_is_sealed_is_used_as_bytea_alone),
        cmocka_unit_test(without_facts_filters_are_not_looked_at),
        cmocka_unit_test(of_many_the_first_that_is_wrong_is_told_wherever_it_stands),
        cmocka_unit_test(what_the_contract_refuses_is_told_before_what_the_database_refuses_after_it),
        cmocka_unit_test(a_database_that_is_late_is_no_disagreement),
        cmocka_unit_test(a_connection_lost_midway_is_no_disagreement),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
