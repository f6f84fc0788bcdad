/* pointer.c: JSON Pointers from tokens. Knows nothing of what they point into. */
#include "contract/pointer.h"

struct str pointer_child(struct arena *a, struct str base, struct str token)
{
    char *text = arena_alloc(a, base.n + 1 + 2 * token.n + 1);
    size_t n = base.n;

    if (n)
        memcpy(text, base.p, n);
    text[n++] = '/';
    for (size_t i = 0; i < token.n; i++) {
        bool escape = token.p[i] == '~' || token.p[i] == '/';
        if (escape)
            text[n++] = '~';
        text[n++] = !escape ? token.p[i] : token.p[i] == '/' ? '1' : '0';
    }
    return (struct str){text, n};
}

struct str spot_pointer(struct arena *a, struct str base, const struct spot *spot)
{
    if (!spot)
        return arena_copy(a, base);
    struct str up = spot_pointer(a, base, spot->up);
    return spot->token.p ? pointer_child(a, up, spot->token) : arena_printf(a, "%.*s/%zu", STR_ARG(up), spot->index);
}
