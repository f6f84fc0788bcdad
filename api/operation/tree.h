/* tree.h: reads the text that PostgreSQL prints of an analysed query (nodes/outfuncs.c). Internal to api/operation. */
#ifndef OPERATION_TREE_H
#define OPERATION_TREE_H

#include "base/arena.h"

/* {TAG :field value ...} is a node: its text is the tag, its children are fields' names and values in turn. (a b) is a list
 * of children without text. All else is text alone. */
struct tree {
    struct str text; /* a tag is without its final "EXPR", which comes and goes with the server's version */
    bool is_node;
    struct tree *first, *next;
};

/* NULL when it is not one whole tree. Lives in the arena; the texts are parts of `text`. */
const struct tree *tree_read(struct arena *a, struct str text);

/* The value of a node's field, or NULL; node may be NULL. */
const struct tree *tree_field(const struct tree *node, const char *name);

/* The value of a field as a number; -1 where it is none. */
int64_t tree_number(const struct tree *node, const char *name);

/* Child number i of a list, from 1, or NULL; list may be NULL. */
const struct tree *tree_item(const struct tree *list, int64_t i);

#endif
