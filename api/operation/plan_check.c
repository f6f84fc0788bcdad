/* plan_check.c: refuses SQL that PostgreSQL would take and callers would suffer from. Knows nothing of a running database. */
#include "operation/plan_check.h"

struct checking {
    struct arena *a;
    const struct plan *plan;
    struct str path;
    struct error *err;
};

static bool uses(const struct plan *plan, struct str name)
{
    for (size_t i = 0; i < plan->file.n_names; i++) {
        struct str used = plan->file.names[i];
        if (str_eq(used, name) || (str_starts(used, name) && used.n > name.n && used.p[name.n] == '.'))
            return true;
    }
    return false;
}

/* Whether SQL names the body's member, or the hash of the secret that it is. */
static bool uses_member(const struct plan *plan, struct str name)
{
    for (size_t i = 0; i < plan->file.n_names; i++)
        if (plan->sources[i].kind == SOURCE_SECRET_HASH && str_eq(plan->sources[i].path, name))
            return true;
    return uses(plan, name);
}

/* Every path and query parameter and every body member must do something: what SQL never names is accepted and then lost. */
static bool nothing_is_ignored(const struct checking *c)
{
    const struct operation *operation = c->plan->operation;
    struct str name;
    const struct schema *property;

    for (size_t i = 0; i < operation->n_parameters; i++) {
        const struct parameter *p = &operation->parameters[i];
        bool engines_own = p->place == PLACE_HEADER || p == c->plan->cursor || p == c->plan->include;
        if (!engines_own && !uses(c->plan, p->name))
            return error_set(c->err, ERR_CONTRACT, "%.*s: the parameter %.*s of %.*s is never used", STR_ARG(c->path),
                             STR_ARG(p->name), STR_ARG(operation->id));
    }
    for (size_t body = 0; body < operation->n_bodies; body++)
        for (size_t i = 0; schema_property_at(operation->bodies[body].schema, i, &name, &property); i++) {
            struct str refused = arena_printf(c->a, "%.*s_refused", STR_ARG(name));
            if (!uses_member(c->plan, name))
                return error_set(c->err, ERR_CONTRACT, "%.*s: the body member %.*s of %.*s is never used", STR_ARG(c->path),
                                 STR_ARG(name), STR_ARG(operation->id));
            if (schema_is_each(property) && !uses(c->plan, refused))
                return error_set(c->err, ERR_CONTRACT, "%.*s: :%.*s, the items of %.*s that do not fit, is never used", STR_ARG(c->path),
                                 STR_ARG(refused), STR_ARG(name));
        }
    return true;
}

/* Adds a piece to text[*n] in lower case, every run of spaces as one. */
static void add_plain(char *text, size_t *n, struct str piece)
{
    for (size_t i = 0; i < piece.n; i++) {
        char byte = piece.p[i];
        if (byte >= 'A' && byte <= 'Z')
            byte = (char)(byte - 'A' + 'a');
        if (byte == '\n' || byte == '\t')
            byte = ' ';
        if (byte != ' ' || (*n && text[*n - 1] != ' '))
            text[(*n)++] = byte;
    }
}

/* The statement with all its lines, "?" for each parameter. */
static struct str plain_text(struct arena *a, const struct sql_statement *statement)
{
    size_t most = 0, n = 0;

    for (size_t i = 0; i < statement->n; i++)
        most += statement->pieces[i].name < 0 ? statement->pieces[i].text.n : 1;
    char *text = arena_alloc(a, most + 1);
    for (size_t i = 0; i < statement->n; i++)
        add_plain(text, &n, statement->pieces[i].name < 0 ? statement->pieces[i].text : STR("?"));
    text[n] = '\0';
    return (struct str){text, n};
}

/* A secret is shown and not stored, sealed or not: its hash is. */
static bool secrets_are_not_stored(const struct checking *c)
{
    for (size_t s = 0; c->plan->makes && s + 1 < c->plan->file.n; s++) {
        const struct sql_statement *statement = &c->plan->file.statements[s];
        for (size_t i = 0; i < statement->n; i++) {
            const struct source *source = statement->pieces[i].name < 0 ? NULL : &c->plan->sources[statement->pieces[i].name];
            if (source && source->kind == SOURCE_NEW_SECRET)
                return error_set(c->err, ERR_CONTRACT, "%.*s:%d: :%.*s is for the answer alone; what is stored is :%.*s_hash",
                                 STR_ARG(c->path), statement->line, STR_ARG(source->path), STR_ARG(source->path));
        }
    }
    return true;
}

