/* case_key.h: the keys by which people come back to a case without saying who they are. Knows nothing of requests. */
#ifndef AUTH_CASE_KEY_H
#define AUTH_CASE_KEY_H

#include "base/arena.h"

enum {
    CASE_KEY_DIGITS = 26,     /* of 5 bits: 130 bits that nobody guesses */
    CASE_KEY_TEXT_BYTES = 34, /* seven groups of four with "-" between them */
};

/* A key as its digits, 0 to 31 each. */
struct case_key {
    unsigned char digits[CASE_KEY_DIGITS];
};

void case_key_random(struct case_key *ret);

/* The first 130 bits of a digest of 32 bytes. */
void case_key_from_digest(const unsigned char digest[32], struct case_key *ret);

/* As it is shown, with its NUL: Crockford's base 32 (https://www.crockford.com/base32.html), then two check characters, the number
 * modulo 1021 in the same digits. 1021 is a prime that divides neither 32 nor any difference of one or two neighbouring digits, so
 * that one mistyped character or two that changed places are always found. */
void case_key_show(const struct case_key *key, char ret[CASE_KEY_TEXT_BYTES + 1]);

/* Reads what a person typed: in either case, O for 0, I and L for 1, spaces and hyphens anywhere. False when it is too short or too
 * long, has another character, or its check does not hold. */
bool case_key_read(struct str text, struct case_key *ret);

/* What is stored instead of the key: HMAC-SHA256 (RFC 2104) of its 130 bits under the pepper, in hexadecimal digits, in a. */
struct str case_key_hash(struct arena *a, const struct case_key *key, struct str pepper);

#endif
