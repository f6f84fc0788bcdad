/* pointer.h: JSON Pointers (RFC 6901), made. Reading them is value_at's. */
#ifndef CONTRACT_POINTER_H
#define CONTRACT_POINTER_H

#include "base/arena.h"

/* One step of the way from a root to a value; made on the stack while walking. token.p is NULL for array items. */
struct spot {
    const struct spot *up; /* NULL at the root itself */
    struct str token;
    size_t index;
};

/* The JSON Pointer of a spot, after `base`; NUL-terminated. spot NULL is the root. */
struct str spot_pointer(struct arena *a, struct str base, const struct spot *spot);

/* base + "/" + token, escaped (RFC 6901); NUL-terminated. */
struct str pointer_child(struct arena *a, struct str base, struct str token);

#endif
