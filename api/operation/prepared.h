/* prepared.h: what is worked out once for each text that is sent, and shared by all threads: the text, which values it takes, and
 * how the rows of its result are shown. Internal to api/operation. */
#ifndef OPERATION_PREPARED_H
#define OPERATION_PREPARED_H

#include "operation/plan.h"
#include "render/shape.h"

struct prepared {
    struct db_key key;
    struct sql_order order;
    uint32_t types[SQL_NAMES_MAX];
    struct str text;
    struct shown *shown;   /* atomic; a shape for each set of columns that its results have had, since a migration may change them */
    struct prepared *next; /* of those that found no room in the table */
};

/* A copy with a text of its own; NULL when memory is refused. */
struct prepared *prepared_new(struct db_key key, const struct sql_order *order, const uint32_t *types, struct str text);
void prepared_free(struct prepared *prepared);

/* How rows of a result of the plan's with these columns are shown, as shape_new makes it; made where it was not. The shape lives as long as
 * `prepared`. Thread-safe. ERR_CONTRACT, as shape_new. */
bool prepared_shape(struct prepared *prepared, const struct db_result *columns, const struct plan *plan, enum shape_kind kind,
                    const struct shape **ret, struct error *err);

/* Prepared ones by key. What is in it stays until the end, so it has a bound; callers make their own of what it has no room for. */
struct prepared_table;

struct prepared_table *prepared_table_new(void); /* NULL when memory is refused */
void prepared_table_free(struct prepared_table *table);

/* NULL where it is not there. Thread-safe, without locks. */
struct prepared *prepared_find(struct prepared_table *table, struct db_key key);

/* Adds one, which is the table's from then on; gives that one, or the one that another thread added meanwhile (and frees this
 * one). NULL when there is no room: then it stays the caller's. */
struct prepared *prepared_add(struct prepared_table *table, struct prepared *prepared);

#endif
