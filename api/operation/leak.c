/* leak.c: walks the filters of a query tree. Knows nothing of connections and files. */
#include "operation/leak.h"

#include "operation/tree.h"

/* A query and the one around it; columns name theirs by distance (varlevelsup). */
struct scope {
    const struct tree *query;
    const struct scope *outer;
};

struct search {
    const struct leak_facts *facts;
    struct leak *leak;
    bool found;
    const struct tree *filter; /* being looked at */
    const struct tree *opaque; /* in it: what the planner trusts with no column anywhere near it */
};

enum trust { TRUSTED, COLUMN, APART, BY_OPERATOR, BY_OPERATORS, BY_FUNCTION, NOT_WITH_COLUMNS, OPAQUE };

struct kind {
    struct str tag;
    enum trust trust;
    struct str name; /* where the tag would tell nobody anything */
};

/* Tags of PostgreSQL 15 and, where they differ, 16 and later. What is not listed is OPAQUE, as it is to the planner. */
static struct kind kind_of(const struct tree *tree)
{
    static const struct kind kinds[] = {
        {STR_INIT("VAR"), COLUMN, {0}}, {STR_INIT("QUERY"), APART, {0}}, {STR_INIT("AGGREF"), APART, {0}},
        {STR_INIT("WINDOWFUNC"), APART, {0}}, {STR_INIT("OP"), BY_OPERATOR, {0}}, {STR_INIT("DISTINCT"), BY_OPERATOR, {0}},
        {STR_INIT("NULLIF"), BY_OPERATOR, {0}}, {STR_INIT("SCALARARRAYOP"), BY_OPERATOR, {0}},
        {STR_INIT("ROWCOMPARE"), BY_OPERATORS, {0}}, {STR_INIT("FUNC"), BY_FUNCTION, {0}},
        {STR_INIT("COERCEVIAIO"), NOT_WITH_COLUMNS, STR_INIT("a cast by way of text")},
        {STR_INIT("ARRAYCOERCE"), NOT_WITH_COLUMNS, STR_INIT("a cast of an array")},
        {STR_INIT("MINMAX"), NOT_WITH_COLUMNS, STR_INIT("greatest or least")},
    };
    static const struct str trusted[] = {
        STR_INIT("CONST"), STR_INIT("PARAM"), STR_INIT("ARRAY"), STR_INIT("FIELDSELECT"), STR_INIT("SUBSCRIPTINGREF"),
        STR_INIT("NAMEDARG"), STR_INIT("BOOL"), STR_INIT("RELABELTYPE"), STR_INIT("COLLATE"), STR_INIT("CASE"),
        STR_INIT("WHEN"), STR_INIT("CASEWHEN"), STR_INIT("CASETEST"), STR_INIT("ROW"), STR_INIT("SQLVALUEFUNCTION"),
        STR_INIT("NULLTEST"), STR_INIT("BOOLEANTEST"), STR_INIT("SUBLINK"),
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_eq(kinds[i].tag, tree->text))
            return kinds[i];
    for (size_t i = 0; i < sizeof trusted / sizeof trusted[0]; i++)
        if (str_eq(trusted[i], tree->text))
            return (struct kind){trusted[i], TRUSTED, {0}};
    return (struct kind){tree->text, OPAQUE, {0}};
}

static bool has(const struct oid_set *set, int64_t oid)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->p[i] == oid)
            return true;
    return false;
}

/* Where it begins in the text, as its first part says that knows; -1 where none does. */
static int64_t location_of(const struct tree *tree)
{
    int64_t location = tree_number(tree, ":location");

    for (const struct tree *child = tree->first; child && location < 0; child = child->next)
        location = location_of(child);
    return location;
}

static void note(struct search *s, const struct tree *node, enum leak_kind kind, int64_t oid)
{
    struct str name = kind_of(node).name;
    int64_t location = location_of(node);

    if (!s->found)
        *s->leak = (struct leak){kind, oid, name.n ? name : node->text, location < 0 ? location_of(s->filter) : location};
    s->found = true;
}

/* Judges a node that a column under row security goes into. */
static void judge(struct search *s, const struct tree *node, enum trust trust)
{
    int64_t oid = tree_number(node, trust == BY_FUNCTION ? ":funcid" : ":opno"), operator;
    const struct tree *operators = tree_field(node, ":opnos");

    if (trust == NOT_WITH_COLUMNS)
        note(s, node, LEAK_NODE, 0);
    if (trust == BY_FUNCTION && !has(&s->facts->functions, oid))
        note(s, node, LEAK_FUNCTION, oid);
    if (trust == BY_OPERATOR && !has(&s->facts->operators, oid))
        note(s, node, LEAK_OPERATOR, oid);
    for (int64_t i = 2; trust == BY_OPERATORS && tree_item(operators, i); i++) /* (o oid ...) */
        if (str_to_i64(tree_item(operators, i)->text, &operator) && !has(&s->facts->operators, operator))
            note(s, node, LEAK_OPERATOR, operator);
}

