/* plan.c: pairs the contract's operations with SQL files and traces every name. Knows nothing of calls or of a running database. */
#include "operation/plan_check.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>

/* What is fixed for one file while its names are traced. */
struct tracing {
    const struct operation *operation;
    struct plan *plan;
    struct str path;
};

static bool read_file(struct arena *a, const char *path, struct str *ret, struct error *err)
{
    if (file_read(a, path, SQL_FILE_BYTES_MAX, ret, NULL, err))
        return true;
    err->code = ERR_CONTRACT; /* a file that cannot be read is one that the contract lacks */
    return false;
}

static uint32_t array_type(const struct schema *items);

uint32_t bind_type(const struct schema *schema, bool parameter_list)
{
    static const uint32_t by_format[] = {
        [FORMAT_NONE] = DB_TEXT, [FORMAT_DATE] = DB_DATE, [FORMAT_DATE_TIME] = DB_TIMESTAMPTZ, [FORMAT_TIME] = DB_TEXT,
        [FORMAT_UUID] = DB_UUID, [FORMAT_EMAIL] = DB_TEXT, [FORMAT_URI] = DB_TEXT, [FORMAT_URI_REFERENCE] = DB_TEXT,
    };

    if (parameter_list) {
        uint32_t list = schema_items(schema) ? array_type(schema_items(schema)) : DB_JSONB;
        return list == DB_JSONB ? DB_TEXT_ARRAY : list;
    }
    if (schema_is_sealed(schema))
        return DB_BYTEA;
    switch (schema_types(schema) & ~(unsigned)TYPE_NULL) {
    case TYPE_STRING:
        return by_format[schema_format(schema)];
    case TYPE_INTEGER:
        return DB_INT8;
    case TYPE_NUMBER:
    case TYPE_NUMBER | TYPE_INTEGER:
        return DB_NUMERIC;
    case TYPE_BOOLEAN:
        return DB_BOOL;
    case TYPE_ARRAY:
        return schema_items(schema) ? array_type(schema_items(schema)) : DB_JSONB;
    default:
        return DB_JSONB;
    }
}

/* What an array of these items is bound as: jsonb where PostgreSQL's arrays have none like them, or may hold null. */
static uint32_t array_type(const struct schema *items)
{
    if (schema_types(items) & TYPE_NULL)
        return DB_JSONB;
    switch (bind_type(items, false)) {
    case DB_TEXT:
        return DB_TEXT_ARRAY;
    case DB_UUID:
        return DB_UUID_ARRAY;
    case DB_INT8:
        return DB_INT8_ARRAY;
    default:
        return DB_JSONB;
    }
}

static bool trace_builtin(struct tracing *t, struct str name, struct source *source)
{
    static const struct {
        struct str name;
        enum source_kind kind;
        size_t index;
        uint32_t type;
    } builtins[] = {
        {STR_INIT("new_id"), SOURCE_NEW_ID, 0, DB_UUID},
        {STR_INIT("limit"), SOURCE_LIMIT, 0, DB_INT8},
        {STR_INIT("csv"), SOURCE_FORMAT, AS_CSV, 0},
        {STR_INIT("ndjson"), SOURCE_FORMAT, AS_NDJSON, 0},
        {STR_INIT("geojson"), SOURCE_FORMAT, AS_GEOJSON, 0},
        {STR_INIT("caller_subject"), SOURCE_CALLER, CALLER_SUBJECT, DB_TEXT},
        {STR_INIT("caller_role"), SOURCE_CALLER, CALLER_ROLE, DB_TEXT},
        {STR_INIT("caller_affiliation"), SOURCE_CALLER, CALLER_AFFILIATION, DB_TEXT},
        {STR_INIT("caller_organization"), SOURCE_CALLER, CALLER_ORGANIZATION, DB_UUID},
        {STR_INIT("caller_source"), SOURCE_CALLER, CALLER_SOURCE, DB_TEXT},
        {STR_INIT("caller_case_key"), SOURCE_CALLER, CALLER_CASE_KEY, DB_TEXT},
        {STR_INIT("caller_language"), SOURCE_CALLER, CALLER_LANGUAGE, DB_TEXT},
    };

    if (str_eq(name, STR("limit")) && !t->plan->limit)
        return false;
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
        if (str_eq(name, builtins[i].name)) {
            *source = (struct source){.kind = builtins[i].kind, .index = builtins[i].index, .type = builtins[i].type};
            return true;
        }
    return false;
}

