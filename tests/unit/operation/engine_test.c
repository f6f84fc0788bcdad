/* engine_test.c: a contract with sealed members, case keys and pushed records, carried out against a database. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/engine.c"
#include "auth/secret.h"
#include "tests/unit/base/seal_fixture.h"
#include "tests/unit/db/session.h"

#define FIXTURE SOURCE_DIR "/tests/unit/operation/fixtures/cases"

static const char *const schema[] = {
    "do $do$ begin "
    "perform set_config('client_min_messages', 'warning', true);"
    "drop schema if exists cpwg cascade; create schema cpwg; set local search_path = cpwg;"
    "if to_regrole('cpwg_public') is null then create role cpwg_public; end if;"
    "if to_regrole('cpwg_case') is null then create role cpwg_case; end if;"
    "if to_regrole('cpwg_coordinator') is null then create role cpwg_coordinator; end if;"
    "create table filing (id uuid primary key, case_key_hash text unique, narrative bytea, phone bytea, revision int not null default 1);"
    "create table person (id bigint generated always as identity primary key, filing_id uuid, name bytea, age int);"
    "create table pushed (external_id text primary key, hash text, narrative bytea, push uuid);"
    "create table taken (scope text primary key, body text, record_id uuid);"
    "grant usage on schema cpwg to public; grant all on all tables in schema cpwg to public;"
    "end $do$",
    "create function cpwg.idempotency_take(scope text, body text, operation text, new_id uuid) returns void language plpgsql as $f$ "
    "declare done cpwg.taken; begin "
    "select * into done from cpwg.taken t where t.scope = $1;"
    "if done.scope is null then insert into cpwg.taken values ($1, $2, $4);"
    "elsif done.body = $2 then raise exception 'done' using errcode = 'CW004', detail = done.record_id::text;"
    "else raise exception 'other' using errcode = 'CW003'; end if; end $f$",
};

static struct arena arena;
static struct seal *seal;
static struct db_pool *streams;
static struct config config;
static struct engine *engine;
static struct buf answer;

static int load(struct seal *with)
{
    const struct contract *contract;
    struct error err;

    config.operations_dir = STR(FIXTURE "/sql");
    config.base_url = STR("");
    config.body_max_bytes = 1 << 20;
    struct engine_options options = {.config = &config, .seal = with, .secret = STR("secret"), .pool = pool, .streams = streams};
    engine_done(engine);
    engine = NULL;
    bool ok = contract_load(&arena, FIXTURE, &contract, &err);
    options.contract = ok ? contract : NULL;
    ok = ok && engine_new(&arena, &options, &engine, &err) && engine_check(engine, &err);
    if (!ok)
        fprintf(stderr, "%s\n", err.argument);
    return ok ? 0 : -1;
}

static int start(void **state)
{
    if (cluster_start(state) != 0 || !arena_init(&arena, (size_t)256 << 20) || !(seal = seal_fixture('a')))
        return -1;
    pool = pool_of(1);
    struct db_conn *conn = lend();
    for (size_t i = 0; i < sizeof schema / sizeof schema[0]; i++)
        carry_out(conn, schema[i]);
    db_return(pool, conn);
    db_pool_free(pool);
    strncat(cluster.conninfo, " options='-c search_path=cpwg'", sizeof cluster.conninfo - strlen(cluster.conninfo) - 1);
    pool = pool_of(1); /* one connection, so that each call meets what the one before left */
    streams = pool_of(1);
    buf_init(&answer, 1 << 20);
    return load(seal);
}

static int stop(void **state)
{
    buf_done(&answer);
    engine_done(engine);
    db_pool_free(streams);
    db_pool_free(pool);
    seal_free(seal);
    arena_done(&arena);
    return cluster_stop(state);
}

static const struct caller nobody = {.role = STR_INIT("public")}, coordinator = {.role = STR_INIT("coordinator"), .subject = STR_INIT("c"), .has_token = true};

static struct call a_call(const char *operation, const struct caller *caller, const char *body)
{
    const struct operation *found = contract_operation(engine->contract, str_of(operation));
    struct call call = {.operation = found, .arena = &arena, .caller = caller, .role = caller->role, .format = AS_JSON,
                        .language = LANGUAGE_EN, .media = &found->success->media[0], .body_text = str_of(body), .deadline_ns = in_ms(20000)};
    struct error err;

    call.parameters = arena_array(&arena, const struct value *, found->n_parameters);
    for (size_t i = 0; i < found->n_parameters; i++)
        call.parameters[i] = found->parameters[i].default_value;
    if (body && !value_parse(&arena, str_of(body), VALUE_DEPTH_MAX, &call.body, &err))
        fail_msg("%s", err.argument);
    return call;
}

static bool stream_started(void *to, const struct reply *reply)
{
    (void)to;
    (void)reply;
    return true;
}

static bool stream_written(void *to, struct str bytes)
{
    buf_add(to, bytes);
    return true;
}

static struct buf streamed;
static struct error failure;

