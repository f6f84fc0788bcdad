/* compile_answer.c: an operation's answers: media types, the record they show, where a made record is found. Knows
 * nothing of rendering. */
#include "contract/compile.h"

static const struct operation *operation_of(struct compiler *c, struct str id)
{
    for (size_t i = 0; i < c->n_operations; i++)
        if (str_eq(c->operations[i].id, id))
            return &c->operations[i];
    return NULL;
}

/* The schema of a successful JSON answer, or NULL. */
static const struct schema *json_schema(const struct answer *answer)
{
    for (size_t i = 0; answer && i < answer->n_media; i++)
        if (str_eq(answer->media[i].type, STR("application/json")))
            return answer->media[i].schema;
    return NULL;
}

/* "place.id" for "$response.body#/place/id", when the answer's schema has that member and it is one string or number. */
static bool response_member(struct compiler *c, const struct answer *answer, struct str expression, struct str *ret)
{
    static const struct str prefix = STR_INIT("$response.body#/");
    const struct schema *schema = json_schema(answer);
    struct str rest = str_skip(expression, prefix.n), token;

    if (!str_starts(expression, prefix))
        return false;
    struct str dotted = arena_copy(c->arena, rest);
    char *at = arena_alloc(c->arena, dotted.n + 1);
    for (size_t i = 0; i < dotted.n; i++)
        at[i] = dotted.p[i] == '/' ? '.' : dotted.p[i];
    while (schema && str_next(&rest, '/', &token))
        schema = schema_property(schema, token);
    *ret = (struct str){at, dotted.n};
    return schema && !(schema_types(schema) & (TYPE_OBJECT | TYPE_ARRAY));
}

/* The target's path with its parameters named as the answer's members are. */
static bool link_path(struct compiler *c, const struct answer *answer, struct element link, struct str path, struct str *ret)
{
    const struct value *parameters = value_get(link.value, STR("parameters"));
    struct str rest = str_skip(path, 1), segment, made = {"", 0};
    size_t used = 0;

    while (str_next(&rest, '/', &segment)) {
        if (segment.n && segment.p[0] == '{') {
            struct str name = {segment.p + 1, segment.n - 2}, member;
            if (!response_member(c, answer, value_string(value_get(parameters, name)), &member))
                return compile_refuse(c, link.at, "parameter \"%.*s\" must be \"$response.body#/<member>\"", STR_ARG(name));
            segment = arena_printf(c->arena, "{%.*s}", STR_ARG(member));
            used++;
        }
        made = arena_printf(c->arena, "%.*s/%.*s", STR_ARG(made), STR_ARG(segment));
    }
    *ret = made;
    return used == (parameters ? parameters->object.n : 0) ||
           compile_refuse(c, link.at, "sets a parameter that %.*s does not have", STR_ARG(path));
}

static bool compile_links(struct compiler *c, struct element response, struct answer *ret)
{
    struct element links = element_get(c, response, STR("links"));

    for (size_t i = 0; i < element_count(links); i++) {
        struct element link = element_get(c, links, links.value->object.v[i].name);
        struct str id = value_string(value_get(link.value, STR("operationId"))), path;
        const struct operation *target = operation_of(c, id);
        if (!target || !str_eq(target->method, STR("GET")))
            return compile_refuse(c, link.at, "\"%.*s\" is not an operation that reads", STR_ARG(id));
        if (!link_path(c, ret, link, target->path, &path))
            return false;
        if (ret->status == 201 && !ret->location.p)
            ret->location = path;
    }
    return ret->status != 201 || ret->location.p || compile_refuse(c, response.at, "a 201 needs a link, for its Location");
}

/* Whether an error is told as a problem (RFC 9457) or, where tokens are given, as OAuth tells it (RFC 6749 5.2). */
static bool is_error_content(const struct answer *answer)
{
    const struct schema *json = json_schema(answer);

    return answer->n_media == 1 && (str_eq(answer->media[0].type, STR("application/problem+json")) ||
                                    (json && schema_property(json, STR("error")) && schema_property(json, STR("error_uri"))));
}

/* Whether the media types suit the status; some statuses have no content (RFC 9110). */
static bool check_content(struct compiler *c, struct str at, const struct answer *answer)
{
    bool empty = answer->status == 204 || answer->status == 304;

    if (empty && answer->n_media)
        return compile_refuse(c, at, "%d has no content", answer->status);
    return answer->status < 400 || is_error_content(answer) || compile_refuse(c, at, "an error answers application/problem+json alone");
}

static bool compile_answer(struct compiler *c, struct element responses, struct str status, struct answer *ret)
{
    struct element response = element_get(c, responses, status);
    int64_t number;

    if (!str_to_i64(status, &number) || number < 200 || number > 599)
        return compile_refuse(c, response.at, "an answer is listed under its status");
    ret->status = (int)number;
    return compile_content(c, element_get(c, response, STR("content")), &ret->media, &ret->n_media) &&
           check_content(c, response.at, ret) && compile_links(c, response, ret);
}

/* A list is an object with `data`, an array, and `next`. */
static void find_record(struct operation *operation)
{
    const struct schema *whole = json_schema(operation->success);
    const struct schema *data = whole ? schema_property(whole, STR("data")) : NULL;

    operation->is_list = data && schema_types(data) == TYPE_ARRAY && schema_property(whole, STR("next"));
    operation->record = operation->is_list ? schema_items(data) : whole;
}

bool compile_answers(struct compiler *c, struct element operation, struct operation *ret)
{
    struct element responses = element_get(c, operation, STR("responses"));
    size_t n = element_count(responses);
    struct answer *answers = arena_array(c->arena, struct answer, n);

    for (size_t i = 0; i < n; i++) {
        if (!compile_answer(c, responses, responses.value->object.v[i].name, &answers[i]))
            return false;
        if (!ret->success && answers[i].status < 300)
            ret->success = &answers[i];
    }
    ret->answers = answers;
    ret->n_answers = n;
    if (!ret->success)
        return compile_refuse(c, responses.at, "no answer is a success");
    find_record(ret);
    return true;
}
