/* rewrite.c: copies a contract file's nodes with local references. Knows the grammar, not what members mean. */
#include "contract/rewrite.h"

#include <stdarg.h>
#include <stdio.h>

void *rewrite_refuse(struct bundler *b, const struct spot *spot, const char *format, ...)
{
    struct str pointer = spot_pointer(b->arena, b->part->from.pointer, spot);
    char reason[256];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    error_set(b->err, ERR_CONTRACT, "%.*s#%.*s: %s", STR_ARG(b->part->from.source->name), STR_ARG(pointer), reason);
    return NULL;
}

static void note_schema(struct bundler *b, struct str at)
{
    struct schema_spot *noted = arena_new(b->arena, struct schema_spot);

    noted->at = at;
    *b->schemas_end = noted;
    b->schemas_end = &noted->next;
}

struct part *rewrite_part(struct bundler *b, enum node node, struct str at, struct target from)
{
    struct part *part = arena_new(b->arena, struct part);

    *part = (struct part){.node = node, .at = at, .from = from};
    *b->parts_end = part;
    b->parts_end = &part->next;
    return part;
}

/* What may be a key of components (OpenAPI 3.1, 4.8.7). */
static bool is_component_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-')
            return false;
    }
    return name.n > 0;
}

struct part *rewrite_component(struct bundler *b, enum node node, struct str name, struct target target,
                               const struct spot *spot)
{
    const struct part *taken = NULL;

    for (struct part *part = b->parts; part; part = part->next) {
        if (part->node == node && part->from.value == target.value)
            return part;
        if (part->node == node && str_eq(part->name, name))
            taken = part;
    }
    if (taken)
        return rewrite_refuse(b, spot, "the name %.*s is taken by %.*s#%.*s", STR_ARG(name),
                              STR_ARG(taken->from.source->name), STR_ARG(taken->from.pointer));
    if (!is_component_name(name))
        return rewrite_refuse(b, spot, "\"%.*s\" cannot name a component", STR_ARG(name));
    struct str kind = grammar_component(node);
    struct str at = arena_printf(b->arena, "/components/%.*s/%.*s", STR_ARG(kind), STR_ARG(name));
    struct part *part = rewrite_part(b, node, at, target);
    part->name = name;
    if (node == NODE_SCHEMA)
        note_schema(b, at);
    return part;
}

const struct value *rewrite_new_object(struct arena *a, size_t n, struct member **ret_members)
{
    struct value *value = arena_new(a, struct value);

    *ret_members = arena_array(a, struct member, n);
    value->type = VALUE_OBJECT;
    value->object.v = *ret_members;
    value->object.n = n;
    return value;
}

static struct str last_token(struct str pointer)
{
    struct str rest = str_skip(pointer, 1), token = {NULL, 0};

    while (str_next(&rest, '/', &token))
        ;
    return token;
}

/* The new `$ref` of a node that components can hold. */
static const struct value *rewrite_ref(struct bundler *b, enum node node, const struct value *ref, const struct spot *spot)
{
    struct target target;
    struct error reason;

    if (ref->type != VALUE_STRING)
        return rewrite_refuse(b, spot, "must be a string");
    if (!source_resolve(&b->sources, b->part->from.source, ref->string, &target, &reason))
        return rewrite_refuse(b, spot, "%s", reason.argument);
    const struct part *part = rewrite_component(b, node, last_token(target.pointer), target, spot);
    if (!part)
        return NULL;
    struct value *text = arena_new(b->arena, struct value);
    text->type = VALUE_STRING;
    text->string = arena_printf(b->arena, "#%.*s", STR_ARG(part->at));
    return text;
}

static const struct value *rewrite_list(struct bundler *b, enum node node, const struct value *list, const struct spot *spot)
{
    if (list->type != VALUE_ARRAY)
        return rewrite_refuse(b, spot, "must be an array");
    const struct value **items = arena_array(b->arena, const struct value *, list->array.n);
    struct value *rewritten = arena_new(b->arena, struct value);

    for (size_t i = 0; i < list->array.n; i++) {
        struct spot at = {spot, {NULL, 0}, i};
        items[i] = rewrite(b, node, list->array.v[i], &at);
        if (!items[i])
            return NULL;
    }
    rewritten->type = VALUE_ARRAY;
    rewritten->array.v = items;
    rewritten->array.n = list->array.n;
    return rewritten;
}

