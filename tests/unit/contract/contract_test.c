/* contract_test.c: the contract as tables, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/contract/contract.c"
#include "fixture.h"

enum { ARENA_BYTES = 256 << 20 };

static struct arena arena;
static const struct contract *good;

static const struct contract *load(const char *dir)
{
    const struct contract *contract;
    struct error err = {0};

    if (!contract_load(&arena, dir, &contract, &err))
        fail_msg("%s", err.argument);
    return contract;
}

static const struct contract *load_changed(const char *file, const char *change)
{
    const struct contract *contract = load(fixture_make(&arena, file, change));

    fixture_remove();
    return contract;
}

static int set_up(void **state)
{
    (void)state;
    arena_reset(&arena, 0);
    good = load(GOOD_CONTRACT);
    return 0;
}

static const struct operation *operation(const char *id)
{
    const struct operation *found = contract_operation(good, str_of(id));

    assert_non_null(found);
    return found;
}

static void assert_str(struct str actual, const char *expected)
{
    if (!str_eq(actual, str_of(expected)))
        fail_msg("\"%.*s\" is not \"%s\"", STR_ARG(actual), expected);
}

static void operations_stand_in_the_order_of_the_paths(void **state)
{
    (void)state;
    static const char *const ids[] = {"getContract", "listThings", "createThing", "exportThings", "getThing", "changeThing"};

    assert_int_equal(good->n, sizeof ids / sizeof ids[0]);
    for (size_t i = 0; i < good->n; i++) {
        assert_str(good->operations[i].id, ids[i]);
        assert_int_equal(good->operations[i].index, i);
    }
    assert_null(contract_operation(good, STR("nothing")));
}

static void an_operation_knows_what_it_is(void **state)
{
    (void)state;
    const struct operation *list = operation("listThings"), *make = operation("createThing");
    const struct operation *get = operation("getThing"), *change = operation("changeThing");

    assert_str(make->tag, "things");
    assert_str(make->method, "POST");
    assert_str(change->path, "/v1/things/{id}");
    assert_true(list->is_list && list->reads && list->is_public && !list->audited && !list->is_patch);
    assert_true(get->reads && get->audited && !get->is_list && !get->is_public && !get->needs_match);
    assert_true(change->is_patch && change->needs_match && !change->reads && !change->takes_key);
    assert_true(make->takes_key && !make->is_patch && make->body_required);
}

static void the_record_is_the_answer_or_an_item_of_its_data(void **state)
{
    (void)state;
    assert_non_null(schema_property(operation("listThings")->record, STR("title")));
    assert_non_null(schema_property(operation("getThing")->record, STR("title")));
    assert_null(operation("exportThings")->record);
}

static void parameters_of_the_path_stand_first(void **state)
{
    (void)state;
    good = load_changed("things.json",
                        "{\"paths\":{\"/v1/things/{id}\":{\"parameters\":[{\"name\":\"a\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}},"
                        "{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\"}}]}}}");
    const struct operation *get = operation("getThing");

    assert_int_equal(get->n_parameters, 3);
    assert_str(get->parameters[0].name, "id");
    assert_str(get->parameters[1].name, "a");
    assert_str(get->parameters[2].name, "If-None-Match");
}

static void parameters_carry_type_place_and_default(void **state)
{
    (void)state;
    const struct operation *list = operation("listThings"), *get = operation("getThing");
    const struct parameter *limit = operation_parameter(list, PLACE_QUERY, STR("limit"));
    const struct parameter *kind = operation_parameter(list, PLACE_QUERY, STR("kind"));

    assert_non_null(limit);
    assert_int_equal(limit->default_value->integer, 50);
    assert_int_equal(schema_types(limit->schema), TYPE_INTEGER);
    assert_true(kind->list && !limit->list && !limit->required);
    assert_ptr_equal(operation_parameter(get, PLACE_PATH, STR("id")), &get->parameters[0]);
    assert_non_null(operation_parameter(get, PLACE_HEADER, STR("IF-NONE-match")));
    assert_null(operation_parameter(get, PLACE_QUERY, STR("id")));
    assert_null(operation_parameter(list, PLACE_QUERY, STR("Limit")));
}

static void answers_keep_the_order_of_the_contract(void **state)
{
    (void)state;
    const struct operation *list = operation("listThings");

    assert_int_equal(list->success->status, 200);
    assert_ptr_equal(list->success, &list->answers[0]);
    assert_int_equal(list->success->n_media, 2);
    assert_str(list->success->media[0].type, "application/json");
    assert_null(list->success->media[0].example.p);
    assert_str(list->success->media[1].type, "text/csv");
    assert_str(list->success->media[1].example, "id,title\n");
    assert_int_equal(operation("getThing")->answers[1].status, 304);
}

static void a_link_becomes_the_location(void **state)
{
    (void)state;
    assert_str(operation("createThing")->success->location, "/v1/things/{id}");
    assert_null(operation("getThing")->success->location.p);
    good = load_changed("things.json",
                        "{\"paths\":{\"/v1/things\":{\"post\":{\"responses\":{\"201\":{\"links\":{\"get\":{\"parameters\":"
                        "{\"id\":\"$response.body#/parent/id\"}}}}}}}},\"schemas\":{\"Thing\":{\"properties\":{\"parent\":"
                        "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}}}}}}}");
    assert_str(operation("createThing")->success->location, "/v1/things/{parent.id}");
}

static void requirements_stand_in_order(void **state)
{
    (void)state;
    const struct operation *list = operation("listThings"), *get = operation("getThing");

    assert_int_equal(list->n_requirements, 2);
    assert_int_equal(list->requirements[0].kind, SECURITY_NONE);
    assert_int_equal(list->requirements[1].kind, SECURITY_TOKEN);
    assert_str(list->requirements[1].scopes[0], "things:read");
    assert_int_equal(get->requirements[1].kind, SECURITY_CASE_KEY);
    assert_int_equal(get->requirements[1].n_scopes, 0);
}

#define NEW_THING(change) "{\"schemas\":{\"NewThing\":" change "}}"
#define SEALED_THING "{\"schemas\":{\"Thing\":{\"properties\":{\"note\":{\"x-sealed\":true}}}}}"
#define SEALED_LIST "{\"schemas\":{\"Thing\":{\"properties\":{\"note\":{\"x-sealed\":true}}}}," \
                    "\"paths\":{\"/v1/things\":{\"get\":{\"security\":[{\"token\":[\"things:read\"]}]}}}}"
#define EACH "{\"type\":\"array\",\"x-each\":true,\"items\":{\"type\":\"string\"}}"

static void what_is_marked_needs_the_seal_keys(void **state)
{
    (void)state;
    assert_true(operation("getThing")->takes_case_key && operation("getThing")->needs_seal && good->needs_seal);
    assert_false(operation("createThing")->needs_seal || operation("createThing")->takes_case_key);
    good = load_changed("things.json", NEW_THING("{\"properties\":{\"s\":{\"type\":\"string\",\"x-sealed\":true}}}"));
    assert_true(operation("createThing")->needs_seal);
    good = load(SOURCE_DIR "/openapi");
    assert_non_null(contract_role(good, STR("case")));
}

static void roles_name_their_scopes(void **state)
{
    (void)state;
    const struct role *role = contract_role(good, STR("coordinator"));

    assert_int_equal(good->n_roles, 3);
    assert_int_equal(role->index, 1);
    assert_str(role->affiliation, "city");
    assert_str(role->scopes[1], "things:write");
    assert_null(contract_role(good, STR("king")));
}

static void the_document_is_whole_and_tagged(void **state)
{
    (void)state;
    const struct value *again;
    struct error err;
    struct str etag = good->etag;

    assert_true(value_parse(&arena, good->document, 64, &again, &err));
    assert_true(value_equal(again, good->root));
    assert_int_equal(etag.n, 34);
    assert_true(etag.p[0] == '"' && etag.p[33] == '"');
    assert_true(str_eq(load(GOOD_CONTRACT)->etag, etag));
    assert_false(str_eq(load_changed("openapi.json", "{\"info\":{\"version\":\"1.0.1\"}}")->etag, etag));
}

static void routes_lead_to_operations(void **state)
{
    (void)state;
    struct route route;

    assert_int_equal(router_find(good->router, STR("GET"), STR("/v1/things/7"), &route), ROUTE_FOUND);
    assert_ptr_equal(route.operation, operation("getThing"));
}

static void the_contract_of_the_service_loads_and_each_operation_is_found_by_its_own_template(void **state)
{
    (void)state;
    struct route route;

    good = load(SOURCE_DIR "/openapi");
    assert_true(good->n > 0);
    assert_non_null(contract_role(good, STR("public")));
    for (size_t i = 0; i < good->n; i++) {
        const struct operation *one = &good->operations[i];
        assert_int_equal(router_find(good->router, one->method, one->path, &route), ROUTE_FOUND);
        assert_ptr_equal(route.operation, one);
        for (size_t p = 0; p < one->n_parameters; p++)
            assert_int_equal(one->parameters[p].place == PLACE_PATH, p < route.n_values);
    }
}

#define SCOPES_8 "\"things:read\",\"things:read\",\"things:read\",\"things:read\",\"things:read\",\"things:read\",\"things:read\",\"things:read\","
#define SCOPES_65 SCOPES_8 SCOPES_8 SCOPES_8 SCOPES_8 SCOPES_8 SCOPES_8 SCOPES_8 SCOPES_8 "\"things:read\""
#define LIST_THINGS(change) "{\"paths\":{\"/v1/things\":{\"get\":" change "}}}"
#define MAKE_THING(change) "{\"paths\":{\"/v1/things\":{\"post\":" change "}}}"
#define GET_THING(change) "{\"paths\":{\"/v1/things/{id}\":{\"get\":" change "}}}"
#define CHANGE_THING(change) "{\"paths\":{\"/v1/things/{id}\":{\"patch\":" change "}}}"
#define PARAMETER(parameter) LIST_THINGS("{\"parameters\":[" parameter "]}")
#define QUERY(rest) PARAMETER("{\"name\":\"a\",\"in\":\"query\"," rest "}")
#define ANSWERS(change) GET_THING("{\"responses\":" change "}")

static const struct refusal refusals[] = {
    /* schemas */
    {"things.json", "{\"schemas\":{\"Thing\":{\"unevaluatedProperties\":false}}}", "things.json#/schemas/Thing"},
    {"openapi.json", "{\"components\":{\"schemas\":{\"Unused\":{\"type\":\"text\"}}}}", "openapi.json#/components/schemas/Unused"},
    {"openapi.json", "{\"components\":{\"headers\":{\"ETag\":{\"schema\":{\"prefixItems\":[]}}}}}", "#/components/headers/ETag/schema"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^(a+)+$\"}}}}}", "things.json#/schemas/Thing/properties/a"},
    {"things.json", "{\"schemas\":{\"Thing\":{\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"(\"}}}}}", "things.json#/schemas/Thing/properties/a"},
    /* security */
    {"openapi.json", "{\"components\":{\"securitySchemes\":{\"x\":{\"type\":\"http\"}}}}", "securitySchemes/x: must be oauth2"},
    {"openapi.json", "{\"components\":{\"securitySchemes\":{\"x\":{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"Case-Key\"}}}}", "securitySchemes/x: must be oauth2"},
    {"openapi.json", "{\"components\":{\"securitySchemes\":{\"x\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"Key\"}}}}", "securitySchemes/x: must be oauth2"},
    {"openapi.json", "{\"components\":{\"securitySchemes\":{\"x\":{\"type\":\"oauth2\",\"flows\":{}}}}}", "securitySchemes/x: must be oauth2"},
    {"things.json", LIST_THINGS("{\"security\":[]}"), "/get/security: names no alternative"},
    {"things.json", LIST_THINGS("{\"security\":[5]}"), "/get/security/0: an alternative is"},
    {"things.json", LIST_THINGS("{\"security\":[{\"token\":[],\"case_key\":[]}]}"), "/get/security/0: an alternative is"},
    {"things.json", LIST_THINGS("{\"security\":[{\"other\":[]}]}"), "/get/security/0: unknown security scheme \"other\""},
    {"things.json", LIST_THINGS("{\"security\":[{\"token\":[\"x\"]}]}"), "/get/security/0/token: unknown scope \"x\""},
    {"things.json", LIST_THINGS("{\"security\":[{\"token\":\"x\"}]}"), "/get/security/0/token: must be an array of scopes"},
    {"things.json", LIST_THINGS("{\"security\":[{\"case_key\":[\"things:read\"]}]}"), "unknown scope \"things:read\""},
    {"openapi.json", "{\"x-roles\":{\"public\":{\"scopes\":[" SCOPES_65 "]}}}", "openapi.json#/x-roles/public: more than 64 scopes"},
    {"openapi.json", "{\"x-roles\":{\"public\":{\"scopes\":[\"all\"]}}}", "openapi.json#/x-roles/public/scopes: unknown scope \"all\""},
    {"openapi.json", "{\"x-roles\":{\"case\":null}}", "openapi.json#/x-roles: getThing takes a case key, but there is no role \"case\""},
    /* marks */
    {"things.json", QUERY("\"schema\":{\"type\":\"string\",\"minLength\":1,\"x-sealed\":true}"), "/schema: x-sealed and x-each are not for parameters"},
    {"things.json", SEALED_THING, "/get: shows a member that is x-sealed to everybody"},
    {"things.json", SEALED_LIST, "/get: shows a member that is x-sealed to tokens: needs x-audit"},
    {"things.json", NEW_THING("{\"patternProperties\":{\"^x\":{\"x-sealed\":true}}}"), "/post: x-sealed is for declared properties"},
    {"things.json", NEW_THING("{\"properties\":{\"s\":{\"type\":\"array\",\"items\":{\"x-sealed\":true}}}}"), "/post: x-sealed is for declared properties"},
    {"things.json", NEW_THING("{\"properties\":{\"o\":{\"properties\":{\"s\":{\"type\":[\"object\",\"null\"],\"x-sealed\":true}}}}}"), "/patch: a member that is x-sealed and an object is patched as a member of the body, not deeper"},
    {"things.json", NEW_THING("{\"x-sealed\":true}"), "/post: x-sealed is for members of a body"},
    {"things.json", NEW_THING("{\"properties\":{\"a\":{\"properties\":{\"b\":" EACH "}}}}"), "/post: x-each is for a member of a body that is no patch"},
    {"things.json", NEW_THING("{\"properties\":{\"a\":" EACH ",\"b\":" EACH "}}"), "/post: x-each: one member of a body at most"},
    {"things.json", NEW_THING("{\"properties\":{\"a\":{\"x-each\":true,\"type\":\"array\"}}}"), "/post: x-each: a must be an array, and say what its items are"},
    {"things.json", NEW_THING("{\"properties\":{\"a\":{\"x-each\":true,\"items\":{}}}}"), "/post: x-each: a must be an array, and say what its items are"},
    {"things.json", NEW_THING("{\"properties\":{\"a\":" EACH "}}"), "/patch: x-each is for a member of a body that is no patch"},
    /* identity */
    {"things.json", LIST_THINGS("{\"operationId\":\"getThing\"}"), "\"getThing\" is also that of GET /v1/things"},
    {"things.json", LIST_THINGS("{\"operationId\":\"../x\"}"), "operationId \"../x\" must be letters and digits"},
    {"things.json", LIST_THINGS("{\"tags\":[\"other\"]}"), "tag \"other\" is not among the root's tags"},
    {"things.json", LIST_THINGS("{\"tags\":[]}"), "needs one tag"},
    {"things.json", LIST_THINGS("{\"tags\":[\"things\",\"meta\"]}"), "needs one tag"},
    {"things.json", GET_THING("{\"x-audit\":\"write\"}"), "x-audit is \"read\""},
    {"things.json", GET_THING("{\"x-identity\":\"change\"}"), "x-identity is \"change\", and not on GET"},
    {"things.json", CHANGE_THING("{\"x-identity\":\"read\"}"), "x-identity is \"change\", and not on GET"},
    {"openapi.json", "{\"x-affiliations\":{\"police\":{\"description\":{\"es\":\"a\",\"en\":\"a\"},\"without\":[\"a:b\"]}}}", "unknown scope \"a:b\""},
    {"things.json", CHANGE_THING("{\"x-audit\":\"read\"}"), "x-audit is \"read\", and on GET alone"},
    /* paths and their parameters */
    {"openapi.json", "{\"paths\":{\"/v1/{id}\":{\"get\":{\"operationId\":\"x\",\"summary\":\"s\",\"tags\":[\"meta\"],\"security\":[{}],\"responses\":{}}}}}", "path parameter {id} is not declared"},
    {"openapi.json", "{\"paths\":{\"/v1/{id}.csv\":{\"get\":{\"operationId\":\"x\",\"summary\":\"s\",\"tags\":[\"meta\"],\"security\":[{}],\"responses\":{}}}}}", "segment \"{id}.csv\" is neither"},
    {"openapi.json", "{\"paths\":{\"/v1/\":{\"get\":{\"operationId\":\"x\",\"summary\":\"s\",\"tags\":[\"meta\"],\"security\":[{}],\"responses\":{}}}}}", "segment \"\" is neither"},
    {"openapi.json", "{\"paths\":{\"/v1/a b\":{\"get\":{\"operationId\":\"x\",\"summary\":\"s\",\"tags\":[\"meta\"],\"security\":[{}],\"responses\":{}}}}}", "segment \"a b\" is neither"},
    {"openapi.json", "{\"paths\":{\"v1\":{\"get\":{\"operationId\":\"x\",\"summary\":\"s\",\"tags\":[\"meta\"],\"security\":[{}],\"responses\":{}}}}}", "a path begins with /"},
    {"things.json", PARAMETER("{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\"}}"), "the path has no {id}"},
    {"things.json", "{\"paths\":{\"/v1/things/{id}\":{\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"schema\":{\"type\":\"integer\"}}]}}}", "/parameters/0: must be required"},
    {"things.json", "{\"paths\":{\"/v1/things/{id}\":{\"parameters\":[{\"name\":\"id\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"string\"}}]}}}", "/parameters/0/schema: must refuse what is empty"},
    {"things.json", "{\"paths\":{\"/v1/things/{id}\":{\"parameters\":[{\"name\":\"other\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\"}}]}}}", "path parameter {id} is not declared"},
    /* parameters */
    {"things.json", PARAMETER("{\"name\":\"a\",\"in\":\"cookie\",\"schema\":{\"type\":\"string\"}}"), "\"in\" must be path, query or header"},
    {"things.json", PARAMETER("{\"name\":\"Big\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}}"), "\"Big\" cannot name a query parameter"},
    {"things.json", PARAMETER("{\"name\":\"filter[a]\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}}"), "cannot name a query parameter"},
    {"things.json", PARAMETER("{\"name\":\"Authorization\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}}"), "cannot name a header parameter"},
    {"things.json", PARAMETER("{\"name\":\"case-key\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}}"), "cannot name a header parameter"},
    {"things.json", PARAMETER("{\"name\":\"A:\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}}"), "cannot name a header parameter"},
    {"things.json", PARAMETER("{\"name\":\"if-match\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}}"), "/parameters/0: must be required"},
    {"things.json", QUERY("\"style\":\"deepObject\",\"schema\":{\"type\":\"string\"}"), "unsupported style \"deepObject\""},
    {"things.json", QUERY("\"style\":\"pipeDelimited\",\"schema\":{\"type\":\"string\"}"), "unsupported style \"pipeDelimited\""},
    {"things.json", QUERY("\"schema\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"integer\"}}"), "an array needs explode: false"},
    {"things.json", QUERY("\"explode\":true,\"schema\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"integer\"}}"), "an array needs explode: false"},
    {"things.json", QUERY("\"explode\":false,\"schema\":{\"type\":\"array\",\"minItems\":1}"), "a parameter is one boolean"},
    {"things.json", QUERY("\"explode\":false,\"schema\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"object\"}}"), "a parameter is one boolean"},
    {"things.json", QUERY("\"explode\":false,\"schema\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"), "must refuse what is empty"},
    {"things.json", QUERY("\"explode\":false,\"schema\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"string\"}}"), "must refuse what is empty"},
    {"things.json", QUERY("\"schema\":{\"type\":\"object\"}"), "a parameter is one boolean"},
    {"things.json", QUERY("\"schema\":{\"type\":[\"string\",\"null\"]}"), "a parameter is one boolean"},
    {"things.json", QUERY("\"schema\":{}"), "a parameter is one boolean"},
    {"things.json", QUERY("\"schema\":{\"type\":\"integer\",\"default\":\"x\"}"), "the default does not fit"},
    {"things.json", QUERY("\"required\":true,\"schema\":{\"type\":\"integer\",\"default\":1}"), "the default does not fit, or can never be used"},
    {"things.json", QUERY("\"example\":\"x\",\"schema\":{\"type\":\"integer\"}"), "/parameters/0/example: the example does not fit"},
    {"things.json", QUERY("\"examples\":{\"one\":{\"value\":\"x\"}},\"schema\":{\"type\":\"integer\"}"), "/parameters/0/examples/one/value: the example does not fit"},
    {"things.json", PARAMETER("{\"name\":\"a\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}},{\"name\":\"a\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}}"), "/parameters/1: \"a\" is declared twice"},
    {"things.json", PARAMETER("{\"name\":\"A\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}},{\"name\":\"a\",\"in\":\"header\",\"schema\":{\"type\":\"string\"}}"), "is declared twice"},
    {"things.json", GET_THING("{\"parameters\":[{\"name\":\"id\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}}]}"), "\"id\" is the name of two things"},
    {"things.json", MAKE_THING("{\"parameters\":[{\"name\":\"title\",\"in\":\"query\",\"schema\":{\"type\":\"string\"}}]}"), "\"title\" is the name of two things"},
    {"things.json", PARAMETER("{\"$ref\":\"openapi.json#/components/parameters/limit\"}"), "limit and cursor come together"},
    {"things.json", GET_THING("{\"parameters\":[{\"$ref\":\"openapi.json#/components/parameters/limit\"},{\"$ref\":\"openapi.json#/components/parameters/cursor\"}]}"), "pages, but answers no list"},
    /* bodies */
    {"things.json", LIST_THINGS("{\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{}}}}}"), "/get/requestBody: GET has no body"},
    {"things.json", "{\"paths\":{\"/v1/things\":{\"delete\":{\"operationId\":\"x\",\"summary\":\"s\",\"tags\":[\"things\"],\"security\":[{}],\"responses\":{},\"requestBody\":{\"content\":{\"text/csv\":{\"schema\":{}}}}}}}}", "DELETE has no body"},
    {"things.json", MAKE_THING("{\"requestBody\":{\"content\":{\"application/json\":null}}}"), "/post/requestBody: no media type"},
    {"things.json", MAKE_THING("{\"requestBody\":{\"content\":{\"application/x+json\":{\"schema\":{}}}}}"), "more than one JSON media type"},
    {"things.json", MAKE_THING("{\"requestBody\":{\"content\":{\"application/json\":null,\"application/merge-patch+json\":{\"schema\":{}}}}}"), "PATCH, and PATCH alone"},
    {"things.json", CHANGE_THING("{\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{}},\"application/merge-patch+json\":null}}}"), "PATCH, and PATCH alone"},
    {"things.json", MAKE_THING("{\"requestBody\":{\"content\":{\"Text/csv\":{\"schema\":{}}}}}"), "not a media type"},
    {"things.json", MAKE_THING("{\"requestBody\":{\"content\":{\"text/csv; charset=utf-8\":{\"schema\":{}}}}}"), "not a media type"},
    {"things.json", MAKE_THING("{\"requestBody\":{\"content\":{\"text\":{\"schema\":{}}}}}"), "not a media type"},
    {"things.json", MAKE_THING("{\"requestBody\":{\"content\":{\"application/json\":{\"example\":{\"title\":5}}}}}"), "the example does not fit the schema: \"/title\" type"},
    /* answers */
    {"things.json", ANSWERS("{\"2XX\":{\"description\":\"d\"}}"), "an answer is listed under its status"},
    {"things.json", ANSWERS("{\"default\":{\"description\":\"d\"}}"), "an answer is listed under its status"},
    {"things.json", ANSWERS("{\"600\":{\"description\":\"d\"}}"), "an answer is listed under its status"},
    {"things.json", ANSWERS("{\"200\":null}"), "no answer is a success"},
    {"things.json", ANSWERS("{\"204\":{\"description\":\"d\",\"content\":{\"text/csv\":{\"schema\":{}}}}}"), "204 has no content"},
    {"things.json", ANSWERS("{\"418\":{\"description\":\"d\"}}"), "an error answers application/problem+json alone"},
    {"things.json", ANSWERS("{\"418\":{\"description\":\"d\",\"content\":{\"text/html\":{\"schema\":{}}}}}"), "an error answers application/problem+json alone"},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":null}}}"), "/responses/201: a 201 needs a link"},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":{\"get\":{\"operationId\":\"none\"}}}}}"), "/links/get: \"none\" is not an operation that reads"},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":{\"get\":{\"operationId\":\"createThing\"}}}}}"), "is not an operation that reads"},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":{\"get\":{\"parameters\":null}}}}}"), "parameter \"id\" must be \"$response.body#/<member>\""},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":{\"get\":{\"parameters\":{\"id\":\"$response.body#/nothing\"}}}}}}"), "parameter \"id\" must be"},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":{\"get\":{\"parameters\":{\"id\":\"$response.body#/parts\"}}}}}}"), "parameter \"id\" must be"},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":{\"get\":{\"parameters\":{\"id\":\"$request.body#/id\"}}}}}}"), "parameter \"id\" must be"},
    {"things.json", MAKE_THING("{\"responses\":{\"201\":{\"links\":{\"get\":{\"parameters\":{\"more\":\"$response.body#/id\"}}}}}}"), "sets a parameter that /v1/things/{id} does not have"},
    /* statuses that the service may answer */
    {"things.json", ANSWERS("{\"304\":null}"), "may answer 304"},
    {"things.json", ANSWERS("{\"400\":null}"), "things.json#/paths/~1v1~1things~1{id}/get: may answer 400, which its responses do not document"},
    {"things.json", ANSWERS("{\"400\":null,\"503\":null}"), "may answer 400, 503, which"},
    {"things.json", ANSWERS("{\"401\":null}"), "may answer 401"},
    {"things.json", ANSWERS("{\"403\":null}"), "may answer 403"},
    {"things.json", ANSWERS("{\"404\":null}"), "may answer 404"},
    {"things.json", ANSWERS("{\"406\":null}"), "may answer 406"},
    {"things.json", ANSWERS("{\"429\":null}"), "may answer 429"},
    {"things.json", ANSWERS("{\"500\":null}"), "may answer 500"},
    {"things.json", ANSWERS("{\"503\":null}"), "may answer 503"},
    {"things.json", MAKE_THING("{\"responses\":{\"408\":null}}"), "may answer 408"},
    {"things.json", MAKE_THING("{\"responses\":{\"409\":null}}"), "may answer 409"},
    {"things.json", MAKE_THING("{\"responses\":{\"413\":null}}"), "may answer 413"},
    {"things.json", MAKE_THING("{\"responses\":{\"415\":null}}"), "may answer 415"},
    {"things.json", MAKE_THING("{\"responses\":{\"422\":null}}"), "may answer 422"},
    {"things.json", CHANGE_THING("{\"responses\":{\"412\":null}}"), "may answer 412"},
    {"things.json", CHANGE_THING("{\"responses\":{\"428\":null}}"), "may answer 428"},
    {"openapi.json", "{\"paths\":{\"/openapi.json\":{\"get\":{\"responses\":{\"401\":null}}}}}", "may answer 401"},
};

