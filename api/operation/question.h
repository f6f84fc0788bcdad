/* question.h: what the database is asked about the plans before any is carried out. Internal to api/operation. */
#ifndef OPERATION_QUESTION_H
#define OPERATION_QUESTION_H

#include "operation/run.h"

/* One text of a statement, which several formats may send. */
struct question {
    const struct plan *plan;
    const struct sql_statement *statement;
    uint64_t given; /* of the statement's conditions */
    bool counts;    /* counts the rows instead of giving them */
    bool whole;     /* with all optional lines, as far as its formats have them */
    unsigned formats; /* a bit for each enum format that sends it */
    struct str text;
    struct sql_order order;
    const uint32_t *types; /* one per order.names */
    struct question *next;
};

/* Every statement of the n plans in every format, with no optional name given, with all, and with each alone: every line is seen
 * present and absent without trying all combinations. In the order of the plans and their files; what has the same text is
 * one. Lives in the arena; NULL where nothing is to be asked. */
const struct question *questions_of(struct arena *a, const struct plan *plans, size_t n);

/* `given` with the bit of that format set and those of the others cleared, for statements whose lines depend on the format. */
uint64_t question_given(const struct plan *plan, uint64_t given, enum format format);

#endif
