/* compile_parameter.c: an operation's path, query and header parameters. Knows nothing of requests. */
#include "contract/compile.h"

/* What is true of all parameters of one place. */
static const struct kind {
    struct str in, style; /* OpenAPI's default style there, the only one taken */
    enum place place;
    bool explode; /* its default */
} kinds[] = {
    {STR_INIT("path"), STR_INIT("simple"), PLACE_PATH, false},
    {STR_INIT("query"), STR_INIT("form"), PLACE_QUERY, true},
    {STR_INIT("header"), STR_INIT("simple"), PLACE_HEADER, false},
};

static const struct kind *kind_of(const struct value *parameter)
{
    struct str in = value_string(value_get(parameter, STR("in")));

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_eq(kinds[i].in, in))
            return &kinds[i];
    return NULL;
}

/* Path and query names are names in SQL too; headers are tokens, but not those that HTTP itself reads (OpenAPI 4.8.12). */
static bool is_name(enum place place, struct str name)
{
    static const struct str reserved[] = {STR_INIT("Accept"), STR_INIT("Content-Type"), STR_INIT("Authorization"),
                                          STR_INIT("Case-Key")};

    for (size_t i = 0; place == PLACE_HEADER && i < sizeof reserved / sizeof reserved[0]; i++)
        if (str_eq_nocase(name, reserved[i]))
            return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z', digit = c >= '0' && c <= '9';
        if (place == PLACE_HEADER ? !(lower || upper || digit || c == '-') : !(lower || (i > 0 && (digit || c == '_'))))
            return false;
    }
    return name.n > 0;
}

static bool is_scalar(const struct schema *schema)
{
    unsigned types = schema ? schema_types(schema) : 0;

    if (types & TYPE_NUMBER)
        types &= ~(unsigned)TYPE_INTEGER;
    return types == TYPE_BOOLEAN || types == TYPE_INTEGER || types == TYPE_NUMBER || types == TYPE_STRING;
}

/* Whether the schema takes what cannot be written: an empty array, or one of an empty text, would both be "". */
static bool takes_empty(const struct parameter *parameter)
{
    struct value text = {.type = VALUE_STRING, .string = {"", 0}}, list = {.type = VALUE_ARRAY};
    const struct value *items[] = {&text};

    if (!parameter->list)
        return parameter->place == PLACE_PATH && schema_validate(parameter->schema, &text, text.string, NULL);
    if (schema_validate(parameter->schema, &list, text.string, NULL))
        return true;
    list.array.v = items;
    list.array.n = 1;
    return schema_validate(parameter->schema, &list, text.string, NULL);
}

static bool check_schema(struct compiler *c, struct str at, const struct parameter *parameter)
{
    const struct value *given = parameter->default_value;

    if (!is_scalar(parameter->list ? schema_items(parameter->schema) : parameter->schema))
        return compile_refuse(c, at, "a parameter is one boolean, integer, number or string, or an array of one of them");
    if (schema_marks(parameter->schema))
        return compile_refuse(c, at, "x-sealed and x-each are not for parameters");
    if (takes_empty(parameter))
        return compile_refuse(c, at, "must refuse what is empty: minLength, and minItems of an array");
    if (given && (parameter->required || !schema_validate(parameter->schema, given, (struct str){NULL, 0}, NULL)))
        return compile_refuse(c, at, "the default does not fit, or can never be used");
    return true;
}

static bool check_style(struct compiler *c, struct element element, const struct kind *kind, bool list)
{
    struct str style = value_string(value_get(element.value, STR("style")));
    const struct value *explode = value_get(element.value, STR("explode"));
    bool explodes = explode ? value_is_true(explode) : kind->explode;

    if (style.p && !str_eq(style, kind->style))
        return compile_refuse(c, element.at, "unsupported style \"%.*s\"", STR_ARG(style));
    return !(list && explodes) || compile_refuse(c, element.at, "an array needs explode: false");
}

