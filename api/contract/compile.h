/* compile.h: the steps from the bundled document to the tables of contract.h. Used by contract.c and compile_*.c alone. */
#ifndef CONTRACT_COMPILE_H
#define CONTRACT_COMPILE_H

#include "contract/bundle.h"
#include "contract/contract.h"

enum { PARAMETERS_MAX = 64 };

struct compiler {
    struct arena *arena; /* the contract's */
    struct bundle bundle;
    struct schema_set *schemas;
    struct operation *operations; /* all listed with id, tag, method and path before any is compiled */
    size_t n_operations;
    struct error *err;
};

/* A value of the document and where it stands. */
struct element {
    const struct value *value; /* NULL when there is none */
    struct str at;
};

/* The member, or the item, and what it refers to when it is a reference. */
struct element element_get(struct compiler *c, struct element parent, struct str name);
struct element element_item(struct compiler *c, struct element list, size_t i);

/* How many members or items an element has; 0 when there is none. */
size_t element_count(struct element element);

/* Sets *c->err to "file#/pointer: reason" and gives false. */
bool compile_refuse(struct compiler *c, struct str at, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* compile_schema.c */
bool compile_schema(struct compiler *c, struct str at, const struct schema **ret);
bool compile_all_schemas(struct compiler *c);
bool compile_content(struct compiler *c, struct element content, const struct media **ret, size_t *ret_n);
bool compile_examples(struct compiler *c, struct element holder, const struct schema *schema);
bool media_is_json(struct str type);

/* compile_security.c */
bool compile_schemes(struct compiler *c);
bool compile_requirements(struct compiler *c, struct element operation, struct operation *ret);
bool compile_roles(struct compiler *c, const struct role **ret, size_t *ret_n);
bool compile_affiliations(struct compiler *c, const struct affiliation **ret, size_t *ret_n);

/* compile_parameter.c: also whether parameters and the path's template agree. */
bool compile_parameters(struct compiler *c, struct element path_item, struct element operation, struct operation *ret);

/* compile_answer.c: bodies come before, for their member names. */
bool compile_answers(struct compiler *c, struct element operation, struct operation *ret);

/* compile_operation.c */
bool compile_operations(struct compiler *c);

/* compile_check.c: what operations promise must fit together. */
bool check_names(struct compiler *c, struct str at, const struct operation *operation);
bool check_statuses(struct compiler *c, struct str at, const struct operation *operation);
bool check_paging(struct compiler *c, struct str at, const struct operation *operation);
bool check_marks(struct compiler *c, struct str at, const struct operation *operation);

#endif
