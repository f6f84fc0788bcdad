/* contract.c: loads the contract, step by step, and finds things in it. Knows nothing of requests. */
#include "contract/contract.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/crypto.h"
#include "contract/compile.h"
#include "contract/router.h"

enum { ETAG_BYTES = 16 }; /* of the hash: enough to tell contracts apart */

bool compile_refuse(struct compiler *c, struct str at, const char *format, ...)
{
    char reason[256];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return bundle_refuse(&c->bundle, at, c->err, "%s", reason);
}

/* Goes from a reference to what it means; those of the bundle are local and lead somewhere. */
static struct element follow(struct compiler *c, struct element from)
{
    struct str ref = value_string(value_get(from.value, STR("$ref")));

    if (!ref.p)
        return from;
    return (struct element){value_at(c->bundle.document, str_skip(ref, 1)), str_skip(ref, 1)};
}

struct element element_get(struct compiler *c, struct element parent, struct str name)
{
    const struct value *value = value_get(parent.value, name);

    return follow(c, (struct element){value, value ? pointer_child(c->arena, parent.at, name) : parent.at});
}

struct element element_item(struct compiler *c, struct element list, size_t i)
{
    return follow(c, (struct element){list.value->array.v[i], arena_printf(c->arena, "%.*s/%zu", STR_ARG(list.at), i)});
}

size_t element_count(struct element element)
{
    if (!element.value)
        return 0;
    return element.value->type == VALUE_ARRAY ? element.value->array.n : element.value->object.n;
}

/* The document as clients get it, and its tag. */
static void publish(struct arena *a, struct contract *contract)
{
    unsigned char hash[DIGEST_BYTES];

    contract->document = value_text(a, contract->root);
    crypto_digest(contract->document, hash);
    struct str hex = crypto_hex(a, (struct str){(const char *)hash, ETAG_BYTES});
    contract->etag = arena_printf(a, "\"%.*s\"", STR_ARG(hex));
}

/* Whoever comes with a case key runs as the role `case`. */
static bool check_case_role(struct compiler *c, struct contract *contract)
{
    for (size_t i = 0; i < c->n_operations; i++) {
        contract->needs_seal |= c->operations[i].needs_seal;
        if (c->operations[i].takes_case_key && !contract_role(contract, STR("case")))
            return compile_refuse(c, STR("/x-roles"), "%.*s takes a case key, but there is no role \"case\"", STR_ARG(c->operations[i].id));
    }
    return true;
}

bool contract_load(struct arena *a, const char *dir, const struct contract **ret, struct error *err)
{
    struct contract *contract = arena_new(a, struct contract);
    struct compiler c = {.arena = a, .err = err};
    struct error reason;

    if (!bundle_load(a, dir, &c.bundle, err))
        return false;
    c.schemas = schema_set_new(a, c.bundle.document);
    schema_set_demand_safe_patterns(c.schemas);
    if (!compile_all_schemas(&c) || !compile_schemes(&c) || !compile_roles(&c, &contract->roles, &contract->n_roles) ||
        !compile_affiliations(&c, &contract->affiliations, &contract->n_affiliations) ||
        !compile_operations(&c))
        return false;
    if (!router_new(a, c.operations, c.n_operations, &contract->router, &reason))
        return compile_refuse(&c, STR("/paths"), "%s", reason.argument);
    if (!check_case_role(&c, contract))
        return false;
    contract->operations = c.operations;
    contract->n = c.n_operations;
    contract->root = c.bundle.document;
    contract->schemas = c.schemas;
    publish(a, contract);
    *ret = contract;
    return true;
}

const struct operation *contract_operation(const struct contract *contract, struct str id)
{
    for (size_t i = 0; i < contract->n; i++)
        if (str_eq(contract->operations[i].id, id))
            return &contract->operations[i];
    return NULL;
}

const struct role *contract_role(const struct contract *contract, struct str name)
{
    for (size_t i = 0; i < contract->n_roles; i++)
        if (str_eq(contract->roles[i].name, name))
            return &contract->roles[i];
    return NULL;
}

bool contract_withholds(const struct contract *contract, struct str affiliation, struct str scope)
{
    for (size_t i = 0; i < contract->n_affiliations; i++)
        if (str_eq(contract->affiliations[i].name, affiliation) &&
            str_in(scope, contract->affiliations[i].without, contract->affiliations[i].n_without))
            return true;
    return false;
}

bool role_takes_tokens(const struct role *role)
{
    return !str_eq(role->name, STR("public")) && !str_eq(role->name, STR("case"));
}

const struct answer *operation_answer(const struct operation *operation, int status)
{
    for (size_t i = 0; i < operation->n_answers; i++)
        if (operation->answers[i].status == status)
            return &operation->answers[i];
    return NULL;
}

const struct parameter *operation_parameter(const struct operation *operation, enum place place, struct str name)
{
    for (size_t i = 0; i < operation->n_parameters; i++) {
        const struct parameter *one = &operation->parameters[i];
        if (one->place == place && (place == PLACE_HEADER ? str_eq_nocase(one->name, name) : str_eq(one->name, name)))
            return one;
    }
    return NULL;
}
