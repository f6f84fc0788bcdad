/* schema_internal.h: a compiled schema, shared by the schema_*.c alone. */
#ifndef CONTRACT_SCHEMA_INTERNAL_H
#define CONTRACT_SCHEMA_INTERNAL_H

#include "contract/number.h"
#include "contract/pattern.h"
#include "contract/schema_keyword.h"

struct property {
    struct str name;
    struct schema *schema;
};

/* properties, patternProperties and additionalProperties work as one. */
struct members {
    const struct property *declared, *sorted; /* in the contract's order, and by name for bsearch */
    size_t n;
    const struct pattern_property {
        const struct pattern *pattern;
        struct schema *schema;
    } *patterns;
    size_t n_patterns;
    struct schema *additional; /* or NULL */
};

struct dependency {
    struct str when;
    const struct str *names;
    size_t n;
};

/* One keyword with what it demands. */
struct check {
    enum keyword keyword;
    struct str argument; /* for violations */
    union {
        unsigned types;
        int64_t count;
        const struct value *operand;
        struct decimal decimal;
        const struct pattern *pattern;
        enum schema_format format;
        const struct members *members;
        struct {
            struct schema **v; /* of `if`: if, then, else; the latter two may be NULL */
            size_t n;
        } branches;
        struct {
            const struct str *v;
            size_t n;
        } names;
        struct {
            const struct dependency *v;
            size_t n;
        } dependencies;
    };
};

enum settled { SETTLED_NOT, SETTLED_RUNNING, SETTLED };

struct schema {
    const struct value *source;
    struct str pointer;
    bool refuses_all; /* the schema `false` */
    bool nests;       /* has schemas below it */
    bool x_sealed, x_each;  /* what it says of itself; schema_mark.c: */
    unsigned met[5], marks;
    struct schema *each; /* items that x-each keeps from being checked, or NULL */
    const struct check *checks;
    size_t n_checks;
    struct members *members; /* or NULL */
    /* from schema_settle: looking through $ref, allOf, and alternatives of which all but one are null */
    enum settled settled;
    int height;     /* schemas that one value meets below this one, at most */
    unsigned types; /* with TYPE_INTEGER wherever TYPE_NUMBER is */
    const struct schema **faces; /* itself first */
    size_t n_faces;
    const struct property *properties; /* of all faces, each name once */
    size_t n_properties;
    struct schema *next, *same_bucket; /* in the set: in order of making */
};

enum {
    TYPES_NUMERIC = TYPE_INTEGER | TYPE_NUMBER,
    HEIGHT_MAX = 48, /* schemas one inside the other that meet the same value */
    RUN_DEPTH_MAX = HEIGHT_MAX * (VALUE_DEPTH_MAX + 1),
    RUN_STEPS_MAX = 20000000, /* about a second */
    KNOWN_MAX = 128,
};

/* One validation. Remembers what it found lately: alternatives inside alternatives would else double at every level. */
struct run {
    int depth;
    long steps;
    struct known {
        const struct schema *schema;
        const struct value *value;
        bool fits;
    } known[KNOWN_MAX];
};

/* schema.c: the schema at source, made when it is new; pointer outlives it. */
struct schema *schema_set_schema(struct schema_set *set, const struct value *source, struct str pointer);
struct arena *schema_set_arena(struct schema_set *set);
bool schema_set_wants_safe_patterns(const struct schema_set *set);
const struct value *schema_set_document(const struct schema_set *set);

/* schema_compile.c: reads source into node; what it contains becomes schemas of the set. schema_settle.c: refuses schemas that would
 * meet one value again and again, and fills what describes. schema_mark.c: finds what is marked; epoch differs from call to call. */
bool schema_read(struct schema_set *set, struct schema *node, struct error *err);
bool schema_settle(struct arena *a, struct schema *node, struct error *err);
void schema_mark(struct schema *node, unsigned epoch);

/* schema_fits.c */
unsigned value_types(const struct value *value);
bool schema_fits(struct run *run, const struct schema *schema, const struct value *value);
bool check_fits(struct run *run, const struct check *check, const struct value *value);
const struct schema *members_find(const struct members *members, struct str name);

#endif
