/* custom_test.c: the operations that are C. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/custom/custom.c"

static struct arena arena;

/* What a call works with. */
struct fixture {
    struct buf body;
    struct reply reply;
    struct error err;
};

static int setup(void **state)
{
    static struct fixture fixture;

    *state = &fixture;
    return arena_init(&arena, 16u << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static bool run(void **state, custom_operation operation, const struct contract *contract, const struct call *call)
{
    struct fixture *f = *state;

    buf_done(&f->body);
    buf_init(&f->body, 1 << 20);
    f->reply = (struct reply){.status = 200, .body = &f->body, .content_type = STR("x")};
    f->err = (struct error){.code = ERR_NONE};
    bool ok = operation(&(struct surroundings){.contract = contract}, call, &f->reply, &f->err);
    buf_char(&f->body, '\0');
    assert_false(f->body.failed);
    return ok;
}

static void the_contract_comes_with_its_tag(void **state)
{
    struct fixture *f = *state;
    const struct contract contract = {.document = STR("{\"openapi\":\"3.1.0\"}"), .etag = STR("\"abc\"")};
    struct call call = {.arena = &arena};

    assert_true(run(state, custom_contract, &contract, &call));
    assert_string_equal(f->body.p, "{\"openapi\":\"3.1.0\"}");
    assert_int_equal(f->reply.status, 200);
    assert_int_equal(f->reply.n_headers, 1);
    assert_true(str_eq(f->reply.headers[0].name, STR("ETag")) && str_eq(f->reply.headers[0].value, STR("\"abc\"")));
    call.if_none_match = STR("\"other\"");
    assert_true(run(state, custom_contract, &contract, &call));
    assert_int_equal(f->reply.status, 200);
    buf_done(&f->body);
}

static void the_contract_is_not_sent_again(void **state)
{
    struct fixture *f = *state;
    const struct contract contract = {.document = STR("{}"), .etag = STR("\"abc\"")};
    const struct call call = {.arena = &arena, .if_none_match = STR("\"x\", W/\"abc\"")};

    assert_true(run(state, custom_contract, &contract, &call));
    assert_int_equal(f->reply.status, 304);
    assert_null(f->reply.content_type.p);
    assert_string_equal(f->body.p, "");
    assert_int_equal(f->reply.n_headers, 1);
    buf_done(&f->body);
}

static bool run_problem(void **state, const char *slug, enum language language)
{
    static const struct parameter parameters[] = {{.name = STR_INIT("x"), .place = PLACE_QUERY}, {.name = STR_INIT("slug"), .place = PLACE_PATH}};
    static const struct operation operation = {.parameters = parameters, .n_parameters = 2};
    const struct value value = {.type = VALUE_STRING, .string = str_of(slug)}, *values[] = {NULL, &value};

    return run(state, custom_problem, NULL,
               &(struct call){.operation = &operation, .arena = &arena, .parameters = values, .language = language});
}

static void a_problem_has_its_page(void **state)
{
    struct fixture *f = *state;

    assert_true(run_problem(state, "not-found", LANGUAGE_ES));
    assert_non_null(strstr(f->body.p, "<title>No encontrado</title>"));
    assert_true(run_problem(state, "not-found", LANGUAGE_EN));
    assert_non_null(strstr(f->body.p, "<title>Not found</title>"));
    buf_done(&f->body);
}

static void other_slugs_are_not_found(void **state)
{
    struct fixture *f = *state;
    static const char *const slugs[] = {"nothing", "contract-error", "startup-error", "replay", "", "NOT-FOUND"};

    for (size_t i = 0; i < sizeof slugs / sizeof slugs[0]; i++) {
        assert_false(run_problem(state, slugs[i], LANGUAGE_ES));
        assert_int_equal(f->err.code, ERR_NOT_FOUND);
        assert_string_equal(f->body.p, "");
    }
    buf_done(&f->body);
}

static void the_index_lists_public_reads(void **state)
{
    struct fixture *f = *state;
    static const struct operation operations[] = {
        {.path = STR_INIT("/"), .is_public = true, .reads = true},
        {.path = STR_INIT("/openapi.json"), .is_public = true, .reads = true},
        {.path = STR_INIT("/v1/plan"), .is_public = true, .reads = true},
        {.path = STR_INIT("/v1/plan/{code}"), .is_public = true, .reads = true},
        {.path = STR_INIT("/v1/organizations"), .reads = true},
        {.path = STR_INIT("/v1/complaints"), .is_public = true},
        {.path = STR_INIT("/v1/published-organizations"), .is_public = true, .reads = true},
    };
    const struct contract contract = {.operations = operations, .n = sizeof operations / sizeof operations[0]};

    assert_true(run(state, custom_index, &contract, &(struct call){.arena = &arena}));
    assert_string_equal(f->body.p, "{\"links\":{\"contract\":\"/openapi.json\",\"plan\":\"/v1/plan\","
                                   "\"published_organizations\":\"/v1/published-organizations\"}}");
    buf_done(&f->body);
}

static bool run_around(void **state, custom_operation operation, const struct surroundings *around)
{
    struct fixture *f = *state;
    const struct call call = {.arena = &arena};

    buf_done(&f->body);
    buf_init(&f->body, 1 << 20);
    f->reply = (struct reply){.status = 200, .body = &f->body, .content_type = STR("x")};
    bool ok = operation(around, &call, &f->reply, &f->err);
    buf_char(&f->body, '\0');
    assert_false(f->body.failed);
    return ok;
}

static void well_known_documents_tell_where_tokens_come_from(void **state)
{
    struct fixture *f = *state;
    static const struct str scopes[] = {STR_INIT("a:read"), STR_INIT("b:read")}, secret = STR_INIT("0123456789abcdef0123456789abcdef");
    static const struct role roles[] = {{.name = STR_INIT("x"), .scopes = scopes, .n_scopes = 1}, {.name = STR_INIT("y"), .scopes = scopes, .n_scopes = 2}};
    static const struct issuer_rules rules[] = {{.issuer = STR_INIT("https://login.example.org")}, {.issuer = STR_INIT("https://other.example.org")}};
    static const struct issuers_options options = {.list = {rules, 2}};
    const struct contract contract = {.roles = roles, .n_roles = 2};
    const struct config config = {.base_url = STR("https://api.example.org")}, relative = {.base_url = STR("")};
    struct token_keys keys = {.issuer = STR("urn:x"), .systems = local_issuer_new(secret, config.base_url), .issuers = issuers_new(&options)};
    struct surroundings around = {.contract = &contract, .config = &config, .keys = &keys};

    assert_true(run_around(state, custom_protected_resource, &around));
    assert_string_equal(f->body.p, "{\"resource\":\"https://api.example.org\",\"authorization_servers\":[\"https://api.example.org\",\"https://login.example.org\","
                                   "\"https://other.example.org\"],\"resource_documentation\":\"https://api.example.org/openapi.json\","
                                   "\"bearer_methods_supported\":[\"header\"],\"scopes_supported\":[\"a:read\",\"b:read\"]}");
    assert_true(run_around(state, custom_authorization_server, &around));
    assert_non_null(strstr(f->body.p, "{\"issuer\":\"https://api.example.org\",\"token_endpoint\":\"https://api.example.org/oauth/token\","
                                      "\"jwks_uri\":\"https://api.example.org/.well-known/jwks.json\""));
    assert_true(run_around(state, custom_jwks, &around));
    assert_true(str_starts(str_of(f->body.p), STR("{\"keys\":[{\"crv\":\"Ed25519\"")));
    local_issuer_free(keys.systems);
    issuers_free(keys.issuers);
    keys.systems = NULL;
    keys.issuers = NULL;
    around.config = &relative;
    assert_true(run_around(state, custom_protected_resource, &around));
    assert_true(str_starts(str_of(f->body.p), STR("{\"resource\":\"/\",\"authorization_servers\":[],")));
    assert_true(run_around(state, custom_authorization_server, &around));
    assert_true(str_starts(str_of(f->body.p), STR("{\"issuer\":\"urn:x\",\"token_endpoint\":\"/oauth/token\",")));
    assert_true(run_around(state, custom_jwks, &around));
    assert_string_equal(f->body.p, "{\"keys\":[]}");
    buf_done(&f->body);
}

static void a_caller_is_told_who_they_are_and_what_is_open_to_them(void **state)
{
    struct fixture *f = *state;
    static const struct str scopes[] = {STR_INIT("a:read")}, more[] = {STR_INIT("a:write")};
    static const struct role roles[] = {{.name = STR_INIT("public")}, {.name = STR_INIT("member"), .affiliation = STR_INIT("resident"), .scopes = scopes, .n_scopes = 1}};
    static const struct requirement none = {.kind = SECURITY_NONE}, token = {.kind = SECURITY_TOKEN}, read = {SECURITY_TOKEN, scopes, 1},
                                    write = {SECURITY_TOKEN, more, 1}, key = {.kind = SECURITY_CASE_KEY};
    static const struct operation operations[] = {
        {.id = STR_INIT("open"), .requirements = &none, .n_requirements = 1},  {.id = STR_INIT("any"), .requirements = &token, .n_requirements = 1},
        {.id = STR_INIT("read"), .requirements = &read, .n_requirements = 1},  {.id = STR_INIT("write"), .requirements = &write, .n_requirements = 1},
        {.id = STR_INIT("case"), .requirements = &key, .n_requirements = 1},
    };
    const struct contract contract = {.roles = roles, .n_roles = 2, .operations = operations, .n = 5};
    struct caller caller = {.role = STR("member"), .subject = STR("s\"s"), .affiliation = STR("police"), .has_token = true,
                            .claims = {.scopes = {STR("a:read"), STR("a:write")}, .n_scopes = 2, .expires_s = 1800000000}};
    const struct call call = {.arena = &arena, .caller = &caller};

    assert_true(run(state, custom_me, &contract, &call));
    assert_string_equal(f->body.p, "{\"subject\":\"s\\\"s\",\"role\":\"member\",\"affiliation\":\"police\",\"organization\":null,\"source\":null,"
                                   "\"scopes\":[\"a:read\"],\"person\":null,\"expires_at\":\"2027-01-15T08:00:00+00:00\","
                                   "\"operations\":[\"open\",\"any\",\"read\"]}");
    caller.person = (struct person){STR("1"), STR("Ana"), STR("active")};
    caller.claims.expires_s = INT64_MAX;
    assert_true(run(state, custom_me, &contract, &call));
    assert_non_null(strstr(f->body.p, "\"person\":{\"id\":\"1\",\"name\":\"Ana\",\"state\":\"active\"},\"expires_at\":\"9999-12-31T23:59:59+00:00\""));
    buf_done(&f->body);
}

static void the_table_names_each_once(void **state)
{
    (void)state;
    size_t n;
    const struct custom *table = custom_table(&n);

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(table[i].id, table[j].id));
    assert_int_equal(n, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_contract_comes_with_its_tag), cmocka_unit_test(the_contract_is_not_sent_again),
        cmocka_unit_test(a_problem_has_its_page),          cmocka_unit_test(other_slugs_are_not_found),
        cmocka_unit_test(the_index_lists_public_reads),    cmocka_unit_test(the_table_names_each_once),
        cmocka_unit_test(well_known_documents_tell_where_tokens_come_from),
        cmocka_unit_test(a_caller_is_told_who_they_are_and_what_is_open_to_them),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
