/* tree.c: reads printed query trees. Knows nothing of what their nodes mean. */
#include "operation/tree.h"

enum { DEPTH_MAX = 1000 };

/* Takes the next token off the front: a bracket, or text up to white space or a bracket without a backslash before it.
 * Empty at the end. */
static struct str take(struct str *rest)
{
    size_t n = 0;

    while (rest->n && strchr(" \n", rest->p[0]))
        *rest = str_skip(*rest, 1);
    while (n < rest->n && !strchr(" \n(){}", rest->p[n]))
        n += rest->p[n] == '\\' && n + 1 < rest->n ? 2 : 1;
    struct str token = {rest->p, n || !rest->n ? n : 1};
    *rest = str_skip(*rest, token.n);
    return token;
}

const struct tree *tree_read(struct arena *a, struct str text)
{
    struct tree *root = NULL, **ends[DEPTH_MAX] = {&root}; /* where the next child of each open tree goes */
    size_t depth = 0;

    for (struct str token; (token = take(&text)).n;) {
        bool is_node = str_eq(token, STR("{")), is_list = str_eq(token, STR("("));
        if (str_eq(token, STR("}")) || str_eq(token, STR(")"))) {
            if (depth-- == 0)
                return NULL;
            continue;
        }
        if (depth + 1 == DEPTH_MAX || (depth == 0 && root))
            return NULL;
        struct tree *tree = arena_new(a, struct tree);
        *tree = (struct tree){.text = is_node ? take(&text) : is_list ? STR("") : token, .is_node = is_node};
        if (is_node && str_ends(tree->text, STR("EXPR")))
            tree->text.n -= strlen("EXPR");
        *ends[depth] = tree;
        ends[depth] = &tree->next;
        if (is_node || is_list)
            ends[++depth] = &tree->first;
    }
    return depth == 0 ? root : NULL;
}

const struct tree *tree_field(const struct tree *node, const char *name)
{
    for (const struct tree *child = node ? node->first : NULL; child; child = child->next)
        if (!child->is_node && str_eq(child->text, str_of(name)))
            return child->next;
    return NULL;
}

int64_t tree_number(const struct tree *node, const char *name)
{
    const struct tree *value = tree_field(node, name);
    int64_t number;

    return value && str_to_i64(value->text, &number) ? number : -1;
}

const struct tree *tree_item(const struct tree *list, int64_t i)
{
    const struct tree *child = list ? list->first : NULL;

    while (child && --i > 0)
        child = child->next;
    return i == 0 ? child : NULL;
}
