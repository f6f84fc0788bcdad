/* schema_read_nested.c: reads the keywords about members and those that hold or name schemas. Validates nothing. */
#include <stdlib.h>

#include "contract/schema_reader.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes %XX of a fragment (RFC 6901 6); false for a broken escape. */
static bool decode_fragment(struct arena *a, struct str text, struct str *ret)
{
    char *decoded = arena_alloc(a, text.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++, n++) {
        decoded[n] = text.p[i];
        if (text.p[i] != '%')
            continue;
        int high = i + 2 < text.n ? hex_digit(text.p[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(text.p[i + 2]);
        if (low < 0)
            return false;
        decoded[n] = (char)(high * 16 + low);
        i += 2;
    }
    *ret = (struct str){decoded, n};
    return true;
}

/* Whether s is a JSON Pointer: "" or "/...", with ~ in ~0 and ~1 alone (RFC 6901 3). */
static bool is_pointer(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '~' && (i + 1 == s.n || (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
            return false;
    return s.n == 0 || s.p[0] == '/';
}

/* What may stand beside $ref: it constrains nothing, so that the drafts agree although draft 7 ignores siblings. */
static bool may_stand_beside_ref(struct str name)
{
    static const struct str names[] = {STR_INIT("$ref"),     STR_INIT("$schema"), STR_INIT("$id"),
                                       STR_INIT("$comment"), STR_INIT("$defs"),   STR_INIT("definitions")};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

bool read_ref(struct reader *r, const struct value *operand, struct check *check)
{
    struct str text = value_string(operand), pointer;
    const struct value *source = r->node->source, *target;

    if (text.n == 0 || text.p[0] != '#')
        return reader_refuse(r, "must be a reference into this document: #/...");
    if (!decode_fragment(r->arena, str_skip(text, 1), &pointer) || !is_pointer(pointer))
        return reader_refuse(r, "must be # with a JSON Pointer");
    for (size_t i = 0; i < source->object.n; i++)
        if (!may_stand_beside_ref(source->object.v[i].name))
            return reader_refuse(r, "must stand alone: the drafts differ on what stands beside it");
    target = value_at(schema_set_document(r->set), pointer);
    if (!target)
        return reader_refuse(r, "refers to nothing");
    r->node->nests = true;
    check->branches.v = arena_new(r->arena, struct schema *);
    check->branches.v[0] = schema_set_schema(r->set, target, pointer);
    check->branches.n = 1;
    return true;
}

static bool read_names(struct reader *r, const struct value *operand, const struct str **ret, size_t *ret_n)
{
    size_t n = operand->type == VALUE_ARRAY ? operand->array.n : 0;
    struct str *names = arena_array(r->arena, struct str, n);

    if (operand->type != VALUE_ARRAY)
        return reader_refuse(r, "must list names");
    for (size_t i = 0; i < n; i++) {
        if (operand->array.v[i]->type != VALUE_STRING)
            return reader_refuse(r, "must list names");
        names[i] = operand->array.v[i]->string;
        for (size_t j = 0; j < i; j++)
            if (str_eq(names[i], names[j]))
                return reader_refuse(r, "must list each name once");
    }
    *ret = names;
    *ret_n = n;
    return true;
}

bool read_required(struct reader *r, const struct value *operand, struct check *check)
{
    return read_names(r, operand, &check->names.v, &check->names.n);
}

bool read_dependent_required(struct reader *r, const struct value *operand, struct check *check)
{
    size_t n = operand->type == VALUE_OBJECT ? operand->object.n : 0;
    struct dependency *dependencies = arena_array(r->arena, struct dependency, n);

    if (operand->type != VALUE_OBJECT)
        return reader_refuse(r, "must be an object");
    for (size_t i = 0; i < n; i++) {
        dependencies[i].when = operand->object.v[i].name;
        if (!read_names(r, operand->object.v[i].value, &dependencies[i].names, &dependencies[i].n))
            return false;
    }
    check->dependencies.v = dependencies;
    check->dependencies.n = n;
    return true;
}

/* The node's members; the first keyword about them makes the one check for all three. */
static struct members *members_of(struct reader *r, struct check *check)
{
    if (r->node->members) {
        check->keyword = KEYWORDS;
    } else {
        r->node->members = arena_new(r->arena, struct members);
        check->keyword = KEYWORD_PROPERTIES;
    }
    check->members = r->node->members;
    return r->node->members;
}

static int by_name(const void *a, const void *b)
{
    return str_compare(((const struct property *)a)->name, ((const struct property *)b)->name);
}

bool read_properties(struct reader *r, const struct value *operand, struct check *check)
{
    size_t n = operand->type == VALUE_OBJECT ? operand->object.n : 0;
    struct property *declared = arena_array(r->arena, struct property, n);
    struct property *sorted = arena_array(r->arena, struct property, n);
    struct members *members = members_of(r, check);

    if (operand->type != VALUE_OBJECT)
        return reader_refuse(r, "must be an object");
    for (size_t i = 0; i < n; i++) {
        const struct member *member = &operand->object.v[i];
        declared[i] = (struct property){member->name, reader_child(r, member->value, &member->name)};
        sorted[i] = declared[i];
    }
    qsort(sorted, n, sizeof *sorted, by_name);
    members->declared = declared;
    members->sorted = sorted;
    members->n = n;
    return true;
}

bool read_pattern_properties(struct reader *r, const struct value *operand, struct check *check)
{
    size_t n = operand->type == VALUE_OBJECT ? operand->object.n : 0;
    struct pattern_property *patterns = arena_array(r->arena, struct pattern_property, n);
    struct members *members = members_of(r, check);

    if (operand->type != VALUE_OBJECT)
        return reader_refuse(r, "must be an object");
    for (size_t i = 0; i < n; i++) {
        const struct member *member = &operand->object.v[i];
        if (!reader_pattern(r, member->name, &patterns[i].pattern))
            return false;
        patterns[i].schema = reader_child(r, member->value, &member->name);
    }
    members->patterns = patterns;
    members->n_patterns = n;
    return true;
}

bool read_additional(struct reader *r, const struct value *operand, struct check *check)
{
    members_of(r, check)->additional = reader_child(r, operand, NULL);
    return true;
}

bool read_one(struct reader *r, const struct value *operand, struct check *check)
{
    if (operand->type == VALUE_ARRAY)
        return reader_refuse(r, "must be one schema; the drafts differ on lists");
    check->branches.v = arena_new(r->arena, struct schema *);
    check->branches.v[0] = reader_child(r, operand, NULL);
    check->branches.n = 1;
    return true;
}

/* Of an array with x-each the items are checked one by one, by whoever takes them apart. */
bool read_items(struct reader *r, const struct value *operand, struct check *check)
{
    if (!read_one(r, operand, check))
        return false;
    if (r->node->x_each) {
        r->node->each = check->branches.v[0];
        check->keyword = KEYWORDS;
    }
    return true;
}

bool read_list(struct reader *r, const struct value *operand, struct check *check)
{
    size_t n = operand->type == VALUE_ARRAY ? operand->array.n : 0;
    struct schema **branches = arena_array(r->arena, struct schema *, n);

    if (n == 0)
        return reader_refuse(r, "must be a list of schemas");
    for (size_t i = 0; i < n; i++) {
        struct str index = arena_printf(r->arena, "%zu", i);
        branches[i] = reader_child(r, operand->array.v[i], &index);
    }
    check->branches.v = branches;
    check->branches.n = n;
    return true;
}

/* then and else are read again on their own; a schema is made once, so both are the same. */
bool read_if(struct reader *r, const struct value *operand, struct check *check)
{
    static const enum keyword keywords[] = {KEYWORD_IF, KEYWORD_THEN, KEYWORD_ELSE};

    check->branches.v = arena_array(r->arena, struct schema *, 3);
    check->branches.n = 3;
    check->branches.v[0] = reader_child(r, operand, NULL);
    for (size_t i = 1; i < 3; i++) {
        r->keyword = keywords[i];
        const struct value *source = value_get(r->node->source, keyword_info[keywords[i]].name);
        check->branches.v[i] = source ? reader_child(r, source, NULL) : NULL;
    }
    r->keyword = KEYWORD_IF;
    return true;
}

bool read_branch(struct reader *r, const struct value *operand, struct check *check)
{
    reader_child(r, operand, NULL);
    check->keyword = KEYWORDS;
    return true;
}

bool read_definitions(struct reader *r, const struct value *operand, struct check *check)
{
    if (operand->type != VALUE_OBJECT)
        return reader_refuse(r, "must be an object");
    for (size_t i = 0; i < operand->object.n; i++)
        reader_child(r, operand->object.v[i].value, &operand->object.v[i].name);
    check->keyword = KEYWORDS;
    return true;
}
