/* payload.h: payloads of tokens, good but for what a test changes. */
#ifndef TESTS_UNIT_AUTH_PAYLOAD_H
#define TESTS_UNIT_AUTH_PAYLOAD_H

#include "base/arena.h"

#include <string.h>

/* The last of a list has no name. */
struct payload_member {
    const char *name, *json;
};

/* `changes` (members, each followed by a comma), then the rest but for the member named `without`. */
static const char *payload_of(struct arena *a, const struct payload_member *rest, const char *changes, const char *without)
{
    struct str text = arena_printf(a, "{%s", changes);

    for (; rest->name; rest++)
        if (strcmp(rest->name, without) != 0)
            text = arena_printf(a, "%s\"%s\":%s,", text.p, rest->name, rest->json);
    return arena_printf(a, "%s\"x\":null}", text.p).p;
}

#endif
