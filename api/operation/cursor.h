/* cursor.h: keyset cursors: the values of the last row shown, signed, so that only our own come back.
 * Knows nothing of rows or filters. */
#ifndef OPERATION_CURSOR_H
#define OPERATION_CURSOR_H

#include "base/arena.h"
#include "base/error.h"

enum { CURSOR_TEXT_MAX = 1024, CURSOR_VALUES_MAX = 4 };

/* Where a list goes on: after the row with these values, none of them SQL NULL. */
struct cursor {
    struct str values[CURSOR_VALUES_MAX];
    size_t n;
};

/* Writes a cursor as text. It can be read again only with the same key and the same binding: a text that says what it is
 * for (operation, role, filters). False when it would be longer than CURSOR_TEXT_MAX. */
bool cursor_make(struct arena *a, struct str key, struct str binding, const struct cursor *cursor, struct str *ret_text);

/* Reads it back; the values are NUL-terminated in a. ERR_CURSOR for whatever was not made so. */
bool cursor_read(struct arena *a, struct str key, struct str binding, struct str text, struct cursor *ret, struct error *err);

#endif
