/* etag.h: entity tags made of a revision, a format and a role (RFC 9110 8.8.3), and conditions on them. Internal to api/operation. */
#ifndef OPERATION_ETAG_H
#define OPERATION_ETAG_H

#include "operation/call.h"

/* "<revision>-<format>-<role>", with its quotes. */
struct str etag_make(const struct call *call, struct str revision);

/* Whether If-None-Match names etag or is "*" (weak comparison, RFC 9110 13.1.2). An empty header matches nothing. */
bool etag_none_match(struct str if_none_match, struct str etag);

/* Whether If-Match names that revision, in whatever format or role it was read, or is "*" (strong comparison: W/ never matches). */
bool etag_match(struct str if_match, struct str revision);

#endif
