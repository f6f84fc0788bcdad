/* bundle.c: makes one document out of the contract's files. Knows nothing of what operations or schemas mean. */
#include "contract/bundle.h"

#include <stdarg.h>
#include <stdio.h>

#include "contract/rewrite.h"

/* Makes a component of one entry of openapi.json's own components. */
static bool add_component(struct bundler *b, enum node node, const struct spot *spot)
{
    struct str pointer = spot_pointer(b->arena, (struct str){NULL, 0}, spot);
    struct target target = {b->part->from.source, pointer, value_at(b->part->from.value, pointer)};
    struct str ref = value_string(value_get(target.value, STR("$ref")));
    struct error reason;

    /* an entry that only refers gives its name to what it refers to */
    if (ref.p && target.value->object.n == 1 &&
        !source_resolve(&b->sources, target.source, ref, &target, &reason))
        return rewrite_refuse(b, spot, "%s", reason.argument);
    return rewrite_component(b, node, spot->token, target, spot);
}

/* Before anything refers to them, so that the names which openapi.json gives win. */
static bool add_components(struct bundler *b)
{
    const struct value *kinds = value_get(b->part->from.value, STR("components"));
    struct spot components = {NULL, STR("components"), 0};

    if (kinds && kinds->type != VALUE_OBJECT)
        return rewrite_refuse(b, &components, "must be an object");
    for (size_t i = 0; kinds && i < kinds->object.n; i++) {
        const struct value *entries = kinds->object.v[i].value;
        struct spot kind = {&components, kinds->object.v[i].name, 0};
        const struct rule *rule = grammar_rule(NODE_COMPONENTS, kind.token);
        if (!rule || entries->type != VALUE_OBJECT)
            return rewrite_refuse(b, &kind, rule ? "must be an object" : "unknown member");
        for (size_t j = 0; j < entries->object.n; j++) {
            struct spot entry = {&kind, entries->object.v[j].name, 0};
            if (!add_component(b, rule->node, &entry))
                return false;
        }
    }
    return true;
}

/* Rewrites every component; those met for the first time meanwhile line up at the end. */
static bool rewrite_components(struct bundler *b)
{
    for (struct part *part = b->parts; part; part = part->next) {
        if (part->node == NODE_ROOT || part->node == NODE_PATH_ITEM)
            continue;
        b->part = part;
        part->value = rewrite(b, part->node, part->from.value, NULL);
        if (!part->value)
            return false;
    }
    return true;
}

static const struct value *components_of_kind(struct bundler *b, enum node node)
{
    struct member *members;
    size_t n = 0;

    for (const struct part *part = b->parts; part; part = part->next)
        n += part->node == node;
    const struct value *object = rewrite_new_object(b->arena, n, &members);
    for (const struct part *part = b->parts; part; part = part->next)
        if (part->node == node)
            *members++ = (struct member){part->name, part->value};
    return object;
}

static const struct value *all_components(struct bundler *b)
{
    struct rule kind;
    struct member *members;
    size_t kinds = 0;

    while (grammar_component_at(kinds, &kind))
        kinds++;
    const struct value *object = rewrite_new_object(b->arena, kinds, &members);
    for (size_t i = 0; grammar_component_at(i, &kind); i++)
        members[i] = (struct member){kind.name, components_of_kind(b, kind.node)};
    return object;
}

/* The root with its components put in, at the end. */
static const struct value *with_components(struct bundler *b, const struct value *root)
{
    struct member *members;
    bool had = value_get(root, STR("components"));
    const struct value *whole = rewrite_new_object(b->arena, root->object.n + !had, &members);

    for (size_t i = 0; i < root->object.n; i++)
        if (!str_eq(root->object.v[i].name, STR("components")))
            *members++ = root->object.v[i];
    *members = (struct member){STR("components"), all_components(b)};
    return whole;
}

/* A file that nothing refers to, or a path in one that openapi.json does not list, would silently not be served. */
static bool every_path_is_listed(struct bundler *b)
{
    for (const struct source *source = b->sources.first; source; source = source->next) {
        const struct value *paths = value_get(source->root, STR("paths"));
        for (size_t i = 0; paths && paths->type == VALUE_OBJECT && i < paths->object.n; i++) {
            const struct part *part = b->parts;
            while (part && part->from.value != paths->object.v[i].value)
                part = part->next;
            if (!part && source != b->sources.first)
                return error_set(b->err, ERR_CONTRACT, "%.*s#/paths: openapi.json does not list %.*s",
                                 STR_ARG(source->name), STR_ARG(paths->object.v[i].name));
        }
    }
    return source_all_read(&b->sources, b->err);
}

static bool check_version(struct bundler *b)
{
    struct spot version = {NULL, STR("openapi"), 0};

    return str_eq(value_string(value_get(b->part->from.value, version.token)), STR("3.1.0")) ||
           rewrite_refuse(b, &version, "must be \"3.1.0\"");
}

bool bundle_load(struct arena *a, const char *dir, struct bundle *ret, struct error *err)
{
    struct bundler b = {.arena = a, .sources = {.arena = a, .dir = dir}, .err = err};
    struct target start = {.pointer = {"", 0}};

    b.parts_end = &b.parts;
    b.schemas_end = &b.schemas;
    if (!source_open(&b.sources, STR("openapi.json"), &start.source, err))
        return false;
    start.value = start.source->root;
    b.part = rewrite_part(&b, NODE_ROOT, start.pointer, start);
    if (!check_version(&b) || !add_components(&b))
        return false;
    const struct value *root = rewrite(&b, NODE_ROOT, start.value, NULL);
    if (!root || !rewrite_components(&b) || !every_path_is_listed(&b))
        return false;
    *ret = (struct bundle){a, with_components(&b, root), b.parts, b.schemas};
    return true;
}

/* The part that holds the thing at a pointer of the bundle: the one with the longest pointer before it. */
static const struct part *part_of(const struct bundle *bundle, struct str at)
{
    const struct part *best = bundle->parts; /* the root, which holds everything */

    for (const struct part *part = best->next; part; part = part->next) {
        bool inside = str_starts(at, part->at) && (at.n == part->at.n || at.p[part->at.n] == '/');
        if (inside && part->at.n > best->at.n)
            best = part;
    }
    return best;
}

bool bundle_refuse(const struct bundle *bundle, struct str at, struct error *err, const char *format, ...)
{
    const struct part *part = part_of(bundle, at);
    struct str below = str_skip(at, part->at.n);
    char reason[256];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return error_set(err, ERR_CONTRACT, "%.*s#%.*s%.*s: %s", STR_ARG(part->from.source->name),
                     STR_ARG(part->from.pointer), STR_ARG(below), reason);
}
