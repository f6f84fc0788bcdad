/* shape_json.c: writes rows as JSON objects and GeoJSON features, by a shape. Knows nothing of schemas. */
#include "render/shape_node.h"

#include <assert.h>

/* Numbers that JSON can say begin with a digit, or "-" and a digit: not NaN, Infinity, -Infinity. */
static bool is_number(struct str text)
{
    struct str digits = str_skip(text, text.n && text.p[0] == '-');
    return digits.n && digits.p[0] >= '0' && digits.p[0] <= '9';
}

static bool column_is_null(const struct node *node, const struct db_result *result, int row)
{
    return db_is_null(result, row, node->column) ||
           (node->shows == SHOWS_NUMBER && !is_number(db_value(result, row, node->column)));
}

bool node_is_null(const struct shape *shape, const struct db_result *result, int row, size_t at)
{
    for (size_t i = at; i < shape->nodes[at].end; i++)
        if (shape->nodes[i].column >= 0 && !column_is_null(&shape->nodes[i], result, row))
            return false;
    return true;
}

static void write_column(const struct shape *shape, const struct db_result *result, int row, const struct node *node, struct buf *b)
{
    struct str text = db_value(result, row, node->column);

    if (node->shows == SHOWS_SEALED)
        column_sealed(shape->seal, db_column_name(result, node->column), text, b);
    else
        column_json(node->shows, text, b);
}

/* Nests as deep as SHAPE_DEPTH_MAX at most. */
static void write_members(const struct shape *shape, const struct db_result *result, int row, size_t of, struct buf *b)
{
    size_t comma = 1; /* cut from the first member's key */

    buf_char(b, '{');
    for (size_t i = of + 1; i < shape->nodes[of].end; i = shape->nodes[i].end) {
        const struct node *node = &shape->nodes[i];
        bool null = node_is_null(shape, result, row, i), object = node->column < 0;
        if (node->apart || (null && !node->nullable && !(object && node->required)))
            continue;
        buf_add(b, str_skip(node->key, comma));
        comma = 0;
        if (null && node->nullable)
            buf_add(b, STR("null"));
        else if (object)
            write_members(shape, result, row, i, b);
        else
            write_column(shape, result, row, node, b);
    }
    buf_char(b, '}');
}

void shape_json(const struct shape *shape, const struct db_result *result, int row, struct buf *b)
{
    write_members(shape, result, row, 0, b);
}

void shape_feature(const struct shape *shape, const struct db_result *result, int row, struct buf *b)
{
    const struct node *id = &shape->nodes[shape->id], *geometry = &shape->nodes[shape->geometry];

    assert(shape->geometry);
    buf_add(b, STR("{\"type\":\"Feature\""));
    if (shape->id && !column_is_null(id, result, row)) {
        buf_add(b, id->key);
        write_column(shape, result, row, id, b);
    }
    buf_add(b, geometry->key);
    if (column_is_null(geometry, result, row))
        buf_add(b, STR("null"));
    else
        column_json(geometry->shows, db_value(result, row, geometry->column), b);
    buf_add(b, STR(",\"properties\":"));
    write_members(shape, result, row, 0, b);
    buf_char(b, '}');
}
