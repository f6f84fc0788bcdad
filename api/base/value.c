/* value.c: JSON trees in an arena, parsed by jansson. Knows nothing of schemas. */
#include "base/value.h"

#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    CHUNK_BYTES_MIN = 4096, CHUNK_BYTES_MAX = 1 << 20,
    FEW_MEMBERS = 16, /* of objects that are compared without sorting */
};

/* What jansson takes while it parses: chunks that are filled from the front and freed together. jansson 2.14 frees some of it twice when it
 * is refused memory; here that does no harm. Between parses it gets what malloc gives. */
static _Thread_local struct pool {
    bool active, refused; /* refused: jansson tells of that now as one error, now as another */
    size_t used;          /* of the last chunk */
    struct chunk {
        struct chunk *before;
        size_t bytes;
        _Alignas(max_align_t) char at[];
    } *last;
} pool;

static bool add_chunk(size_t n)
{
    size_t bytes = pool.last ? 2 * pool.last->bytes : CHUNK_BYTES_MIN;

    bytes = bytes > CHUNK_BYTES_MAX ? CHUNK_BYTES_MAX : bytes;
    bytes = bytes < n ? n : bytes;
    struct chunk *chunk = malloc(sizeof *chunk + bytes);
    if (!chunk)
        return false;
    *chunk = (struct chunk){.before = pool.last, .bytes = bytes};
    pool.last = chunk;
    pool.used = 0;
    return true;
}

static void *allocate(size_t n)
{
    if (!pool.active)
        return malloc(n);
    n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if ((!pool.last || n > pool.last->bytes - pool.used) && !add_chunk(n)) {
        pool.refused = true;
        return NULL;
    }
    void *p = pool.last->at + pool.used;
    pool.used += n;
    return p;
}

static void release(void *p)
{
    if (!pool.active)
        free(p);
}

static void own_memory(void)
{
    json_set_alloc_funcs(allocate, release);
}

/* Parses; what comes of it lives until forget(). */
static json_t *load(struct str text, json_error_t *ret_refused)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, own_memory);
    pool = (struct pool){.active = true};
    json_t *root = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, ret_refused);
    pool.active = false;
    return root;
}

static void forget(void)
{
    for (struct chunk *chunk = pool.last, *before; chunk; chunk = before) {
        before = chunk->before;
        free(chunk);
    }
    pool.last = NULL;
}

/* Where a string ends whose first quote is at `at`: its last quote, or the end of the text. No byte is looked at more than twice. */
static size_t string_end(struct str text, size_t at)
{
    size_t from = at + 1, quote = from + str_find(str_skip(text, from), '"');

    while (quote < text.n) {
        size_t escape = from + str_find((struct str){text.p + from, quote - from}, '\\');
        if (escape == quote)
            return quote;
        from = escape + 2;
        if (from > quote)
            quote = from + str_find(str_skip(text, from), '"');
    }
    return text.n;
}

/* Whether brackets outside strings nest at most depth_max deep: jansson recurses, so this is looked at first. */
static bool nests_within(struct str text, int depth_max)
{
    int depth = 0;

    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '"') {
            i = string_end(text, i);
        } else if (c == '[' || c == '{') {
            if (++depth > depth_max)
                return false;
        } else if (c == ']' || c == '}') {
            depth--;
        }
    }
    return true;
}

static const struct value *convert(struct arena *a, json_t *from);

static void convert_array(struct arena *a, json_t *from, struct value *to)
{
    size_t n = json_array_size(from);
    const struct value **items = arena_array(a, const struct value *, n);

    for (size_t i = 0; i < n; i++)
        items[i] = convert(a, json_array_get(from, i));
    to->array.v = items;
    to->array.n = n;
}

static void convert_object(struct arena *a, json_t *from, struct value *to)
{
    struct member *members = arena_array(a, struct member, json_object_size(from));
    size_t n = 0;

    for (void *at = json_object_iter(from); at; at = json_object_iter_next(from, at)) {
        members[n].name = arena_copy(a, str_of(json_object_iter_key(at)));
        members[n++].value = convert(a, json_object_iter_value(at));
    }
    to->object.v = members;
    to->object.n = n;
}

