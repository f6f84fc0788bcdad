/* percent.h: percent-encoded text (RFC 3986 2.1) of paths, queries and fragments. */
#ifndef CONTRACT_PERCENT_H
#define CONTRACT_PERCENT_H

#include "base/arena.h"

/* Percent-decodes; plus is a space where plus_is_space. False for a broken escape, NUL or invalid UTF-8. */
bool percent_decode(struct arena *a, struct str text, bool plus_is_space, struct str *ret);

#endif
