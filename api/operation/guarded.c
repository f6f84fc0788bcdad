/* guarded.c: reads what a guard gave, opened. Knows nothing of what is derived from it. */
#include "operation/guarded.h"

static int find_column(const struct guarded *guard, struct str name)
{
    for (int i = 0; i < db_columns(guard->rows); i++)
        if (str_eq(db_column_name(guard->rows, i), name))
            return i;
    return -1;
}

int guarded_rows(const struct guarded *guard)
{
    return db_rows(guard->rows);
}

bool guarded_text(const struct guarded *guard, int row, struct str column, struct buf *b, struct error *err)
{
    int at = find_column(guard, column);

    if (at < 0)
        return error_set(err, ERR_INTERNAL, "the guard gives no %.*s", STR_ARG(column));
    if (db_is_null(guard->rows, row, at))
        return true;
    struct str value = db_value(guard->rows, row, at);
    if (db_column_type(guard->rows, at) != DB_BYTEA)
        buf_add(b, value);
    else if (!guard->seal || !seal_open(guard->seal, column, value, b))
        return error_set(err, ERR_INTERNAL, "%.*s cannot be opened", STR_ARG(column));
    return !b->failed || error_set(err, ERR_INTERNAL, "%.*s is too large", STR_ARG(column));
}
