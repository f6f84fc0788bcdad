/* access.c: prints who may do what, from the compiled contract that the service itself runs by. Knows nothing of rows: which
 * of them a role sees is in db/policies. */
#include "ops/access.h"

#include "auth/caller.h"

#include <stdio.h>

static void print_requirement(const struct requirement *requirement, FILE *out)
{
    if (requirement->kind == SECURITY_NONE)
        fputs("none", out);
    if (requirement->kind == SECURITY_CASE_KEY)
        fputs("a case key", out);
    if (requirement->kind == SECURITY_CLIENT)
        fputs("a client's credentials", out);
    if (requirement->kind == SECURITY_TOKEN && requirement->n_scopes == 0)
        fputs("any token", out);
    for (size_t i = 0; i < requirement->n_scopes; i++)
        fprintf(out, "%s`%.*s`", i ? " and " : "", STR_ARG(requirement->scopes[i]));
}

static void print_roles(const struct contract *contract, const struct operation *operation, FILE *out)
{
    bool first = true;

    for (size_t i = 0; i < contract->n_roles; i++) {
        if (!caller_admits_role(contract, operation, &contract->roles[i]))
            continue;
        fprintf(out, "%s%.*s", first ? "" : ", ", STR_ARG(contract->roles[i].name));
        first = false;
    }
}

static void print_operation(const struct contract *contract, const struct operation *operation, FILE *out)
{
    fprintf(out, "| %.*s | `%.*s %.*s` | ", STR_ARG(operation->tag), STR_ARG(operation->method), STR_ARG(operation->path));
    for (size_t i = 0; i < operation->n_requirements; i++) {
        fputs(i ? " or " : "", out);
        print_requirement(&operation->requirements[i], out);
    }
    fputs(" | ", out);
    print_roles(contract, operation, out);
    fprintf(out, " | %s |\n", operation->is_public ? "yes" : "");
}

/* Whether an operation before this one has its tag. */
static bool is_known(const struct contract *contract, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (str_eq(contract->operations[i].tag, contract->operations[index].tag))
            return true;
    return false;
}

static void print_affiliation(const struct affiliation *affiliation, FILE *out)
{
    fprintf(out, "| %.*s | ", STR_ARG(affiliation->name));
    for (size_t i = 0; i < affiliation->n_without; i++)
        fprintf(out, "%s`%.*s`", i ? ", " : "", STR_ARG(affiliation->without[i]));
    fputs(" |\n", out);
}

void access_markdown(const struct contract *contract, void *file_stream)
{
    fputs("| record | operation | scopes | roles | public? |\n|---|---|---|---|---|\n", file_stream);
    for (size_t i = 0; i < contract->n; i++)
        for (size_t j = i; !is_known(contract, i) && j < contract->n; j++)
            if (str_eq(contract->operations[j].tag, contract->operations[i].tag))
                print_operation(contract, &contract->operations[j], file_stream);
    fputs("\n| affiliation | scopes that nobody of it has, whatever their role |\n|---|---|\n", file_stream);
    for (size_t i = 0; i < contract->n_affiliations; i++)
        print_affiliation(&contract->affiliations[i], file_stream);
}
