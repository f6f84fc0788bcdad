/* schema_mark.c: finds where schemas are marked with x-sealed and x-each. Knows nothing of what the marks are for. */
#include "contract/schema_internal.h"

/* How a schema is met: as the value that is asked about, as a property of it or deeper in sight, inside a sealed value, or in a
 * way that only validation goes. */
enum way { WAY_ITSELF, WAY_PROPERTY, WAY_DEEPER, WAY_SEALED, WAY_HIDDEN };

struct search {
    unsigned epoch, marks;
};

static void meet(struct search *s, struct schema *node, enum way way);

bool schema_is_sealed(const struct schema *schema)
{
    for (size_t i = 0; i < schema->n_faces; i++)
        if (schema->faces[i]->x_sealed)
            return true;
    return false;
}

bool schema_is_each(const struct schema *schema)
{
    for (size_t i = 0; i < schema->n_faces; i++)
        if (schema->faces[i]->x_each)
            return true;
    return false;
}

unsigned schema_marks(const struct schema *schema)
{
    return schema->marks;
}

/* Whether child is met from node in sight: as the same value, a property or an item. */
static bool is_in_sight(const struct schema *node, const struct schema *child)
{
    for (size_t i = 0; i < node->n_faces; i++)
        if (node->faces[i] == child)
            return true;
    for (size_t i = 0; i < node->n_properties; i++)
        if (node->properties[i].schema == child)
            return true;
    return schema_items(node) == child;
}

static struct schema *items_of(const struct schema *face)
{
    for (size_t i = 0; i < face->n_checks; i++)
        if (face->checks[i].keyword == KEYWORD_ITEMS)
            return face->checks[i].branches.v[0];
    return face->each;
}

/* Goes to a child of a check, unless it is in sight of `of` (NULL: nothing is). */
static void meet_child(struct search *s, const struct schema *of, struct schema *child, enum way way)
{
    if (child && !(of && is_in_sight(of, child)))
        meet(s, child, way);
}

static void meet_checks(struct search *s, const struct schema *node, const struct schema *of, enum way way)
{
    meet_child(s, of, node->each, way);
    for (size_t i = 0; i < node->n_checks; i++) {
        const struct check *check = &node->checks[i];
        bool branches = check->keyword == KEYWORD_REF || check->keyword == KEYWORD_CONTAINS || check->keyword == KEYWORD_ITEMS ||
                        check->keyword == KEYWORD_PROPERTY_NAMES || check->keyword >= KEYWORD_ALL_OF;
        const struct members *members = check->keyword == KEYWORD_PROPERTIES ? check->members : NULL;
        for (size_t j = 0; branches && j < check->branches.n; j++)
            meet_child(s, of, check->branches.v[j], way);
        for (size_t j = 0; members && j < members->n; j++)
            meet_child(s, of, members->declared[j].schema, way);
        for (size_t j = 0; members && j < members->n_patterns; j++)
            meet_child(s, of, members->patterns[j].schema, way);
        if (members)
            meet_child(s, of, members->additional, way);
    }
}

/* Items have no name of their own to be sealed under. */
static void meet_items(struct search *s, struct schema *items)
{
    s->marks |= schema_is_sealed(items) ? MARKS_SEALED_HIDDEN : 0;
    meet(s, items, WAY_DEEPER);
}

static void meet_in_sight(struct search *s, const struct schema *node, enum way way)
{
    for (size_t i = 0; i < node->n_properties; i++)
        meet(s, node->properties[i].schema, way == WAY_ITSELF ? WAY_PROPERTY : WAY_DEEPER);
    for (size_t i = 0; i < node->n_faces; i++) {
        struct schema *items = items_of(node->faces[i]);
        if (items && items == schema_items(node))
            meet_items(s, items);
        meet_checks(s, node->faces[i], node, WAY_HIDDEN);
    }
}

static void meet(struct search *s, struct schema *node, enum way way)
{
    bool in_sight = way < WAY_SEALED;

    if (node->met[way] == s->epoch)
        return;
    node->met[way] = s->epoch;
    if (in_sight ? schema_is_each(node) : node->x_each)
        s->marks |= way == WAY_PROPERTY ? MARKS_EACH : MARKS_EACH_ELSEWHERE;
    if (in_sight && schema_is_sealed(node)) {
        s->marks |= MARKS_SEALED;
        meet(s, node, WAY_SEALED);
    } else if (in_sight) {
        meet_in_sight(s, node, way);
    } else {
        s->marks |= way == WAY_HIDDEN && node->x_sealed ? MARKS_SEALED_HIDDEN : 0;
        meet_checks(s, node, NULL, way);
    }
}

void schema_mark(struct schema *node, unsigned epoch)
{
    struct search search = {.epoch = epoch};

    meet(&search, node, WAY_ITSELF);
    node->marks = search.marks;
}
