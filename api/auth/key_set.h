/* key_set.h: the keys of an issuer, as its JWKS (RFC 7517 5) had them at one moment. */
#ifndef AUTH_KEY_SET_H
#define AUTH_KEY_SET_H

#include "base/signature.h"

enum { KEY_SET_KEYS_MAX = 64, KEY_ID_BYTES_MAX = 255 };

/* Immutable, counted, for any number of threads. */
struct key_set;

/* Keys without a kid, for another use, or that signature_key_read does not take are left out, since providers mix. a is for working;
 * what it gives is not in it. End with key_set_unref. ERR_INVALID: no JWKS, more than KEY_SET_KEYS_MAX keys, two keys to sign with of
 * one kid, or none that is of use; ERR_OVERLOADED without memory. */
bool key_set_read(struct arena *a, struct str json, struct key_set **ret, struct error *err);

struct key_set *key_set_ref(struct key_set *set);
void key_set_unref(struct key_set *set); /* NULL is fine */

/* Whether there is a key of that kid. set may be NULL. */
bool key_set_has(const struct key_set *set, struct str kid);

/* The key of that kid, when it is for that algorithm: by its own `alg` where it has one, by its kind otherwise. NULL when it is not,
 * or there is none. Lives as long as set. */
const struct signature_key *key_set_find(const struct key_set *set, struct str kid, enum signature_algorithm algorithm);

/* How many keys; set may be NULL. */
size_t key_set_count(const struct key_set *set);

/* Whether both have the same kids, in the same order. Either may be NULL. */
bool key_set_equal(const struct key_set *a, const struct key_set *b);

#endif
