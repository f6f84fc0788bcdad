/* cursor.h: keyset cursors: the values of the last row shown, signed, so that only our own come back.
 * Knows nothing of rows or filters. */
#ifndef OPERATION_CURSOR_H
#define OPERATION_CURSOR_H

#include "base/arena.h"
#include "base/error.h"

enum { CURSOR_TEXT_MAX = 1024 };

/* Makes a cursor from n values (at most 65535 bytes each, never SQL NULL). It can be read again only with the same key and
 * the same binding: a text that says what it is for (operation, role, filters). False when it would be longer than
 * CURSOR_TEXT_MAX. */
bool cursor_make(struct arena *a, struct str key, struct str binding, const struct str *values, size_t n, struct str *ret_text);

/* Gives back the values, each NUL-terminated in a. ERR_CURSOR for whatever was not made so, or holds more than max values. */
bool cursor_read(struct arena *a, struct str key, struct str binding, struct str text, struct str *ret_values, size_t max,
                 size_t *ret_n, struct error *err);

#endif
