/* grammar.h: which members each kind of OpenAPI 3.1 object may hold in this contract. What no table names is refused. */
#ifndef CONTRACT_GRAMMAR_H
#define CONTRACT_GRAMMAR_H

#include "base/value.h"

enum node {
    NODE_DATA, /* any JSON, not looked into */
    NODE_TEXT, /* a string that is not empty */
    NODE_FLAG, /* true or false */
    NODE_ROOT, NODE_INFO, NODE_CONTACT, NODE_LICENSE, NODE_SERVER, NODE_TAG, NODE_DOCUMENTATION, NODE_COMPONENTS,
    NODE_PATH_ITEM, NODE_OPERATION, NODE_PARAMETER, NODE_REQUEST_BODY, NODE_MEDIA, NODE_RESPONSE, NODE_HEADER, NODE_LINK,
    NODE_EXAMPLE, NODE_SECURITY_SCHEME, NODE_FLOWS, NODE_FLOW, NODE_ROLE, NODE_AFFILIATION, NODE_BILINGUAL,
    NODE_SCHEMA, /* open: its other keywords are the schema compiler's to refuse */
    NODES
};

enum holds { HOLDS_ONE, HOLDS_LIST, HOLDS_MAP };

/* A member that an object of some kind may hold: one node, a list or a map of them. */
struct rule {
    struct str name;
    enum node node;
    enum holds holds;
    bool required;
};

/* The rule for a member, or NULL. */
const struct rule *grammar_rule(enum node node, struct str name);

/* The name of a required member that the object lacks; {NULL, 0} when it has them all. */
struct str grammar_missing(enum node node, const struct value *object);

/* Where such nodes live below /components ("schemas"), {NULL, 0} for those that cannot be referred to. */
struct str grammar_component(enum node node);

/* The i-th kind of component; false past the last. */
bool grammar_component_at(size_t i, struct rule *ret);

#endif
