/* admin.h: the pages of the operators' port: /livez, /readyz, /metrics. */
#ifndef HTTP_ADMIN_H
#define HTTP_ADMIN_H

#include "http/context.h"

/* Answers by path; unknown ones with 404, other methods than GET and HEAD with 405. Logs and counts nothing. */
void admin_run(struct context *context);

#endif
