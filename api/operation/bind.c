/* bind.c: from typed values to bound texts. Knows nothing of connections. */
#include "operation/bind.h"

#include "operation/conceal.h"

#include <assert.h>
#include <stdio.h>

/* Whole number of n digits at p. */
static int digits(const char *p, int n)
{
    int number = 0;
    for (int i = 0; i < n; i++)
        number = number * 10 + (p[i] - '0');
    return number;
}

/* Days since 0000-03-01 of the proleptic Gregorian calendar (H. Hinnant, "chrono-compatible low-level date algorithms"). */
static long days_from_date(long year, long month, long day)
{
    year -= month <= 2;
    long era = (year >= 0 ? year : year - 399) / 400;
    long of_era = year - era * 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}

static void date_from_days(long days, long *ret_year, long *ret_month, long *ret_day)
{
    long era = (days >= 0 ? days : days - 146096) / 146097;
    long of_era = days - era * 146097;
    long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long of_year = of_era - (365 * year + year / 4 - year / 100);
    long shifted = (5 * of_year + 2) / 153;

    *ret_day = of_year - (153 * shifted + 2) / 5 + 1;
    *ret_month = shifted + (shifted < 10 ? 3 : -9);
    *ret_year = year + era * 400 + (*ret_month <= 2);
}

/* A year as PostgreSQL writes it: 0 is 1 BC, -1 is 2 BC. */
static struct str print_date(struct arena *a, long year, long month, long day, struct str time)
{
    return arena_printf(a, "%04ld-%02ld-%02ld%.*s%s", year > 0 ? year : 1 - year, month, day, STR_ARG(time),
                        year > 0 ? "" : " BC");
}

struct str bind_date(struct arena *a, struct str text)
{
    assert(text.n == 10);
    return print_date(a, digits(text.p, 4), digits(text.p + 5, 2), digits(text.p + 8, 2), STR(""));
}

struct str bind_date_time(struct arena *a, struct str text)
{
    bool utc = text.p[text.n - 1] == 'Z' || text.p[text.n - 1] == 'z';
    size_t zone = text.n - (utc ? 1 : 6);
    const char *offset = text.p + zone;
    struct str seconds = {text.p + 17, zone - 17};
    bool leap = str_starts(seconds, STR("60"));
    long year, month, day;

    assert(text.n >= 20);
    long minutes = utc ? 0 : digits(offset + 1, 2) * 60 + digits(offset + 4, 2);
    if (!utc && *offset == '-')
        minutes = -minutes;
    long days = days_from_date(digits(text.p, 4), digits(text.p + 5, 2), digits(text.p + 8, 2));
    minutes = digits(text.p + 11, 2) * 60 + digits(text.p + 14, 2) - minutes + leap;
    days += minutes < 0 ? -1 : minutes / 1440;
    minutes = (minutes + 1440) % 1440;
    date_from_days(days, &year, &month, &day);
    return print_date(a, year, month, day,
                      arena_printf(a, " %02ld:%02ld:%s%.*s+00", minutes / 60, minutes % 60, leap ? "00" : "",
                                   STR_ARG(str_skip(seconds, leap ? 2 : 0))));
}

static struct str scalar_text(struct arena *a, const struct value *value, uint32_t type)
{
    if (value->type == VALUE_STRING && type == DB_TIMESTAMPTZ)
        return bind_date_time(a, value->string);
    if (value->type == VALUE_STRING && type == DB_DATE)
        return bind_date(a, value->string);
    if (value->type == VALUE_STRING)
        return arena_copy(a, value->string);
    if (value->type == VALUE_REAL && type == DB_INT8) /* 1.0 is an integer to JSON Schema */
        return arena_printf(a, "%.0f", value->real);
    return value_text(a, value);
}

struct str bind_array(struct arena *a, const struct value *items, uint32_t type)
{
    size_t room = 3;

    for (size_t i = 0; i < items->array.n; i++)
        room += 2 * scalar_text(a, items->array.v[i], type).n + 3;
    char *text = arena_alloc(a, room), *at = text;
    *at++ = '{';
    for (size_t i = 0; i < items->array.n; i++) {
        struct str item = scalar_text(a, items->array.v[i], type);
        if (i)
            *at++ = ',';
        *at++ = '"';
        for (size_t c = 0; c < item.n; c++) {
            if (item.p[c] == '"' || item.p[c] == '\\')
                *at++ = '\\';
            *at++ = item.p[c];
        }
        *at++ = '"';
    }
    *at++ = '}';
    return (struct str){text, (size_t)(at - text)};
}

static const char *value_to_text(struct arena *a, const struct value *value, uint32_t type)
{
    if (value->type == VALUE_NULL)
        return NULL;
    if (type == DB_TEXT_ARRAY || type == DB_UUID_ARRAY || type == DB_INT8_ARRAY)
        return bind_array(a, value, type == DB_INT8_ARRAY ? DB_INT8 : DB_TEXT).p;
    if (type == DB_JSONB)
        return value_text(a, value).p;
    return scalar_text(a, value, type).p;
}

