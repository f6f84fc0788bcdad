/* compile_operation.c: every operation of every path. Knows nothing of routing. */
#include "contract/compile.h"

static const struct {
    struct str member, method;
} methods[] = {
    {STR_INIT("get"), STR_INIT("GET")},     {STR_INIT("post"), STR_INIT("POST")},     {STR_INIT("put"), STR_INIT("PUT")},
    {STR_INIT("patch"), STR_INIT("PATCH")}, {STR_INIT("delete"), STR_INIT("DELETE")},
};
enum { METHODS = sizeof methods / sizeof methods[0] };

/* Ids and tags are names of files and folders (db/operations/<tag>/<id>.sql): nothing else may pass. */
static bool is_file_part(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || (!(c >= '0' && c <= '9') && c != '_' && c != '-')))
            return false;
    }
    return name.n > 0;
}

static bool tag_is_declared(struct compiler *c, struct str tag)
{
    const struct value *tags = value_get(c->bundle.document, STR("tags"));

    for (size_t i = 0; tags && i < tags->array.n; i++)
        if (str_eq(value_string(value_get(tags->array.v[i], STR("name"))), tag))
            return true;
    return false;
}

/* Fills what tells operations apart. */
static bool identify(struct compiler *c, struct element operation, struct operation *ret)
{
    const struct value *tags = value_get(operation.value, STR("tags"));

    ret->id = value_string(value_get(operation.value, STR("operationId")));
    if (!is_file_part(ret->id))
        return compile_refuse(c, operation.at, "operationId \"%.*s\" must be letters and digits", STR_ARG(ret->id));
    if (tags->array.n != 1)
        return compile_refuse(c, operation.at, "needs one tag, the folder of its SQL file");
    ret->tag = tags->array.v[0]->string;
    if (!is_file_part(ret->tag) || !tag_is_declared(c, ret->tag))
        return compile_refuse(c, operation.at, "tag \"%.*s\" is not among the root's tags", STR_ARG(ret->tag));
    for (size_t i = 0; i < ret->index; i++)
        if (str_eq(c->operations[i].id, ret->id))
            return compile_refuse(c, operation.at, "operationId \"%.*s\" is also that of %.*s %.*s", STR_ARG(ret->id),
                                  STR_ARG(c->operations[i].method), STR_ARG(c->operations[i].path));
    return true;
}

/* One request body: which media types suit the method. A PATCH may take its merge patch as application/json too, which is
 * what clients send that do not know better. */
static bool check_bodies(struct compiler *c, struct str at, const struct operation *operation)
{
    bool patches = str_eq(operation->method, STR("PATCH"));
    bool takes_body = patches || str_eq(operation->method, STR("POST")) || str_eq(operation->method, STR("PUT"));
    const struct str plain = STR("application/json");
    size_t json = 0;

    if (operation->n_bodies && !takes_body)
        return compile_refuse(c, at, "%.*s has no body", STR_ARG(operation->method));
    for (size_t i = 0; i < operation->n_bodies; i++)
        json += media_is_json(operation->bodies[i].type) && !(patches && str_eq(operation->bodies[i].type, plain));
    if (json > 1)
        return compile_refuse(c, at, "more than one JSON media type");
    return operation->is_patch == patches || compile_refuse(c, at, "PATCH, and PATCH alone, takes application/merge-patch+json");
}

static bool compile_bodies(struct compiler *c, struct element operation, struct operation *ret)
{
    struct element body = element_get(c, operation, STR("requestBody"));

    if (!compile_content(c, element_get(c, body, STR("content")), &ret->bodies, &ret->n_bodies))
        return false;
    if (body.value && ret->n_bodies == 0)
        return compile_refuse(c, body.at, "no media type");
    ret->body_required = value_is_true(value_get(body.value, STR("required")));
    for (size_t i = 0; i < ret->n_bodies; i++)
        ret->is_patch |= str_eq(ret->bodies[i].type, STR("application/merge-patch+json"));
    return check_bodies(c, body.value ? body.at : operation.at, ret);
}

static bool compile_audit(struct compiler *c, struct element operation, struct operation *ret)
{
    const struct value *audit = value_get(operation.value, STR("x-audit"));

    ret->reads = str_eq(ret->method, STR("GET"));
    ret->audited = audit;
    return !audit || (ret->reads && str_eq(audit->string, STR("read"))) ||
           compile_refuse(c, operation.at, "x-audit is \"read\", and on GET alone");
}

static bool compile_identity(struct compiler *c, struct element operation, struct operation *ret)
{
    const struct value *identity = value_get(operation.value, STR("x-identity"));

    ret->identifies = identity;
    return !identity || (!ret->reads && str_eq(identity->string, STR("change"))) ||
           compile_refuse(c, operation.at, "x-identity is \"change\", and not on GET");
}

static void derive(struct operation *operation)
{
    operation->needs_match = operation_parameter(operation, PLACE_HEADER, STR("If-Match"));
    operation->takes_key = operation_parameter(operation, PLACE_HEADER, STR("Idempotency-Key"));
    operation->files_case = !operation->reads && operation->record && schema_property(operation->record, STR("case_key"));
    operation->needs_seal = operation->takes_case_key;
    for (size_t i = 0; i < operation->n_bodies; i++)
        operation->needs_seal |= schema_marks(operation->bodies[i].schema) != 0;
    for (size_t i = 0; i < operation->success->n_media; i++)
        operation->needs_seal |= schema_marks(operation->success->media[i].schema) != 0;
}

static bool compile_operation(struct compiler *c, struct element path_item, struct element operation, struct operation *ret)
{
    if (!compile_audit(c, operation, ret) || !compile_identity(c, operation, ret) ||
        !compile_parameters(c, path_item, operation, ret) ||
        !compile_bodies(c, operation, ret) || !compile_answers(c, operation, ret) ||
        !compile_requirements(c, operation, ret))
        return false;
    derive(ret);
    return check_names(c, operation.at, ret) && check_paging(c, operation.at, ret) && check_statuses(c, operation.at, ret) &&
           check_marks(c, operation.at, ret);
}

/* Calls `each` with every operation, in the order of the paths. */
static bool for_each(struct compiler *c, bool (*each)(struct compiler *c, struct element path_item, struct element operation,
                                                      struct operation *ret))
{
    struct element root = {c->bundle.document, {NULL, 0}}, paths = element_get(c, root, STR("paths"));
    size_t n = 0;

    for (size_t i = 0; i < element_count(paths); i++) {
        struct element item = element_get(c, paths, paths.value->object.v[i].name);
        for (size_t m = 0; m < METHODS; m++) {
            struct element operation = element_get(c, item, methods[m].member);
            if (!operation.value)
                continue;
            struct operation *to = &c->operations[n];
            to->index = n++;
            to->method = methods[m].method;
            to->path = paths.value->object.v[i].name;
            if (!each(c, item, operation, to))
                return false;
        }
    }
    c->n_operations = n;
    return true;
}

static bool list_operation(struct compiler *c, struct element path_item, struct element operation, struct operation *ret)
{
    (void)path_item;
    return identify(c, operation, ret);
}

bool compile_operations(struct compiler *c)
{
    const struct value *paths = value_get(c->bundle.document, STR("paths"));

    c->operations = arena_array(c->arena, struct operation, paths->object.n * METHODS);
    return for_each(c, list_operation) && for_each(c, compile_operation);
}
