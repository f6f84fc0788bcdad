/* rewrite.h: copies what a file says so that every reference in the copy is local to the bundle, and checks it against
 * the grammar on the way. Used by bundle.c alone. */
#ifndef CONTRACT_REWRITE_H
#define CONTRACT_REWRITE_H

#include "contract/bundle.h"

struct bundler {
    struct arena *arena;
    struct sources sources;
    struct part *parts, **parts_end; /* grows while rewriting: whatever is met first becomes a component */
    struct schema_spot *schemas, **schemas_end;
    const struct part *part; /* being rewritten: its file is what references are relative to */
    struct error *err;
};

/* A copy of a node of the current part; spot is its way from the part's root. NULL: refused, *b->err says why. */
const struct value *rewrite(struct bundler *b, enum node node, const struct value *value, const struct spot *spot);

/* The component that stands for target: the one there is, or a new one of that name. NULL: refused. */
struct part *rewrite_component(struct bundler *b, enum node node, struct str name, struct target target,
                               const struct spot *spot);

/* Adds a part, at the end. */
struct part *rewrite_part(struct bundler *b, enum node node, struct str at, struct target from);

/* An object of n members, to be filled through *ret_members. */
const struct value *rewrite_new_object(struct arena *a, size_t n, struct member **ret_members);

/* Sets *b->err to "file#pointer: reason" and gives NULL. */
void *rewrite_refuse(struct bundler *b, const struct spot *spot, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
