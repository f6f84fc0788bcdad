/* value.h: a JSON value as an immutable tree in an arena; text in, text out. The only part that knows jansson. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"

enum value_type { VALUE_NULL, VALUE_FALSE, VALUE_TRUE, VALUE_INTEGER, VALUE_REAL, VALUE_STRING, VALUE_ARRAY, VALUE_OBJECT };

struct member;

/* One value. Members keep the order of the text. */
struct value {
    enum value_type type;
    union {
        int64_t integer;
        double real;
        struct str string;
        struct {
            const struct value **v;
            size_t n;
        } array;
        struct {
            const struct member *v;
            size_t n;
        } object;
    };
};

struct member {
    struct str name;
    const struct value *value;
};

enum { VALUE_DEPTH_MAX = 32, VALUE_BYTES_FACTOR = 24 };

/* Parses text (RFC 8259) into a. Refuses with ERR_SYNTAX, argument "reason, line L, column C": nesting over depth_max
 * (looked at before the parser recurses), duplicate members, NUL in strings, invalid UTF-8, lone surrogates,
 * numbers beyond int64 or double, anything after the value. ERR_OVERLOADED when memory is refused.
 * Takes at most VALUE_BYTES_FACTOR bytes of arena per byte of text, and as many more. */
bool value_parse(struct arena *a, struct str text, int depth_max, const struct value **ret, struct error *err);

/* The member of an object, or NULL (also when value is NULL or no object). */
const struct value *value_get(const struct value *value, struct str name);

/* The value at a JSON Pointer (RFC 6901; "" is the value itself), or NULL. */
const struct value *value_at(const struct value *value, struct str pointer);

/* The string, or {NULL, 0} when value is NULL or no string. */
struct str value_string(const struct value *value);

bool value_is_true(const struct value *value);
bool value_is_number(const struct value *value);

/* Equal as JSON Schema says: 1 and 1.0 are equal, members in any order. */
bool value_equal(const struct value *a, const struct value *b);

/* Appends compact text. Reals in 15 digits, or 16 or 17 where it takes those to read back the same. */
void value_write(struct buf *b, const struct value *value);

/* The same, into an arena, NUL-terminated. */
struct str value_text(struct arena *a, const struct value *value);

#endif
