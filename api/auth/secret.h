/* secret.h: what the service makes, shows once and knows again: the keys by which people come back to a case without saying who they
 * are, the codes of invitations, the secrets of other systems. Knows nothing of requests. */
#ifndef AUTH_SECRET_H
#define AUTH_SECRET_H

#include "base/seal.h"

enum {
    SECRET_DIGITS = 26,     /* of 5 bits: 130 bits that nobody guesses */
    SECRET_TEXT_BYTES = 34, /* seven groups of four with "-" between them */
};

/* What secrets are for: each kind has a pepper of its own, so that none is known as another. */
enum secret_kind { SECRET_CASE_KEY, SECRET_INVITATION_CODE, SECRET_CLIENT_SECRET, SECRET_KINDS };

/* A secret as its digits, 0 to 31 each. */
struct secret {
    unsigned char digits[SECRET_DIGITS];
};

/* What members and SQL call it: "case_key". */
struct str secret_name(enum secret_kind kind);

void secret_random(struct secret *ret);

/* The first 130 bits of a digest of 32 bytes. */
void secret_from_digest(const unsigned char digest[32], struct secret *ret);

/* As it is shown, with its NUL: Crockford's base 32 (https://www.crockford.com/base32.html), then two check characters, the number
 * modulo 1021 in the same digits. 1021 is a prime that divides neither 32 nor any difference of one or two neighbouring digits, so
 * that one mistyped character or two that changed places are always found. */
void secret_show(const struct secret *secret, char ret[SECRET_TEXT_BYTES + 1]);

/* Reads what a person typed: in either case, O for 0, I and L for 1, spaces and hyphens anywhere. False when it is too short or too
 * long, has another character, or its check does not hold. */
bool secret_read(struct str text, struct secret *ret);

/* What is stored instead of the secret: HMAC-SHA256 (RFC 2104) of its 130 bits under the kind's pepper, in hexadecimal digits, in a. */
struct str secret_hash(struct arena *a, const struct seal *seal, enum secret_kind kind, const struct secret *secret);

#endif
