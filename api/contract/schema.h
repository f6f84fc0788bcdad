/* schema.h: JSON Schema (draft-07 and 2020-12, the part they share), compiled once, validated without allocating for
 * schemas. Everything outside the supported keywords is refused when compiling, never ignored. */
#ifndef CONTRACT_SCHEMA_H
#define CONTRACT_SCHEMA_H

#include "base/value.h"

struct schema;

/* Schemas of one document, compiled on demand; a $ref cycle meets itself here. Lives in the arena it was made in. */
struct schema_set;

/* document: the value that local references ("#/...", "#") are resolved in; it must outlive the set. */
struct schema_set *schema_set_new(struct arena *a, const struct value *document);

/* From now on patterns that hostile text could make slow are refused too (see pattern_is_safe): for contracts. */
void schema_set_demand_safe_patterns(struct schema_set *set);

/* Compiles the schema at `pointer` (JSON Pointer into the document), or gives it when it is there already.
 * Fails with ERR_CONTRACT, argument "<pointer>: <reason>". Annotations (title, description, default, examples,
 * example, deprecated, readOnly, writeOnly, $comment, x-*, $schema and $id at the root) are allowed and ignored.
 * Beside $ref stand at most $defs, definitions, $comment, $schema and $id. After a failure the set stays broken: every
 * later call fails likewise. */
bool schema_compile(struct schema_set *set, struct str pointer, const struct schema **ret, struct error *err);

/* Collects violations; the arena is used only for their pointers and arguments. */
struct violations {
    struct arena *arena;
    struct violation *v; /* room for VIOLATIONS_MAX */
    size_t n;
    bool more;
};

/* Whether value fits. When it does not, adds every violation (until the list is full), with place PLACE_BODY and
 * pointers below `base` ("" for the body itself). list may be NULL: then it only answers. What is not declared has the
 * keyword "unknown", what is missing "required" at the place where it is missing. A pointer over 2 kB is cut to that
 * of an ancestor. */
bool schema_validate(const struct schema *schema, const struct value *value, struct str base, struct violations *list);

/* None yet, with room in a. */
struct violations violations_new(struct arena *a);

/* Fills *err with code and them, and gives false. */
bool violations_refuse(const struct violations *list, enum error_code code, struct error *err);

/* Adds one, borrowing its texts; sets `more` when the list is full. */
void violations_add(struct violations *list, enum place place, struct str pointer, struct str keyword, struct str argument);

/* What a schema says of itself, for binding and rendering; looks through $ref and allOf, and through anyOf and oneOf
 * where only one alternative is more than null. */
enum schema_types {
    TYPE_NULL = 1, TYPE_BOOLEAN = 2, TYPE_INTEGER = 4, TYPE_NUMBER = 8, TYPE_STRING = 16, TYPE_ARRAY = 32, TYPE_OBJECT = 64,
    TYPE_ANY = 127,
};
enum schema_format { FORMAT_NONE, FORMAT_DATE, FORMAT_DATE_TIME, FORMAT_TIME, FORMAT_UUID, FORMAT_EMAIL, FORMAT_URI, FORMAT_URI_REFERENCE };

/* The types that are allowed (an or of enum schema_types), TYPE_ANY where nothing is said. "number" is
 * TYPE_NUMBER alone, though integers are numbers. */
unsigned schema_types(const struct schema *schema);
enum schema_format schema_format(const struct schema *schema);

/* The schema of a declared property, or NULL. */
const struct schema *schema_property(const struct schema *schema, struct str name);
bool schema_requires(const struct schema *schema, struct str name);

/* The schema of array items, or NULL. */
const struct schema *schema_items(const struct schema *schema);

/* x-sealed: the value's JSON text is sealed before it is stored. */
bool schema_is_sealed(const struct schema *schema);

/* x-each: the array's items are checked one by one; schema_validate leaves them alone. */
bool schema_is_each(const struct schema *schema);

/* What is marked in values of a schema (an or of these), the value itself included. In sight is what declared properties and
 * items lead to, looking through what schema_types looks through; what is inside a sealed value is sealed with it. */
enum schema_marks {
    MARKS_SEALED = 1,        /* x-sealed in sight */
    MARKS_SEALED_HIDDEN = 2, /* x-sealed out of sight: in a condition, an alternative, patternProperties; items themselves */
    MARKS_EACH = 4,          /* x-each as a property of the value */
    MARKS_EACH_ELSEWHERE = 8,
};
unsigned schema_marks(const struct schema *schema);

/* `default`: the annotation that the engine uses. NULL where absent. */
const struct value *schema_default(const struct schema *schema);

/* Walks declared properties in order, allOf included: i counts from 0; false past the last. */
bool schema_property_at(const struct schema *schema, size_t i, struct str *ret_name, const struct schema **ret_property);

#endif
