/* conceal.c: walks a value along its schema and seals what that marks. Knows nothing of keys and columns. */
#include "operation/conceal.h"

struct str conceal_value(struct arena *a, const struct seal *seal, struct str path, const struct value *value)
{
    while (str_find(path, '.') < path.n)
        path = str_skip(path, str_find(path, '.') + 1);
    return seal_close(seal, a, path, value_text(a, value));
}

static const struct value *string_of(struct arena *a, struct str text)
{
    struct value *value = arena_new(a, struct value);

    value->type = VALUE_STRING;
    value->string = text;
    return value;
}

static const struct value *conceal_member(struct arena *a, const struct seal *seal, const struct schema *property,
                                          const struct member *member)
{
    if (!property || member->value->type == VALUE_NULL)
        return member->value;
    if (schema_is_sealed(property))
        return string_of(a, conceal_value(a, seal, member->name, member->value));
    return conceal_members(a, seal, property, member->value);
}

static void conceal_object(struct arena *a, const struct seal *seal, const struct schema *schema, const struct value *value,
                           struct value *ret)
{
    struct member *members = arena_array(a, struct member, value->object.n);

    for (size_t i = 0; i < value->object.n; i++) {
        const struct member *member = &value->object.v[i];
        members[i] = (struct member){member->name, conceal_member(a, seal, schema_property(schema, member->name), member)};
    }
    ret->object.v = members;
    ret->object.n = value->object.n;
}

static void conceal_array(struct arena *a, const struct seal *seal, const struct schema *items, const struct value *value,
                          struct value *ret)
{
    const struct value **v = arena_array(a, const struct value *, value->array.n);

    for (size_t i = 0; i < value->array.n; i++)
        v[i] = conceal_members(a, seal, items, value->array.v[i]);
    ret->array.v = v;
    ret->array.n = value->array.n;
}

const struct value *conceal_members(struct arena *a, const struct seal *seal, const struct schema *schema, const struct value *value)
{
    const struct schema *items = schema_items(schema);
    bool nests = value->type == VALUE_OBJECT || (value->type == VALUE_ARRAY && items);

    if (!nests || !(schema_marks(schema) & MARKS_SEALED))
        return value;
    struct value *made = arena_new(a, struct value);
    made->type = value->type;
    if (value->type == VALUE_OBJECT)
        conceal_object(a, seal, schema, value, made);
    else
        conceal_array(a, seal, items, value, made);
    return made;
}
