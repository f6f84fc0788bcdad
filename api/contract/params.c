/* params.c: path, query and header parameters, from text to typed values that fit the contract. Knows nothing of bodies. */
#include "contract/params.h"

#include <assert.h>

#include "contract/pointer.h"

enum { QUERY_PAIRS_MAX = 64 };

/* One request's decoding. */
struct decoder {
    struct arena *arena;
    const struct operation *operation;
    const struct value **values; /* one per parameter */
    uint64_t seen;               /* a bit per parameter; the contract has at most 64 */
    struct violations *list;
    bool refused;
};

static bool is_text(struct str text)
{
    return str_find(text, '\0') == text.n && str_is_utf8(text);
}

static void refuse(struct decoder *d, enum place place, struct str pointer, struct str keyword, struct str argument)
{
    d->refused = true;
    violations_add(d->list, place, pointer, keyword, argument);
}

static struct str pointer_to(struct decoder *d, struct str name)
{
    return pointer_child(d->arena, (struct str){NULL, 0}, name);
}

/* Takes the escapes of a place away. */
static bool unescape(struct decoder *d, enum place place, struct str raw, struct str *ret)
{
    if (place != PLACE_HEADER)
        return percent_decode(d->arena, raw, place == PLACE_QUERY, ret);
    *ret = raw;
    return is_text(raw);
}

/* A number by JSON's grammar, without the white space that JSON allows around it. */
static bool to_number(struct arena *a, struct str text, struct value *ret)
{
    const struct value *parsed;
    struct error ignored;
    bool space = text.n && (strchr(" \t\r\n", text.p[0]) || strchr(" \t\r\n", text.p[text.n - 1]));

    if (space || !value_parse(a, text, 1, &parsed, &ignored) || !value_is_number(parsed))
        return false;
    *ret = *parsed;
    return true;
}

/* Reads text as the one type that the schema has; NULL, or the name of that type when it cannot be. */
static const char *to_type(struct arena *a, unsigned types, struct str text, struct value *ret)
{
    bool is_true = str_eq(text, STR("true"));

    if (types & TYPE_STRING) {
        *ret = (struct value){.type = VALUE_STRING, .string = text};
        return NULL;
    }
    if (types & TYPE_NUMBER)
        return to_number(a, text, ret) ? NULL : "number";
    ret->type = types & TYPE_INTEGER ? VALUE_INTEGER : is_true ? VALUE_TRUE : VALUE_FALSE;
    if (types & TYPE_INTEGER)
        return str_to_i64(text, &ret->integer) ? NULL : "integer";
    return is_true || str_eq(text, STR("false")) ? NULL : "boolean";
}

/* The value of a parameter, or of one item of it, at pointer. NULL: refused. */
static const struct value *decode_scalar(struct decoder *d, const struct parameter *parameter, struct str raw, struct str pointer)
{
    const struct schema *schema = parameter->list ? schema_items(parameter->schema) : parameter->schema;
    struct value *value = arena_new(d->arena, struct value);
    struct str text;

    if (!unescape(d, parameter->place, raw, &text)) {
        refuse(d, parameter->place, pointer, STR("syntax"), (struct str){NULL, 0});
        return NULL;
    }
    const char *type = to_type(d->arena, schema_types(schema), text, value);
    if (type)
        refuse(d, parameter->place, pointer, STR("type"), str_of(type));
    return type ? NULL : value;
}

/* Comma-separated items; a comma within an item is percent-encoded, so items are told apart first. */
static const struct value *decode_list(struct decoder *d, const struct parameter *parameter, struct str raw, struct str pointer)
{
    struct value *value = arena_new(d->arena, struct value);
    size_t n = 1;

    if (raw.n == 0) {
        refuse(d, parameter->place, pointer, STR("minItems"), STR("1"));
        return NULL;
    }
    for (size_t i = 0; i < raw.n; i++)
        n += raw.p[i] == ',';
    const struct value **items = arena_array(d->arena, const struct value *, n);
    struct str rest = raw, item;
    for (size_t i = 0; str_next(&rest, ',', &item); i++) {
        struct str at = arena_printf(d->arena, "%.*s/%zu", STR_ARG(pointer), i);
        items[i] = decode_scalar(d, parameter, parameter->place == PLACE_HEADER ? str_trim(item) : item, at);
        if (!items[i])
            return NULL;
    }
    *value = (struct value){.type = VALUE_ARRAY, .array = {items, n}};
    return value;
}

