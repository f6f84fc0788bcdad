/* schema_read_value.c: reads the keywords that demand something of one value. Knows nothing of schemas inside schemas. */
#include "contract/format.h"
#include "contract/schema_reader.h"

enum { ARGUMENT_BYTES_MAX = 2000 };

/* A value as it is shown in an argument: strings bare. */
static void show(struct buf *b, const struct value *value)
{
    if (value->type == VALUE_STRING)
        buf_add(b, value->string);
    else
        value_write(b, value);
}

/* "a, b" of an array, or the value itself. */
static struct str show_all(struct reader *r, const struct value *operand)
{
    bool list = operand->type == VALUE_ARRAY && r->keyword != KEYWORD_CONST;
    struct buf b;

    buf_init(&b, SIZE_MAX / 4);
    for (size_t i = 0; list && i < operand->array.n && b.n < ARGUMENT_BYTES_MAX; i++) {
        if (i)
            buf_add(&b, STR(", "));
        show(&b, operand->array.v[i]);
    }
    if (!list)
        show(&b, operand);
    struct str text = arena_copy(r->arena, buf_str(&b));
    buf_done(&b);
    return text;
}

static unsigned type_by_name(struct str name)
{
    static const struct str names[] = {STR_INIT("null"),   STR_INIT("boolean"), STR_INIT("integer"), STR_INIT("number"),
                                       STR_INIT("string"), STR_INIT("array"),   STR_INIT("object")};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (str_eq(name, names[i]))
            return 1u << i;
    return 0;
}

bool read_type(struct reader *r, const struct value *operand, struct check *check)
{
    bool list = operand->type == VALUE_ARRAY;
    size_t n = list ? operand->array.n : 1;

    for (size_t i = 0; i < n; i++) {
        unsigned type = type_by_name(value_string(list ? operand->array.v[i] : operand));
        if (!type || (check->types & type))
            return reader_refuse(r, "must be a type's name or a list of different ones");
        check->types |= type;
    }
    check->argument = show_all(r, operand);
    return n ? true : reader_refuse(r, "must name a type");
}

bool read_enum(struct reader *r, const struct value *operand, struct check *check)
{
    check->operand = operand;
    check->argument = show_all(r, operand);
    return operand->type == VALUE_ARRAY ? true : reader_refuse(r, "must be an array");
}

bool read_const(struct reader *r, const struct value *operand, struct check *check)
{
    check->operand = operand;
    check->argument = show_all(r, operand);
    return true;
}

bool read_count(struct reader *r, const struct value *operand, struct check *check)
{
    static const struct value zero = {.type = VALUE_INTEGER, .integer = 0};

    if (!value_is_number(operand) || !number_is_integer(operand) || number_compare(operand, &zero) < 0)
        return reader_refuse(r, "must be an integer that is not negative");
    if (operand->type == VALUE_INTEGER)
        check->count = operand->integer;
    else
        check->count = operand->real < 0x1p62 ? (int64_t)operand->real : INT64_MAX;
    check->argument = show_all(r, operand);
    return true;
}

bool read_limit(struct reader *r, const struct value *operand, struct check *check)
{
    check->operand = operand;
    check->argument = show_all(r, operand);
    return value_is_number(operand) ? true : reader_refuse(r, "must be a number");
}

bool read_multiple_of(struct reader *r, const struct value *operand, struct check *check)
{
    static const struct value zero = {.type = VALUE_INTEGER, .integer = 0};

    if (!value_is_number(operand) || number_compare(operand, &zero) <= 0)
        return reader_refuse(r, "must be a number above 0");
    check->decimal = number_decimal(operand);
    check->argument = show_all(r, operand);
    return true;
}

bool reader_pattern(struct reader *r, struct str text, const struct pattern **ret)
{
    char reason[PATTERN_REASON_BYTES];
    const char *slow;

    if (schema_set_wants_safe_patterns(r->set) && !pattern_is_safe(text, &slow))
        return reader_refuse(r, slow);
    return pattern_compile(r->arena, text, ret, reason) ? true : reader_refuse(r, reason);
}

bool read_pattern(struct reader *r, const struct value *operand, struct check *check)
{
    check->argument = value_string(operand);
    return operand->type == VALUE_STRING ? reader_pattern(r, operand->string, &check->pattern)
                                         : reader_refuse(r, "must be a string");
}

bool read_format(struct reader *r, const struct value *operand, struct check *check)
{
    check->argument = value_string(operand);
    check->format = format_by_name(check->argument);
    return check->format != FORMAT_NONE ? true : reader_refuse(r, "is none of the formats that are asserted here");
}

bool read_unique(struct reader *r, const struct value *operand, struct check *check)
{
    if (operand->type != VALUE_TRUE && operand->type != VALUE_FALSE)
        return reader_refuse(r, "must be a boolean");
    if (operand->type == VALUE_FALSE)
        check->keyword = KEYWORDS;
    return true;
}
