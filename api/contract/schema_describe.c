/* schema_describe.c: what a compiled schema says of itself. Validates nothing. */
#include "contract/schema_internal.h"

unsigned schema_types(const struct schema *schema)
{
    bool some = schema->types != TYPE_ANY && schema->types & TYPE_NUMBER;

    return some ? schema->types & ~(unsigned)TYPE_INTEGER : schema->types;
}

/* The first check of that keyword in all faces, or NULL. */
static const struct check *find_check(const struct schema *schema, enum keyword keyword)
{
    for (size_t i = 0; i < schema->n_faces; i++)
        for (size_t j = 0; j < schema->faces[i]->n_checks; j++)
            if (schema->faces[i]->checks[j].keyword == keyword)
                return &schema->faces[i]->checks[j];
    return NULL;
}

enum schema_format schema_format(const struct schema *schema)
{
    const struct check *check = find_check(schema, KEYWORD_FORMAT);

    return check ? check->format : FORMAT_NONE;
}

const struct schema *schema_items(const struct schema *schema)
{
    const struct check *check = find_check(schema, KEYWORD_ITEMS);
    const struct schema *items = check ? check->branches.v[0] : NULL;

    for (size_t i = 0; !items && i < schema->n_faces; i++)
        items = schema->faces[i]->each;
    return items;
}

const struct schema *schema_property(const struct schema *schema, struct str name)
{
    for (size_t i = 0; i < schema->n_properties; i++)
        if (str_eq(schema->properties[i].name, name))
            return schema->properties[i].schema;
    return NULL;
}

bool schema_property_at(const struct schema *schema, size_t i, struct str *ret_name, const struct schema **ret_property)
{
    if (i >= schema->n_properties)
        return false;
    *ret_name = schema->properties[i].name;
    *ret_property = schema->properties[i].schema;
    return true;
}

static bool names_have(const struct check *check, struct str name)
{
    for (size_t i = 0; i < check->names.n; i++)
        if (str_eq(check->names.v[i], name))
            return true;
    return false;
}

bool schema_requires(const struct schema *schema, struct str name)
{
    for (size_t i = 0; i < schema->n_faces; i++)
        for (size_t j = 0; j < schema->faces[i]->n_checks; j++) {
            const struct check *check = &schema->faces[i]->checks[j];
            if (check->keyword == KEYWORD_REQUIRED && names_have(check, name))
                return true;
        }
    return false;
}

/* The first annotation of that name in all faces, or NULL. */
static const struct value *annotation(const struct schema *schema, struct str name)
{
    const struct value *found = NULL;

    for (size_t i = 0; i < schema->n_faces && !found; i++)
        found = value_get(schema->faces[i]->source, name);
    return found;
}

const struct value *schema_default(const struct schema *schema)
{
    return annotation(schema, STR("default"));
}