/* The schema's violations are told in the parameter's place. */
static void validate(struct decoder *d, const struct parameter *parameter, const struct value *value, struct str pointer)
{
    size_t before = d->list->n;

    if (schema_validate(parameter->schema, value, pointer, NULL))
        return;
    d->refused = true;
    schema_validate(parameter->schema, value, pointer, d->list);
    for (size_t i = before; i < d->list->n; i++)
        d->list->v[i].place = parameter->place;
}

/* Takes the text that was sent for the i-th parameter. */
static void take(struct decoder *d, size_t i, struct str raw)
{
    const struct parameter *parameter = &d->operation->parameters[i];
    struct str pointer = pointer_to(d, parameter->name);

    if (d->seen & (uint64_t)1 << i) {
        refuse(d, parameter->place, pointer, STR("duplicate"), (struct str){NULL, 0});
        return;
    }
    d->seen |= (uint64_t)1 << i;
    d->values[i] = parameter->list ? decode_list(d, parameter, raw, pointer) : decode_scalar(d, parameter, raw, pointer);
    if (d->values[i])
        validate(d, parameter, d->values[i], pointer);
}

/* Parameters of the path stand first, in the template's order. */
static void take_path(struct decoder *d, const struct route *route)
{
    for (size_t i = 0; i < route->n_values; i++)
        take(d, i, route->values[i]);
}

static void take_pair(struct decoder *d, struct str pair)
{
    size_t equals = str_find(pair, '=');
    struct str raw_name = {pair.p, equals}, name;

    if (!percent_decode(d->arena, raw_name, true, &name)) {
        refuse(d, PLACE_QUERY, (struct str){NULL, 0}, STR("syntax"), (struct str){NULL, 0});
        return;
    }
    const struct parameter *parameter = operation_parameter(d->operation, PLACE_QUERY, name);
    if (parameter)
        take(d, (size_t)(parameter - d->operation->parameters), str_skip(pair, equals + 1));
    else
        refuse(d, PLACE_QUERY, pointer_to(d, name), STR("unknown"), (struct str){NULL, 0});
}

static void take_query(struct decoder *d, struct str query)
{
    struct str rest = query, pair;
    size_t pairs = 0;

    while (str_next(&rest, '&', &pair)) {
        if (++pairs > QUERY_PAIRS_MAX) {
            refuse(d, PLACE_QUERY, (struct str){NULL, 0}, STR("maxItems"), arena_printf(d->arena, "%d", QUERY_PAIRS_MAX));
            return;
        }
        if (pair.n)
            take_pair(d, pair);
    }
}

static void take_headers(struct decoder *d, struct headers headers)
{
    for (size_t i = 0; i < headers.n; i++) {
        const struct parameter *parameter = operation_parameter(d->operation, PLACE_HEADER, headers.v[i].name);
        if (parameter)
            take(d, (size_t)(parameter - d->operation->parameters), str_trim(headers.v[i].value));
    }
}

/* Defaults, and what is missing. If-Match is not missed here: without it the answer is 428, not 400. */
static void fill_absent(struct decoder *d)
{
    for (size_t i = 0; i < d->operation->n_parameters; i++) {
        const struct parameter *parameter = &d->operation->parameters[i];
        bool match = parameter->place == PLACE_HEADER && str_eq_nocase(parameter->name, STR("If-Match"));
        if (d->seen & (uint64_t)1 << i)
            continue;
        d->values[i] = parameter->default_value;
        if (parameter->required && !match)
            refuse(d, parameter->place, pointer_to(d, parameter->name), STR("required"), (struct str){NULL, 0});
    }
}

bool params_decode(struct arena *a, const struct route *route, struct str query, struct headers headers,
                   const struct value ***ret_values, struct violations *list)
{
    struct decoder d = {
        .arena = a,
        .operation = route->operation,
        .values = arena_array(a, const struct value *, route->operation->n_parameters),
        .list = list,
    };

    assert(route->operation->n_parameters <= 64 && route->n_values <= route->operation->n_parameters);
    take_path(&d, route);
    take_query(&d, query);
    take_headers(&d, headers);
    fill_absent(&d);
    *ret_values = d.values;
    return !d.refused;
}