static bool trace_parameter(struct tracing *t, struct str name, struct source *source)
{
    for (size_t i = 0; i < t->operation->n_parameters; i++) {
        const struct parameter *parameter = &t->operation->parameters[i];
        if (parameter->place != PLACE_HEADER && str_eq(parameter->name, name)) {
            *source = (struct source){.kind = SOURCE_PARAMETER, .index = i, .schema = parameter->schema,
                                      .type = bind_type(parameter->schema, parameter->list)};
            return true;
        }
    }
    return false;
}

static bool trace_body(struct tracing *t, struct str name, struct source *source)
{
    for (size_t i = 0; i < t->operation->n_bodies; i++) {
        const struct schema *schema = t->operation->bodies[i].schema;
        struct str rest = name, part;
        while (schema && str_next(&rest, '.', &part))
            schema = schema_property(schema, part);
        if (schema) {
            *source = (struct source){.kind = SOURCE_BODY, .path = name, .schema = schema, .type = bind_type(schema, false),
                                      .seals = schema_marks(schema) & MARKS_SEALED};
            if (schema_is_each(schema)) {
                source->kind = SOURCE_EACH;
                t->plan->each = source;
            }
            return true;
        }
    }
    return false;
}

/* :case_key, :case_key_hash: a secret that is made and its hash; or the hash of one that the body brings, which itself stays out of SQL. */
static bool trace_secret(struct tracing *t, struct str name, struct source *source)
{
    static const struct str suffix = STR_INIT("_hash");

    for (enum secret_kind kind = 0; kind < SECRET_KINDS; kind++) {
        struct str secret = secret_name(kind), rest = str_skip(name, secret.n);
        bool hash = str_eq(rest, suffix);
        if (!str_starts(name, secret) || (rest.n && !hash))
            continue;
        bool brought = trace_body(t, secret, source);
        if (brought && !hash)
            return false;
        *source = (struct source){.kind = brought ? SOURCE_SECRET_HASH : hash ? SOURCE_NEW_SECRET_HASH : SOURCE_NEW_SECRET,
                                  .index = kind, .path = secret, .type = hash ? DB_TEXT : DB_BYTEA};
        t->plan->makes |= brought ? 0 : 1u << kind;
        t->plan->takes_secret |= brought;
        return true;
    }
    return false;
}

/* :<member>_refused: the items of an array with x-each that do not fit. */
static bool trace_refused(struct tracing *t, struct str name, struct source *source)
{
    static const struct str suffix = STR_INIT("_refused");
    struct source member = {0};

    if (!str_ends(name, suffix) || !trace_body(t, (struct str){name.p, name.n - suffix.n}, &member) || member.kind != SOURCE_EACH)
        return false;
    *source = member;
    source->index = true;
    t->plan->each = source;
    return true;
}

/* :after_<column>: its type is the record member's; a column that is not shown ("_<column>") is inferred. */
static bool trace_after(struct tracing *t, struct str name, struct source *source)
{
    static const struct str prefix = STR_INIT("after_");
    struct plan *plan = t->plan;

    if (!plan->cursor || !str_starts(name, prefix) || plan->n_after == AFTER_MAX)
        return false;
    struct str column = str_skip(name, prefix.n);
    const struct schema *member = t->operation->record ? schema_property(t->operation->record, column) : NULL;
    if (member && schema_is_sealed(member)) /* sealed texts have no order */
        return false;
    *source = (struct source){.kind = SOURCE_AFTER, .index = plan->n_after, .path = column,
                              .type = member ? bind_type(member, false) : 0};
    plan->after[plan->n_after++] = column;
    return true;
}

/* What C derives from the guard. */
static bool trace_derived(struct tracing *t, struct str name, struct source *source)
{
    const struct custom *derives = t->plan->derives;

    if (!derives || !str_eq(derives->derives, name))
        return false;
    *source = (struct source){.kind = SOURCE_DERIVED, .type = DB_JSONB};
    return true;
}

static bool trace_names(struct tracing *t, struct error *err)
{
    struct sql_file *file = &t->plan->file;

    for (size_t i = 0; i < file->n_names; i++) {
        struct str name = file->names[i];
        struct source *source = &t->plan->sources[i];
        if (!trace_builtin(t, name, source) && !trace_secret(t, name, source) && !trace_derived(t, name, source) && !trace_parameter(t, name, source) && !trace_body(t, name, source) &&
            !trace_refused(t, name, source) && !trace_after(t, name, source))
            return error_set(err, ERR_CONTRACT, "%.*s: :%.*s is no parameter, body member, claim or built-in of %.*s",
                             STR_ARG(t->path), STR_ARG(name), STR_ARG(t->operation->id));
    }
    return true;
}