/* The body's member at a dotted path: NULL when it is absent; a parent that is null makes all below it null. */
static const struct value *body_member(const struct value *body, struct str path)
{
    struct str part;

    while (body && body->type != VALUE_NULL && str_next(&path, '.', &part))
        body = value_get(body, part);
    return body;
}

static const struct value *call_value(const struct source *source, const struct call *call)
{
    if (source->kind == SOURCE_PARAMETER)
        return call->parameters[source->index];
    const struct value *value = body_member(call->body, source->path);
    bool creates = !call->operation->is_patch;
    return value || !creates ? value : schema_default(source->schema);
}

/* The text of a body's member, with what the contract seals sealed. */
static const char *member_text(const struct plan *plan, const struct source *source, struct arena *a, const struct value *value)
{
    if (!source->seals || value->type == VALUE_NULL)
        return value_to_text(a, value, source->type);
    if (source->type == DB_BYTEA)
        return conceal_value(a, plan->seal, source->path, value).p;
    return value_to_text(a, conceal_members(a, plan->seal, source->schema, value), source->type);
}

static struct str caller_value(const struct source *source, const struct call *call)
{
    const struct str fields[] = {
        [CALLER_SUBJECT] = call->caller->subject,           [CALLER_ROLE] = call->role,
        [CALLER_AFFILIATION] = call->caller->affiliation,   [CALLER_ORGANIZATION] = call->caller->organization,
        [CALLER_SOURCE] = call->caller->source,             [CALLER_LANGUAGE] = call->language == LANGUAGE_EN ? STR("en") : STR("es"),
        [CALLER_CASE_KEY] = call_is_case(call) ? call->caller->case_key_hash : (struct str){NULL, 0},
    };
    return fields[source->index];
}

/* Gives whether the name was given, and its text. */
static bool resolve(const struct plan *plan, const struct source *source, const struct call *call, const struct binding *b,
                    const char **ret_text)
{
    const struct value *value;
    struct str text;

    switch (source->kind) {
    case SOURCE_PARAMETER:
    case SOURCE_BODY:
        value = call_value(source, call);
        *ret_text = value ? member_text(plan, source, call->arena, value) : NULL;
        return value != NULL;
    case SOURCE_EACH:
        *ret_text = source->index ? b->each.refused : b->each.taken;
        return *ret_text;
    case SOURCE_CALLER:
        text = caller_value(source, call);
        *ret_text = text.n ? arena_copy(call->arena, text).p : NULL;
        return text.n != 0;
    case SOURCE_NEW_ID:
        *ret_text = b->new_id[0] ? b->new_id : NULL;
        return b->new_id[0] != '\0';
    case SOURCE_NEW_SECRET:
        *ret_text = b->secrets[source->index].sealed.p;
        return true;
    case SOURCE_NEW_SECRET_HASH:
        *ret_text = b->secrets[source->index].hash.p;
        return true;
    case SOURCE_SECRET_HASH:
        value = body_member(call->body, source->path);
        *ret_text = value && value->type == VALUE_STRING
                        ? new_secret_hash_of((enum secret_kind)source->index, call->arena, value->string, plan->seal).p
                        : NULL;
        return true;
    case SOURCE_DERIVED:
        *ret_text = b->derived;
        return b->derived;
    case SOURCE_AFTER:
        *ret_text = source->index < b->n_after ? arena_copy(call->arena, b->after[source->index]).p : NULL;
        return source->index < b->n_after;
    case SOURCE_FORMAT:
        return source->index == (size_t)call->format;
    case SOURCE_LIMIT: /* stands in the text as a literal */
        return true;
    }
    return false;
}

/* Takes the array with x-each apart, if there is one in the body. */
static void bind_each(const struct plan *plan, const struct call *call, struct each *ret)
{
    const struct value *array = plan->each ? body_member(call->body, plan->each->path) : NULL;

    *ret = (struct each){NULL, NULL};
    if (array && array->type == VALUE_ARRAY)
        *ret = each_split(call, plan->seal, schema_items(plan->each->schema), array);
}

void bind_call(const struct plan *plan, const struct call *call, struct binding *b)
{
    b->given = 0;
    bind_each(plan, call, &b->each);
    for (enum secret_kind kind = 0; kind < SECRET_KINDS; kind++)
        if (plan->makes & 1u << kind)
            b->secrets[kind] = new_secret_make(kind, call, plan->seal);
    for (size_t i = 0; i < plan->file.n_names; i++) {
        b->texts[i] = NULL;
        if (resolve(plan, &plan->sources[i], call, b, &b->texts[i]))
            b->given |= UINT64_C(1) << i;
    }
}

void bind_guarded(const struct plan *plan, const struct call *call, const struct value *merged, struct binding *b)
{
    for (size_t i = 0; i < plan->file.n_names; i++) {
        const struct source *source = &plan->sources[i];
        const struct value *patch = source->kind == SOURCE_BODY ? body_member(call->body, source->path) : NULL;
        if (source->kind == SOURCE_DERIVED) {
            b->texts[i] = b->derived;
            b->given |= UINT64_C(1) << i;
        } else if (merged && source->type == DB_BYTEA && patch && patch->type == VALUE_OBJECT) {
            b->texts[i] = member_text(plan, source, call->arena, body_member(merged, source->path));
        }
    }
}
