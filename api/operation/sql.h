/* sql.h: an operation's SQL file as statements with named parameters and optional lines. Knows nothing of what names mean. */
#ifndef OPERATION_SQL_H
#define OPERATION_SQL_H

#include "base/arena.h"
#include "base/error.h"

enum { SQL_NAMES_MAX = 64, SQL_STATEMENTS_MAX = 16, SQL_FILE_BYTES_MAX = 65536 };

/* A run of text, or a parameter; it stands when every name in `needs` (a bit per name of the file) was given. */
struct sql_piece {
    struct str text;
    int name;       /* index into sql_file.names, or -1 for text */
    uint64_t needs; /* 0: always stands */
};

struct sql_statement {
    const struct sql_piece *pieces;
    size_t n;
    uint64_t conditions; /* every bit that some piece needs: what tells variants apart */
    bool guard;          /* preceded by the line "-- guard" */
    int line;            /* where it starts, from 1 */
};

struct sql_file {
    struct str names[SQL_NAMES_MAX]; /* distinct: "id", "place.lat", and names that occur in conditions only */
    size_t n_names;
    struct sql_statement statements[SQL_STATEMENTS_MAX];
    size_t n;
    struct str purpose; /* the first comment line, after "-- " */
};

/* Parses text, which must outlive the file. Knows '' and E'' and U&'' strings, "identifiers", $tag$ quotes, nested and
 * line comments, ::, :=, array slices [1:2]. Comments are not kept. Fails with ERR_CONTRACT "<path>:<line>: <reason>" on an
 * unterminated quote, a missing final ";", an empty file or statement, no first comment, too many names or statements, $1,
 * CR or NUL, a "-- guard" that no statement follows, and "--?" on a line without a name, without SQL, that begins inside a
 * quote or begins a statement. */
bool sql_parse(struct arena *a, struct str path, struct str text, struct sql_file *ret, struct error *err);

/* What a text takes: $1 is the value of names[0], an index into sql_file.names, and so on; each name once. */
struct sql_order {
    int names[SQL_NAMES_MAX];
    size_t n;
};

/* The text of the variant in which the names of `given` (a bit each) were given, NUL-terminated, with $1, $2, ... for the
 * names in ret_order. :limit becomes the literal `limit` where limit > 0. */
struct str sql_variant(struct arena *a, const struct sql_file *file, const struct sql_statement *statement, uint64_t given,
                       int limit, struct sql_order *ret_order);

#endif
