/* page.c: keyset paging (M. Winand, "No Offset"): a page ends at values, not at a count. Knows nothing of rendering. */
#include "operation/page.h"

#include "contract/percent.h"
#include "operation/cursor.h"

#include <assert.h>
#include <stdio.h>

static_assert((int)CURSOR_VALUES_MAX == (int)AFTER_MAX, "a cursor holds what :after_ may name");

/* Rows asked for, one more than may be shown: the surplus tells that there is a next page. */
static int rounded(int limit)
{
    static const int steps[] = {11, 51, 201};

    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (limit < steps[i])
            return steps[i];
    return limit + 1;
}

/* What a cursor is good for: the operation, the role and every filter, as they were. */
static struct str binding_text(const struct run *run)
{
    const struct operation *operation = run->plan->operation;
    struct arena *a = run->call->arena;
    struct str text = arena_printf(a, "%.*s %.*s", STR_ARG(operation->id), STR_ARG(run->call->role));

    for (size_t i = 0; i < operation->n_parameters; i++) {
        const struct parameter *p = &operation->parameters[i];
        bool paging = p == run->plan->cursor || p == run->plan->limit || p == run->plan->include;
        if (paging || p->place == PLACE_HEADER || !run->call->parameters[i])
            continue;
        text = arena_printf(a, "%.*s %.*s=%.*s", STR_ARG(text), STR_ARG(p->name),
                            STR_ARG(value_text(a, run->call->parameters[i])));
    }
    return text;
}

static bool includes_total(const struct value *include)
{
    if (!include)
        return false;
    if (include->type == VALUE_STRING)
        return str_eq(include->string, STR("total"));
    for (size_t i = 0; include->type == VALUE_ARRAY && i < include->array.n; i++)
        if (str_eq(value_string(include->array.v[i]), STR("total")))
            return true;
    return false;
}

/* One that was made elsewhere, for another list or filter, or not here at all: told as any parameter is. */
static bool refuse_cursor(const struct run *run, struct error *err)
{
    struct violations list = violations_new(run->call->arena);

    violations_add(&list, PLACE_QUERY, STR("/cursor"), STR("cursor"), (struct str){NULL, 0});
    return violations_refuse(&list, ERR_CURSOR, err);
}

bool page_open(const struct run *run, struct binding *binding, struct page *ret, struct error *err)
{
    const struct plan *plan = run->plan;
    const struct call *call = run->call;
    bool streams = call->format != AS_JSON;
    struct cursor last = {.n = 0};

    *ret = (struct page){.limit = ROWS_UNLIMITED};
    if (plan->limit) {
        const struct value *limit = call->parameters[plan->limit_at];
        bool chosen = limit && limit != plan->limit->default_value;
        if (limit && (chosen || !streams))
            ret->limit = (int)limit->integer;
        ret->variant.limit = ret->limit == ROWS_UNLIMITED ? ROWS_UNLIMITED : rounded(ret->limit);
    }
    ret->total = plan->include && !streams && includes_total(call->parameters[plan->include_at]);
    const struct value *cursor = plan->cursor ? call->parameters[plan->cursor_at] : NULL;
    if (!cursor)
        return true;
    if (!cursor_read(call->arena, run->engine->cursor_key, binding_text(run), cursor->string, &last, err) ||
        last.n != plan->n_after)
        return refuse_cursor(run, err);
    memcpy(binding->after, last.values, sizeof last.values);
    binding->n_after = last.n;
    return true;
}

int page_column(const struct db_result *result, struct str name)
{
    for (int column = 0; column < db_columns(result); column++)
        if (str_eq(db_column_name(result, column), name))
            return column;
    return -1;
}

bool page_next(const struct run *run, const struct db_result *result, int last, struct str *ret_cursor, struct error *err)
{
    const struct plan *plan = run->plan;
    struct cursor cursor = {.n = plan->n_after};

    for (size_t i = 0; i < plan->n_after; i++) {
        int column = page_column(result, plan->after[i]);
        if (column < 0)
            column = page_column(result, arena_printf(run->call->arena, "_%.*s", STR_ARG(plan->after[i])));
        if (column < 0 || db_is_null(result, last, column))
            return error_set(err, ERR_INTERNAL, "cursor column %.*s of %.*s is missing or null", STR_ARG(plan->after[i]),
                             STR_ARG(plan->operation->id));
        cursor.values[i] = db_value(result, last, column);
    }
    return cursor_make(run->call->arena, run->engine->cursor_key, binding_text(run), &cursor, ret_cursor) ||
           error_set(err, ERR_INTERNAL, "cursor of %.*s is too long", STR_ARG(plan->operation->id));
}

/* The path as it was asked for: the template with the raw values in their places. */
static void add_path(const struct call *call, struct buf *b)
{
    struct str rest = str_skip(call->operation->path, 1), segment;
    size_t value = 0;

    while (str_next(&rest, '/', &segment)) {
        buf_char(b, '/');
        buf_add(b, segment.n && segment.p[0] == '{' && value < call->route.n_values ? call->route.values[value++] : segment);
    }
}

/* Whether a pair of the query sets the cursor, however its name is written. */
static bool sets_cursor(struct arena *a, struct str pair)
{
    struct str name = {pair.p, str_find(pair, '=')}, plain;
    return percent_decode(a, name, true, &plain) && str_eq(plain, STR("cursor"));
}

struct str page_link(const struct run *run, struct str cursor)
{
    struct str rest = run->call->query, part;
    struct buf b;

    buf_init(&b, 32768);
    buf_char(&b, '<');
    buf_add(&b, run->engine->config->base_url);
    add_path(run->call, &b);
    buf_printf(&b, "?cursor=%.*s", STR_ARG(cursor));
    while (str_next(&rest, '&', &part))
        if (part.n && !sets_cursor(run->call->arena, part))
            buf_printf(&b, "&%.*s", STR_ARG(part));
    buf_add(&b, STR(">; rel=\"next\""));
    struct str link = arena_copy(run->call->arena, buf_str(&b));
    buf_done(&b);
    return link;
}
