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

/* An array with x-each is a property of a body that is no patch, so that its items can be told apart and taken one by one. */
static bool check_each(struct compiler *c, struct str at, const struct operation *operation, const struct media *body)
{
    const struct schema *property;
    struct str name;
    size_t n = 0;

    if (schema_marks(body->schema) & MARKS_EACH_ELSEWHERE || (operation->is_patch && schema_marks(body->schema) & MARKS_EACH))
        return compile_refuse(c, at, "x-each is for a member of a body that is no patch, and not for what lies deeper");
    for (size_t i = 0; schema_property_at(body->schema, i, &name, &property); i++) {
        if (!schema_is_each(property))
            continue;
        if (++n > 1)
            return compile_refuse(c, at, "x-each: one member of a body at most");
        if ((schema_types(property) & ~(unsigned)TYPE_NULL) != TYPE_ARRAY || !schema_items(property))
            return compile_refuse(c, at, "x-each: %.*s must be an array, and say what its items are", STR_ARG(name));
    }
    return true;
}

/* A merge patch changes objects member by member. One that is sealed as a whole is merged before it is sealed again where it is a
 * member of the body; deeper it may be bound with what is around it, which nobody merges. Schemas may refer to themselves: deeper than
 * any column's name nothing is looked at. */
static bool patches_sealed_object(const struct schema *schema, int depth)
{
    enum { DEPTH_MAX = 8 };
    const struct schema *property;
    struct str name;

    for (size_t i = 0; depth < DEPTH_MAX && schema_property_at(schema, i, &name, &property); i++)
        if (schema_is_sealed(property) ? depth && schema_types(property) & TYPE_OBJECT : patches_sealed_object(property, depth + 1))
            return true;
    return false;
}

static bool takes_token(const struct operation *operation)
{
    for (size_t i = 0; i < operation->n_requirements; i++)
        if (operation->requirements[i].kind == SECURITY_TOKEN)
            return true;
    return false;
}

/* What is sealed stays sealed: no member is missed when it comes in, none is shown to everybody when it goes out, and nobody with a token
 * reads one without a row in the audit. Whoever holds the key of a case reads what they wrote, or was written to them. */
bool check_marks(struct compiler *c, struct str at, const struct operation *operation)
{
    const char *hidden = "x-sealed is for declared properties, not for items, alternatives, conditions or patterns";

    for (size_t i = 0; i < operation->n_bodies; i++) {
        if (schema_marks(operation->bodies[i].schema) & MARKS_SEALED_HIDDEN)
            return compile_refuse(c, at, "%s", hidden);
        if (schema_is_sealed(operation->bodies[i].schema))
            return compile_refuse(c, at, "x-sealed is for members of a body, not for the body");
        if (operation->is_patch && patches_sealed_object(operation->bodies[i].schema, 0))
            return compile_refuse(c, at, "a member that is x-sealed and an object is patched as a member of the body, not deeper");
        if (!check_each(c, at, operation, &operation->bodies[i]))
            return false;
    }
    for (size_t i = 0; i < operation->success->n_media; i++) {
        unsigned marks = schema_marks(operation->success->media[i].schema);
        if (marks & MARKS_SEALED_HIDDEN)
            return compile_refuse(c, at, "%s", hidden);
        if (marks & MARKS_SEALED && operation->reads && operation->is_public)
            return compile_refuse(c, at, "shows a member that is x-sealed to everybody");
        if (marks & MARKS_SEALED && operation->reads && takes_token(operation) && !operation->audited)
            return compile_refuse(c, at, "shows a member that is x-sealed to tokens: needs x-audit");
    }
    return true;
}

enum trait {
    ALWAYS = 1, WITH_TOKEN = 2, WITH_PATH = 4, WITH_BODY = 8, WITH_MATCH = 16, WITH_NONE_MATCH = 32, WITH_KEY = 64,
    WITH_CASE_KEY = 128, WITH_SCHEMA = 256,
};

/* What the engine may answer, and why; 414, 431, 405 and the like come before an operation is known. 401 is for all: a bad
 * token is refused wherever it is sent. */
static const struct {
    int status;
    unsigned when; /* an or of enum trait */
} implied[] = {
    {304, WITH_NONE_MATCH},          {400, ALWAYS},    {401, ALWAYS},     {403, WITH_TOKEN}, {404, WITH_PATH | WITH_MATCH | WITH_CASE_KEY},
    {406, ALWAYS},                   {408, WITH_BODY}, {409, WITH_KEY},   {412, WITH_MATCH}, {413, WITH_BODY},
    {415, WITH_BODY},                {422, WITH_SCHEMA | WITH_KEY},         {428, WITH_MATCH}, {429, ALWAYS},
    {500, ALWAYS},                   {503, ALWAYS},
};

/* A body that is no JSON is read by its operation, in C. */
static bool is_validated(const struct operation *operation)
{
    for (size_t i = 0; i < operation->n_bodies; i++)
        if (str_ends(operation->bodies[i].type, STR("/json")) || str_ends(operation->bodies[i].type, STR("+json")))
            return true;
    return false;
}

static unsigned traits(const struct operation *operation)
{
    unsigned all = ALWAYS | (operation->n_bodies ? WITH_BODY : 0) | (operation->needs_match ? WITH_MATCH : 0) |
                   (operation->takes_key ? WITH_KEY : 0) | (operation->takes_case_key ? WITH_CASE_KEY : 0) |
                   (is_validated(operation) ? WITH_SCHEMA : 0);

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
