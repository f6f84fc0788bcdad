/* local_issuer.h: the keys by which this service signs tokens for systems. Knows nothing of claims. */
#ifndef AUTH_LOCAL_ISSUER_H
#define AUTH_LOCAL_ISSUER_H

#include "base/buf.h"
#include "base/signature.h"

/* How long one key signs. Tokens of its time are taken for as long again. */
enum { LOCAL_KEY_PERIOD_S = 30 * 86400 };

/* Ed25519 keys, one for each LOCAL_KEY_PERIOD_S since 1970, derived from a secret and the period's number: every instance has the same
 * ones and stores none, and they change by themselves. For any number of threads. */
struct local_issuer;

/* url: what tokens name as iss; it and secret (32 bytes at least) outlive the issuer. NULL without memory. */
struct local_issuer *local_issuer_new(struct str secret, struct str url);

/* NULL is fine. */
void local_issuer_free(struct local_issuer *issuer);

struct str local_issuer_url(const struct local_issuer *issuer);

/* The key that signs at that time, and its kid (RFC 7638 thumbprint) in a. End with signature_key_unref. NULL without memory. */
struct signature_key *local_issuer_signer(struct local_issuer *issuer, struct arena *a, int64_t now_s, struct str *ret_kid);

/* The key of that kid, if it is that of the present period, the last or the next (clocks differ). End with signature_key_unref.
 * ERR_INVALID for any other kid, ERR_OVERLOADED without memory. */
bool local_issuer_key(struct local_issuer *issuer, struct str kid, int64_t now_s, struct signature_key **ret, struct error *err);

/* Appends these three keys as a JWKS (RFC 7517 5). False without memory. */
bool local_issuer_jwks(struct local_issuer *issuer, struct arena *a, int64_t now_s, struct buf *b);

#endif
