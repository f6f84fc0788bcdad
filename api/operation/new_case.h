/* new_case.h: the key of a case that a call files. Internal to api/operation. */
#ifndef OPERATION_NEW_CASE_H
#define OPERATION_NEW_CASE_H

#include "base/seal.h"
#include "operation/call.h"

/* What :case_key_hash and :case_key stand for. */
struct new_case {
    struct str hash;   /* what is stored: text */
    struct str sealed; /* what the answer shows: the key as a JSON string, sealed under "case_key": bytea */
};

/* Makes the key, in call->arena. With an Idempotency-Key it derives from that, from who calls and from what is asked (operation, path,
 * body), so that the same request gives it again and nobody need store it; else it is random. */
struct new_case new_case_make(const struct call *call, const struct seal *seal);

#endif