/* Copies a jansson value into the arena; recurses as deep as the text nested, which was bounded. */
static const struct value *convert(struct arena *a, json_t *from)
{
    static const enum value_type types[] = {
        [JSON_OBJECT] = VALUE_OBJECT, [JSON_ARRAY] = VALUE_ARRAY, [JSON_STRING] = VALUE_STRING,
        [JSON_INTEGER] = VALUE_INTEGER, [JSON_REAL] = VALUE_REAL, [JSON_TRUE] = VALUE_TRUE,
        [JSON_FALSE] = VALUE_FALSE, [JSON_NULL] = VALUE_NULL,
    };
    struct value *to = arena_new(a, struct value);

    to->type = types[json_typeof(from)];
    if (to->type == VALUE_INTEGER)
        to->integer = json_integer_value(from);
    else if (to->type == VALUE_REAL)
        to->real = json_real_value(from);
    else if (to->type == VALUE_STRING)
        to->string = arena_copy(a, (struct str){json_string_value(from), json_string_length(from)});
    else if (to->type == VALUE_ARRAY)
        convert_array(a, from, to);
    else if (to->type == VALUE_OBJECT)
        convert_object(a, from, to);
    return to;
}

/* Says in words of ours why jansson refused: its own text repeats what was sent. */
static const char *reason(enum json_error_code code)
{
    switch ((int)code) {
    case json_error_duplicate_key:
        return "duplicate member";
    case json_error_invalid_utf8:
        return "not valid UTF-8";
    case json_error_numeric_overflow:
        return "number out of range";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "NUL character";
    case json_error_premature_end_of_input:
        return "ends too early";
    case json_error_end_of_input_expected:
        return "something follows the value";
    default:
        return "syntax error";
    }
}

static bool refuse(const json_error_t *refused, struct error *err)
{
    if (pool.refused)
        return error_set(err, ERR_OVERLOADED, "memory");
    return error_set(err, ERR_SYNTAX, "%s, line %d, column %d", reason(json_error_code(refused)), refused->line, refused->column);
}

bool value_parse(struct arena *a, struct str text, int depth_max, const struct value **ret, struct error *err)
{
    json_error_t refused = {0};

    if (str_find(text, '\0') < text.n)
        return error_set(err, ERR_SYNTAX, "NUL character"); /* outside strings jansson takes it for the end */
    if (!nests_within(text, depth_max))
        return error_set(err, ERR_SYNTAX, "nested more than %d deep", depth_max);
    json_t *root = load(text, &refused);
    if (root)
        *ret = convert(a, root);
    forget();
    return root || refuse(&refused, err);
}

const struct value *value_get(const struct value *value, struct str name)
{
    if (!value || value->type != VALUE_OBJECT)
        return NULL;
    for (size_t i = 0; i < value->object.n; i++)
        if (str_eq(value->object.v[i].name, name))
            return value->object.v[i].value;
    return NULL;
}

/* Whether the pointer's token, with its escapes ~0 and ~1, names `name`. */
static bool token_names(struct str token, struct str name)
{
    size_t at = 0;

    for (size_t i = 0; i < token.n; i++, at++) {
        char c = token.p[i];
        if (c == '~' && i + 1 < token.n)
            c = token.p[++i] == '1' ? '/' : '~';
        if (at >= name.n || name.p[at] != c)
            return false;
    }
    return at == name.n;
}

static const struct value *child(const struct value *value, struct str token)
{
    int64_t index;

    if (value->type == VALUE_ARRAY)
        return str_to_i64(token, &index) && index >= 0 && (size_t)index < value->array.n ? value->array.v[index] : NULL;
    if (str_find(token, '~') == token.n)
        return value_get(value, token);
    for (size_t i = 0; value->type == VALUE_OBJECT && i < value->object.n; i++)
        if (token_names(token, value->object.v[i].name))
            return value->object.v[i].value;
    return NULL;
}

const struct value *value_at(const struct value *value, struct str pointer)
{
    struct str rest = str_skip(pointer, 1), token;

    if (pointer.n == 0)
        return value;
    if (pointer.p[0] != '/')
        return NULL;
    while (value && str_next(&rest, '/', &token))
        value = child(value, token);
    return value;
}

struct str value_string(const struct value *value)
{
    return value && value->type == VALUE_STRING ? value->string : (struct str){NULL, 0};
}

bool value_is_true(const struct value *value)
{
    return value && value->type == VALUE_TRUE;
}

bool value_is_number(const struct value *value)
{
    return value && (value->type == VALUE_INTEGER || value->type == VALUE_REAL);
}