static const struct value *rewrite_map(struct bundler *b, enum node node, const struct value *map, const struct spot *spot)
{
    struct member *members;

    if (map->type != VALUE_OBJECT)
        return rewrite_refuse(b, spot, "must be an object");
    const struct value *rewritten = rewrite_new_object(b->arena, map->object.n, &members);
    for (size_t i = 0; i < map->object.n; i++) {
        struct spot at = {spot, map->object.v[i].name, 0};
        members[i] = (struct member){at.token, rewrite(b, node, map->object.v[i].value, &at)};
        if (!members[i].value)
            return NULL;
    }
    return rewritten;
}

/* Whether the `$ref` of an object is a reference: not in a map of properties that happens to name one so. */
static bool is_reference(enum node node, struct str name)
{
    return str_eq(name, STR("$ref")) && grammar_component(node).p;
}

/* Whether a schema may have a member of that name that is no keyword of JSON Schema: the keys that the engine knows. */
static bool is_extension(struct str name)
{
    return str_eq(name, STR("x-sealed")) || str_eq(name, STR("x-each"));
}

static const struct value *rewrite_member(struct bundler *b, enum node node, struct member member, const struct spot *spot)
{
    const struct rule *rule = grammar_rule(node, member.name);

    if (is_reference(node, member.name))
        return rewrite_ref(b, node, member.value, spot);
    if (!rule && (node != NODE_SCHEMA || (str_starts(member.name, STR("x-")) && !is_extension(member.name))))
        return rewrite_refuse(b, spot, "unknown member");
    if (!rule)
        return member.value;
    if (rule->node == NODE_SCHEMA && node != NODE_SCHEMA)
        note_schema(b, spot_pointer(b->arena, b->part->at, spot));
    if (rule->holds == HOLDS_LIST)
        return rewrite_list(b, rule->node, member.value, spot);
    if (rule->holds == HOLDS_MAP)
        return rewrite_map(b, rule->node, member.value, spot);
    return rewrite(b, rule->node, member.value, spot);
}

static const struct value *rewrite_object(struct bundler *b, enum node node, const struct value *object,
                                          const struct spot *spot)
{
    bool refers = value_get(object, STR("$ref")) && is_reference(node, STR("$ref"));
    struct str missing = refers ? (struct str){NULL, 0} : grammar_missing(node, object);
    struct member *members;

    if (refers && node != NODE_SCHEMA && object->object.n > 1)
        return rewrite_refuse(b, spot, "$ref must stand alone");
    if (missing.p)
        return rewrite_refuse(b, spot, "misses \"%.*s\"", STR_ARG(missing));
    const struct value *rewritten = rewrite_new_object(b->arena, object->object.n, &members);
    for (size_t i = 0; i < object->object.n; i++) {
        struct spot at = {spot, object->object.v[i].name, 0};
        members[i] = (struct member){at.token, rewrite_member(b, node, object->object.v[i], &at)};
        if (!members[i].value)
            return NULL;
    }
    return rewritten;
}

/* Puts a path item, of whatever file, in place. */
static const struct value *rewrite_path_item(struct bundler *b, const struct value *item, const struct spot *spot)
{
    const struct part *outer = b->part;
    const struct value *ref = value_get(item, STR("$ref"));
    struct target target = {outer->from.source, spot_pointer(b->arena, outer->from.pointer, spot), item};
    struct error reason;

    if (ref && (item->object.n > 1 || ref->type != VALUE_STRING))
        return rewrite_refuse(b, spot, "$ref must be a string and stand alone");
    if (ref && !source_resolve(&b->sources, outer->from.source, ref->string, &target, &reason))
        return rewrite_refuse(b, spot, "%s", reason.argument);
    b->part = rewrite_part(b, NODE_PATH_ITEM, spot_pointer(b->arena, outer->at, spot), target);
    const struct value *rewritten = target.value->type == VALUE_OBJECT
                                        ? rewrite_object(b, NODE_PATH_ITEM, target.value, NULL)
                                        : rewrite_refuse(b, NULL, "must be an object");
    b->part = outer;
    return rewritten;
}

/* Recurses as deep as a file nests, which was bounded. */
const struct value *rewrite(struct bundler *b, enum node node, const struct value *value, const struct spot *spot)
{
    bool flag = value->type == VALUE_TRUE || value->type == VALUE_FALSE;

    if (node == NODE_DATA || (flag && (node == NODE_FLAG || node == NODE_SCHEMA)))
        return value;
    if (node == NODE_FLAG)
        return rewrite_refuse(b, spot, "must be true or false");
    if (node == NODE_TEXT)
        return value_string(value).n ? value : rewrite_refuse(b, spot, "must be a string that is not empty");
    if (value->type != VALUE_OBJECT)
        return rewrite_refuse(b, spot, "must be an object");
    return node == NODE_PATH_ITEM ? rewrite_path_item(b, value, spot) : rewrite_object(b, node, value, spot);
}
