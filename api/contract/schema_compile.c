/* schema_compile.c: reads one schema object, keyword by keyword, and refuses what it does not know. Validates nothing. */
#include "contract/pointer.h"
#include "contract/schema_reader.h"

#define KEYWORD_INFO(name, text, types) [KEYWORD_##name] = {STR_INIT(text), types},
const struct keyword_info keyword_info[KEYWORDS] = {KEYWORD_LIST(KEYWORD_INFO)};
#undef KEYWORD_INFO

static read_keyword *const readers[KEYWORDS] = {
    [KEYWORD_REF] = read_ref,
    [KEYWORD_TYPE] = read_type,
    [KEYWORD_ENUM] = read_enum,
    [KEYWORD_CONST] = read_const,
    [KEYWORD_MIN_LENGTH] = read_count,
    [KEYWORD_MAX_LENGTH] = read_count,
    [KEYWORD_PATTERN] = read_pattern,
    [KEYWORD_FORMAT] = read_format,
    [KEYWORD_MINIMUM] = read_limit,
    [KEYWORD_MAXIMUM] = read_limit,
    [KEYWORD_EXCLUSIVE_MINIMUM] = read_limit,
    [KEYWORD_EXCLUSIVE_MAXIMUM] = read_limit,
    [KEYWORD_MULTIPLE_OF] = read_multiple_of,
    [KEYWORD_MIN_ITEMS] = read_count,
    [KEYWORD_MAX_ITEMS] = read_count,
    [KEYWORD_UNIQUE_ITEMS] = read_unique,
    [KEYWORD_CONTAINS] = read_one,
    [KEYWORD_ITEMS] = read_items,
    [KEYWORD_MIN_PROPERTIES] = read_count,
    [KEYWORD_MAX_PROPERTIES] = read_count,
    [KEYWORD_REQUIRED] = read_required,
    [KEYWORD_DEPENDENT_REQUIRED] = read_dependent_required,
    [KEYWORD_PROPERTY_NAMES] = read_one,
    [KEYWORD_PROPERTIES] = read_properties,
    [KEYWORD_PATTERN_PROPERTIES] = read_pattern_properties,
    [KEYWORD_ADDITIONAL_PROPERTIES] = read_additional,
    [KEYWORD_ALL_OF] = read_list,
    [KEYWORD_ANY_OF] = read_list,
    [KEYWORD_ONE_OF] = read_list,
    [KEYWORD_NOT] = read_one,
    [KEYWORD_IF] = read_if,
    [KEYWORD_THEN] = read_branch,
    [KEYWORD_ELSE] = read_branch,
    [KEYWORD_DEFS] = read_definitions,
    [KEYWORD_DEFINITIONS] = read_definitions,
};

/* What is allowed and constrains nothing. */
static const struct annotation {
    struct str name;
    unsigned types; /* of its value */
    bool root_only;
} annotations[] = {
    {STR_INIT("title"), TYPE_STRING, false},      {STR_INIT("description"), TYPE_STRING, false},
    {STR_INIT("$comment"), TYPE_STRING, false},   {STR_INIT("default"), TYPE_ANY, false},
    {STR_INIT("examples"), TYPE_ARRAY, false},    {STR_INIT("example"), TYPE_ANY, false},
    {STR_INIT("deprecated"), TYPE_BOOLEAN, false}, {STR_INIT("readOnly"), TYPE_BOOLEAN, false},
    {STR_INIT("writeOnly"), TYPE_BOOLEAN, false}, {STR_INIT("$schema"), TYPE_STRING, true},
    {STR_INIT("$id"), TYPE_STRING, true},
};

/* The drafts in which the keywords here mean the same; another may give them another meaning. */
static const struct str dialects[] = {
    STR_INIT("http://json-schema.org/draft-06/schema#"),      STR_INIT("http://json-schema.org/draft-06/schema"),
    STR_INIT("http://json-schema.org/draft-07/schema#"),      STR_INIT("http://json-schema.org/draft-07/schema"),
    STR_INIT("https://json-schema.org/draft/2019-09/schema"), STR_INIT("https://json-schema.org/draft/2020-12/schema"),
};