static bool numbers_equal(const struct value *a, const struct value *b)
{
    if (a->type == b->type)
        return a->type == VALUE_INTEGER ? a->integer == b->integer : !(a->real < b->real || a->real > b->real);
    const struct value *integer = a->type == VALUE_INTEGER ? a : b, *real = integer == a ? b : a;
    /* beyond 2^53 a double stands for several integers; compare as integers where the real is one */
    return real->real >= -0x1p63 && real->real < 0x1p63 && trunc(real->real) >= real->real &&
           trunc(real->real) <= real->real && (int64_t)real->real == integer->integer;
}

static bool arrays_equal(const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < a->array.n; i++)
        if (!value_equal(a->array.v[i], b->array.v[i]))
            return false;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return str_compare((*(const struct member *const *)a)->name, (*(const struct member *const *)b)->name);
}

static void sort_members(const struct value *object, const struct member **ret)
{
    for (size_t i = 0; i < object->object.n; i++)
        ret[i] = &object->object.v[i];
    qsort(ret, object->object.n, sizeof(void *), by_name);
}

/* What comes from outside may have 100,000 members in whatever order. Names do not repeat. False in *ret_done without memory. */
static bool large_objects_equal(const struct value *a, const struct value *b, bool *ret_done)
{
    size_t n = a->object.n;
    const struct member **members = malloc(2 * n * sizeof(void *));
    bool equal = true;

    *ret_done = members;
    if (!members)
        return false;
    sort_members(a, members);
    sort_members(b, members + n);
    for (size_t i = 0; equal && i < n; i++)
        equal = str_eq(members[i]->name, members[n + i]->name) && value_equal(members[i]->value, members[n + i]->value);
    free(members);
    return equal;
}

static bool objects_equal(const struct value *a, const struct value *b)
{
    bool done = false, equal = a->object.n > FEW_MEMBERS && large_objects_equal(a, b, &done);

    if (done)
        return equal;
    for (size_t i = 0; i < a->object.n; i++) {
        const struct value *other = value_get(b, a->object.v[i].name);
        if (!other || !value_equal(a->object.v[i].value, other))
            return false;
    }
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (value_is_number(a) && value_is_number(b))
        return numbers_equal(a, b);
    if (a->type != b->type)
        return false;
    if (a->type == VALUE_STRING)
        return str_eq(a->string, b->string);
    if (a->type == VALUE_ARRAY)
        return a->array.n == b->array.n && arrays_equal(a, b);
    if (a->type == VALUE_OBJECT)
        return a->object.n == b->object.n && objects_equal(a, b);
    return true;
}

/* Digits that read back the same: 15 nearly always, 17 always (IEEE 754 double). */
static void write_real(struct buf *b, double real)
{
    char text[40];

    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, real);
        double back = strtod(text, NULL);
        if (back >= real && back <= real)
            break;
    }
    buf_add(b, str_of(text));
}

static void write_array(struct buf *b, const struct value *value)
{
    buf_char(b, '[');
    for (size_t i = 0; i < value->array.n; i++) {
        if (i)
            buf_char(b, ',');
        value_write(b, value->array.v[i]);
    }
    buf_char(b, ']');
}

static void write_object(struct buf *b, const struct value *value)
{
    buf_char(b, '{');
    for (size_t i = 0; i < value->object.n; i++) {
        if (i)
            buf_char(b, ',');
        buf_json_string(b, value->object.v[i].name);
        buf_char(b, ':');
        value_write(b, value->object.v[i].value);
    }
    buf_char(b, '}');
}

void value_write(struct buf *b, const struct value *value)
{
    switch (value->type) {
    case VALUE_NULL:
        buf_add(b, STR("null"));
        break;
    case VALUE_FALSE:
        buf_add(b, STR("false"));
        break;
    case VALUE_TRUE:
        buf_add(b, STR("true"));
        break;
    case VALUE_INTEGER:
        buf_printf(b, "%lld", (long long)value->integer);
        break;
    case VALUE_REAL:
        write_real(b, value->real);
        break;
    case VALUE_STRING:
        buf_json_string(b, value->string);
        break;
    case VALUE_ARRAY:
        write_array(b, value);
        break;
    case VALUE_OBJECT:
        write_object(b, value);
        break;
    }
}

struct str value_text(struct arena *a, const struct value *value)
{
    struct buf b;

    buf_init(&b, SIZE_MAX / 4);
    value_write(&b, value);
    struct str text = arena_copy(a, buf_str(&b));
    buf_done(&b);
    return text;
}
