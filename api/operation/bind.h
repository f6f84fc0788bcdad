/* bind.h: the values of one call, as the texts that PostgreSQL reads. Internal to api/operation. */
#ifndef OPERATION_BIND_H
#define OPERATION_BIND_H

#include "operation/each.h"
#include "operation/new_secret.h"
#include "operation/plan.h"

/* One value per name of the plan's file. */
struct binding {
    uint64_t given;                     /* a bit per name: present in the call, null included */
    const char *texts[SQL_NAMES_MAX];   /* NULL: SQL NULL */
    struct str after[AFTER_MAX];        /* set by paging before bind_call */
    size_t n_after;
    char new_id[37];                    /* set before bind_call; "" where the operation makes nothing */
    struct each each;                   /* made by bind_call where the plan has an array with x-each */
    const char *derived;                /* the value that C derives from the guard; NULL before */
    struct new_secret secrets[SECRET_KINDS]; /* made by bind_call where the plan makes them */
};

/* Resolves every name of plan for call; memory from call->arena. */
void bind_call(const struct plan *plan, const struct call *call, struct binding *b);

/* What is known only once the guard was read: the derived value, and of a patch every sealed object as the patch leaves it in `merged`,
 * the merged record, since SQL cannot merge what it cannot read. */
void bind_guarded(const struct plan *plan, const struct call *call, const struct value *merged, struct binding *b);

/* A date-time that the contract let through (RFC 3339), as PostgreSQL reads every one of them: in UTC, since it takes no
 * offsets beyond 15:59; with BC for the year 0000, which it does not count; and a leap second as the one after it, as
 * which it counts those that have no fraction. `text` must be a valid date-time. */
struct str bind_date_time(struct arena *a, struct str text);

/* The same for a date. */
struct str bind_date(struct arena *a, struct str text);

/* The items, of that type (DB_TEXT, DB_INT8), as a PostgreSQL array literal, each quoted. */
struct str bind_array(struct arena *a, const struct value *items, uint32_t type);

#endif
