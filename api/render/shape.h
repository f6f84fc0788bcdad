/* shape.h: how the columns of a result become members of a record, by the contract's schema of that record. */
#ifndef RENDER_SHAPE_H
#define RENDER_SHAPE_H

#include "base/seal.h"
#include "contract/schema.h"
#include "db/db.h"

/* Compiled from column names, column types and the record's schema; freed with shape_free. A dotted name nests
 * ("title.es"); names that start with "_" are the engine's own and are not shown. */
struct shape;

/* What a row becomes. A feature's column `geometry` is no member of the record, and it must be there; CSV has columns of
 * its own, which its example in the contract fixes, so they are not looked up in the record. */
enum shape_kind { SHAPE_RECORD, SHAPE_FEATURE, SHAPE_CSV };

/* record may be NULL: then every column is shown and NULL prints as null. Else checks that each column is a declared
 * property of a fitting type, that every required property has its column, and that nested members stand together.
 * Column types that nobody can show (timestamp without time zone, ...) are always refused. A bytea column shows what is sealed
 * in it, under its member's name: it is what x-sealed members are, and nothing else is; json columns hold none of them. seal must
 * outlive the shape; NULL where no rows are written. A row of which something cannot be opened fails the buffer (buf_fail).
 * ERR_CONTRACT: "column <name>: <reason>". */
bool shape_new(const struct db_result *columns, const struct schema *record, enum shape_kind kind, const struct seal *seal,
               struct shape **ret, struct error *err);
void shape_free(struct shape *shape);

/* Whether it was made for a result with the same columns: names, types, order. */
bool shape_fits(const struct shape *shape, const struct db_result *columns);

/* Appends the row as a JSON object: numerics verbatim (NaN and Infinity are NULL), json passed through, timestamps as RFC
 * 3339 (to_json's form). NULL is null where the schema allows it, else the member is left out; an object whose leaves are
 * all NULL likewise, unless the schema requires an object there. */
void shape_json(const struct shape *shape, const struct db_result *result, int row, struct buf *b);

/* Appends a GeoJSON Feature (RFC 7946): column `geometry` (json), `id`, the rest as properties. For SHAPE_FEATURE only. */
void shape_feature(const struct shape *shape, const struct db_result *result, int row, struct buf *b);

/* Appends the header line, or a row, of CSV (RFC 4180): dots become "_", CR LF ends, text that starts with = + - @ tab
 * or CR is preceded by an apostrophe (numbers are not). For SHAPE_CSV only. */
void shape_csv_header(const struct shape *shape, const struct db_result *result, struct buf *b);
void shape_csv(const struct shape *shape, const struct db_result *result, int row, struct buf *b);

#endif
