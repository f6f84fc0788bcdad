/* schema_fits.c: whether a value fits a schema, as fast as can be told. Explains nothing, allocates nothing. */
#include "contract/format.h"
#include "contract/schema_internal.h"
#include "contract/unique.h"

unsigned value_types(const struct value *value)
{
    static const unsigned types[] = {
        [VALUE_NULL] = TYPE_NULL,       [VALUE_FALSE] = TYPE_BOOLEAN, [VALUE_TRUE] = TYPE_BOOLEAN,
        [VALUE_INTEGER] = TYPES_NUMERIC, [VALUE_REAL] = TYPE_NUMBER,  [VALUE_STRING] = TYPE_STRING,
        [VALUE_ARRAY] = TYPE_ARRAY,     [VALUE_OBJECT] = TYPE_OBJECT,
    };
    return types[value->type] | (value->type == VALUE_REAL && number_is_integer(value) ? TYPE_INTEGER : 0u);
}

/* --- one value --- */

static bool fits_type(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    return check->types & value_types(value);
}

static bool fits_enum(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    for (size_t i = 0; i < check->operand->array.n; i++)
        if (value_equal(check->operand->array.v[i], value))
            return true;
    return false;
}

static bool fits_const(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    return value_equal(check->operand, value);
}

/* Characters, items or members. */
static int64_t size(const struct value *value)
{
    if (value->type == VALUE_STRING)
        return (int64_t)str_code_points(value->string);
    return (int64_t)(value->type == VALUE_ARRAY ? value->array.n : value->object.n);
}

static bool fits_min_size(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    return size(value) >= check->count;
}

static bool fits_max_size(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    return size(value) <= check->count;
}

static bool fits_pattern(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    return pattern_fits(check->pattern, value->string);
}

static bool fits_format(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    return format_fits(check->format, value->string);
}

static bool fits_limit(struct run *run, const struct check *check, const struct value *value)
{
    int order = number_compare(value, check->operand);

    (void)run;
    return check->keyword == KEYWORD_MINIMUM             ? order >= 0
           : check->keyword == KEYWORD_MAXIMUM           ? order <= 0
           : check->keyword == KEYWORD_EXCLUSIVE_MINIMUM ? order > 0
                                                         : order < 0;
}

static bool fits_multiple_of(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    return decimal_is_multiple(number_decimal(value), check->decimal);
}

static bool fits_unique(struct run *run, const struct check *check, const struct value *value)
{
    (void)run, (void)check;
    return values_are_unique(value);
}

/* --- items and members --- */

static bool fits_items(struct run *run, const struct check *check, const struct value *value)
{
    for (size_t i = 0; i < value->array.n; i++)
        if (!schema_fits(run, check->branches.v[0], value->array.v[i]))
            return false;
    return true;
}

static bool fits_contains(struct run *run, const struct check *check, const struct value *value)
{
    for (size_t i = 0; i < value->array.n; i++)
        if (schema_fits(run, check->branches.v[0], value->array.v[i]))
            return true;
    return false;
}

static bool fits_required(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    for (size_t i = 0; i < check->names.n; i++)
        if (!value_get(value, check->names.v[i]))
            return false;
    return true;
}

static bool fits_dependencies(struct run *run, const struct check *check, const struct value *value)
{
    (void)run;
    for (size_t i = 0; i < check->dependencies.n; i++) {
        const struct dependency *dependency = &check->dependencies.v[i];
        bool applies = value_get(value, dependency->when);
        for (size_t j = 0; applies && j < dependency->n; j++)
            if (!value_get(value, dependency->names[j]))
                return false;
    }
    return true;
}

static bool fits_names(struct run *run, const struct check *check, const struct value *value)
{
    for (size_t i = 0; i < value->object.n; i++) {
        struct value name = {.type = VALUE_STRING, .string = value->object.v[i].name};
        if (!schema_fits(run, check->branches.v[0], &name))
            return false;
    }
    return true;
}