static bool look(struct search *s, const struct tree *tree, const struct scope *scope);

/* Looks at what column n of a query inside another is made from. */
static bool look_into(struct search *s, const struct tree *query, int64_t n, const struct scope *outer)
{
    const struct scope scope = {query, outer};
    return look(s, tree_field(tree_item(tree_field(query, ":targetList"), n), ":expr"), &scope);
}

static bool look_into_cte(struct search *s, const struct tree *rte, int64_t n, const struct scope *scope)
{
    const struct tree *name = tree_field(rte, ":ctename"), *cte;

    for (int64_t up = tree_number(rte, ":ctelevelsup"); up > 0 && scope->outer; up--)
        scope = scope->outer;
    for (int64_t i = 1; name && (cte = tree_item(tree_field(scope->query, ":cteList"), i)); i++)
        if (str_eq(tree_field(cte, ":ctename")->text, name->text))
            return look_into(s, tree_field(cte, ":ctequery"), n, scope);
    return true;
}

/* Whether a column is, or is made from, one under row security. */
static bool look_at_column(struct search *s, const struct tree *column, const struct scope *scope)
{
    enum { RELATION, SUBQUERY, JOIN, FUNCTION, TABLE_FUNCTION, VALUES, CTE, NAMED_STORE, RESULT }; /* RTEKind */
    int64_t n = tree_number(column, ":varattno");

    for (int64_t up = tree_number(column, ":varlevelsup"); up > 0 && scope->outer; up--)
        scope = scope->outer;
    const struct tree *rte = tree_item(tree_field(scope->query, ":rtable"), tree_number(column, ":varno"));
    switch (tree_number(rte, ":rtekind")) {
    case RELATION:
        return has(&s->facts->relations, tree_number(rte, ":relid"));
    case SUBQUERY:
        return n == 0 || look_into(s, tree_field(rte, ":subquery"), n, scope);
    case JOIN:
        return n == 0 || look(s, tree_item(tree_field(rte, ":joinaliasvars"), n), scope);
    case CTE:
        return n == 0 || look_into_cte(s, rte, n, scope);
    case FUNCTION:
    case TABLE_FUNCTION:
    case VALUES:
    case RESULT:
        return false;
    default:
        return true;
    }
}

/* Whether a column under row security is in an expression; judges what it goes into. A query inside has its own filters,
 * and what is made of many rows is no filter's column. */
static bool look(struct search *s, const struct tree *tree, const struct scope *scope)
{
    enum trust trust = tree && tree->is_node ? kind_of(tree).trust : TRUSTED;
    bool secured = false;

    if (!tree || trust == APART)
        return false;
    if (trust == COLUMN)
        return look_at_column(s, tree, scope);
    for (const struct tree *child = tree->first; child; child = child->next)
        secured |= look(s, child, scope);
    if (trust == OPAQUE)
        s->opaque = tree;
    else if (secured)
        judge(s, tree, trust);
    return secured;
}

/* The planner puts each part of a conjunction to use by itself. */
static void look_at_filter(struct search *s, const struct tree *filter, const struct scope *scope)
{
    const struct tree *connective = tree_field(filter, ":boolop");

    if (!filter)
        return;
    if (connective && str_eq(connective->text, STR("and"))) {
        for (int64_t i = 1; tree_item(tree_field(filter, ":args"), i); i++)
            look_at_filter(s, tree_item(tree_field(filter, ":args"), i), scope);
        return;
    }
    s->filter = filter;
    s->opaque = NULL;
    if (look(s, filter, scope) && s->opaque)
        note(s, s->opaque, LEAK_NODE, 0);
}

/* Looks at the filters of every query in the tree, but for those that policies add. */
static void walk(struct search *s, const struct tree *tree, const struct scope *scope)
{
    const struct scope inner = {tree, scope};

    if (tree->is_node && str_eq(tree->text, STR("QUERY")))
        scope = &inner;
    for (const struct tree *child = tree->first; child; child = child->next) {
        bool policies = str_eq(child->text, STR(":securityQuals")) || str_eq(child->text, STR(":withCheckOptions"));
        if (policies && child->next)
            child = child->next;
        else if (str_eq(child->text, STR(":quals")) && scope)
            look_at_filter(s, child->next, scope);
        else
            walk(s, child, scope);
    }
}

bool leak_find(const struct tree *tree, const struct leak_facts *facts, struct leak *ret_leak)
{
    struct search search = {.facts = facts, .leak = ret_leak};

    walk(&search, tree, NULL);
    return search.found;
}