static void each_fault_is_refused_with_file_pointer_and_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        const struct contract *contract;
        struct error err = {0};
        arena_reset(&arena, 0);
        bool loaded = contract_load(&arena, fixture_make(&arena, refusals[i].file, refusals[i].change), &contract, &err);
        fixture_remove();
        if (loaded)
            fail_msg("row %zu is accepted: %s", i, refusals[i].change);
        assert_int_equal(err.code, ERR_CONTRACT);
        if (!strstr(err.argument, refusals[i].expected))
            fail_msg("row %zu: \"%s\" lacks \"%s\"", i, err.argument, refusals[i].expected);
    }
}

static void two_paths_of_one_shape_are_refused(void **state)
{
    (void)state;
    const struct contract *contract;
    struct error err = {0};
    const char *dir = fixture_make(
        &arena, "openapi.json",
        "{\"paths\":{\"/v1/things/{key}\":{\"parameters\":[{\"name\":\"key\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":\"integer\"}}],"
        "\"get\":{\"operationId\":\"twin\",\"summary\":\"s\",\"tags\":[\"meta\"],\"security\":[{}],\"responses\":{"
        "\"200\":{\"description\":\"d\"},\"400\":{\"$ref\":\"#/components/responses/BadRequest\"},"
        "\"401\":{\"$ref\":\"#/components/responses/BadRequest\"},\"404\":{\"$ref\":\"#/components/responses/BadRequest\"},"
        "\"406\":{\"$ref\":\"#/components/responses/BadRequest\"},\"429\":{\"$ref\":\"#/components/responses/BadRequest\"},\"500\":{\"$ref\":\"#/components/responses/BadRequest\"},"
        "\"503\":{\"$ref\":\"#/components/responses/BadRequest\"}}}}}}");

    assert_false(contract_load(&arena, dir, &contract, &err));
    fixture_remove();
    assert_non_null(strstr(err.argument, "openapi.json#/paths: GET /v1/things/{key}: the same as /v1/things/{id}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(operations_stand_in_the_order_of_the_paths, set_up),
        cmocka_unit_test_setup(an_operation_knows_what_it_is, set_up),
        cmocka_unit_test_setup(the_record_is_the_answer_or_an_item_of_its_data, set_up),
        cmocka_unit_test_setup(parameters_of_the_path_stand_first, set_up),
        cmocka_unit_test_setup(parameters_carry_type_place_and_default, set_up),
        cmocka_unit_test_setup(answers_keep_the_order_of_the_contract, set_up),
        cmocka_unit_test_setup(a_link_becomes_the_location, set_up),
        cmocka_unit_test_setup(requirements_stand_in_order, set_up),
        cmocka_unit_test_setup(what_is_marked_needs_the_seal_keys, set_up),
        cmocka_unit_test_setup(roles_name_their_scopes, set_up),
        cmocka_unit_test_setup(the_document_is_whole_and_tagged, set_up),
        cmocka_unit_test_setup(routes_lead_to_operations, set_up),
        cmocka_unit_test_setup(each_fault_is_refused_with_file_pointer_and_reason, set_up),
        cmocka_unit_test_setup(two_paths_of_one_shape_are_refused, set_up),
        cmocka_unit_test_setup(the_contract_of_the_service_loads_and_each_operation_is_found_by_its_own_template, set_up),
    };

    assert_true(arena_init(&arena, ARENA_BYTES));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
