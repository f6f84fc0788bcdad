/* schema_keyword.h: every keyword of JSON Schema that constrains, once. */
#ifndef CONTRACT_SCHEMA_KEYWORD_H
#define CONTRACT_SCHEMA_KEYWORD_H

#include "contract/schema.h"

/* In the order in which they are checked. The types say to which values a keyword applies. */
#define KEYWORD_LIST(X)                                                                                                \
    X(REF, "$ref", TYPE_ANY)                                                                                           \
    X(TYPE, "type", TYPE_ANY)                                                                                          \
    X(ENUM, "enum", TYPE_ANY)                                                                                          \
    X(CONST, "const", TYPE_ANY)                                                                                        \
    X(MIN_LENGTH, "minLength", TYPE_STRING)                                                                            \
    X(MAX_LENGTH, "maxLength", TYPE_STRING)                                                                            \
    X(PATTERN, "pattern", TYPE_STRING)                                                                                 \
    X(FORMAT, "format", TYPE_STRING)                                                                                   \
    X(MINIMUM, "minimum", TYPE_NUMBER)                                                                                 \
    X(MAXIMUM, "maximum", TYPE_NUMBER)                                                                                 \
    X(EXCLUSIVE_MINIMUM, "exclusiveMinimum", TYPE_NUMBER)                                                              \
    X(EXCLUSIVE_MAXIMUM, "exclusiveMaximum", TYPE_NUMBER)                                                              \
    X(MULTIPLE_OF, "multipleOf", TYPE_NUMBER)                                                                          \
    X(MIN_ITEMS, "minItems", TYPE_ARRAY)                                                                               \
    X(MAX_ITEMS, "maxItems", TYPE_ARRAY)                                                                               \
    X(UNIQUE_ITEMS, "uniqueItems", TYPE_ARRAY)                                                                         \
    X(CONTAINS, "contains", TYPE_ARRAY)                                                                                \
    X(ITEMS, "items", TYPE_ARRAY)                                                                                      \
    X(MIN_PROPERTIES, "minProperties", TYPE_OBJECT)                                                                    \
    X(MAX_PROPERTIES, "maxProperties", TYPE_OBJECT)                                                                    \
    X(REQUIRED, "required", TYPE_OBJECT)                                                                               \
    X(DEPENDENT_REQUIRED, "dependentRequired", TYPE_OBJECT)                                                            \
    X(PROPERTY_NAMES, "propertyNames", TYPE_OBJECT)                                                                    \
    X(PROPERTIES, "properties", TYPE_OBJECT)                                                                           \
    X(PATTERN_PROPERTIES, "patternProperties", TYPE_OBJECT)                                                            \
    X(ADDITIONAL_PROPERTIES, "additionalProperties", TYPE_OBJECT)                                                      \
    X(ALL_OF, "allOf", TYPE_ANY)                                                                                       \
    X(ANY_OF, "anyOf", TYPE_ANY)                                                                                       \
    X(ONE_OF, "oneOf", TYPE_ANY)                                                                                       \
    X(NOT, "not", TYPE_ANY)                                                                                            \
    X(IF, "if", TYPE_ANY)                                                                                              \
    X(THEN, "then", TYPE_ANY)                                                                                          \
    X(ELSE, "else", TYPE_ANY)                                                                                          \
    X(DEFS, "$defs", TYPE_ANY)                                                                                         \
    X(DEFINITIONS, "definitions", TYPE_ANY)

#define KEYWORD_NAME(name, ...) KEYWORD_##name,
enum keyword { KEYWORD_LIST(KEYWORD_NAME) KEYWORDS };
#undef KEYWORD_NAME

extern const struct keyword_info {
    struct str name;
    unsigned types;
} keyword_info[KEYWORDS];

#endif
