/* file.h: reads a whole file. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

/* Reads the file at path, NUL-terminated in a; at most bytes_max bytes. ret_mode, unless NULL, gets its permission
 * bits (the low nine of st_mode, of the file that was opened). ERR_STARTUP: "path: reason". */
bool file_read(struct arena *a, const char *path, size_t bytes_max, struct str *ret_text, unsigned *ret_mode,
               struct error *err);

#endif
