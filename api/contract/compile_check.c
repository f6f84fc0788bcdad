/* compile_check.c: what an operation says in one place must fit what it says in another. Knows nothing of documents. */
#include "contract/compile.h"

#include <stdio.h>

/* Parameters of path and query share their names with the body's members: all of them are :name in SQL. */
static bool body_has(const struct operation *operation, struct str name)
{
    for (size_t i = 0; i < operation->n_bodies; i++)
        if (schema_property(operation->bodies[i].schema, name))
            return true;
    return false;
}

bool check_names(struct compiler *c, struct str at, const struct operation *operation)
{
    for (size_t i = 0; i < operation->n_parameters; i++) {
        const struct parameter *one = &operation->parameters[i];
        if (one->place == PLACE_HEADER)
            continue;
        bool twice = body_has(operation, one->name);
        for (size_t j = 0; j < i; j++)
            twice |= operation->parameters[j].place != PLACE_HEADER && str_eq(operation->parameters[j].name, one->name);
        if (twice)
            return compile_refuse(c, at, "\"%.*s\" is the name of two things in path, query and body", STR_ARG(one->name));
    }
    return true;
}

bool check_paging(struct compiler *c, struct str at, const struct operation *operation)
{
    bool limit = operation_parameter(operation, PLACE_QUERY, STR("limit"));
    bool cursor = operation_parameter(operation, PLACE_QUERY, STR("cursor"));

    if (limit != cursor)
        return compile_refuse(c, at, "limit and cursor come together");
    return !cursor || operation->is_list || compile_refuse(c, at, "pages, but answers no list: {data: [...], next}");
}

enum trait { ALWAYS = 1, WITH_TOKEN = 2, WITH_PATH = 4, WITH_BODY = 8, WITH_MATCH = 16, WITH_NONE_MATCH = 32, WITH_KEY = 64 };

/* What the engine may answer, and why; 414, 431, 405 and the like come before an operation is known. 401 is for all: a bad
 * token is refused wherever it is sent. */
static const struct {
    int status;
    unsigned when; /* an or of enum trait */
} implied[] = {
    {304, WITH_NONE_MATCH},          {400, ALWAYS},    {401, ALWAYS},     {403, WITH_TOKEN}, {404, WITH_PATH | WITH_MATCH},
    {406, ALWAYS},                   {408, WITH_BODY}, {409, WITH_KEY},   {412, WITH_MATCH}, {413, WITH_BODY},
    {415, WITH_BODY},                {422, WITH_BODY | WITH_KEY},         {428, WITH_MATCH}, {500, ALWAYS},
    {503, ALWAYS},
};

static unsigned traits(const struct operation *operation)
{
    unsigned all = ALWAYS | (operation->n_bodies ? WITH_BODY : 0) | (operation->needs_match ? WITH_MATCH : 0) |
                   (operation->takes_key ? WITH_KEY : 0);

    if (operation_parameter(operation, PLACE_HEADER, STR("If-None-Match")))
        all |= WITH_NONE_MATCH;
    if (operation->n_parameters && operation->parameters[0].place == PLACE_PATH)
        all |= WITH_PATH;
    for (size_t i = 0; i < operation->n_requirements; i++)
        all |= operation->requirements[i].kind == SECURITY_TOKEN ? WITH_TOKEN : 0;
    return all;
}

bool check_statuses(struct compiler *c, struct str at, const struct operation *operation)
{
    unsigned all = traits(operation);
    char missing[128] = "";
    size_t n = 0;

    for (size_t i = 0; i < sizeof implied / sizeof implied[0]; i++) {
        bool documented = !(implied[i].when & all);
        for (size_t j = 0; j < operation->n_answers; j++)
            documented |= operation->answers[j].status == implied[i].status;
        if (!documented)
            n += (size_t)snprintf(missing + n, sizeof missing - n, "%s%d", n ? ", " : "", implied[i].status);
    }
    return n == 0 || compile_refuse(c, at, "may answer %s, which its responses do not document", missing);
}
