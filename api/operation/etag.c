/* etag.c: entity tags. Knows nothing of where revisions come from. */
#include "operation/etag.h"

struct str etag_make(const struct call *call, struct str revision)
{
    static const char *const formats[] = {
        [AS_NONE] = "none", [AS_JSON] = "json", [AS_CSV] = "csv", [AS_NDJSON] = "ndjson", [AS_GEOJSON] = "geojson", [AS_HTML] = "html",
    };
    return arena_printf(call->arena, "\"%.*s-%s-%.*s\"", STR_ARG(revision), formats[call->format], STR_ARG(call->role));
}

bool etag_none_match(struct str if_none_match, struct str etag)
{
    struct str tag;

    while (str_next(&if_none_match, ',', &tag)) {
        tag = str_trim(tag);
        if (str_starts(tag, STR("W/")))
            tag = str_skip(tag, 2);
        if (str_eq(tag, STR("*")) || (tag.n && str_eq(tag, etag)))
            return true;
    }
    return false;
}

bool etag_match(struct str if_match, struct str revision)
{
    struct str tag;

    while (str_next(&if_match, ',', &tag)) {
        tag = str_trim(tag);
        if (str_eq(tag, STR("*")))
            return true;
        if (tag.n < 2 || tag.p[0] != '"' || tag.p[tag.n - 1] != '"')
            continue;
        struct str named = {tag.p + 1, tag.n - 2};
        named.n = str_find(named, '-');
        if (str_eq(named, revision))
            return true;
    }
    return false;
}
