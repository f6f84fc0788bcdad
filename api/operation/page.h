/* page.h: where a list starts and ends: limit, cursor, next, Link. Internal to api/operation. */
#ifndef OPERATION_PAGE_H
#define OPERATION_PAGE_H

#include "operation/run.h"

struct page {
    int limit;              /* rows to show; ROWS_UNLIMITED for a stream nobody limited */
    struct variant variant; /* rows to ask for: rounded up, so that few texts exist */
    bool total;             /* include=total */
};

/* Reads limit, cursor and include of the call and sets the binding's cursor values. ERR_CURSOR. */
bool page_open(const struct run *run, struct binding *binding, struct page *ret, struct error *err);

/* The cursor behind the row `last`, in the call's arena. ERR_INTERNAL when a cursor column is missing or null. */
bool page_next(const struct run *run, const struct db_result *result, int last, struct str *ret_cursor, struct error *err);

/* <path?query>; rel="next", with the cursor put into the query. */
struct str page_link(const struct run *run, struct str cursor);

/* The column of that name, or -1. */
int page_column(const struct db_result *result, struct str name);

#endif
