/* signature.h: asymmetric keys: read from JWKs (RFC 7517), verified with, signed with (Ed25519). Beside crypto.h the only part
 * that knows libcrypto. Knows nothing of tokens. */
#ifndef BASE_SIGNATURE_H
#define BASE_SIGNATURE_H

#include "base/error.h"
#include "base/value.h"

/* RFC 7518 3.1 and RFC 8037 3.1. */
enum signature_algorithm {
    SIGNATURE_RS256, SIGNATURE_RS384, SIGNATURE_RS512, SIGNATURE_PS256, SIGNATURE_ES256, SIGNATURE_ES384, SIGNATURE_EDDSA,
    SIGNATURE_ALGORITHMS
};

enum { SIGNATURE_RSA_BITS_MIN = 2048, SIGNATURE_RSA_BITS_MAX = 8192, ED25519_SEED_BYTES = 32, ED25519_SIGNATURE_BYTES = 64 };

/* "RS256" and so on, exactly; false for all others. */
bool signature_algorithm_named(struct str name, enum signature_algorithm *ret);
struct str signature_algorithm_name(enum signature_algorithm algorithm);

/* A key, public or with its private part. Immutable, counted, for any number of threads. */
struct signature_key;

/* From a public JWK: RSA (SIGNATURE_RSA_BITS_MIN to _MAX, an odd exponent of 3 to 2^32 - 1), EC on P-256 or P-384, OKP on Ed25519;
 * its other members (use, kid, alg) are the caller's to heed. a is for working. End with signature_key_unref.
 * ERR_INVALID says why not: another type, malformed, too short, not on its curve, or with its private part, which is then nobody's
 * secret; ERR_OVERLOADED without memory. */
bool signature_key_read(struct arena *a, const struct value *jwk, struct signature_key **ret, struct error *err);

/* The same of a key that signature_key_read took when it was stored: it is not looked at again whether its numbers are sound, which for
 * 2048 bits of RSA is 4 ms of work (SP 800-56B 6.4.1 as libcrypto does it). */
bool signature_key_read_checked(struct arena *a, const struct value *jwk, struct signature_key **ret, struct error *err);

/* The Ed25519 key of a seed (RFC 8032 5.1.5), with its private part. NULL without memory. */
struct signature_key *signature_key_ed25519(const unsigned char seed[ED25519_SEED_BYTES]);

struct signature_key *signature_key_ref(struct signature_key *key);
void signature_key_unref(struct signature_key *key); /* NULL is fine */

/* Whether the key is of the algorithm's kind and, for EC, of its curve. */
bool signature_key_fits(const struct signature_key *key, enum signature_algorithm algorithm);

/* Whether the signature, as a JWS has it (RFC 7515; EC: R and S of fixed length, RFC 7518 3.4), is the key's over data. ERR_INVALID when it
 * is not, and for an algorithm that the key does not fit; ERR_OVERLOADED without memory. */
bool signature_verify(const struct signature_key *key, enum signature_algorithm algorithm, struct str data, struct str signature, struct error *err);

/* Signs data with a key of signature_key_ed25519. False without memory. */
bool signature_sign(const struct signature_key *key, struct str data, unsigned char ret[ED25519_SIGNATURE_BYTES]);

/* The public part of an Ed25519 key as the members of its JWK that its thumbprint is made of (RFC 8037 2, RFC 7638 3.2), in a. {NULL, 0}
 * without memory. */
struct str signature_key_jwk(struct arena *a, const struct signature_key *key);

#endif
