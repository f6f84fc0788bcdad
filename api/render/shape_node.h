/* shape_node.h: what a shape is made of. Internal to api/render. */
#ifndef RENDER_SHAPE_NODE_H
#define RENDER_SHAPE_NODE_H

#include "render/shape.h"

/* How a column's text becomes JSON. */
enum shows {
    SHOWS_MEMBERS, SHOWS_AS_IS, SHOWS_JSON, SHOWS_NUMBER, SHOWS_BOOLEAN, SHOWS_PLAIN, SHOWS_TEXT, SHOWS_TIMESTAMP,
    SHOWS_ARRAY_AS_IS, SHOWS_ARRAY_TEXT, SHOWS_SEALED,
};

/* A member: a column, or an object whose members follow it. */
struct node {
    struct str key; /* `,"name":` */
    int column;     /* -1 for an object */
    size_t end;     /* the node after this one and all that is in it */
    enum shows shows;
    bool nullable, required;
    bool apart; /* of a feature: stands beside the properties */
};

/* Nodes in the order of the columns; the first is the record itself. */
struct shape {
    struct node *nodes;
    size_t n;
    struct buf keys;      /* where the keys live */
    const struct seal *seal;
    size_t id, geometry;  /* of a feature: its nodes, 0 when there is none */
    uint32_t *types;      /* of the columns that it was made for */
    struct buf names;     /* theirs, each followed by NUL */
    int n_columns;
};

/* Whether there is nothing to show: NULL, a number that JSON has not, or an object of nothing else. */
bool node_is_null(const struct shape *shape, const struct db_result *result, int row, size_t at);

/* Appends the text of a column that is not NULL as a JSON value; not for SHOWS_SEALED. */
void column_json(enum shows shows, struct str text, struct buf *b);

/* Appends the JSON value that is sealed in a column of that name: its last part is the label. */
void column_sealed(const struct seal *seal, struct str name, struct str text, struct buf *b);

/* Appends a timestamptz as RFC 3339 (5.6); infinity and years before Christ, which that has not, as they are. */
void column_timestamp(struct str text, struct buf *b);

/* Whether columns of a type can be shown, and how. */
bool column_shows(uint32_t type, enum shows *ret);

/* Whether what a column of that type shows can be a value of the schema. */
bool column_fits(uint32_t type, const struct schema *schema);

/* Why a column of that type cannot show what the schema seals, or does not seal; NULL when it can. schema may be NULL. */
const char *column_seals_not(uint32_t type, const struct schema *schema);

#endif
