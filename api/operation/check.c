/* check.c: does the SQL do what the contract says? Asks the database, runs nothing. */
#include "operation/check.h"

#include "operation/page.h"
#include "operation/tree.h"

#include <inttypes.h>
#include <stdio.h>

enum { TREE_BYTES_MAX = 16 << 20, TREE_BYTES_KEPT = 1 << 20, ARENA_BYTES = 64 << 20 };

/* One question as its answer is being looked at. */
struct checking {
    struct db_conn *conn;
    const struct question *question;
    const struct plan *plan; /* the question's */
    const struct sql_statement *statement;
    enum format format;
    struct arena *a;
    const struct leak_facts *facts; /* or NULL */
};

static struct checking checking_of(struct db_conn *conn, struct arena *a, const struct question *question)
{
    return (struct checking){.conn = conn, .question = question, .plan = question->plan, .statement = question->statement, .a = a};
}

/* Puts operation and file line before what went wrong, unless it tells of the database and of no statement: when a connection is
 * lost, answers may be lost with it that were good. */
static bool explain(const struct checking *c, int line, struct error *err)
{
    struct error cause = *err;

    if (cause.code == ERR_DB_UNAVAILABLE || cause.code == ERR_DB_TIMEOUT || cause.code == ERR_OVERLOADED)
        return false;
    return error_set(err, ERR_CONTRACT, "%.*s.sql:%d: %s", STR_ARG(c->plan->operation->id), line, cause.argument);
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

/* In every format that sends it. */
static bool check_answer(struct checking *c, const struct db_result *columns, struct error *err)
{
    bool ok = true;

    for (c->format = AS_NONE; ok && !c->question->counts && c->format <= AS_HTML; c->format++)
        ok = !(c->question->formats & 1u << c->format) || check_columns(c, columns, err);
    return ok;
}

/* Queues as many questions as go in one transaction; *ret_rest is the first that is not among them. */
static bool send_some(struct db_conn *conn, const struct question *first, const struct question **ret_rest, struct error *err)
{
    const struct question *question = first;
    bool ok = true;

    for (size_t i = 0; ok && question && i < DB_DESCRIBED_MAX; i++, question = question->next)
        ok = db_describe(conn, question->text, question->types, (int)question->order.n, err);
    *ret_rest = question;
    return ok && db_sync(conn, err);
}

/* Asks questions that go together, and looks at the answers in their order: the first that is wrong is told. */
static bool check_some(struct db_conn *conn, struct arena *a, const struct question *first, const struct question **ret_rest,
                       struct error *err)
{
    const struct db_result *columns;
    struct checking c = checking_of(conn, a, first);
    bool ok = send_some(conn, first, ret_rest, err) || explain(&c, first->statement->line, err);

    for (const struct question *question = first; ok && question != *ret_rest; question = question->next) {
        c = checking_of(conn, a, question);
        ok = (db_next(conn, &columns, err) && check_answer(&c, columns, err)) || explain(&c, question->statement->line, err);
    }
    if (!ok)
        db_abandon(conn);
    return ok && db_end(conn, err);
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

    if (!parameter)
        return true;
    error_set(err, ERR_CONTRACT, ":%.*s is sealed: bytea, and used as something else",
              STR_ARG(c->plan->file.names[c->question->order.names[parameter - 1]]));
    return explain(c, c->statement->line, err);
}

static bool check_filters(const struct checking *c, struct error *err)
{
    const struct question *question = c->question;
    struct buf printed;
    struct leak leak;

    buf_init(&printed, TREE_BYTES_MAX);
    bool ok = db_tree(c->conn, question->text, question->types, (int)question->order.n, &printed, err);
    const struct tree *tree = ok ? tree_read(c->a, buf_str(&printed)) : NULL;
    if (ok && !tree)
        ok = error_set(err, ERR_CONTRACT, "the query tree that the server printed cannot be read");
    if (!ok)
        explain(c, c->statement->line, err);
    else if (leak_find(tree, c->facts, &leak))
        ok = refuse_leak(c, &leak, question->text, err);
    else
        ok = check_sealed(c, tree, err);
    buf_done(&printed);
    return ok;
}

static bool check_all_filters(struct db_conn *conn, const struct question *first, const struct leak_facts *facts, struct error *err)
{
    struct arena a; /* for one tree at a time */
    bool ok = arena_init(&a, ARENA_BYTES) || error_set(err, ERR_INTERNAL, "out of memory");

    for (const struct question *question = first; ok && question; question = question->next) {
        struct checking c = checking_of(conn, &a, question);
        c.facts = facts;
        arena_reset(&a, TREE_BYTES_KEPT);
        ok = !question->whole || question->counts || check_filters(&c, err);
    }
    arena_done(&a);
    return ok;
}

bool check_plans(struct db_conn *conn, const struct plan *plans, size_t n, const struct leak_facts *facts, struct error *err)
{
    struct arena a;

    if (!arena_init(&a, ARENA_BYTES))
        return error_set(err, ERR_INTERNAL, "out of memory");
    const struct question *first = questions_of(&a, plans, n), *rest = first;
    bool ok = true;
    while (ok && rest)
        ok = check_some(conn, &a, rest, &rest, err);
    ok = ok && (!facts || check_all_filters(conn, first, facts, err));
    arena_done(&a);
    return ok;
}
