/* check.c: does the SQL do what the contract says? Asks the database, runs nothing. */
#include "operation/check.h"

#include "operation/page.h"

#include <stdio.h>

/* One statement as it is being looked at. */
struct checking {
    struct db_conn *conn;
    const struct plan *plan;
    const struct sql_statement *statement;
    enum format format;
    struct arena *a;
};

/* Puts operation, file line and format before what went wrong. */
static bool explain(const struct checking *c, struct error *err)
{
    struct error cause = *err;

    return error_set(err, cause.code == ERR_DB_UNAVAILABLE ? ERR_DB_UNAVAILABLE : ERR_CONTRACT, "%.*s.sql:%d: %s",
                     STR_ARG(c->plan->operation->id), c->statement->line, cause.argument);
}

static bool describe(const struct checking *c, uint64_t given, struct variant variant, const struct db_result **ret,
                     struct error *err)
{
    struct sql_order order;
    uint32_t types[SQL_NAMES_MAX];
    struct str text = run_text(c->a, c->plan, c->statement, given, variant, &order);

    for (size_t i = 0; i < order.n; i++)
        types[i] = c->plan->sources[order.names[i]].type;
    return db_describe(c->conn, text, types, (int)order.n, ret, err);
}

/* The bits of the formats that a statement's lines may depend on, and the one that is asked for. */
static uint64_t with_format(const struct checking *c, uint64_t given)
{
    for (size_t i = 0; i < c->plan->file.n_names; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (c->plan->sources[i].kind != SOURCE_FORMAT)
            continue;
        given = c->plan->sources[i].index == (size_t)c->format ? given | bit : given & ~bit;
    }
    return given;
}

static bool check_csv_header(const struct checking *c, const struct shape *shape, const struct db_result *columns, struct error *err)
{
    const struct answer *success = c->plan->operation->success;
    struct str documented = {NULL, 0};
    struct buf made;

    for (size_t i = 0; i < success->n_media; i++)
        if (str_eq(success->media[i].type, STR("text/csv")))
            documented = success->media[i].example;
    documented.n = str_find(documented, '\r') < str_find(documented, '\n') ? str_find(documented, '\r') : str_find(documented, '\n');
    buf_init(&made, 65536);
    shape_csv_header(shape, columns, &made);
    bool same = made.n >= 2 && str_eq((struct str){made.p, made.n - 2}, documented);
    if (!same)
        error_set(err, ERR_CONTRACT, "the CSV header is %.*s, its example begins %.*s", (int)(made.n < 150 ? made.n : 150) - 2,
                  made.p, STR_ARG(documented));
    buf_done(&made);
    return same;
}

/* The members that the Location is made of are columns of the answer. */
static bool check_location(const struct checking *c, const struct db_result *columns, struct error *err)
{
    const struct operation *operation = c->plan->operation;

    for (size_t i = 0; c->statement == c->plan->answer && i < operation->n_answers; i++) {
        struct str rest = operation->answers[i].location, segment;
        while (str_next(&rest, '/', &segment)) {
            struct str name = {segment.p + 1, segment.n < 2 ? 0 : segment.n - 2};
            if (name.n && segment.p[0] == '{' && page_column(columns, name) < 0)
                return error_set(err, ERR_CONTRACT, "the Location's column %.*s is not selected", STR_ARG(name));
        }
    }
    return true;
}

/* The columns of the answer, or of a patch's guard, are the members of the record. */
static bool check_columns(const struct checking *c, const struct db_result *columns, struct error *err)
{
    const struct plan *plan = c->plan;
    struct shape *shape = NULL;
    bool shown = plan->operation->record &&
                 (c->statement == plan->answer || (c->statement == plan->guard && plan->operation->is_patch));

    if (c->statement == plan->guard && page_column(columns, STR("_revision")) < 0 &&
        (plan->operation->reads || plan->operation->needs_match))
        return error_set(err, ERR_CONTRACT, "the guard has no column _revision");
    if (!shown)
        return true;
    if (!check_location(c, columns, err))
        return false;
    if (!shape_new(columns, plan->operation->record, run_shape_kind(c->format), &shape, err))
        return false;
    bool ok = c->format != AS_CSV || check_csv_header(c, shape, columns, err);
    for (size_t i = 0; ok && i < plan->n_after; i++) {
        struct str hidden = arena_printf(c->a, "_%.*s", STR_ARG(plan->after[i]));
        if (page_column(columns, plan->after[i]) < 0 && page_column(columns, hidden) < 0)
            ok = error_set(err, ERR_CONTRACT, "the cursor's column %.*s is not selected", STR_ARG(plan->after[i]));
    }
    shape_free(shape);
    return ok;
}

static bool check_variant(const struct checking *c, uint64_t given, struct error *err)
{
    const struct db_result *columns;
    struct variant variant = {.limit = c->plan->limit ? 51 : 0};

    given = with_format(c, given);
    if (!describe(c, given, variant, &columns, err) || !check_columns(c, columns, err))
        return explain(c, err);
    variant.counts = true;
    if (c->plan->include && c->statement == c->plan->answer && !describe(c, given, variant, &columns, err))
        return explain(c, err);
    return true;
}

/* None, all, and each alone: every line is seen present and absent without trying all combinations. */
static bool check_statement(const struct checking *c, struct error *err)
{
    uint64_t conditions = c->statement->conditions;

    if (!check_variant(c, 0, err) || (conditions && !check_variant(c, conditions, err)))
        return false;
    for (size_t i = 0; i < c->plan->file.n_names; i++)
        if (conditions & UINT64_C(1) << i && !check_variant(c, UINT64_C(1) << i, err))
            return false;
    return true;
}

bool check_plan(struct db_conn *conn, const struct plan *plan, struct error *err)
{
    const struct answer *success = plan->operation->success;
    struct arena a;

    if (!arena_init(&a, (size_t)64 << 20))
        return error_set(err, ERR_INTERNAL, "out of memory");
    bool ok = true;
    for (size_t s = 0; ok && s < plan->file.n; s++) {
        struct checking c = {conn, plan, &plan->file.statements[s], AS_JSON, &a};
        ok = success->n_media > 0 || check_statement(&c, err);
        for (size_t m = 0; ok && m < success->n_media; m++) {
            c.format = format_of(success->media[m].type);
            ok = check_statement(&c, err);
        }
    }
    arena_done(&a);
    return ok;
}
