/* check.c: does the SQL do what the contract says? Asks the database, runs nothing. */
#include "operation/check.h"

#include "operation/page.h"
#include "operation/tree.h"

#include <inttypes.h>
#include <stdio.h>

enum { TREE_BYTES_MAX = 16 << 20 };

/* One statement as it is being looked at. */
struct checking {
    struct db_conn *conn;
    const struct plan *plan;
    const struct sql_statement *statement;
    enum format format;
    struct arena *a;
    const struct leak_facts *facts; /* or NULL */
};

/* Puts operation and file line before what went wrong. */
static bool explain(const struct checking *c, int line, struct error *err)
{
    struct error cause = *err;

    return error_set(err, cause.code == ERR_DB_UNAVAILABLE ? ERR_DB_UNAVAILABLE : ERR_CONTRACT, "%.*s.sql:%d: %s",
                     STR_ARG(c->plan->operation->id), line, cause.argument);
}

/* The statement's text and the types of its parameters. */
static struct str text_of(const struct checking *c, uint64_t given, struct variant variant, uint32_t types[SQL_NAMES_MAX], int *ret_n)
{
    struct sql_order order;
    struct str text = run_text(c->a, c->plan, c->statement, given, variant, &order);

    for (size_t i = 0; i < order.n; i++)
        types[i] = c->plan->sources[order.names[i]].type;
    *ret_n = (int)order.n;
    return text;
}

static bool describe(const struct checking *c, uint64_t given, struct variant variant, const struct db_result **ret,
                     struct error *err)
{
    uint32_t types[SQL_NAMES_MAX];
    int n;
    struct str text = text_of(c, given, variant, types, &n);

    return db_describe(c->conn, text, types, n, ret, err);
}