static bool is_known_dialect(const struct value *name)
{
    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++)
        if (str_eq(value_string(name), dialects[i]))
            return true;
    return !name;
}

static bool is_keyword(struct str name)
{
    for (size_t i = 0; i < KEYWORDS; i++)
        if (str_eq(name, keyword_info[i].name))
            return true;
    return false;
}

static const struct annotation *annotation_by_name(struct str name)
{
    for (size_t i = 0; i < sizeof annotations / sizeof annotations[0]; i++)
        if (str_eq(name, annotations[i].name))
            return &annotations[i];
    return NULL;
}

/* Why a member of a schema object is not taken, or NULL. */
static const char *refusal(const struct member *member, bool is_root)
{
    const struct annotation *annotation = annotation_by_name(member->name);

    if (str_eq(member->name, STR("x-sealed")) || str_eq(member->name, STR("x-each")))
        return member->value->type == VALUE_TRUE ? NULL : "is true, or left out";
    if (is_keyword(member->name) || str_starts(member->name, STR("x-")))
        return NULL;
    if (!annotation)
        return "this keyword is not supported";
    if (annotation->root_only && !is_root)
        return "is taken at the document's root only";
    if (!(value_types(member->value) & annotation->types))
        return "has a value of the wrong type";
    if (str_eq(member->name, STR("$schema")) && !is_known_dialect(member->value))
        return "names a dialect that is not known here";
    return NULL;
}

static bool members_are_known(const struct reader *r)
{
    const struct value *source = r->node->source;
    bool is_root = source == schema_set_document(r->set);

    for (size_t i = 0; i < source->object.n; i++) {
        const char *reason = refusal(&source->object.v[i], is_root);
        if (reason)
            return error_set(r->err, ERR_CONTRACT, "%.*s/%.*s: %s", STR_ARG(r->node->pointer),
                             STR_ARG(source->object.v[i].name), reason);
    }
    return true;
}

bool schema_read(struct schema_set *set, struct schema *node, struct error *err)
{
    struct reader r = {.set = set, .arena = schema_set_arena(set), .node = node, .err = err};
    size_t n = 0;

    node->refuses_all = node->source->type == VALUE_FALSE;
    if (node->refuses_all || node->source->type == VALUE_TRUE)
        return true;
    if (node->source->type != VALUE_OBJECT)
        return error_set(err, ERR_CONTRACT, "%.*s: a schema must be an object or a boolean", STR_ARG(node->pointer));
    if (!members_are_known(&r))
        return false;
    node->x_sealed = value_get(node->source, STR("x-sealed"));
    node->x_each = value_get(node->source, STR("x-each"));
    struct check *checks = arena_array(r.arena, struct check, node->source->object.n);
    for (r.keyword = 0; r.keyword < KEYWORDS; r.keyword++) {
        const struct value *operand = value_get(node->source, keyword_info[r.keyword].name);
        if (!operand)
            continue;
        checks[n] = (struct check){.keyword = r.keyword};
        if (!readers[r.keyword](&r, operand, &checks[n]))
            return false;
        n += checks[n].keyword != KEYWORDS;
    }
    node->checks = checks;
    node->n_checks = n;
    return true;
}

bool reader_refuse(struct reader *r, const char *reason)
{
    return error_set(r->err, ERR_CONTRACT, "%.*s/%.*s: %s", STR_ARG(r->node->pointer),
                     STR_ARG(keyword_info[r->keyword].name), reason);
}

struct schema *reader_child(struct reader *r, const struct value *source, const struct str *token)
{
    struct str pointer = pointer_child(r->arena, r->node->pointer, keyword_info[r->keyword].name);

    r->node->nests = true;
    return schema_set_schema(r->set, source, token ? pointer_child(r->arena, pointer, *token) : pointer);
}
