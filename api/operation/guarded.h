/* guarded.h: what the guard of a write gave, as C sees it that derives a value from it (struct custom). */
#ifndef OPERATION_GUARDED_H
#define OPERATION_GUARDED_H

#include "base/seal.h"
#include "db/db.h"

/* The guard's rows; they last as long as the derivation. */
struct guarded {
    const struct db_result *rows;
    const struct seal *seal;
};

/* At least one. */
int guarded_rows(const struct guarded *guard);

/* Appends the text of a column, and nothing where it is null: of a bytea the JSON text that is sealed in it under the column's name, of
 * others what the database prints. ERR_INTERNAL: there is no such column, it cannot be opened, or b is full. */
bool guarded_text(const struct guarded *guard, int row, struct str column, struct buf *b, struct error *err);

#endif
