/* router.c: finds the operation for a method and path, in a tree of segments. Knows nothing of bodies or callers. */
#include "contract/router.h"

#include <stdlib.h>

/* In the order of Allow; HEAD and OPTIONS are the router's own. */
enum { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, METHODS };
static const struct str methods[METHODS] = {
    [GET] = STR_INIT("GET"),     [HEAD] = STR_INIT("HEAD"),     [POST] = STR_INIT("POST"),       [PUT] = STR_INIT("PUT"),
    [PATCH] = STR_INIT("PATCH"), [DELETE] = STR_INIT("DELETE"), [OPTIONS] = STR_INIT("OPTIONS"),
};

/* Where one gets to after a segment. */
struct stop {
    struct str segment;
    struct stop *first, *next; /* plain segments after this one, and the next one beside it; only while building */
    struct stop **plain;       /* the same, sorted by segment */
    size_t n_plain;
    struct stop *template; /* after any other segment that is not empty */
    const struct operation *operations[METHODS];
    struct str allow; /* {NULL, 0}: no path ends here */
};

struct router {
    struct stop root;
    struct str allow; /* of the whole server, for OPTIONS * */
};

static int method_index(struct str method)
{
    int i = 0;
    while (i < METHODS && !str_eq(methods[i], method))
        i++;
    return i;
}

static struct stop *add_stop(struct arena *a, struct stop *from, struct str segment)
{
    bool template = segment.n && segment.p[0] == '{';
    struct stop **at = template ? &from->template : &from->first;

    while (*at && !template && !str_eq((*at)->segment, segment))
        at = &(*at)->next;
    if (!*at) {
        *at = arena_new(a, struct stop);
        (*at)->segment = segment;
        from->n_plain += !template;
    }
    return *at;
}

static bool add(struct arena *a, struct router *router, const struct operation *operation, struct error *err)
{
    struct str rest = str_skip(operation->path, 1), segment;
    int method = method_index(operation->method);
    struct stop *stop = &router->root;
    size_t values = 0;

    if (method == METHODS || method == HEAD || method == OPTIONS || !str_starts(operation->path, STR("/")))
        return error_set(err, ERR_CONTRACT, "%.*s %.*s: cannot be routed", STR_ARG(operation->method), STR_ARG(operation->path));
    while (str_next(&rest, '/', &segment)) {
        stop = add_stop(a, stop, segment);
        values += segment.n && segment.p[0] == '{';
    }
    if (values > PATH_VALUES_MAX)
        return error_set(err, ERR_CONTRACT, "%.*s: more than %d path parameters", STR_ARG(operation->path), PATH_VALUES_MAX);
    if (stop->operations[method])
        return error_set(err, ERR_CONTRACT, "%.*s %.*s: the same as %.*s", STR_ARG(operation->method),
                         STR_ARG(operation->path), STR_ARG(stop->operations[method]->path));
    stop->operations[method] = operation;
    if (method == GET)
        stop->operations[HEAD] = operation;
    return true;
}

/* "GET, HEAD, OPTIONS"; {NULL, 0} where there is no operation. */
static struct str allow_of(struct arena *a, const bool has[METHODS])
{
    struct str allow = {NULL, 0};

    for (int i = 0; i < OPTIONS; i++)
        if (has[i])
            allow = arena_printf(a, "%.*s%.*s, ", STR_ARG(allow), STR_ARG(methods[i]));
    return allow.p ? arena_printf(a, "%.*s%.*s", STR_ARG(allow), STR_ARG(methods[OPTIONS])) : allow;
}

static int compare_stops(const void *a, const void *b)
{
    return str_compare((*(struct stop *const *)a)->segment, (*(struct stop *const *)b)->segment);
}

/* Sorts and describes what was built; recurses as deep as the longest template. has_any collects the methods. */
static void finish(struct arena *a, struct stop *stop, bool has_any[METHODS])
{
    bool has[METHODS];
    size_t n = 0;

    for (int i = 0; i < METHODS; i++) {
        has[i] = stop->operations[i];
        has_any[i] |= has[i];
    }
    stop->allow = allow_of(a, has);
    stop->plain = arena_array(a, struct stop *, stop->n_plain);
    for (struct stop *next = stop->first; next; next = next->next) {
        stop->plain[n++] = next;
        finish(a, next, has_any);
    }
    if (n)
        qsort(stop->plain, n, sizeof(struct stop *), compare_stops);
    if (stop->template)
        finish(a, stop->template, has_any);
}

bool router_new(struct arena *a, const struct operation *operations, size_t n, const struct router **ret, struct error *err)
{
    struct router *router = arena_new(a, struct router);
    bool has_any[METHODS] = {false};

    for (size_t i = 0; i < n; i++)
        if (!add(a, router, &operations[i], err))
            return false;
    finish(a, &router->root, has_any);
    router->allow = allow_of(a, has_any);
    *ret = router;
    return true;
}

static const struct stop *plain_after(const struct stop *stop, struct str segment)
{
    size_t low = 0, high = stop->n_plain;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(segment, stop->plain[middle]->segment);
        if (order == 0)
            return stop->plain[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The stop at the end of rest, or NULL. Recurses no deeper than the tree. */
static const struct stop *walk(const struct stop *stop, struct str rest, struct route *ret)
{
    struct str segment;

    if (!str_next(&rest, '/', &segment))
        return stop->allow.p ? stop : NULL;
    const struct stop *plain = plain_after(stop, segment), *found = plain ? walk(plain, rest, ret) : NULL;
    if (found || !stop->template || segment.n == 0)
        return found;
    size_t n = ret->n_values;
    ret->values[n] = segment;
    ret->n_values = n + 1;
    found = walk(stop->template, rest, ret);
    if (!found)
        ret->n_values = n;
    return found;
}

enum route_result router_find(const struct router *router, struct str method, struct str path, struct route *ret)
{
    int index = method_index(method);
    bool whole_server = index == OPTIONS && str_eq(path, STR("*"));

    *ret = (struct route){.allow = whole_server ? router->allow : (struct str){NULL, 0}};
    if (whole_server)
        return ROUTE_OPTIONS;
    const struct stop *stop = str_starts(path, STR("/")) ? walk(&router->root, str_skip(path, 1), ret) : NULL;
    if (!stop)
        return ROUTE_NO_PATH;
    ret->allow = stop->allow;
    if (index == OPTIONS)
        return ROUTE_OPTIONS;
    ret->operation = index < METHODS ? stop->operations[index] : NULL;
    return ret->operation ? ROUTE_FOUND : ROUTE_NO_METHOD;
}