/* The guard comes first, alone; lists can be paged; writes that compare a revision have a guard to read it from. */
static bool statements_fit(struct tracing *t, struct error *err)
{
    struct plan *plan = t->plan;

    for (size_t i = 0; i < plan->file.n; i++) {
        if (!plan->file.statements[i].guard)
            continue;
        if (i != 0 || plan->file.n == 1)
            return error_set(err, ERR_CONTRACT, "%.*s:%d: the guard must be the first of several statements",
                             STR_ARG(t->path), plan->file.statements[i].line);
        plan->guard = &plan->file.statements[i];
    }
    plan->answer = &plan->file.statements[plan->file.n - 1];
    if (plan->derives && (!plan->guard || t->operation->reads))
        return error_set(err, ERR_CONTRACT, "%.*s: :%.*s is derived from the guard of a write", STR_ARG(t->path), STR_ARG(plan->derives->derives));
    if ((t->operation->needs_match || t->operation->is_patch) && !plan->guard)
        return error_set(err, ERR_CONTRACT, "%.*s: %.*s needs a guard (If-Match or merge patch)", STR_ARG(t->path),
                         STR_ARG(t->operation->id));
    if (plan->cursor && plan->n_after == 0)
        return error_set(err, ERR_CONTRACT, "%.*s: %.*s has a cursor, but no :after_<column>", STR_ARG(t->path),
                         STR_ARG(t->operation->id));
    return true;
}

static const struct parameter *find_parameter(const struct operation *operation, struct str name, size_t *ret_at)
{
    const struct parameter *parameter = operation_parameter(operation, PLACE_QUERY, name);
    *ret_at = parameter ? (size_t)(parameter - operation->parameters) : 0;
    return parameter;
}

/* A page has an end: the engine puts its size, an int, into statements and their keys, and rows have to be there to go on after. */
static bool limit_is_bounded(const struct parameter *limit)
{
    static const struct value few = {.type = VALUE_INTEGER, .integer = 0}, many = {.type = VALUE_INTEGER, .integer = LIMIT_MAX + 1};

    return schema_types(limit->schema) == TYPE_INTEGER && limit->default_value &&
           !schema_validate(limit->schema, &few, STR(""), NULL) && !schema_validate(limit->schema, &many, STR(""), NULL);
}

/* Whether a schema takes UUIDs and no short text, by format or by pattern. */
static bool takes_uuids(const struct schema *schema)
{
    static const struct value uuid = {.type = VALUE_STRING, .string = STR_INIT("0c1d7f36-6f0b-4d7e-9b0a-6f3a5d1c2b4e")};
    static const struct value text = {.type = VALUE_STRING, .string = STR_INIT("0c1d7f36-6f0b-4d7e-9b0a")};

    return schema_validate(schema, &uuid, STR(""), NULL) && !schema_validate(schema, &text, STR(""), NULL);
}

/* What makes a secret writes, in a contract that has the keys to make one. It derives from the Idempotency-Key: whoever guessed that
 * of somebody without a token would be shown their secret, so it must be random. */
static bool may_use_secrets(const struct tracing *t, const struct contract *contract, struct error *err)
{
    const struct parameter *key = operation_parameter(t->operation, PLACE_HEADER, STR("Idempotency-Key"));
    bool makes = t->plan->makes;

    if (!makes && !t->plan->takes_secret)
        return true;
    if ((makes && t->operation->reads) || !contract->needs_seal)
        return error_set(err, ERR_CONTRACT, "%.*s: secrets are made by what writes, in a contract that needs the seal key file",
                         STR_ARG(t->path));
    return !makes || !t->operation->is_public || !key || takes_uuids(key->schema) ||
           error_set(err, ERR_CONTRACT, "%.*s: what shows anybody a secret takes UUIDs alone as its Idempotency-Key", STR_ARG(t->path));
}

