/* new_secret.h: secrets that a call makes and shows this once, and those that it brings. Internal to api/operation. */
#ifndef OPERATION_NEW_SECRET_H
#define OPERATION_NEW_SECRET_H

#include "auth/secret.h"
#include "operation/call.h"

/* What :<name>_hash and :<name> stand for. */
struct new_secret {
    struct str hash;   /* what is stored: text */
    struct str sealed; /* what the answer shows: the secret as a JSON string, sealed under its name: bytea */
};

/* Makes a secret, in call->arena. With an Idempotency-Key it derives from that, from who calls and from what is asked (operation, path,
 * body), so that the same request gives it again and nobody need store it; once the key is forgotten, that its hash is there already
 * keeps the request from being carried out twice. Else it is random. */
struct new_secret new_secret_make(enum secret_kind kind, const struct call *call, const struct seal *seal);

/* The hash of a secret that a person typed; {NULL, 0} for what cannot be one, which finds nothing. */
struct str new_secret_hash_of(enum secret_kind kind, struct arena *a, struct str text, const struct seal *seal);

#endif
