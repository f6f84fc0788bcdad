/* schema_report.c: validates, and says of a value that does not fit everything that is wrong with it, and where.
 * Goes only where schema_fits has found a fault, so it may take its time. */
#include "contract/pointer.h"
#include "contract/schema_internal.h"

enum { POINTER_BYTES_MAX = 2048 };

struct report {
    struct run run;
    struct violations *list;
    struct str base;
    bool told; /* something was said */
};

static void report_schema(struct report *r, const struct schema *schema, const struct value *value,
                          const struct spot *at);

/* Whether nothing more can be told: the list is full, or what schema_fits says is worth nothing any more. */
static bool is_over(const struct report *r)
{
    return r->list->more || r->run.steps > RUN_STEPS_MAX;
}

struct violations violations_new(struct arena *a)
{
    return (struct violations){.arena = a, .v = arena_array(a, struct violation, VIOLATIONS_MAX)};
}

bool violations_refuse(const struct violations *list, enum error_code code, struct error *err)
{
    error_set(err, code, "%s", "");
    err->violations = list->v;
    err->n_violations = list->n;
    err->more_violations = list->more;
    return false;
}

void violations_add(struct violations *list, enum place place, struct str pointer, struct str keyword, struct str argument)
{
    if (list->n < VIOLATIONS_MAX)
        list->v[list->n++] = (struct violation){place, pointer, keyword, argument};
    else
        list->more = true;
}

/* The spot, or its nearest ancestor whose pointer has a bearable length. */
static const struct spot *bearable(const struct spot *at)
{
    const struct spot *bearable = at;
    size_t bytes = 0;

    for (; at; at = at->up) {
        bytes += 1 + (at->token.p ? 2 * at->token.n : 20);
        if (bytes > POINTER_BYTES_MAX) {
            bearable = at->up;
            bytes = 0;
        }
    }
    return bearable;
}

static bool is_listed(const struct violations *list, const struct violation *v)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i].pointer, v->pointer) && str_eq(list->v[i].keyword, v->keyword) &&
            str_eq(list->v[i].argument, v->argument))
            return true;
    return false;
}

static void add(struct report *r, const struct spot *at, struct str keyword, struct str argument)
{
    struct violation v = {PLACE_BODY, spot_pointer(r->list->arena, r->base, bearable(at)), keyword, argument};

    r->told = true;
    if (!is_listed(r->list, &v))
        violations_add(r->list, v.place, v.pointer, v.keyword, v.argument);
}

static void report_plain(struct report *r, const struct check *check, const struct value *value, const struct spot *at)
{
    (void)value;
    add(r, at, keyword_info[check->keyword].name, check->argument);
}

static void report_items(struct report *r, const struct check *check, const struct value *value, const struct spot *at)
{
    for (size_t i = 0; i < value->array.n && !is_over(r); i++) {
        struct spot item = {.up = at, .index = i};
        report_schema(r, check->branches.v[0], value->array.v[i], &item);
    }
}

static void report_missing(struct report *r, enum keyword keyword, struct str name, const struct value *value,
                           const struct spot *at)
{
    struct spot missing = {.up = at, .token = name};

    if (!value_get(value, name))
        add(r, &missing, keyword_info[keyword].name, name);
}

static void report_required(struct report *r, const struct check *check, const struct value *value, const struct spot *at)
{
    for (size_t i = 0; i < check->names.n; i++)
        report_missing(r, check->keyword, check->names.v[i], value, at);
}

static void report_dependencies(struct report *r, const struct check *check, const struct value *value,
                                const struct spot *at)
{
    for (size_t i = 0; i < check->dependencies.n; i++) {
        const struct dependency *dependency = &check->dependencies.v[i];
        bool applies = value_get(value, dependency->when);
        for (size_t j = 0; applies && j < dependency->n; j++)
            report_missing(r, check->keyword, dependency->names[j], value, at);
    }
}

static void report_names(struct report *r, const struct check *check, const struct value *value, const struct spot *at)
{
    for (size_t i = 0; i < value->object.n && !is_over(r); i++) {
        struct spot member = {.up = at, .token = value->object.v[i].name};
        struct value name = {.type = VALUE_STRING, .string = value->object.v[i].name};
        if (!schema_fits(&r->run, check->branches.v[0], &name))
            add(r, &member, keyword_info[check->keyword].name, check->argument);
    }
}

