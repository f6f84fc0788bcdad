/* cors.c: decides Access-Control-Allow-Origin. Knows nothing of operations. */
#include "http/cors.h"

enum { ORIGINS_MAX = 64 };

struct cors cors_parse(struct arena *a, struct str origins)
{
    struct str *list = arena_array(a, struct str, ORIGINS_MAX), origin;
    size_t n = 0;

    while (n < ORIGINS_MAX && origins.p && str_next(&origins, ',', &origin)) {
        origin = str_trim(origin);
        if (str_ends(origin, STR("/")))
            origin.n--;
        if (origin.n)
            list[n++] = origin;
    }
    return (struct cors){list, n};
}

struct str cors_allow(const struct cors *cors, struct str origin, bool everyone)
{
    if (everyone)
        return STR("*");
    for (size_t i = 0; i < cors->n; i++)
        if (str_eq(cors->origins[i], origin))
            return cors->origins[i];
    return (struct str){NULL, 0};
}

bool cors_is_preflight(struct headers headers)
{
    return headers_get(headers, STR("Origin")).p && headers_get(headers, STR("Access-Control-Request-Method")).p;
}
