/* compile_schema.c: schemas, media types and their examples. Knows nothing of operations. */
#include "contract/compile.h"

bool compile_schema(struct compiler *c, struct str at, const struct schema **ret)
{
    struct error reason;

    if (schema_compile(c->schemas, at, ret, &reason))
        return true;
    /* "<pointer>: <reason>", the pointer being that of the bundle */
    struct str text = str_of(reason.argument);
    size_t colon = 0;
    while (colon < text.n && !str_starts(str_skip(text, colon), STR(": ")))
        colon++;
    if (colon == text.n)
        return compile_refuse(c, at, "%s", reason.argument);
    return compile_refuse(c, (struct str){text.p, colon}, "%s", text.p + colon + 2);
}

/* All of them, also those that no request meets: what is in the document is meant. */
bool compile_all_schemas(struct compiler *c)
{
    const struct schema *schema;

    for (const struct schema_spot *spot = c->bundle.schemas; spot; spot = spot->next)
        if (!compile_schema(c, spot->at, &schema))
            return false;
    return true;
}

/* Whether the items of every x-each property fit too: validating the whole leaves them alone. */
static bool items_fit(const struct schema *schema, const struct value *value, struct violations *list)
{
    const struct schema *property;
    struct str name;

    for (size_t i = 0; schema_property_at(schema, i, &name, &property); i++) {
        const struct value *array = schema_is_each(property) ? value_get(value, name) : NULL;
        for (size_t j = 0; array && array->type == VALUE_ARRAY && j < array->array.n; j++)
            if (!schema_validate(schema_items(property), array->array.v[j], arena_printf(list->arena, "/%.*s/%zu", STR_ARG(name), j), list))
                return false;
    }
    return true;
}

static bool check_example(struct compiler *c, struct element example, const struct schema *schema)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = c->arena, .v = v};

    if (schema_validate(schema, example.value, (struct str){NULL, 0}, &list) && items_fit(schema, example.value, &list))
        return true;
    struct str pointer = list.n ? v[0].pointer : (struct str){NULL, 0}, keyword = list.n ? v[0].keyword : STR("schema");
    return compile_refuse(c, example.at, "the example does not fit the schema: \"%.*s\" %.*s", STR_ARG(pointer),
                          STR_ARG(keyword));
}

/* `example` and `examples` of a parameter or a media type. */
bool compile_examples(struct compiler *c, struct element holder, const struct schema *schema)
{
    struct element one = {value_get(holder.value, STR("example")), pointer_child(c->arena, holder.at, STR("example"))};
    struct element many = element_get(c, holder, STR("examples"));

    if (one.value && !check_example(c, one, schema))
        return false;
    for (size_t i = 0; i < element_count(many); i++) {
        struct element example = element_get(c, many, many.value->object.v[i].name);
        struct element value = {value_get(example.value, STR("value")), pointer_child(c->arena, example.at, STR("value"))};
        if (!check_example(c, value, schema))
            return false;
    }
    return true;
}

bool media_is_json(struct str type)
{
    return str_eq(type, STR("application/json")) || str_ends(type, STR("+json"));
}

/* "type/subtype" in lower case and without parameters (RFC 9110 8.3.1). */
static bool is_media_type(struct str type)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.+-/";
    size_t slash = str_find(type, '/');

    for (size_t i = 0; i < type.n; i++)
        if (!type.p[i] || !strchr(plain, type.p[i]))
            return false;
    return slash > 0 && slash + 1 < type.n && str_find(str_skip(type, slash + 1), '/') == type.n - slash - 1;
}

bool compile_content(struct compiler *c, struct element content, const struct media **ret, size_t *ret_n)
{
    size_t n = element_count(content);
    struct media *media = arena_array(c->arena, struct media, n);

    for (size_t i = 0; i < n; i++) {
        media[i].type = content.value->object.v[i].name;
        struct element holder = {content.value->object.v[i].value, pointer_child(c->arena, content.at, media[i].type)};
        if (!is_media_type(media[i].type))
            return compile_refuse(c, holder.at, "not a media type in lower case without parameters");
        if (!compile_schema(c, pointer_child(c->arena, holder.at, STR("schema")), &media[i].schema) ||
            !compile_examples(c, holder, media[i].schema))
            return false;
        media[i].example = value_string(value_get(holder.value, STR("example")));
    }
    *ret = media;
    *ret_n = n;
    return true;
}
