/* bundle.h: openapi.json and the files it refers to, as one document that refers to nothing but itself. */
#ifndef CONTRACT_BUNDLE_H
#define CONTRACT_BUNDLE_H

#include "contract/grammar.h"
#include "contract/pointer.h"
#include "contract/source.h"

/* A value that was moved: a path item, or what became a component. */
struct part {
    enum node node;
    struct str at;         /* JSON Pointer in the bundled document */
    struct str name;       /* last token of it, unescaped; {NULL, 0} for path items */
    struct target from;    /* where it was written */
    const struct value *value; /* bundled */
    struct part *next;
};

/* A schema that stands outside of other schemas. */
struct schema_spot {
    struct str at;
    struct schema_spot *next;
};

struct bundle {
    struct arena *arena;
    const struct value *document;
    const struct part *parts;
    const struct schema_spot *schemas;
};

/* Loads dir/openapi.json with all it refers to. References to schemas, parameters, responses, headers, examples, links and
 * request bodies become "#/components/<kind>/<Name>", Name being the last token of their pointer (or the name that
 * openapi.json's own components give); path items are put in place. Refuses, with ERR_CONTRACT "file#/pointer: reason",
 * members outside the grammar, missing ones, wrong JSON types, references that lead nowhere or to a second thing of a
 * taken name, paths of a file that openapi.json does not list, and files that nothing refers to. */
bool bundle_load(struct arena *a, const char *dir, struct bundle *ret, struct error *err);

/* Fills *err with "file#/pointer: reason", file and pointer being where the thing at `at` in the bundled document was
 * written. Gives false. */
bool bundle_refuse(const struct bundle *bundle, struct str at, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