static void report_member(struct report *r, const struct members *members, const struct member *member,
                          const struct spot *at)
{
    const struct schema *declared = members_find(members, member->name);
    bool known = declared;

    if (declared)
        report_schema(r, declared, member->value, at);
    for (size_t i = 0; i < members->n_patterns; i++) {
        if (!pattern_fits(members->patterns[i].pattern, member->name))
            continue;
        known = true;
        report_schema(r, members->patterns[i].schema, member->value, at);
    }
    if (!known && members->additional)
        report_schema(r, members->additional, member->value, at);
}

static void report_members(struct report *r, const struct check *check, const struct value *value, const struct spot *at)
{
    for (size_t i = 0; i < value->object.n && !is_over(r); i++) {
        struct spot member = {.up = at, .token = value->object.v[i].name};
        report_member(r, check->members, &value->object.v[i], &member);
    }
}

static void report_all(struct report *r, const struct check *check, const struct value *value, const struct spot *at)
{
    for (size_t i = 0; i < check->branches.n && !is_over(r); i++)
        report_schema(r, check->branches.v[i], value, at);
}

/* The only alternative that takes values of that type, null alone left aside; NULL when there are none or several. */
static const struct schema *alternative_meant(const struct check *check, const struct value *value)
{
    const struct schema *meant = NULL;

    for (size_t i = 0; i < check->branches.n; i++) {
        const struct schema *branch = check->branches.v[i];
        if (!(branch->types & value_types(value) & ~(unsigned)TYPE_NULL))
            continue;
        if (meant)
            return NULL;
        meant = branch;
    }
    return meant;
}

static void report_alternatives(struct report *r, const struct check *check, const struct value *value,
                                const struct spot *at)
{
    const struct schema *meant = alternative_meant(check, value);

    if (meant && !schema_fits(&r->run, meant, value))
        report_schema(r, meant, value, at);
    else
        report_plain(r, check, value, at);
}

static void report_if(struct report *r, const struct check *check, const struct value *value, const struct spot *at)
{
    const struct schema *next = check->branches.v[schema_fits(&r->run, check->branches.v[0], value) ? 1 : 2];

    if (next)
        report_schema(r, next, value, at);
}

/* All others are plain: the keyword, at the value. */
static void (*const reporters[KEYWORDS])(struct report *r, const struct check *check, const struct value *value,
                                         const struct spot *at) = {
    [KEYWORD_REF] = report_all,           [KEYWORD_ITEMS] = report_items,
    [KEYWORD_REQUIRED] = report_required, [KEYWORD_DEPENDENT_REQUIRED] = report_dependencies,
    [KEYWORD_PROPERTIES] = report_members, [KEYWORD_PROPERTY_NAMES] = report_names,
    [KEYWORD_ALL_OF] = report_all,        [KEYWORD_ANY_OF] = report_alternatives,
    [KEYWORD_ONE_OF] = report_alternatives, [KEYWORD_IF] = report_if,
};

/* Adds what is wrong with value, if anything. A wrong type says enough: nothing else is said beside it. */
static void report_schema(struct report *r, const struct schema *schema, const struct value *value,
                          const struct spot *at)
{
    if (schema->refuses_all)
        add(r, at, STR("unknown"), (struct str){NULL, 0});
    for (size_t i = 0; i < schema->n_checks && !is_over(r); i++) {
        const struct check *check = &schema->checks[i];
        if (check_fits(&r->run, check, value))
            continue;
        if (!is_over(r))
            (reporters[check->keyword] ? reporters[check->keyword] : report_plain)(r, check, value, at);
        if (check->keyword == KEYWORD_TYPE)
            return;
    }
}

bool schema_validate(const struct schema *schema, const struct value *value, struct str base, struct violations *list)
{
    struct report r = {.list = list, .base = base};

    bool fits = schema_fits(&r.run, schema, value);
    if (fits && r.run.steps <= RUN_STEPS_MAX) /* beyond them nothing fits, and `not` turns that round */
        return true;
    if (!list)
        return false;
    r.run.steps = 0;
    if (!list->more)
        report_schema(&r, schema, value, NULL);
    if (!r.told && !list->more) /* the work had to be bounded; alternatives alone can make so much */
        add(&r, NULL, keyword_info[KEYWORD_ANY_OF].name, (struct str){NULL, 0});
    return false;
}
