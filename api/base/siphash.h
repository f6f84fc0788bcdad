/* siphash.h: SipHash-2-4 (Aumasson and Bernstein, 2012), a keyed hash for tables whose keys strangers choose. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include "base/str.h"

enum { SIPHASH_KEY_BYTES = 16 };

/* 64 bits that nobody without the key can foresee or lead back to s. */
uint64_t siphash(const unsigned char key[SIPHASH_KEY_BYTES], struct str s);

#endif
