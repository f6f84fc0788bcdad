/* error.h: what a failure carries, and the catalogue (error_list.h) as a table. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/error_list.h"
#include "base/message.h"

#define ERROR_CODE(code, ...) code,
enum error_code { ERR_NONE, ERROR_LIST(ERROR_CODE) ERR_CODES };
#undef ERROR_CODE

/* Where a refused value stood. */
enum place { PLACE_BODY, PLACE_PATH, PLACE_QUERY, PLACE_HEADER, PLACES };

/* One refused value. The renderer makes the sentence, in the caller's language, from keyword and argument. */
struct violation {
    enum place place;
    struct str pointer;  /* JSON Pointer (RFC 6901) into the body, or "/name" of the parameter */
    struct str keyword;  /* JSON Schema keyword, or one of: unknown, duplicate, syntax, reference, network, key */
    struct str argument; /* what the keyword demands, as text: "200", "es, en"; never the refused value */
};

enum { VIOLATIONS_MAX = 32 };

/* Filled on failure only. Plain data; copying it is fine while the arena of its strings lives. */
struct error {
    enum error_code code;
    char argument[512];
    const struct violation *violations; /* in the request's arena */
    size_t n_violations;
    bool more_violations; /* there were more than VIOLATIONS_MAX */
};

struct error_info {
    int status;
    struct str slug;
    struct str title[LANGUAGES], detail[LANGUAGES];
};

/* The catalogue's row for a code other than ERR_NONE. */
const struct error_info *error_info(enum error_code code);

/* The code with that slug, or ERR_NONE. */
enum error_code error_by_slug(struct str slug);

/* Fills *err with code and argument (cut at 511 bytes, between characters) and gives false, for `return error_set(...)`. */
#define error_set(...) (error_fill(__VA_ARGS__), error_refused())
void error_fill(struct error *err, enum error_code code, const char *format, ...) __attribute__((format(printf, 3, 4)));
static inline bool error_refused(void) /* in sight, so that analysers know that results stay unset */
{
    return false;
}

#endif
