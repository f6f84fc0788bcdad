/* chunked.h: takes the chunked transfer coding off a body as its bytes come (RFC 9112 7.1), strictly. */
#ifndef HTTP_CHUNKED_H
#define HTTP_CHUNKED_H

#include "base/str.h"

/* Where in a body the next byte stands. All zero but bytes_max before the first. */
struct chunked {
    size_t bytes_max; /* of data that may still come */
    size_t left;      /* bytes of data that this chunk still has; while its size is read, the size so far */
    unsigned digits;  /* of its size */
    enum {
        CHUNK_SIZE, CHUNK_SIZE_LF, CHUNK_DATA, CHUNK_CR, CHUNK_LF, CHUNK_LAST_CR, CHUNK_LAST_LF, CHUNK_DONE, CHUNK_TOO_LARGE, CHUNK_MALFORMED,
    } at;
};

enum chunked_state {
    CHUNKED_MORE,      /* all bytes were taken, and the body goes on */
    CHUNKED_DATA,      /* *ret_data has some; call again */
    CHUNKED_DONE,      /* *rest begins behind the body */
    CHUNKED_TOO_LARGE, /* a chunk's size goes over bytes_max; its data was not taken */
    CHUNKED_MALFORMED,
};

/* Takes bytes off *rest up to the end of the next piece of data, which is *ret_data (borrowed from *rest, never empty, {NULL, 0} in all other
 * states). What follows CHUNKED_DONE stays in *rest; the last three states are for good, and take nothing more. A size has 1 to 8
 * hexadecimal digits, and nothing but CR LF behind it: extensions and trailers are refused, since nobody here understands them, no client
 * needs them, and readers differ in where they end. */
enum chunked_state chunked_next(struct chunked *chunked, struct str *rest, struct str *ret_data);

#endif
