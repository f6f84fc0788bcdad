/* schema.c: the set of schemas of a document, compiled one after the other, without recursion. Knows no keyword. */
#include "contract/schema_internal.h"

enum { BUCKETS = 1024 };

struct schema_set {
    struct arena *arena;
    const struct value *document;
    struct schema *buckets[BUCKETS];   /* by source */
    struct schema *first, **last_next; /* in order of making */
    struct schema *unread;             /* the first that is only made, or NULL */
    bool safe_patterns;
    bool marked;                       /* some schema has x-sealed or x-each */
    unsigned epoch;
    bool broken;
    struct error why; /* broken: every later compilation fails likewise */
};

struct schema_set *schema_set_new(struct arena *a, const struct value *document)
{
    struct schema_set *set = arena_new(a, struct schema_set);

    set->arena = a;
    set->document = document;
    set->last_next = &set->first;
    return set;
}

void schema_set_demand_safe_patterns(struct schema_set *set)
{
    set->safe_patterns = true;
}

bool schema_set_wants_safe_patterns(const struct schema_set *set)
{
    return set->safe_patterns;
}

struct arena *schema_set_arena(struct schema_set *set)
{
    return set->arena;
}

const struct value *schema_set_document(const struct schema_set *set)
{
    return set->document;
}

struct schema *schema_set_schema(struct schema_set *set, const struct value *source, struct str pointer)
{
    struct schema **bucket = &set->buckets[(uintptr_t)source / sizeof(struct value) % BUCKETS];

    for (struct schema *made = *bucket; made; made = made->same_bucket)
        if (made->source == source)
            return made;
    struct schema *made = arena_new(set->arena, struct schema);
    made->source = source;
    made->pointer = pointer;
    made->same_bucket = *bucket;
    *bucket = made;
    *set->last_next = made;
    set->last_next = &made->next;
    if (!set->unread)
        set->unread = made;
    return made;
}

/* Reads what is unread, and what that brings in, then settles all of it. */
static bool compile_pending(struct schema_set *set, struct error *err)
{
    struct schema *fresh = set->unread;

    for (; set->unread; set->unread = set->unread->next) {
        if (!schema_read(set, set->unread, err))
            return false;
        set->marked |= set->unread->x_sealed || set->unread->x_each;
    }
    for (struct schema *node = fresh; node; node = node->next)
        if (!schema_settle(set->arena, node, err))
            return false;
    for (; set->marked && fresh; fresh = fresh->next)
        schema_mark(fresh, ++set->epoch);
    return true;
}

bool schema_compile(struct schema_set *set, struct str pointer, const struct schema **ret, struct error *err)
{
    const struct value *source = value_at(set->document, pointer);

    if (!source)
        return error_set(err, ERR_CONTRACT, "%.*s: there is nothing here", STR_ARG(pointer));
    struct schema *schema = schema_set_schema(set, source, arena_copy(set->arena, pointer));
    if (!set->broken)
        set->broken = !compile_pending(set, &set->why);
    if (set->broken)
        *err = set->why;
    else
        *ret = schema;
    return !set->broken;
}
