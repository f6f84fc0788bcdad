/* schema_settle.c: looks at how schemas refer to each other: refuses loops, and gathers what describes a schema.
 * Knows nothing of documents. */
#include <assert.h>

#include "contract/schema_internal.h"

/* The schemas that a check holds against the same value, NULLs among them; none for all other checks. */
static size_t same_value_branches(const struct check *check, struct schema *const **ret)
{
    switch ((int)check->keyword) {
    case KEYWORD_REF:
    case KEYWORD_ALL_OF:
    case KEYWORD_ANY_OF:
    case KEYWORD_ONE_OF:
    case KEYWORD_NOT:
    case KEYWORD_IF:
        *ret = check->branches.v;
        return check->branches.n;
    default:
        return 0;
    }
}

/* The only alternative that takes more than null; NULL when there are none or several. */
static const struct schema *alternative_to_null(const struct check *check)
{
    const struct schema *found = NULL;

    for (size_t i = 0; i < check->branches.n; i++) {
        const struct schema *branch = check->branches.v[i];
        if (!(branch->types & ~(unsigned)TYPE_NULL))
            continue;
        if (found)
            return NULL;
        found = branch;
    }
    return found;
}

/* The types that a check lets through. */
static unsigned check_types(const struct check *check)
{
    bool every = check->keyword == KEYWORD_REF || check->keyword == KEYWORD_ALL_OF;
    unsigned types = every ? TYPE_ANY : 0;

    if (check->keyword == KEYWORD_TYPE)
        return check->types & TYPE_NUMBER ? check->types | TYPE_INTEGER : check->types;
    if (!every && check->keyword != KEYWORD_ANY_OF && check->keyword != KEYWORD_ONE_OF)
        return TYPE_ANY;
    for (size_t i = 0; i < check->branches.n; i++) {
        const struct schema *branch = check->branches.v[i];
        assert(branch); /* `if` alone has branches that may be missing */
        types = every ? types & branch->types : types | branch->types;
    }
    return types;
}

static void add_faces(struct schema *node, const struct schema *of)
{
    for (size_t i = 0; i < of->n_faces; i++) {
        bool known = false;
        for (size_t j = 0; j < node->n_faces; j++)
            known |= node->faces[j] == of->faces[i];
        if (!known)
            node->faces[node->n_faces++] = of->faces[i];
    }
}

static void gather_faces(struct arena *a, struct schema *node)
{
    size_t most = 1;

    for (size_t i = 0; i < node->n_checks; i++) {
        struct schema *const *branches;
        size_t n = same_value_branches(&node->checks[i], &branches);
        for (size_t j = 0; j < n; j++)
            most += branches[j] ? branches[j]->n_faces : 0;
    }
    node->faces = arena_array(a, const struct schema *, most);
    node->faces[node->n_faces++] = node;
    for (size_t i = 0; i < node->n_checks; i++) {
        const struct check *check = &node->checks[i];
        const struct schema *one = NULL;
        if (check->keyword == KEYWORD_ANY_OF || check->keyword == KEYWORD_ONE_OF)
            one = alternative_to_null(check);
        if (one)
            add_faces(node, one);
        if (check->keyword == KEYWORD_REF || check->keyword == KEYWORD_ALL_OF)
            for (size_t j = 0; j < check->branches.n; j++)
                add_faces(node, check->branches.v[j]);
    }
}

static bool has_property(const struct property *properties, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(properties[i].name, name))
            return true;
    return false;
}

static void gather_properties(struct arena *a, struct schema *node)
{
    size_t most = 0, n = 0;

    for (size_t i = 0; i < node->n_faces; i++)
        most += node->faces[i]->members ? node->faces[i]->members->n : 0;
    struct property *properties = arena_array(a, struct property, most);
    for (size_t i = 0; i < node->n_faces; i++) {
        const struct members *members = node->faces[i]->members;
        for (size_t j = 0; members && j < members->n; j++)
            if (!has_property(properties, n, members->declared[j].name))
                properties[n++] = members->declared[j];
    }
    node->properties = properties;
    node->n_properties = n;
}

static bool settle_branches(struct arena *a, struct schema *node, int depth, struct error *err);

/* depth: schemas above this one that meet the same value. */
static bool settle(struct arena *a, struct schema *node, int depth, struct error *err)
{
    if (node->settled == SETTLED_RUNNING)
        return error_set(err, ERR_CONTRACT, "%.*s: refers to itself without coming to another value",
                         STR_ARG(node->pointer));
    if (node->settled == SETTLED_NOT && depth <= HEIGHT_MAX && !settle_branches(a, node, depth, err))
        return false;
    if (depth + node->height > HEIGHT_MAX)
        return error_set(err, ERR_CONTRACT, "%.*s: too many schemas refer to each other", STR_ARG(node->pointer));
    return true;
}

static bool settle_branches(struct arena *a, struct schema *node, int depth, struct error *err)
{
    node->settled = SETTLED_RUNNING;
    node->types = node->refuses_all ? 0 : TYPE_ANY;
    for (size_t i = 0; i < node->n_checks; i++) {
        struct schema *const *branches;
        size_t n = same_value_branches(&node->checks[i], &branches);
        for (size_t j = 0; j < n; j++) {
            if (!branches[j])
                continue;
            if (!settle(a, branches[j], depth + 1, err))
                return false;
            node->height = branches[j]->height >= node->height ? branches[j]->height + 1 : node->height;
        }
        node->types &= check_types(&node->checks[i]);
    }
    gather_faces(a, node);
    gather_properties(a, node);
    node->settled = SETTLED;
    return true;
}

bool schema_settle(struct arena *a, struct schema *node, struct error *err)
{
    return settle(a, node, 0, err);
}
