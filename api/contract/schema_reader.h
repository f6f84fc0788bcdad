/* schema_reader.h: one schema object being read, keyword by keyword; shared by the schema_*.c that read. */
#ifndef CONTRACT_SCHEMA_READER_H
#define CONTRACT_SCHEMA_READER_H

#include "contract/schema_internal.h"

struct reader {
    struct schema_set *set;
    struct arena *arena;
    struct schema *node;
    enum keyword keyword; /* being read */
    struct error *err;
};

/* Fails with "<pointer>/<keyword>: <reason>". */
bool reader_refuse(struct reader *r, const char *reason);

/* The schema that is the keyword's own value (token NULL), or the part of that value that token names. */
struct schema *reader_child(struct reader *r, const struct value *source, const struct str *token);

/* Compiles a regular expression, or refuses. */
bool reader_pattern(struct reader *r, struct str text, const struct pattern **ret);

/* Each reads a keyword's value into *check, whose keyword is set already. Setting that to KEYWORDS says that there is
 * nothing to check. */
typedef bool read_keyword(struct reader *r, const struct value *operand, struct check *check);

/* schema_read_value.c: about one value. */
read_keyword read_type, read_enum, read_const, read_count, read_limit, read_multiple_of, read_pattern, read_format, read_unique;

/* schema_read_nested.c: about members, and with schemas below. */
read_keyword read_ref, read_required, read_dependent_required, read_properties, read_pattern_properties, read_additional, read_one, read_items, read_list, read_if, read_branch, read_definitions;

#endif
