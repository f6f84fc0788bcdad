/* source.h: the contract's files, each read and parsed once, and what a `$ref` in one of them means. */
#ifndef CONTRACT_SOURCE_H
#define CONTRACT_SOURCE_H

#include "base/value.h"

enum { SOURCE_BYTES_MAX = 1 << 20, SOURCE_DEPTH_MAX = 64 };

struct source {
    struct str name; /* "organizations.json" */
    const struct value *root;
    struct source *next;
};

/* The files of one folder. */
struct sources {
    struct arena *arena;
    const char *dir;
    struct source *first;
};

/* Where a reference leads. The same thing is always the same `value`. */
struct target {
    const struct source *source;
    struct str pointer;
    const struct value *value;
};

/* Reads a file of the folder, or gives it when it was read before. ERR_CONTRACT "<name>: <reason>": no plain file name
 * ending in ".json", unreadable, over SOURCE_BYTES_MAX, no JSON object. */
bool source_open(struct sources *sources, struct str name, const struct source **ret, struct error *err);

/* Fails unless every .json file of the folder was read. ERR_CONTRACT "<name>: <reason>". */
bool source_all_read(const struct sources *sources, struct error *err);

/* Follows a `$ref` of `from` to what it means, also through values that are nothing but a `$ref` themselves.
 * ERR_CONTRACT with the reason alone: not "<file>#<pointer>" with either part left out, nothing there, a circle. */
bool source_resolve(struct sources *sources, const struct source *from, struct str ref, struct target *ret,
                    struct error *err);

#endif
