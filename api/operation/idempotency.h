/* idempotency.h: one Idempotency-Key, one effect (IETF draft-ietf-httpapi-idempotency-key-header). Internal to api/operation. */
#ifndef OPERATION_IDEMPOTENCY_H
#define OPERATION_IDEMPOTENCY_H

#include "operation/run.h"

/* Queues the taking of the call's key, bound to who calls, for which source, the operation, its path and its body. Only keyed
 * hashes reach the database. */
bool idempotency_send(struct run *run, struct error *err);

/* Reads its result. ERR_IDEMPOTENCY_RUNNING, ERR_IDEMPOTENCY_REUSED, or ERR_REPLAY with the id of the record made then. */
bool idempotency_done(struct run *run, struct error *err);

#endif
