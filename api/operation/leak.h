/* leak.h: finds the filter that row security keeps from using an index, in the tree of an analysed statement.
 * Internal to api/operation. Follows PostgreSQL's contain_leaked_vars (optimizer/util/clauses.c): before a row passed its
 * policies, only functions that tell nothing about their arguments (pg_proc.proleakproof) may see its columns. */
#ifndef OPERATION_LEAK_H
#define OPERATION_LEAK_H

#include "base/arena.h"

struct tree;

struct oid_set {
    const int64_t *p;
    size_t n;
};

/* What the database says of its objects. */
struct leak_facts {
    struct oid_set operators, functions; /* that are leakproof */
    struct oid_set relations;            /* under row security */
};

enum leak_kind { LEAK_OPERATOR, LEAK_FUNCTION, LEAK_NODE };

struct leak {
    enum leak_kind kind;
    int64_t oid;      /* of the operator or function */
    struct str name;  /* LEAK_NODE: what has neither, "COALESCE" */
    int64_t location; /* byte in the statement's text; -1 in views and USING */
};

/* Looks at every WHERE and ON of the tree (rewritten: with views in place). True when one shows a column of a relation under
 * row security to what is not leakproof: *ret_leak is the first. */
bool leak_find(const struct tree *tree, const struct leak_facts *facts, struct leak *ret_leak);

#endif