/* Carries it out; the answer is in `answer`, or the failure in `failure`. */
static bool carried_out(const struct call *call, struct reply *ret)
{
    const struct stream stream = {stream_started, stream_written, &streamed};

    buf_clear(&answer, 1 << 20);
    *ret = (struct reply){.body = &answer};
    failure = (struct error){.code = ERR_NONE};
    return engine_execute(engine, call, &stream, ret, &failure);
}

static const struct value *answered(struct call call)
{
    const struct value *value;
    struct reply reply;
    struct error err;

    if (!carried_out(&call, &reply))
        fail_msg("%s: %s", error_info(failure.code)->slug.p, failure.argument);
    assert_true(value_parse(&arena, arena_copy(&arena, buf_str(&answer)), VALUE_DEPTH_MAX, &value, &err));
    return value;
}

static struct str text_at(const struct value *value, const char *pointer)
{
    return value_string(value_at(value, str_of(pointer)));
}

static int64_t number_of(const char *question)
{
    struct db_conn *conn = lend();
    int64_t n = ask(conn, question);

    db_return(pool, conn);
    return n;
}

static const char filing[] = "{\"narrative\":\"what happened\",\"contact\":{\"phone\":\"717\"},\"people\":[{\"name\":\"Ana\",\"age\":5}]}";

/* Who comes with that key. */
static struct caller holder_of(struct str shown)
{
    struct secret key;

    assert_true(secret_read(shown, &key));
    return (struct caller){.role = STR("case"), .case_key_hash = secret_hash(&arena, seal, SECRET_CASE_KEY, &key)};
}

static void what_is_sealed_is_stored_sealed_and_shown_opened(void **state)
{
    (void)state;
    const struct value *made = answered(a_call("createCase", &nobody, filing));

    assert_true(str_eq(text_at(made, "/narrative"), STR("what happened")));
    assert_true(str_eq(text_at(made, "/contact/phone"), STR("717")));
    assert_int_equal(number_of("select count(*) from filing where octet_length(narrative) = 109 and octet_length(phone) = 109"), 1);
    assert_int_equal(number_of("select count(*) from person where octet_length(name) = 109 and age = 5"), 1);
    assert_int_equal(number_of("select count(*) from filing f, person p where position('what happened'::bytea in f.narrative) > 0 or position('Ana'::bytea in p.name) > 0"), 0);
}

static void absent_and_null_are_null(void **state)
{
    (void)state;
    const struct value *made = answered(a_call("createCase", &nobody, "{\"narrative\":null}"));

    assert_int_equal(value_at(made, STR("/narrative"))->type, VALUE_NULL);
    assert_null(value_at(made, STR("/contact")));
    assert_int_equal(number_of("select count(*) from filing where narrative is null and phone is null"), 1);
}

static void streams_show_what_is_sealed(void **state)
{
    (void)state;
    struct call call = a_call("listPeople", &coordinator, NULL);
    struct reply reply;

    assert_true(str_eq(text_at(answered(call), "/data/0/name"), STR("Ana")));
    buf_init(&streamed, 1 << 20);
    call.format = AS_CSV;
    assert_true(carried_out(&call, &reply));
    assert_true(str_eq(buf_str(&streamed), STR("id,name\r\n1,Ana\r\n")));
    buf_clear(&streamed, 1 << 20);
    call.format = AS_NDJSON;
    assert_true(carried_out(&call, &reply));
    assert_true(str_eq(buf_str(&streamed), STR("{\"id\":1,\"name\":\"Ana\"}\n")));
    buf_done(&streamed);
}

static void what_was_tampered_with_fails_the_whole_call(void **state)
{
    (void)state;
    struct call call = a_call("listPeople", &coordinator, NULL);
    struct reply reply;
    struct db_conn *conn = lend();

    carry_out(conn, "insert into person (name) select set_byte(name, 40, get_byte(name, 40) # 1) from person");
    db_return(pool, conn);
    assert_false(carried_out(&call, &reply));
    assert_int_equal(failure.code, ERR_INTERNAL);
    assert_non_null(strstr(failure.argument, "listPeople: a sealed member cannot be opened"));
    call.format = AS_NDJSON;
    buf_init(&streamed, 1 << 20);
    assert_false(carried_out(&call, &reply));
    assert_non_null(strstr(failure.argument, "a sealed member cannot be opened"));
    buf_done(&streamed);
    conn = lend();
    carry_out(conn, "delete from person where id > 1");
    db_return(pool, conn);
}

static void a_patch_is_held_against_the_opened_record(void **state)
{
    (void)state;
    const struct value *made = answered(a_call("createCase", &nobody, "{\"narrative\":\"short\"}"));
    struct call call = a_call("changeCase", &coordinator, "{\"narrative\":\"another\"}");
    struct reply reply;

    call.parameters[0] = value_get(made, STR("id"));
    call.if_match = STR("\"1-json-coordinator\"");
    assert_true(str_eq(text_at(answered(call), "/narrative"), STR("another")));
    struct call empty = a_call("changeCase", &coordinator, "{}");
    empty.parameters[0] = call.parameters[0];
    empty.if_match = STR("\"2-json-coordinator\"");
    assert_true(str_eq(text_at(answered(empty), "/narrative"), STR("another")));
    struct call wrong = a_call("changeCase", &coordinator, "{\"narrative\":\"far longer than the record may have it\"}");
    wrong.parameters[0] = call.parameters[0];
    wrong.if_match = STR("\"3-json-coordinator\"");
    assert_false(carried_out(&wrong, &reply));
    assert_int_equal(failure.code, ERR_INVALID);
}

