/* router.h: finds the operation for a method and path. Knows nothing of bodies or callers. */
#ifndef CONTRACT_ROUTER_H
#define CONTRACT_ROUTER_H

#include "contract/contract.h"

enum { PATH_VALUES_MAX = 8 };

struct route {
    const struct operation *operation;     /* set when found */
    struct str values[PATH_VALUES_MAX];    /* raw (still percent-encoded) path values, in the template's order */
    size_t n_values;
    struct str allow; /* "GET, HEAD, OPTIONS": set when the path is known, whatever the method */
};

enum route_result { ROUTE_FOUND, ROUTE_NO_PATH, ROUTE_NO_METHOD, ROUTE_OPTIONS };

/* Compiles the routes: static segments win over templates. Fails where two operations share a method and shape. */
bool router_new(struct arena *a, const struct operation *operations, size_t n, const struct router **ret, struct error *err);

/* path: raw, without query. HEAD finds GET; OPTIONS finds nothing but `allow` (for the path "*": of the whole server). Plain
 * segments are compared byte by byte: percent-encoded ones are unknown. "/x/" is not "/x", and an empty segment is no
 * value. The path is looked for first, the method after: a plain segment hides a template's other methods. */
enum route_result router_find(const struct router *router, struct str method, struct str path, struct route *ret);

#endif