const struct schema *members_find(const struct members *members, struct str name)
{
    size_t low = 0, high = members->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(name, members->sorted[middle].name);
        if (order == 0)
            return members->sorted[middle].schema;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool member_fits(struct run *run, const struct members *members, const struct member *member)
{
    const struct schema *declared = members_find(members, member->name);
    bool known = declared;

    if (declared && !schema_fits(run, declared, member->value))
        return false;
    for (size_t i = 0; i < members->n_patterns; i++) {
        if (!pattern_fits(members->patterns[i].pattern, member->name))
            continue;
        known = true;
        if (!schema_fits(run, members->patterns[i].schema, member->value))
            return false;
    }
    return known || !members->additional || schema_fits(run, members->additional, member->value);
}

static bool fits_members(struct run *run, const struct check *check, const struct value *value)
{
    for (size_t i = 0; i < value->object.n; i++)
        if (!member_fits(run, check->members, &value->object.v[i]))
            return false;
    return true;
}

/* --- schemas for the same value --- */

static bool fits_all(struct run *run, const struct check *check, const struct value *value)
{
    for (size_t i = 0; i < check->branches.n; i++)
        if (!schema_fits(run, check->branches.v[i], value))
            return false;
    return true;
}

static bool fits_any(struct run *run, const struct check *check, const struct value *value)
{
    for (size_t i = 0; i < check->branches.n; i++)
        if (schema_fits(run, check->branches.v[i], value))
            return true;
    return false;
}

static bool fits_just_one(struct run *run, const struct check *check, const struct value *value)
{
    int fitting = 0;

    for (size_t i = 0; i < check->branches.n && fitting < 2; i++)
        fitting += schema_fits(run, check->branches.v[i], value);
    return fitting == 1;
}

static bool fits_not(struct run *run, const struct check *check, const struct value *value)
{
    return !schema_fits(run, check->branches.v[0], value);
}

static bool fits_if(struct run *run, const struct check *check, const struct value *value)
{
    const struct schema *next = check->branches.v[schema_fits(run, check->branches.v[0], value) ? 1 : 2];

    return !next || schema_fits(run, next, value);
}

static bool (*const fitters[KEYWORDS])(struct run *run, const struct check *check, const struct value *value) = {
    [KEYWORD_REF] = fits_all,
    [KEYWORD_TYPE] = fits_type,
    [KEYWORD_ENUM] = fits_enum,
    [KEYWORD_CONST] = fits_const,
    [KEYWORD_MIN_LENGTH] = fits_min_size,
    [KEYWORD_MAX_LENGTH] = fits_max_size,
    [KEYWORD_PATTERN] = fits_pattern,
    [KEYWORD_FORMAT] = fits_format,
    [KEYWORD_MINIMUM] = fits_limit,
    [KEYWORD_MAXIMUM] = fits_limit,
    [KEYWORD_EXCLUSIVE_MINIMUM] = fits_limit,
    [KEYWORD_EXCLUSIVE_MAXIMUM] = fits_limit,
    [KEYWORD_MULTIPLE_OF] = fits_multiple_of,
    [KEYWORD_MIN_ITEMS] = fits_min_size,
    [KEYWORD_MAX_ITEMS] = fits_max_size,
    [KEYWORD_UNIQUE_ITEMS] = fits_unique,
    [KEYWORD_CONTAINS] = fits_contains,
    [KEYWORD_ITEMS] = fits_items,
    [KEYWORD_MIN_PROPERTIES] = fits_min_size,
    [KEYWORD_MAX_PROPERTIES] = fits_max_size,
    [KEYWORD_REQUIRED] = fits_required,
    [KEYWORD_DEPENDENT_REQUIRED] = fits_dependencies,
    [KEYWORD_PROPERTY_NAMES] = fits_names,
    [KEYWORD_PROPERTIES] = fits_members,
    [KEYWORD_ALL_OF] = fits_all,
    [KEYWORD_ANY_OF] = fits_any,
    [KEYWORD_ONE_OF] = fits_just_one,
    [KEYWORD_NOT] = fits_not,
    [KEYWORD_IF] = fits_if,
};

bool check_fits(struct run *run, const struct check *check, const struct value *value)
{
    return !(keyword_info[check->keyword].types & value_types(value)) || fitters[check->keyword](run, check, value);
}

static bool all_checks_fit(struct run *run, const struct schema *schema, const struct value *value)
{
    for (size_t i = 0; i < schema->n_checks; i++)
        if (!check_fits(run, &schema->checks[i], value))
            return false;
    return true;
}

bool schema_fits(struct run *run, const struct schema *schema, const struct value *value)
{
    uintptr_t key = (uintptr_t)schema / sizeof(struct schema) * 31 + (uintptr_t)value / sizeof(struct value);
    struct known *known = &run->known[key % KNOWN_MAX];
    bool remember = schema->nests && (value->type == VALUE_OBJECT || value->type == VALUE_ARRAY);

    if (schema->refuses_all || ++run->steps > RUN_STEPS_MAX || run->depth >= RUN_DEPTH_MAX)
        return false;
    if (remember && known->schema == schema && known->value == value)
        return known->fits;
    run->depth++;
    bool fits = all_checks_fit(run, schema, value);
    run->depth--;
    if (remember)
        *known = (struct known){schema, value, fits};
    return fits;
}
