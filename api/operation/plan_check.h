/* plan_check.h: what an SQL file must keep beyond its names, so that nothing goes wrong in silence. Internal to api/operation. */
#ifndef OPERATION_PLAN_CHECK_H
#define OPERATION_PLAN_CHECK_H

#include "operation/plan.h"

/* plan: names traced, guard and answer found. ERR_CONTRACT "<path>: <reason>", with the line of the statement where there is one. */
bool plan_check(struct arena *a, const struct plan *plan, struct str path, struct error *err);

#endif
