/* index.c: getIndex. In C because it lists what the contract offers, which is in this program's memory. */
#include "custom/custom.h"

/* The last segment of a path, with "_" for whatever is no letter or digit: "/v1/published-x" is "published_x". */
static void add_name(struct str path, struct buf *b)
{
    while (str_find(path, '/') < path.n)
        path = str_skip(path, str_find(path, '/') + 1);
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        buf_char(b, plain ? c : '_');
    }
}

bool custom_index(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    const struct contract *contract = around->contract;
    struct buf *b = reply->body;

    (void)call;
    (void)err;
    buf_add(b, STR("{\"links\":{\"contract\":\"/openapi.json\""));
    for (size_t i = 0; i < contract->n; i++) {
        const struct operation *operation = &contract->operations[i];
        if (!operation->is_public || !operation->reads || !str_starts(operation->path, STR("/v1/")) ||
            str_find(operation->path, '{') < operation->path.n)
            continue;
        buf_add(b, STR(",\""));
        add_name(operation->path, b);
        buf_add(b, STR("\":"));
        buf_json_string(b, operation->path);
    }
    buf_add(b, STR("}}"));
    return true;
}
