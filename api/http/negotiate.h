/* negotiate.h: what the caller wants: media type, language, preferences; and what a body is (RFC 9110 12, RFC 7240).
 * Malformed elements of a list are skipped; a caller who says nothing usable takes what there is. */
#ifndef HTTP_NEGOTIATE_H
#define HTTP_NEGOTIATE_H

#include "base/message.h"
#include "contract/contract.h"

/* The medium of the answer with the highest quality in Accept, the contract's order among equals; the first one where
 * there is no Accept. NULL when none will do, or the answer has no body (n_media 0). */
const struct media *negotiate_media(struct headers headers, const struct answer *answer);

/* The language with the highest quality in Accept-Language, the caller's order among equals; fallback where none fits. */
enum language negotiate_language(struct headers headers, enum language fallback);

/* Whether Prefer asks for return=minimal before any other return. */
bool negotiate_minimal(struct headers headers);

/* The medium of the operation's bodies that Content-Type names, or NULL; charset may only be utf-8. */
const struct media *negotiate_body(const struct operation *operation, struct str content_type);

/* "a, b": what there is to choose from, for error texts. */
struct str negotiate_list(struct arena *a, const struct media *media, size_t n);

#endif
