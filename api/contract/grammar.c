/* grammar.c: OpenAPI's objects as tables. Knows nothing of files or of what members mean. */
#include "contract/grammar.h"

#define ONE(name, node) {STR_INIT(name), node, HOLDS_ONE, false}
#define NEED(name, node) {STR_INIT(name), node, HOLDS_ONE, true}
#define LIST(name, node) {STR_INIT(name), node, HOLDS_LIST, false}
#define NEED_LIST(name, node) {STR_INIT(name), node, HOLDS_LIST, true}
#define MAP(name, node) {STR_INIT(name), node, HOLDS_MAP, false}
#define NEED_MAP(name, node) {STR_INIT(name), node, HOLDS_MAP, true}

static const struct rule root[] = {
    NEED("openapi", NODE_TEXT), NEED("info", NODE_INFO), LIST("servers", NODE_SERVER), LIST("tags", NODE_TAG),
    ONE("externalDocs", NODE_DOCUMENTATION), NEED_MAP("paths", NODE_PATH_ITEM),
    ONE("components", NODE_DATA), /* made anew by the bundler, kind by kind */
    MAP("x-roles", NODE_ROLE), MAP("x-affiliations", NODE_AFFILIATION),
};
static const struct rule info[] = {
    NEED("title", NODE_TEXT), NEED("version", NODE_TEXT), ONE("summary", NODE_TEXT), ONE("description", NODE_TEXT),
    ONE("termsOfService", NODE_TEXT), ONE("contact", NODE_CONTACT), ONE("license", NODE_LICENSE),
};
static const struct rule contact[] = {ONE("name", NODE_TEXT), ONE("url", NODE_TEXT), ONE("email", NODE_TEXT)};
static const struct rule license[] = {NEED("name", NODE_TEXT), ONE("identifier", NODE_TEXT), ONE("url", NODE_TEXT)};
static const struct rule server[] = {NEED("url", NODE_TEXT), ONE("description", NODE_TEXT)};
static const struct rule tag[] = {
    NEED("name", NODE_TEXT), ONE("description", NODE_TEXT), ONE("externalDocs", NODE_DOCUMENTATION),
};
static const struct rule documentation[] = {NEED("url", NODE_TEXT), ONE("description", NODE_TEXT)};
static const struct rule components[] = {
    MAP("securitySchemes", NODE_SECURITY_SCHEME), MAP("parameters", NODE_PARAMETER), MAP("headers", NODE_HEADER),
    MAP("requestBodies", NODE_REQUEST_BODY), MAP("responses", NODE_RESPONSE), MAP("links", NODE_LINK),
    MAP("examples", NODE_EXAMPLE), MAP("schemas", NODE_SCHEMA),
};
static const struct rule path_item[] = { /* head and options are the router's */
    ONE("summary", NODE_TEXT), ONE("description", NODE_TEXT), LIST("parameters", NODE_PARAMETER),
    ONE("get", NODE_OPERATION), ONE("post", NODE_OPERATION), ONE("put", NODE_OPERATION),
    ONE("patch", NODE_OPERATION), ONE("delete", NODE_OPERATION),
};
static const struct rule operation[] = {
    NEED("operationId", NODE_TEXT), NEED("summary", NODE_TEXT), ONE("description", NODE_TEXT),
    NEED_LIST("tags", NODE_TEXT), LIST("parameters", NODE_PARAMETER), ONE("requestBody", NODE_REQUEST_BODY),
    NEED_MAP("responses", NODE_RESPONSE), NEED_LIST("security", NODE_DATA), ONE("deprecated", NODE_FLAG),
    ONE("externalDocs", NODE_DOCUMENTATION), ONE("x-audit", NODE_TEXT), ONE("x-identity", NODE_TEXT),
};
static const struct rule parameter[] = {
    NEED("name", NODE_TEXT), NEED("in", NODE_TEXT), ONE("description", NODE_TEXT), ONE("required", NODE_FLAG),
    ONE("deprecated", NODE_FLAG), ONE("style", NODE_TEXT), ONE("explode", NODE_FLAG), NEED("schema", NODE_SCHEMA),
    ONE("example", NODE_DATA), MAP("examples", NODE_EXAMPLE),
};
static const struct rule request_body[] = {
    ONE("description", NODE_TEXT), NEED_MAP("content", NODE_MEDIA), ONE("required", NODE_FLAG),
};
static const struct rule media[] = {
    NEED("schema", NODE_SCHEMA), ONE("example", NODE_DATA), MAP("examples", NODE_EXAMPLE),
};
static const struct rule response[] = {
    NEED("description", NODE_TEXT), MAP("headers", NODE_HEADER), MAP("content", NODE_MEDIA), MAP("links", NODE_LINK),
};
static const struct rule header[] = {
    ONE("description", NODE_TEXT), ONE("required", NODE_FLAG), ONE("deprecated", NODE_FLAG), ONE("style", NODE_TEXT),
    ONE("explode", NODE_FLAG), NEED("schema", NODE_SCHEMA), ONE("example", NODE_DATA), MAP("examples", NODE_EXAMPLE),
};
static const struct rule link[] = {
    NEED("operationId", NODE_TEXT), MAP("parameters", NODE_TEXT), ONE("description", NODE_TEXT),
};
static const struct rule example[] = {
    ONE("summary", NODE_TEXT), ONE("description", NODE_TEXT), NEED("value", NODE_DATA),
};
static const struct rule security_scheme[] = {
    NEED("type", NODE_TEXT), ONE("description", NODE_TEXT), ONE("name", NODE_TEXT), ONE("in", NODE_TEXT),
    ONE("scheme", NODE_TEXT), ONE("flows", NODE_FLOWS),
};
static const struct rule flows[] = {ONE("clientCredentials", NODE_FLOW), ONE("authorizationCode", NODE_FLOW)};
static const struct rule flow[] = {
    ONE("authorizationUrl", NODE_TEXT), NEED("tokenUrl", NODE_TEXT), ONE("refreshUrl", NODE_TEXT),
    NEED_MAP("scopes", NODE_TEXT),
};
static const struct rule role[] = {
    ONE("affiliation", NODE_TEXT), NEED("description", NODE_BILINGUAL), NEED_LIST("scopes", NODE_TEXT),
};
static const struct rule affiliation[] = {NEED("description", NODE_BILINGUAL), NEED_LIST("without", NODE_TEXT)};
static const struct rule bilingual[] = {NEED("es", NODE_TEXT), NEED("en", NODE_TEXT)};
static const struct rule schema[] = { /* where schemas hold schemas, so that their references are found */
    MAP("properties", NODE_SCHEMA), MAP("patternProperties", NODE_SCHEMA), ONE("additionalProperties", NODE_SCHEMA),
    ONE("propertyNames", NODE_SCHEMA), ONE("items", NODE_SCHEMA), ONE("contains", NODE_SCHEMA),
    LIST("allOf", NODE_SCHEMA), LIST("anyOf", NODE_SCHEMA), LIST("oneOf", NODE_SCHEMA), ONE("not", NODE_SCHEMA),
    ONE("if", NODE_SCHEMA), ONE("then", NODE_SCHEMA), ONE("else", NODE_SCHEMA), MAP("definitions", NODE_SCHEMA),
    MAP("$defs", NODE_SCHEMA), MAP("dependentSchemas", NODE_SCHEMA),
};

