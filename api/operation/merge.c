/* merge.c: the record that a merge patch makes. Knows nothing of where the record is stored. */
#include "operation/merge.h"

static bool allows_null(const struct schema *schema)
{
    return schema && (schema_types(schema) & TYPE_NULL);
}

/* The member as the patch leaves it, or NULL where it is gone. */
static const struct value *merge_member(struct arena *a, const struct schema *schema, const struct value *record,
                                        const struct member *change)
{
    const struct schema *property = schema ? schema_property(schema, change->name) : NULL;

    if (change->value->type == VALUE_NULL)
        return allows_null(property) ? change->value : NULL;
    return merge_record(a, property, value_get(record, change->name), change->value);
}

const struct value *merge_record(struct arena *a, const struct schema *schema, const struct value *record, const struct value *patch)
{
    if (patch->type != VALUE_OBJECT)
        return patch;
    size_t kept = record && record->type == VALUE_OBJECT ? record->object.n : 0, n = 0;
    struct member *members = arena_array(a, struct member, kept + patch->object.n);

    for (size_t i = 0; i < kept; i++)
        if (!value_get(patch, record->object.v[i].name))
            members[n++] = record->object.v[i];
    for (size_t i = 0; i < patch->object.n; i++) {
        const struct value *value = merge_member(a, schema, record, &patch->object.v[i]);
        if (value)
            members[n++] = (struct member){patch->object.v[i].name, value};
    }
    struct value *merged = arena_new(a, struct value);
    merged->type = VALUE_OBJECT;
    merged->object.v = members;
    merged->object.n = n;
    return merged;
}
