/* rights.c: may the roles that the contract admits do in the database what their operations do? Asks the planner, which looks
 * at rights on tables, columns and functions as it would for a statement that runs. Which rows they reach is for policies. */
#include "operation/rights.h"

#include "auth/caller.h"
#include "operation/question.h"

enum { RIGHTS_ARENA_BYTES = 4 << 20 };

struct asking {
    struct db_conn *conn;
    const struct contract *contract;
    const struct plan *plan;
    const struct sql_statement *statement;
    struct arena a; /* for one question at a time */
};

/* Whether the role may carry out the statement with these of its optional lines. */
static bool may(struct asking *asking, const struct role *role, uint64_t given, struct error *err)
{
    const struct plan *plan = asking->plan;
    const struct answer *success = plan->operation->success;
    enum format format = success->n_media ? format_of(success->media[0].type) : AS_JSON;
    struct variant variant = {.limit = plan->limit ? 51 : 0};
    uint32_t types[SQL_NAMES_MAX];
    struct sql_order order;
    struct arena *a = &asking->a;

    arena_reset(a, RIGHTS_ARENA_BYTES);
    struct str text = run_text(a, plan, asking->statement, question_given(plan, given, format), variant, &order);
    for (size_t i = 0; i < order.n; i++)
        types[i] = plan->sources[order.names[i]].type;
    return db_send_text(asking->conn, arena_printf(a, "select set_config('role', 'cpwg_%.*s', true)", STR_ARG(role->name)).p, err) &&
           db_explain(asking->conn, arena_printf(a, "explain (costs off) %.*s", STR_ARG(text)), types, (int)order.n, err);
}

static bool refuse(const struct asking *asking, struct str who, const struct error *why, struct error *err)
{
    if (why->code == ERR_DB_UNAVAILABLE) {
        *err = *why;
        return false;
    }
    return error_set(err, ERR_CONTRACT, "%.*s.sql:%d: the contract admits %.*s, the database does not: %s",
                     STR_ARG(asking->plan->operation->id), asking->statement->line, STR_ARG(who), why->argument);
}

/* Every role may do without the optional lines, and some role with them: members that few may send are lines of their own. */
static bool check_statement(struct asking *asking, struct error *err)
{
    const struct contract *contract = asking->contract;
    struct error why = {.code = ERR_NONE}, unused;
    bool some = false;

    for (size_t i = 0; i < contract->n_roles; i++) {
        const struct role *role = &contract->roles[i];
        if (!caller_admits_role(contract, asking->plan->operation, role))
            continue;
        if (!may(asking, role, 0, &unused))
            return refuse(asking, role->name, &unused, err);
        some = some || may(asking, role, asking->statement->conditions, &why);
    }
    return some || why.code == ERR_NONE || refuse(asking, STR("some role to the optional lines"), &why, err);
}

bool rights_check(struct db_conn *conn, const struct contract *contract, const struct plan *plan, struct error *err)
{
    struct asking asking = {.conn = conn, .contract = contract, .plan = plan};
    bool ok = true;

    if (!arena_init(&asking.a, RIGHTS_ARENA_BYTES))
        return error_set(err, ERR_INTERNAL, "out of memory");
    for (size_t i = 0; ok && i < plan->file.n; i++) {
        asking.statement = &plan->file.statements[i];
        ok = check_statement(&asking, err);
    }
    arena_done(&asking.a);
    return ok;
}