#define RULES(table) {table, sizeof(table) / sizeof((table)[0])}
static const struct {
    const struct rule *v;
    size_t n;
} nodes[NODES] = {
    [NODE_ROOT] = RULES(root), [NODE_INFO] = RULES(info), [NODE_CONTACT] = RULES(contact),
    [NODE_LICENSE] = RULES(license), [NODE_SERVER] = RULES(server), [NODE_TAG] = RULES(tag),
    [NODE_DOCUMENTATION] = RULES(documentation), [NODE_COMPONENTS] = RULES(components),
    [NODE_PATH_ITEM] = RULES(path_item), [NODE_OPERATION] = RULES(operation), [NODE_PARAMETER] = RULES(parameter),
    [NODE_REQUEST_BODY] = RULES(request_body), [NODE_MEDIA] = RULES(media), [NODE_RESPONSE] = RULES(response),
    [NODE_HEADER] = RULES(header), [NODE_LINK] = RULES(link), [NODE_EXAMPLE] = RULES(example),
    [NODE_SECURITY_SCHEME] = RULES(security_scheme), [NODE_FLOWS] = RULES(flows), [NODE_FLOW] = RULES(flow),
    [NODE_ROLE] = RULES(role), [NODE_AFFILIATION] = RULES(affiliation), [NODE_BILINGUAL] = RULES(bilingual), [NODE_SCHEMA] = RULES(schema),
};

const struct rule *grammar_rule(enum node node, struct str name)
{
    for (size_t i = 0; i < nodes[node].n; i++)
        if (str_eq(nodes[node].v[i].name, name))
            return &nodes[node].v[i];
    return NULL;
}

struct str grammar_missing(enum node node, const struct value *object)
{
    for (size_t i = 0; i < nodes[node].n; i++)
        if (nodes[node].v[i].required && !value_get(object, nodes[node].v[i].name))
            return nodes[node].v[i].name;
    return (struct str){NULL, 0};
}

bool grammar_component_at(size_t i, struct rule *ret)
{
    if (i >= nodes[NODE_COMPONENTS].n)
        return false;
    *ret = nodes[NODE_COMPONENTS].v[i];
    return true;
}

struct str grammar_component(enum node node)
{
    struct rule rule;

    for (size_t i = 0; grammar_component_at(i, &rule); i++)
        if (rule.node == node)
            return rule.name;
    return (struct str){NULL, 0};
}
