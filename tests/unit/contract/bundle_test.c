/* bundle_test.c: one document out of several files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/contract/bundle.c"
#include "fixture.h"

enum { ARENA_BYTES = 64 << 20 };

static struct arena arena;

static struct bundle load_good(void)
{
    struct bundle bundle;
    struct error err = {0};

    if (!bundle_load(&arena, GOOD_CONTRACT, &bundle, &err))
        fail_msg("%s", err.argument);
    return bundle;
}

static struct bundle load_changed(const char *file, const char *change)
{
    struct bundle bundle;
    struct error err = {0};
    bool loaded = bundle_load(&arena, fixture_make(&arena, file, change), &bundle, &err);

    fixture_remove();
    if (!loaded)
        fail_msg("%s: %s", change, err.argument);
    return bundle;
}

static void assert_text(const struct bundle *bundle, const char *pointer, const char *expected)
{
    const struct value *value = value_at(bundle->document, str_of(pointer));

    if (!value)
        fail_msg("nothing at %s", pointer);
    assert_string_equal(value_text(&arena, value).p, expected);
}

static void references_become_local(void **state)
{
    (void)state;
    struct bundle bundle = load_good();
    struct str text = value_text(&arena, bundle.document);

    assert_null(strstr(text.p, ".json#"));
    assert_text(&bundle, "/paths/~1v1~1things~1{id}/get/responses/200/content/application~1json/schema",
                "{\"$ref\":\"#/components/schemas/Thing\"}");
    assert_text(&bundle, "/paths/~1v1~1things~1{id}/get/responses/304", "{\"$ref\":\"#/components/responses/NotModified\"}");
    assert_text(&bundle, "/components/schemas/Thing/properties/parts/items", "{\"$ref\":\"#/components/schemas/Thing\"}");
    assert_text(&bundle, "/components/schemas/Problem/type", "\"object\"");
}

static void paths_keep_their_order(void **state)
{
    (void)state;
    struct bundle bundle = load_good();
    const struct value *paths = value_get(bundle.document, STR("paths"));

    assert_int_equal(paths->object.n, 4);
    assert_true(str_eq(paths->object.v[0].name, STR("/openapi.json")));
    assert_true(str_eq(paths->object.v[2].name, STR("/v1/things/export")));
}

static void names_of_openapi_json_win(void **state)
{
    (void)state;
    struct bundle bundle = load_changed(
        "openapi.json", "{\"components\":{\"schemas\":{\"Article\":{\"$ref\":\"things.json#/schemas/Thing\"}}}}");

    assert_text(&bundle, "/components/schemas/Article/properties/parts/items", "{\"$ref\":\"#/components/schemas/Article\"}");
    assert_null(value_at(bundle.document, STR("/components/schemas/Thing")));
}

static void a_schema_that_only_refers_is_looked_through(void **state)
{
    (void)state;
    struct bundle bundle = load_changed(
        "things.json", "{\"schemas\":{\"NewThing\":{\"type\":null,\"properties\":null,\"$ref\":\"#/schemas/Other\"},"
                       "\"Other\":{\"type\":\"object\"}}}");

    assert_text(&bundle, "/components/schemas/Other", "{\"type\":\"object\"}");
    assert_null(value_at(bundle.document, STR("/components/schemas/NewThing")));
}

static void references_keep_their_neighbors_in_schemas(void **state)
{
    (void)state;
    struct bundle bundle = load_changed(
        "things.json", "{\"schemas\":{\"Thing\":{\"properties\":{\"one\":{\"$ref\":\"#/schemas/NewThing\",\"description\":\"d\"}}}}}");

    assert_text(&bundle, "/components/schemas/Thing/properties/one",
                "{\"$ref\":\"#/components/schemas/NewThing\",\"description\":\"d\"}");
}

static void data_and_property_names_are_no_references(void **state)
{
    (void)state;
    struct bundle bundle = load_changed(
        "things.json",
        "{\"schemas\":{\"NewThing\":{\"default\":{\"$ref\":\"nowhere\"},"
        "\"properties\":{\"$ref\":{\"type\":\"string\"},\"default\":{\"$ref\":\"#/schemas/Thing\"}}}}}");

    assert_text(&bundle, "/components/schemas/NewThing/default", "{\"$ref\":\"nowhere\"}");
    assert_text(&bundle, "/components/schemas/NewThing/properties/$ref", "{\"type\":\"string\"}");
    assert_text(&bundle, "/components/schemas/NewThing/properties/default", "{\"$ref\":\"#/components/schemas/Thing\"}");
}

static void outer_schemas_are_noted_once_each(void **state)
{
    (void)state;
    struct bundle bundle = load_good();
    size_t things = 0, nested = 0;

    for (const struct schema_spot *spot = bundle.schemas; spot; spot = spot->next) {
        assert_non_null(value_at(bundle.document, spot->at));
        things += str_eq(spot->at, STR("/components/schemas/Thing"));
        nested += str_find(spot->at, 'q') < spot->at.n && strstr(spot->at.p, "/properties/") != NULL;
    }
    assert_int_equal(things, 1);
    assert_int_equal(nested, 0);
}

static void refusals_name_the_file_it_was_written_in(void **state)
{
    (void)state;
    struct bundle bundle = load_good();
    struct error err = {0};

    assert_false(bundle_refuse(&bundle, STR("/paths/~1v1~1things~1{id}/get/tags"), &err, "no"));
    assert_string_equal(err.argument, "things.json#/paths/~1v1~1things~1{id}/get/tags: no");
    assert_false(bundle_refuse(&bundle, STR("/paths/~1v1~1things/get"), &err, "no"));
    assert_string_equal(err.argument, "things.json#/paths/~1v1~1things/get: no");
    assert_false(bundle_refuse(&bundle, STR("/components/schemas/Thing/type"), &err, "no"));
    assert_string_equal(err.argument, "things.json#/schemas/Thing/type: no");
    assert_false(bundle_refuse(&bundle, STR("/components/schemas/Thin"), &err, "no"));
    assert_string_equal(err.argument, "openapi.json#/components/schemas/Thin: no");
}

static const struct refusal refusals[] = {
    {"openapi.json", "=", "openapi.json: ends too early"},
    {"openapi.json", "={\"a\":1,\"a\":2}", "openapi.json: duplicate member"},
    {"openapi.json", "=[]", "openapi.json: is not a JSON object"},
    {"openapi.json", "{\"openapi\":\"3.1.1\"}", "openapi.json#/openapi: must be \"3.1.0\""},
    {"openapi.json", "{\"openapi\":3}", "openapi.json#/openapi: must be \"3.1.0\""},
    {"openapi.json", "{\"jsonSchemaDialect\":\"https://json-schema.org/draft/2020-12/schema\"}", "#/jsonSchemaDialect: unknown member"},
    {"openapi.json", "{\"webhooks\":{}}", "openapi.json#/webhooks: unknown member"},
    {"openapi.json", "{\"security\":[]}", "openapi.json#/security: unknown member"},
    {"openapi.json", "{\"x-other\":1}", "openapi.json#/x-other: unknown member"},
    {"openapi.json", "{\"info\":null}", "openapi.json#: misses \"info\""},
    {"openapi.json", "{\"info\":{\"title\":null}}", "openapi.json#/info: misses \"title\""},
    {"openapi.json", "{\"info\":{\"title\":\"\"}}", "openapi.json#/info/title: must be a string that is not empty"},
    {"openapi.json", "{\"info\":{\"x-logo\":{}}}", "openapi.json#/info/x-logo: unknown member"},
    {"openapi.json", "{\"info\":{\"contact\":{\"phone\":\"1\"}}}", "#/info/contact/phone: unknown member"},
    {"openapi.json", "{\"info\":{\"license\":{\"text\":\"1\"}}}", "#/info/license: misses \"name\""},
    {"openapi.json", "{\"servers\":{}}", "openapi.json#/servers: must be an array"},
    {"openapi.json", "{\"servers\":[{\"url\":\"/\",\"variables\":{}}]}", "#/servers/0/variables: unknown member"},
    {"openapi.json", "{\"tags\":[{\"name\":\"a\",\"x-b\":1}]}", "openapi.json#/tags/0/x-b: unknown member"},
    {"openapi.json", "{\"components\":[]}", "openapi.json#/components: must be an object"},
    {"openapi.json", "{\"components\":{\"callbacks\":{}}}", "openapi.json#/components/callbacks: unknown member"},
    {"openapi.json", "{\"components\":{\"pathItems\":{}}}", "openapi.json#/components/pathItems: unknown member"},
    {"openapi.json", "{\"components\":{\"schemas\":[]}}", "openapi.json#/components/schemas: must be an object"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"a b\":{}}}}", "\"a b\" cannot name a component"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"Thing\":{\"type\":\"string\"}}}}", "the name Thing is taken by openapi.json#/components/schemas/Thing"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"#/components/schemas/A\"}}}}", "leads in a circle"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"other.json#/A\"}}}}", "other.json: cannot be read"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"../x.json#/A\"}}}}", "../x.json: not the name of a .json file"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"https://example.org/x.json#/A\"}}}}", "not the name of a .json file"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"things.json\"}}}}", "has no JSON Pointer after \"#\""},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"#Thing\"}}}}", "has no JSON Pointer after \"#\""},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"#/a%zz\"}}}}", "has no JSON Pointer after \"#\""},
    {"openapi.json", "{\"components\":{\"schemas\":{\"A\":{\"$ref\":\"things.json#/schemas/None\"}}}}", "#/components/schemas/A: $ref \"things.json#/schemas/None\" leads nowhere"},
    {"openapi.json", "{\"components\":{\"securitySchemes\":{\"token\":{\"bearerFormat\":\"JWT\"}}}}", "#/components/securitySchemes/token/bearerFormat: unknown member"},
    {"openapi.json", "{\"components\":{\"securitySchemes\":{\"token\":{\"flows\":{\"implicit\":{}}}}}}", "/token/flows/implicit: unknown member"},
    {"openapi.json", "{\"components\":{\"securitySchemes\":{\"token\":{\"flows\":{\"clientCredentials\":{\"tokenUrl\":null}}}}}}", "misses \"tokenUrl\""},
    {"openapi.json", "{\"components\":{\"headers\":{\"ETag\":{\"schema\":true,\"in\":\"header\"}}}}", "#/components/headers/ETag/in: unknown member"},
    {"openapi.json", "{\"components\":{\"links\":{\"a\":{\"operationRef\":\"x\",\"operationId\":\"x\"}}}}", "#/components/links/a/operationRef: unknown member"},
    {"openapi.json", "{\"components\":{\"examples\":{\"a\":{\"externalValue\":\"x\",\"value\":1}}}}", "#/components/examples/a/externalValue: unknown member"},
    {"openapi.json", "{\"x-roles\":{\"public\":{\"description\":{\"en\":null}}}}", "#/x-roles/public/description: misses \"en\""},
    {"openapi.json", "{\"x-roles\":{\"public\":{\"rights\":[]}}}", "openapi.json#/x-roles/public/rights: unknown member"},
    {"openapi.json", "{\"paths\":{\"/v1/things\":null}}", "things.json#/paths: openapi.json does not list /v1/things"},
    {"openapi.json", "{\"paths\":{\"/v1/things\":{\"summary\":\"s\"}}}", "openapi.json#/paths/~1v1~1things: $ref must be a string and stand alone"},
    {"openapi.json", "{\"paths\":{\"/v1/things\":{\"$ref\":5}}}", "openapi.json#/paths/~1v1~1things: $ref must be a string and stand alone"},
    {"openapi.json", "{\"paths\":{\"/v1/things\":5}}", "openapi.json#/paths/~1v1~1things: must be an object"},
    {"openapi.json", "{\"paths\":{\"/v1/x\":{\"$ref\":\"things.json#/none\"}}}", "#/paths/~1v1~1x: $ref \"things.json#/none\" leads nowhere"},
    {"things.json", "={\"paths\": tru", "things.json: syntax error, line 1"},
    {"things.json", "{\"paths\":{\"/v1/more\":{}}}", "things.json#/paths: openapi.json does not list /v1/more"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"head\":{}}}}", "things.json#/paths/~1v1~1things/head: unknown member"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"servers\":[]}}}", "things.json#/paths/~1v1~1things/servers: unknown member"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"callbacks\":{}}}}}", "things.json#/paths/~1v1~1things/get/callbacks: unknown member"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"x-audits\":\"read\"}}}}", "/get/x-audits: unknown member"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"deprecated\":\"yes\"}}}}", "/get/deprecated: must be true or false"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"operationId\":null}}}}", "/get: misses \"operationId\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"summary\":null}}}}", "/get: misses \"summary\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"security\":null}}}}", "/get: misses \"security\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"tags\":null}}}}", "/get: misses \"tags\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"responses\":null}}}}", "/get: misses \"responses\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"parameters\":[{\"name\":\"a\",\"in\":\"query\",\"content\":{}}]}}}}", "/parameters/0: misses \"schema\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"parameters\":[{\"name\":\"a\",\"in\":\"query\",\"schema\":{},\"content\":{}}]}}}}", "/parameters/0/content: unknown member"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"parameters\":[{\"name\":\"a\",\"in\":\"query\",\"schema\":{},\"allowReserved\":true}]}}}}", "/parameters/0/allowReserved: unknown member"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"parameters\":[{\"$ref\":\"openapi.json#/components/parameters/limit\",\"required\":true}]}}}}", "/parameters/0: $ref must stand alone"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"parameters\":[{\"$ref\":{}}]}}}}", "/parameters/0/$ref: must be a string"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"post\":{\"requestBody\":{\"content\":null}}}}}", "/post/requestBody: misses \"content\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"post\":{\"requestBody\":{\"content\":{\"application/json\":{\"encoding\":{}}}}}}}}", "/application~1json/encoding: unknown member"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"responses\":{\"200\":{\"description\":null}}}}}}", "/responses/200: misses \"description\""},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"get\":{\"responses\":{\"200\":{\"schema\":{}}}}}}}", "/responses/200/schema: unknown member"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"x-audit\":true}}}", "things.json#/schemas/Thing/x-audit: unknown member"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"properties\":[]}}}", "things.json#/schemas/Thing/properties: must be an object"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"properties\":{\"a\":5}}}}", "things.json#/schemas/Thing/properties/a: must be an object"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"items\":[true]}}}", "things.json#/schemas/Thing/items: must be an object"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"allOf\":{}}}}", "things.json#/schemas/Thing/allOf: must be an array"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"not\":{\"$ref\":\"#/schemas/None\"}}}}", "things.json#/schemas/Thing/not/$ref: $ref \"#/schemas/None\" leads nowhere"},
};

static void each_fault_is_refused_with_file_pointer_and_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        struct bundle bundle;
        struct error err = {0};
        arena_reset(&arena, 0);
        bool loaded = bundle_load(&arena, fixture_make(&arena, refusals[i].file, refusals[i].change), &bundle, &err);
        fixture_remove();
        if (loaded)
            fail_msg("row %zu is accepted: %s", i, refusals[i].change);
        assert_int_equal(err.code, ERR_CONTRACT);
        if (!strstr(err.argument, refusals[i].expected))
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, err.argument, refusals[i].expected);
    }
}

static void a_file_that_is_too_large_or_too_deep_is_refused(void **state)
{
    (void)state;
    struct bundle bundle;
    struct error err = {0};
    char *text = test_malloc(SOURCE_BYTES_MAX + 3);

    memset(text, ' ', SOURCE_BYTES_MAX + 2);
    memcpy(text, "={}", 3);
    text[SOURCE_BYTES_MAX + 2] = '\0';
    assert_false(bundle_load(&arena, fixture_make(&arena, "openapi.json", text), &bundle, &err));
    fixture_remove();
    assert_non_null(strstr(err.argument, "larger than"));
    memset(text, '[', 70);
    text[0] = '=';
    text[70] = '\0';
    assert_false(bundle_load(&arena, fixture_make(&arena, "openapi.json", text), &bundle, &err));
    fixture_remove();
    assert_non_null(strstr(err.argument, "nested more than"));
    test_free(text);
}

static void a_file_that_nothing_refers_to_is_refused(void **state)
{
    (void)state;
    struct bundle bundle;
    struct error err = {0};
    const char *dir = fixture_make(&arena, "", "");
    struct str path = arena_printf(&arena, "%s/forgotten.json", dir);
    FILE *file = fopen(path.p, "wb");

    assert_non_null(file);
    fclose(file);
    assert_false(bundle_load(&arena, dir, &bundle, &err));
    unlink(path.p);
    fixture_remove();
    assert_string_equal(err.argument, "forgotten.json: nothing in openapi.json leads to this file");
}

static void a_missing_folder_is_refused(void **state)
{
    (void)state;
    struct bundle bundle;
    struct error err = {0};

    assert_false(bundle_load(&arena, "/nowhere", &bundle, &err));
    assert_non_null(strstr(err.argument, "openapi.json: cannot be read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_become_local),
        cmocka_unit_test(paths_keep_their_order),
        cmocka_unit_test(names_of_openapi_json_win),
        cmocka_unit_test(a_schema_that_only_refers_is_looked_through),
        cmocka_unit_test(references_keep_their_neighbors_in_schemas),
        cmocka_unit_test(data_and_property_names_are_no_references),
        cmocka_unit_test(outer_schemas_are_noted_once_each),
        cmocka_unit_test(refusals_name_the_file_it_was_written_in),
        cmocka_unit_test(each_fault_is_refused_with_file_pointer_and_reason),
        cmocka_unit_test(a_file_that_is_too_large_or_too_deep_is_refused),
        cmocka_unit_test(a_file_that_nothing_refers_to_is_refused),
        cmocka_unit_test(a_missing_folder_is_refused),
    };

    assert_true(arena_init(&arena, ARENA_BYTES));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
