/* seal.h: texts that only the service can read, and the keys that outlive its other secrets. The only part that knows
 * libsodium. */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

enum { SEAL_KEYS_MAX = 32, SEAL_KEY_BYTES = 32 };

/* The keys of the seal key file. Immutable once read, shared by all threads. */
struct seal;

/* Reads a file of mode 0600: a key of 64 hexadecimal digits on each line, SEAL_KEYS_MAX at most. The first seals, all
 * open: a new key is put on top, and a key goes only when nothing is left that it sealed. The keys lie in memory that is kept out of
 * swap files and dumps where the system allows it. End with seal_free. ERR_STARTUP: "path: reason". */
bool seal_read(const char *path, struct seal **ret, struct error *err);

/* Wipes and frees; NULL is fine. */
void seal_free(struct seal *seal);

/* The text sealed, as PostgreSQL reads a bytea ("\x" and hexadecimal digits), NUL-terminated, in a; of SEAL_TEXT_BYTES(text.n)
 * characters at most. Sealed twice it looks different each time; of its length shows which multiple of 64 it is below.
 * label says what it is (a member's name): under another one it does not open.
 *   version 1 | 4 bytes of the key's SHA-256 | 24 bytes of nonce | XChaCha20-Poly1305 of the text, padded (ISO/IEC 7816-4)
 * The cipher: draft-irtf-cfrg-xchacha, in libsodium's construction; the label is its associated data. */
struct str seal_close(const struct seal *seal, struct arena *a, struct str label, struct str text);
#define SEAL_TEXT_BYTES(n) (2 + 2 * (1 + 4 + 24 + ((n) / 64 + 1) * 64 + 16))

/* Appends the text of what seal_close gave. False, with nothing appended, when it was changed, belongs to another label, or its
 * key is not (or no longer) there; also when b fails. */
bool seal_open(const struct seal *seal, struct str label, struct str sealed, struct buf *b);

/* What keys are derived for. They come from the last key of the file, the oldest, so that they stay when a new one is put on top. */
enum seal_purpose {
    SEAL_CASE_KEY_PEPPER, SEAL_INVITATION_CODE_PEPPER, SEAL_CLIENT_SECRET_PEPPER, SEAL_SECRET_DERIVATION, SEAL_RECORD_HASH,
    SEAL_TOKEN_SIGNING, SEAL_SUBJECT, SEAL_AUDIT_CHAIN, SEAL_PURPOSES,
};

/* 32 bytes, that live as long as seal. */
struct str seal_key(const struct seal *seal, enum seal_purpose purpose);

#endif