/* Transactions are the engine's: one that a file began or ended would take other callers' scripts on the connection with it. */
static bool only_queries(const struct checking *c)
{
    static const struct str verbs[] = {
        STR_INIT("select"), STR_INIT("insert "), STR_INIT("update "), STR_INIT("delete "), STR_INIT("merge "), STR_INIT("with "), STR_INIT("values"),
    };

    for (size_t s = 0; s < c->plan->file.n; s++) {
        struct str text = plain_text(c->a, &c->plan->file.statements[s]);
        size_t verb = 0;
        while (verb < sizeof verbs / sizeof verbs[0] && !str_starts(text, verbs[verb]))
            verb++;
        if (verb == sizeof verbs / sizeof verbs[0])
            return error_set(c->err, ERR_CONTRACT, "%.*s:%d: a statement must select, insert, update, delete, merge, or begin with WITH or VALUES",
                             STR_ARG(c->path), c->plan->file.statements[s].line);
    }
    return true;
}

/* A change decides by what its guard has read, so nobody else may change the record meanwhile. */
static bool guard_locks(const struct checking *c)
{
    const struct sql_statement *guard = c->plan->guard;

    if (!guard || c->plan->operation->reads)
        return true;
    const char *text = plain_text(c->a, guard).p;
    return strstr(text, " for update") || strstr(text, " for no key update") || strstr(text, " share") ||
           error_set(c->err, ERR_CONTRACT, "%.*s:%d: the guard of a change must lock the record: for update",
                     STR_ARG(c->path), guard->line);
}

/* What a merge patch does not name is bound as null: only on a line that is left out then does it stay as it was. */
static bool patch_keeps_the_rest(const struct checking *c)
{
    for (size_t s = 0; c->plan->operation->is_patch && s < c->plan->file.n; s++) {
        const struct sql_statement *statement = &c->plan->file.statements[s];
        if (!str_starts(plain_text(c->a, statement), STR("update ")))
            continue;
        for (size_t i = 0; i < statement->n; i++) {
            int name = statement->pieces[i].name;
            if (name < 0 || c->plan->sources[name].kind != SOURCE_BODY || statement->pieces[i].needs & UINT64_C(1) << name)
                continue;
            return error_set(c->err, ERR_CONTRACT, "%.*s:%d: :%.*s needs --? at the end of its line: a patch without it would set null",
                             STR_ARG(c->path), statement->line, STR_ARG(c->plan->file.names[name]));
        }
    }
    return true;
}

/* The rows of a list have no revision in common: its ETag can only come from a guard. */
static bool list_has_its_etag(const struct checking *c)
{
    const struct operation *operation = c->plan->operation;

    return !operation->is_list || c->plan->guard || !operation_parameter(operation, PLACE_HEADER, STR("If-None-Match")) ||
           error_set(c->err, ERR_CONTRACT, "%.*s: %.*s takes If-None-Match, but has no guard that selects _revision",
                     STR_ARG(c->path), STR_ARG(operation->id));
}

/* One term of ORDER BY is the column that the cursor carries, or "_<column>". */
static bool orders_by(struct str term, struct str column)
{
    struct str word = {term.p, str_find(term, ' ')};

    if (word.n && word.p[word.n - 1] == '"')
        word = (struct str){word.p + 1, word.n - 2};
    else
        while (str_find(word, '.') < word.n)
            word = str_skip(word, str_find(word, '.') + 1);
    return str_eq(word, column) || (word.n && word.p[0] == '_' && str_eq(str_skip(word, 1), column));
}

/* A page goes on where the one before ended only when the order is the cursor's. Orders by expressions are not judged. */
static bool order_is_the_cursors(const struct checking *c)
{
    const struct plan *plan = c->plan;
    struct str text = plan->cursor ? plain_text(c->a, plan->answer) : STR(""), term;
    const char *order = NULL;
    size_t n = 0;

    for (const char *next = text.p; (next = strstr(next, " order by ")); next++)
        order = next + strlen(" order by ");
    if (!order)
        return !plan->cursor || error_set(c->err, ERR_CONTRACT, "%.*s: a list has an order by", STR_ARG(c->path));
    const char *end = strstr(order, " limit ");
    struct str rest = {order, end ? (size_t)(end - order) : strlen(order)};
    bool same = true;
    if (str_find(rest, '(') < rest.n)
        return true;
    for (; str_next(&rest, ',', &term); n++)
        same = same && n < plan->n_after && orders_by(str_trim(term), plan->after[n]);
    return (same && n == plan->n_after) ||
           error_set(c->err, ERR_CONTRACT, "%.*s:%d: order by must name the columns of :after_<column>, in the same order, no others",
                     STR_ARG(c->path), plan->answer->line);
}

bool plan_check(struct arena *a, const struct plan *plan, struct str path, struct error *err)
{
    struct checking c = {a, plan, path, err};

    return nothing_is_ignored(&c) && only_queries(&c) && guard_locks(&c) && patch_keeps_the_rest(&c) && list_has_its_etag(&c) &&
           secrets_are_not_stored(&c) && order_is_the_cursors(&c);
}