static bool load_plan(struct arena *a, const struct engine_options *options, struct plan *plan, struct error *err)
{
    const struct operation *operation = plan->operation;
    struct tracing t = {operation, plan, {NULL, 0}};
    struct str text;

    t.path = arena_printf(a, "%.*s/%.*s/%.*s.sql", STR_ARG(options->config->operations_dir), STR_ARG(operation->tag),
                          STR_ARG(operation->id));
    if (!read_file(a, t.path.p, &text, err) || !sql_parse(a, t.path, text, &plan->file, err))
        return false;
    plan->limit = find_parameter(operation, STR("limit"), &plan->limit_at);
    plan->cursor = find_parameter(operation, STR("cursor"), &plan->cursor_at);
    plan->include = find_parameter(operation, STR("include"), &plan->include_at);
    if (plan->limit && !limit_is_bounded(plan->limit))
        return error_set(err, ERR_CONTRACT, "%.*s: limit must be an integer of at least 1 and at most %d, with a default",
                         STR_ARG(operation->id), LIMIT_MAX);
    if (!trace_names(&t, err) || !may_use_secrets(&t, options->contract, err))
        return false;
    return statements_fit(&t, err) && plan_check(a, plan, t.path, err);
}

static const struct custom *find_custom(const struct engine_options *options, struct str id)
{
    for (size_t i = 0; i < options->n_customs; i++)
        if (str_eq(options->customs[i].id, id))
            return &options->customs[i];
    return NULL;
}

/* Whether an operation has no SQL. */
static bool answers_in_c(const struct custom *custom)
{
    return custom && custom->run;
}

/* Whether an SQL file of folder `tag` belongs to an operation that has no C. */
static bool file_is_paired(const struct engine_options *options, struct str tag, struct str file)
{
    struct str id = {file.p, file.n - 4};
    const struct operation *operation = contract_operation(options->contract, id);
    return operation && str_eq(operation->tag, tag) && !answers_in_c(find_custom(options, id));
}

static bool check_folder(const struct engine_options *options, struct arena *a, struct str tag, struct error *err)
{
    struct str path = arena_printf(a, "%.*s/%.*s", STR_ARG(options->config->operations_dir), STR_ARG(tag));
    DIR *folder = opendir(path.p);
    struct dirent *entry;
    bool ok = folder != NULL;

    if (!folder)
        return error_set(err, ERR_CONTRACT, "%s: %s", path.p, strerror(errno));
    while (ok && (entry = readdir(folder))) {
        struct str name = str_of(entry->d_name);
        if (name.p[0] == '.')
            continue;
        ok = name.n > 4 && str_ends(name, STR(".sql")) && file_is_paired(options, tag, name);
        if (!ok)
            error_set(err, ERR_CONTRACT, "%s/%.*s: no operation of that id has this tag in the contract", path.p, STR_ARG(name));
    }
    closedir(folder);
    return ok;
}

/* No SQL without an operation: an orphan is a typo or an endpoint that somebody believes in. */
static bool no_orphans(const struct engine_options *options, struct arena *a, struct error *err)
{
    DIR *top = opendir(options->config->operations_dir.p);
    struct dirent *entry;
    bool ok = top != NULL;

    if (!top)
        return error_set(err, ERR_CONTRACT, "%s: %s", options->config->operations_dir.p, strerror(errno));
    while (ok && (entry = readdir(top)))
        if (entry->d_name[0] != '.')
            ok = check_folder(options, a, str_of(entry->d_name), err);
    closedir(top);
    return ok;
}

bool plans_load(struct arena *a, const struct engine_options *options, const struct plan **ret, size_t *ret_statements,
                struct error *err)
{
    struct plan *plans = arena_array(a, struct plan, options->contract->n);

    *ret_statements = 0;
    if (options->contract->n_roles > ROLES_MAX)
        return error_set(err, ERR_CONTRACT, "x-roles: more than %d roles", ROLES_MAX);
    for (size_t i = 0; i < options->contract->n; i++) {
        struct plan *plan = &plans[i];
        plan->operation = &options->contract->operations[i];
        plan->seal = options->seal;
        const struct custom *custom = find_custom(options, plan->operation->id);
        if (answers_in_c(custom))
            plan->custom = custom;
        else if (custom && custom->derive)
            plan->derives = custom;
        plan->check = custom ? custom->check : NULL;
        if (!plan->custom && !load_plan(a, options, plan, err))
            return false;
        *ret_statements += plan->file.n;
    }
    for (size_t i = 0; i < options->n_customs; i++)
        if (!contract_operation(options->contract, options->customs[i].id))
            return error_set(err, ERR_CONTRACT, "api/custom: %.*s is no operation of the contract", STR_ARG(options->customs[i].id));
    *ret = plans;
    return no_orphans(options, a, err);
}