uint64_t check_given(const struct plan *plan, uint64_t given, enum format format)
{
    for (size_t i = 0; i < plan->file.n_names; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (plan->sources[i].kind != SOURCE_FORMAT)
            continue;
        given = plan->sources[i].index == (size_t)format ? given | bit : given & ~bit;
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

/* What a caller needs for If-Match or If-None-Match is in the answer, unless a guard has it. */
static bool check_etag(const struct checking *c, const struct db_result *columns, struct error *err)
{
    const struct operation *operation = c->plan->operation;
    bool tagged = operation->needs_match || (!c->plan->guard && operation_parameter(operation, PLACE_HEADER, STR("If-None-Match")));

    return !tagged || c->statement != c->plan->answer || page_column(columns, STR("_revision")) >= 0 ||
           error_set(err, ERR_CONTRACT, "the answer has no column _revision, which the ETag is made of");
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
    if (!check_etag(c, columns, err) || !check_location(c, columns, err))
        return false;
    if (!shape_new(columns, plan->operation->record, run_shape_kind(c->format), NULL, &shape, err))
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

    given = check_given(c->plan, given, c->format);
    if (!describe(c, given, variant, &columns, err) || !check_columns(c, columns, err))
        return explain(c, c->statement->line, err);
    variant.counts = true;
    if (c->plan->include && c->statement == c->plan->answer && !describe(c, given, variant, &columns, err))
        return explain(c, c->statement->line, err);
    return true;
}

/* One statement of the check's own. */
static bool fetch(struct db_conn *conn, const char *text, const struct db_result **ret, struct error *err)
{
    bool ok = db_send_text(conn, text, err) && db_sync(conn, err) && db_next(conn, ret, err);
    return db_end(conn, err) && ok;
}

bool check_facts(struct db_conn *conn, struct arena *a, struct leak_facts *ret, struct error *err)
{
    struct {
        const char *text;
        struct oid_set *set;
    } questions[] = {
        {"select o.oid from pg_operator o join pg_proc p on p.oid = o.oprcode where p.proleakproof", &ret->operators},
        {"select oid from pg_proc where proleakproof", &ret->functions},
        {"select oid from pg_class where relrowsecurity", &ret->relations},
    };
    const struct db_result *answer;

    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        if (!fetch(conn, questions[i].text, &answer, err))
            return false;
        size_t n = (size_t)db_rows(answer);
        int64_t *oids = arena_array(a, int64_t, n);
        for (size_t row = 0; row < n; row++)
            str_to_i64(db_value(answer, (int)row, 0), &oids[row]);
        *questions[i].set = (struct oid_set){oids, n};
    }
    return true;
}

/* What a leak is called in SQL: the server writes it. */
static bool name_leak(const struct checking *c, const struct leak *leak, struct str *ret, struct error *err)
{
    const struct db_result *answer;
    struct str question = leak->kind == LEAK_OPERATOR
        ? arena_printf(c->a, "select oid::regoperator || ' (' || oprcode || ')' from pg_operator where oid = %" PRId64, leak->oid)
        : arena_printf(c->a, "select %" PRId64 "::regprocedure", leak->oid);

    *ret = leak->name;
    if (leak->kind == LEAK_NODE)
        return true;
    if (!fetch(c->conn, question.p, &answer, err))
        return false;
    *ret = db_value(answer, 0, 0);
    return true;
}

static bool refuse_leak(const struct checking *c, const struct leak *leak, struct str text, struct error *err)
{
    int line = c->statement->line;
    struct str name;

    for (int64_t i = 0; i < leak->location && (size_t)i < text.n; i++)
        line += text.p[i] == '\n';
    if (name_leak(c, leak, &name, err))
        error_set(err, ERR_CONTRACT, "%s uses %.*s, which is not leakproof: under row security it cannot use an index",
                  leak->location < 0 ? "a filter here or in a view" : "the filter", STR_ARG(name));
    return explain(c, line, err);
}

/* The number of a bytea parameter that a value may be as it is, other than by a function of it; 0 when there is none. */
static int64_t find_bytea(const struct tree *value)
{
    bool computes = value->is_node && (str_eq(value->text, STR("FUNC")) || str_eq(value->text, STR("OP")));
    int64_t found = 0;

    if (value->is_node && str_eq(value->text, STR("PARAM")) && tree_number(value, ":paramtype") == DB_BYTEA)
        return tree_number(value, ":paramid");
    for (const struct tree *child = computes ? NULL : value->first; child && !found; child = child->next)
        found = find_bytea(child);
    return found;
}

/* One that becomes another type by way of its text, as everything does where it is stored as one; other casts of bytea there are none. */
static int64_t find_bytea_as_text(const struct tree *tree)
{
    int64_t found = 0;

    for (const struct tree *child = tree; child && !found; child = child->next) {
        if (child->is_node && str_eq(child->text, STR("COERCEVIAIO")))
            found = find_bytea(child);
        if (!found)
            found = find_bytea_as_text(child->first);
    }
    return found;
}

/* What is sealed is stored as bytea, or not at all: as text it would never be opened again. */
static bool check_sealed(const struct checking *c, const struct tree *tree, struct error *err)
{
    int64_t parameter = find_bytea_as_text(tree);
    struct sql_order order;

    if (!parameter)
        return true;
    run_text(c->a, c->plan, c->statement, check_given(c->plan, c->statement->conditions, c->format),
             (struct variant){.limit = c->plan->limit ? 51 : 0}, &order);
    error_set(err, ERR_CONTRACT, ":%.*s is sealed: bytea, and used as something else",
              STR_ARG(c->plan->file.names[order.names[parameter - 1]]));
    return explain(c, c->statement->line, err);
}

/* Looks at the statement with all its optional lines. */
static bool check_filters(const struct checking *c, struct error *err)
{
    uint32_t types[SQL_NAMES_MAX];
    struct buf printed;
    struct leak leak;
    int n;
    struct variant variant = {.limit = c->plan->limit ? 51 : 0};
    struct str text = text_of(c, check_given(c->plan, c->statement->conditions, c->format), variant, types, &n);

    buf_init(&printed, TREE_BYTES_MAX);
    bool ok = db_tree(c->conn, text, types, n, &printed, err);
    const struct tree *tree = ok ? tree_read(c->a, buf_str(&printed)) : NULL;
    if (ok && !tree)
        ok = error_set(err, ERR_CONTRACT, "the query tree that the server printed cannot be read");
    if (!ok)
        explain(c, c->statement->line, err);
    else if (leak_find(tree, c->facts, &leak))
        ok = refuse_leak(c, &leak, text, err);
    else
        ok = check_sealed(c, tree, err);
    buf_done(&printed);
    return ok;
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
    return !c->facts || check_filters(c, err);
}

bool check_plan(struct db_conn *conn, const struct plan *plan, const struct leak_facts *facts, struct error *err)
{
    const struct answer *success = plan->operation->success;
    struct arena a;

    if (!arena_init(&a, (size_t)64 << 20))
        return error_set(err, ERR_INTERNAL, "out of memory");
    bool ok = true;
    for (size_t s = 0; ok && s < plan->file.n; s++) {
        struct checking c = {conn, plan, &plan->file.statements[s], AS_JSON, &a, facts};
        ok = success->n_media > 0 || check_statement(&c, err);
        for (size_t m = 0; ok && m < success->n_media; m++) {
            c.format = format_of(success->media[m].type);
            ok = check_statement(&c, err);
        }
    }
    arena_done(&a);
    return ok;
}