static bool compile_parameter(struct compiler *c, struct element element, struct parameter *ret)
{
    const struct kind *kind = kind_of(element.value);
    struct str schema = pointer_child(c->arena, element.at, STR("schema"));

    ret->name = value_string(value_get(element.value, STR("name")));
    ret->required = value_is_true(value_get(element.value, STR("required")));
    if (!kind)
        return compile_refuse(c, element.at, "\"in\" must be path, query or header");
    ret->place = kind->place;
    if (!is_name(ret->place, ret->name))
        return compile_refuse(c, element.at, "\"%.*s\" cannot name a %.*s parameter", STR_ARG(ret->name), STR_ARG(kind->in));
    bool must = ret->place == PLACE_PATH || (ret->place == PLACE_HEADER && str_eq_nocase(ret->name, STR("If-Match")));
    if (must && !ret->required)
        return compile_refuse(c, element.at, "must be required");
    if (!compile_schema(c, schema, &ret->schema))
        return false;
    ret->list = schema_types(ret->schema) == TYPE_ARRAY;
    ret->default_value = schema_default(ret->schema);
    return check_style(c, element, kind, ret->list) && check_schema(c, schema, ret) &&
           compile_examples(c, element, ret->schema);
}

static bool same_parameter(const struct parameter *a, const struct parameter *b)
{
    return a->place == b->place && (a->place == PLACE_HEADER ? str_eq_nocase(a->name, b->name) : str_eq(a->name, b->name));
}

/* Appends a list of parameters to those there are. */
static bool add_parameters(struct compiler *c, struct element list, struct parameter *parameters, size_t *n)
{
    for (size_t i = 0; i < element_count(list); i++) {
        struct element element = element_item(c, list, i);
        if (!compile_parameter(c, element, &parameters[*n]))
            return false;
        for (size_t j = 0; j < *n; j++)
            if (same_parameter(&parameters[j], &parameters[*n]))
                return compile_refuse(c, element.at, "\"%.*s\" is declared twice", STR_ARG(parameters[j].name));
        ++*n;
    }
    return true;
}

/* Finds a path parameter from index `from` on and moves it there. */
static bool bring_forward(struct parameter *parameters, size_t n, size_t from, struct str name)
{
    for (size_t i = from; i < n; i++) {
        if (parameters[i].place != PLACE_PATH || !str_eq(parameters[i].name, name))
            continue;
        struct parameter found = parameters[i];
        memmove(&parameters[from + 1], &parameters[from], (i - from) * sizeof found);
        parameters[from] = found;
        return true;
    }
    return false;
}

/* Plain segments are compared byte by byte with what comes, so only what needs no percent-encoding is taken. */
static bool is_plain(struct str segment)
{
    static const char unreserved[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    for (size_t i = 0; i < segment.n; i++)
        if (!segment.p[i] || !strchr(unreserved, segment.p[i]))
            return false;
    return segment.n > 0;
}

/* Checks the template, and puts path parameters first, in its order. */
static bool match_template(struct compiler *c, struct str at, struct str path, struct parameter *parameters, size_t n)
{
    struct str rest = str_skip(path, 1), segment;
    size_t found = 0;

    if (!str_starts(path, STR("/")))
        return compile_refuse(c, at, "a path begins with /");
    while (path.n > 1 && str_next(&rest, '/', &segment)) {
        bool template = segment.n > 2 && segment.p[0] == '{' && segment.p[segment.n - 1] == '}';
        if (!template && !is_plain(segment))
            return compile_refuse(c, at, "segment \"%.*s\" is neither {name} nor plain text", STR_ARG(segment));
        if (template && !bring_forward(parameters, n, found++, (struct str){segment.p + 1, segment.n - 2}))
            return compile_refuse(c, at, "path parameter %.*s is not declared", STR_ARG(segment));
    }
    for (size_t i = found; i < n; i++)
        if (parameters[i].place == PLACE_PATH)
            return compile_refuse(c, at, "the path has no {%.*s}", STR_ARG(parameters[i].name));
    return true;
}

bool compile_parameters(struct compiler *c, struct element path_item, struct element operation, struct operation *ret)
{
    struct element shared = element_get(c, path_item, STR("parameters")), own = element_get(c, operation, STR("parameters"));
    size_t n = 0, declared = element_count(shared) + element_count(own);

    if (declared > PARAMETERS_MAX)
        return compile_refuse(c, operation.at, "more than %d parameters", PARAMETERS_MAX);
    struct parameter *parameters = arena_array(c->arena, struct parameter, declared);
    if (!add_parameters(c, shared, parameters, &n) || !add_parameters(c, own, parameters, &n) ||
        !match_template(c, operation.at, ret->path, parameters, n))
        return false;
    ret->parameters = parameters;
    ret->n_parameters = n;
    return true;
}