static void the_key_of_a_case_opens_that_case(void **state)
{
    (void)state;
    const struct value *made = answered(a_call("createCase", &nobody, filing)), *other = answered(a_call("createCase", &nobody, filing));
    struct caller holder = holder_of(text_at(made, "/case_key")), stranger = holder;
    struct reply reply;

    assert_false(str_eq(text_at(made, "/case_key"), text_at(other, "/case_key")));
    const struct value *seen = answered(a_call("getCase", &holder, NULL));
    assert_true(str_eq(text_at(seen, "/id"), text_at(made, "/id")));
    assert_true(value_is_true(value_at(seen, STR("/mine"))));
    assert_null(value_at(seen, STR("/case_key")));
    stranger.case_key_hash = STR("00");
    struct call call = a_call("getCase", &stranger, NULL);
    assert_false(carried_out(&call, &reply));
    assert_int_equal(failure.code, ERR_NOT_FOUND);
}

static void a_replay_shows_the_same_key_again(void **state)
{
    (void)state;
    struct call call = a_call("createCase", &nobody, filing), changed = a_call("createCase", &nobody, "{\"narrative\":\"other\"}");
    struct reply reply;

    call.idempotency_key = changed.idempotency_key = STR("0c1d");
    const struct value *made = answered(call), *again = answered(call);
    assert_true(text_at(made, "/case_key").n == SECRET_TEXT_BYTES && str_eq(text_at(made, "/case_key"), text_at(again, "/case_key")));
    assert_true(str_eq(text_at(made, "/id"), text_at(again, "/id")));
    assert_false(carried_out(&changed, &reply));
    assert_int_equal(failure.code, ERR_IDEMPOTENCY_REUSED);
    changed.idempotency_key = STR("0c1e");
    assert_false(str_eq(text_at(answered(changed), "/case_key"), text_at(made, "/case_key")));
}

static void no_other_call_sees_the_key_of_a_case(void **state)
{
    (void)state;
    struct caller holder = holder_of(text_at(answered(a_call("createCase", &nobody, filing)), "/case_key"));
    struct caller both = coordinator;

    answered(a_call("getCase", &holder, NULL));
    assert_int_equal(text_at(answered(a_call("getSetting", &coordinator, NULL)), "/value").n, 0);
    both.case_key_hash = holder.case_key_hash; /* sent as well, but it is the token that let them in */
    assert_int_equal(text_at(answered(a_call("getSetting", &both, NULL)), "/value").n, 0);
    assert_true(text_at(answered(a_call("getSetting", &holder, NULL)), "/value").n == 128);
    assert_int_equal(text_at(answered(a_call("getSetting", &nobody, NULL)), "/value").n, 0);
}

static void records_of_a_push_are_taken_one_by_one(void **state)
{
    (void)state;
    const struct value *first = answered(a_call("pushRecords", &coordinator, "{\"records\":[{\"external_id\":\"a\",\"narrative\":\"x\"},{\"external_id\":7},{\"external_id\":\"b\"}]}"));
    const struct value *again = answered(a_call("pushRecords", &coordinator, "{\"records\":[{\"narrative\":\"x\",\"external_id\":\"a\"},{\"external_id\":\"b\",\"narrative\":\"new\"}]}"));

    assert_int_equal(value_at(first, STR("/stored"))->integer, 2);
    assert_int_equal(value_at(first, STR("/refused"))->array.n, 1);
    assert_int_equal(value_at(first, STR("/refused/0/index"))->integer, 1);
    assert_true(str_eq(text_at(first, "/refused/0/errors/0/pointer"), STR("/external_id")));
    assert_int_equal(value_at(again, STR("/stored"))->integer, 1);
    assert_int_equal(value_at(again, STR("/unchanged"))->integer, 1);
    assert_int_equal(number_of("select count(*) from pushed where octet_length(narrative) = 109"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_is_stored_sealed_and_shown_opened),
        cmocka_unit_test(absent_and_null_are_null),
        cmocka_unit_test(streams_show_what_is_sealed),
        cmocka_unit_test(what_was_tampered_with_fails_the_whole_call),
        cmocka_unit_test(a_patch_is_held_against_the_opened_record),
        cmocka_unit_test(the_key_of_a_case_opens_that_case),
        cmocka_unit_test(a_replay_shows_the_same_key_again),
        cmocka_unit_test(no_other_call_sees_the_key_of_a_case),
        cmocka_unit_test(records_of_a_push_are_taken_one_by_one),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
