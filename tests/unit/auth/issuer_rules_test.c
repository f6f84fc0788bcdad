/* issuer_rules_test.c: the issuers file: what it may say, and how it is told what is wrong with it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/issuer_rules.c"
#include "tests/unit/base/temp_file.h"

static const struct role roles[] = {{.name = STR_INIT("public")}, {.name = STR_INIT("resident")}, {.name = STR_INIT("coordinator")}};
static const struct contract contract = {.roles = roles, .n_roles = 3};
static struct issuer_list list;

static bool try_read(enum fetch_reach reach, const char *text, struct error *err)
{
    write_file(str_of(text));
    return issuer_rules_read(&arena, path, reach, &contract, &list, err);
}

static void read_rules(const char *text)
{
    struct error err;

    if (!try_read(FETCH_PUBLIC, text, &err))
        fail_msg("%s", err.argument);
}

static void an_issuer_needs_its_url_and_audiences_alone(void **state)
{
    (void)state;
    read_rules("{\"issuers\":[{\"issuer\":\"https://login.example.org:8443/realms/city\",\"audiences\":[\"https://api.example.org\"]}]}");
    assert_int_equal(list.n, 1);
    assert_true(str_eq(list.v->issuer, STR("https://login.example.org:8443/realms/city")));
    assert_true(str_eq(list.v->host, STR("login.example.org:8443")));
    assert_int_equal(list.v->n_audiences, 1);
    assert_true(list.v->takes_at_jwt && !list.v->takes_jwt);
    assert_false(list.v->maps.scopes_by_role);
    assert_true(str_eq(list.v->maps.role.fallback, STR("resident")));
    assert_int_equal(list.v->maps.affiliation.fallback.n + list.v->jwks_uri.n, 0);
    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++)
        assert_true(list.v->algorithms[i]);
}

static void an_issuer_may_say_more(void **state)
{
    (void)state;
    read_rules("{\"issuers\":[{\"issuer\":\"https://a\",\"audiences\":[\"x\",\"y\"],\"algorithms\":[\"ES256\",\"EdDSA\"],\"types\":[\"JWT\"],"
               "\"jwks_uri\":\"https://b/keys\",\"scopes\":\"role\","
               "\"role\":{\"claim\":\"/groups\",\"map\":[{\"from\":\"g\",\"to\":\"coordinator\"}],\"default\":\"resident\"},"
               "\"affiliation\":{\"claim\":\"/d\",\"map\":[{\"from\":\"LPD\",\"to\":\"police\"}],\"default\":\"city\"}},"
               "{\"issuer\":\"https://a/\",\"audiences\":[\"x\"],\"types\":[\"JWT\",\"at+jwt\"]}]}");
    assert_int_equal(list.n, 2);
    assert_true(list.v->algorithms[SIGNATURE_ES256] && list.v->algorithms[SIGNATURE_EDDSA] && !list.v->algorithms[SIGNATURE_RS256]);
    assert_true(list.v->takes_jwt && !list.v->takes_at_jwt);
    assert_true(list.v[1].takes_jwt && list.v[1].takes_at_jwt);
    assert_true(list.v->maps.scopes_by_role);
    assert_true(str_eq(list.v->maps.role.values[0].to, STR("coordinator")) && str_eq(list.v->maps.affiliation.values[0].to, STR("police")));
    assert_true(str_eq(list.v->maps.affiliation.fallback, STR("city")));
}

#define ISSUER(more) "{\"issuers\":[{\"issuer\":\"https://a\",\"audiences\":[\"x\"]" more "}]}"

static void what_does_not_fit_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"[]", "#: must be an object"},
        {"{}", "#/issuers: is missing"},
        {"{\"issuers\":[]}", "#/issuers: must be a list of 1 to 16 items"},
        {"{\"issuers\":[],\"x\":1}", "#/x: is not known"},
        {"{\"issuers\":[7]}", "#/issuers/0: must be an object"},
        {"{\"issuers\":[{}]}", "#/issuers/0/issuer: is missing"},
        {"{\"issuers\":[{\"issuer\":\"https://a\"}]}", "#/issuers/0/audiences: is missing"},
        {"{\"issuers\":[{\"issuer\":\"http://a\",\"audiences\":[\"x\"]}]}", "#/issuers/0/issuer: must be an https URL (with outgoing_reach = sandbox also http)"},
        {"{\"issuers\":[{\"issuer\":\"https://a?x\",\"audiences\":[\"x\"]}]}", "#/issuers/0/issuer: must be an https URL (with outgoing_reach = sandbox also http)"},
        {"{\"issuers\":[{\"issuer\":\"https://a/?x\",\"audiences\":[\"x\"]}]}", "#/issuers/0/issuer: has no query (OpenID Connect Discovery 1.0, 3)"},
        {"{\"issuers\":[{\"issuer\":\"https://a\",\"audiences\":\"x\"}]}", "#/issuers/0/audiences: must be a list of 1 to 16 items"},
        {"{\"issuers\":[{\"issuer\":\"https://a\",\"audiences\":[\"\"]}]}", "#/issuers/0/audiences/0: must be a text of 1 to 1024 bytes"},
        {"{\"issuers\":[{\"issuer\":\"https://a\",\"audiences\":[\"x\"]},{\"issuer\":\"https://a\",\"audiences\":[\"x\"]}]}", "#/issuers/1: its issuer is listed twice"},
        {ISSUER(",\"audience\":\"x\""), "#/issuers/0/audience: is not known"},
        {ISSUER(",\"a/b~\":1"), "#/issuers/0/a~1b~0: is not known"},
        {ISSUER(",\"algorithms\":[\"HS256\"]"), "#/issuers/0/algorithms/0: must be RS256, RS384, RS512, PS256, ES256, ES384 or EdDSA"},
        {ISSUER(",\"algorithms\":[\"RS256\",\"none\"]"), "#/issuers/0/algorithms/1: must be RS256, RS384, RS512, PS256, ES256, ES384 or EdDSA"},
        {ISSUER(",\"algorithms\":[]"), "#/issuers/0/algorithms: must be a list of 1 to 7 items"},
        {ISSUER(",\"types\":[\"id_token\"]"), "#/issuers/0/types/0: must be \"at+jwt\" or \"JWT\""},
        {ISSUER(",\"jwks_uri\":\"file:///etc/passwd\""), "#/issuers/0/jwks_uri: must be an https URL (with outgoing_reach = sandbox also http)"},
        {ISSUER(",\"scopes\":true"), "#/issuers/0/scopes: must be \"claim\" or \"role\""},
        {ISSUER(",\"role\":{\"default\":\"admin\"}"), "#/issuers/0/role/default: is no role of the contract that a token may name"},
        {ISSUER(",\"role\":{\"default\":\"public\"}"), "#/issuers/0/role/default: is no role of the contract that a token may name"},
        {ISSUER(",\"role\":{\"claim\":\"/groups\"}"), "#/issuers/0/role: claim and map belong together"},
        {ISSUER(",\"role\":{\"map\":[{\"from\":\"x\",\"to\":\"resident\"}]}"), "#/issuers/0/role: claim and map belong together"},
        {ISSUER(",\"role\":{\"claim\":\"groups\",\"map\":[{\"from\":\"x\",\"to\":\"resident\"}]}"), "#/issuers/0/role/claim: must be a JSON Pointer, such as /groups"},
        {ISSUER(",\"role\":{\"claim\":\"/g\",\"map\":{\"x\":\"resident\"}}"), "#/issuers/0/role/map: must be a list of 1 to 256 items"},
        {ISSUER(",\"role\":{\"claim\":\"/g\",\"map\":[{\"from\":\"x\"}]}"), "#/issuers/0/role/map/0/to: is missing"},
        {ISSUER(",\"role\":{\"claim\":\"/g\",\"map\":[{\"from\":\"x\",\"to\":\"police\"}]}"), "#/issuers/0/role/map/0/to: is no role of the contract that a token may name"},
        {ISSUER(",\"affiliation\":{\"default\":\"Police\"}"), "#/issuers/0/affiliation/default: must be resident, organization, city, police or council"},
        {ISSUER(",\"organization\":{}"), "#/issuers/0/organization: is not known"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err;
        if (try_read(FETCH_PUBLIC, rows[i].text, &err))
            fail_msg("taken: %s", rows[i].text);
        assert_int_equal(err.code, ERR_STARTUP);
        assert_string_equal(err.argument, arena_printf(&arena, "%s%s", path, rows[i].reason).p);
    }
}

static void what_is_no_json_is_refused(void **state)
{
    (void)state;
    struct error err;

    assert_false(try_read(FETCH_PUBLIC, "{\"issuers\":[],\"issuers\":[]}", &err));
    assert_int_equal(err.code, ERR_STARTUP);
    assert_non_null(strstr(err.argument, "line 1"));
    assert_false(issuer_rules_read(&arena, "/no/such/file", FETCH_PUBLIC, &contract, &list, &err));
    assert_int_equal(err.code, ERR_STARTUP);
}

static void plain_http_is_for_sandboxes(void **state)
{
    (void)state;
    struct error err;

    assert_true(try_read(FETCH_SANDBOX, "{\"issuers\":[{\"issuer\":\"http://127.0.0.1:4000\",\"audiences\":[\"x\"]}]}", &err));
    assert_true(str_eq(list.v->host, STR("127.0.0.1:4000")));
}

static void a_contract_without_residents_needs_a_default_role(void **state)
{
    (void)state;
    static const struct contract other = {.roles = &roles[2], .n_roles = 1};
    struct error err;

    assert_true(try_read(FETCH_PUBLIC, ISSUER(""), &err));
    assert_false(issuer_rules_read(&arena, path, FETCH_PUBLIC, &other, &list, &err));
    assert_non_null(strstr(err.argument, "#/issuers/0: needs role.default"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issuer_needs_its_url_and_audiences_alone), cmocka_unit_test(an_issuer_may_say_more),
        cmocka_unit_test(what_does_not_fit_is_refused_with_its_place), cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(plain_http_is_for_sandboxes),                 cmocka_unit_test(a_contract_without_residents_needs_a_default_role),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
