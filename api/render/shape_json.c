/* shape_json.c: writes rows as JSON objects and GeoJSON features, by a shape. Knows nothing of schemas. */
#include "render/shape_node.h"

#include <assert.h>

/* Numbers that JSON can say begin with a digit, or "-" and a digit: not NaN, Infinity, -Infinity. */
static bool is_number(struct str text)
{
    struct str digits = str_skip(text, text.n && text.p[0] == '-');
    return digits.n && digits.p[0] >= '0' && digits.p[0] <= '9';
}

/* What a column has to show; false where that is nothing. */
static bool column_text(const struct node *node, const struct db_result *result, int row, struct str *ret)
{
    return db_text(result, row, node->column, ret) && (node->shows != SHOWS_NUMBER || is_number(*ret));
}

bool node_is_null(const struct shape *shape, const struct db_result *result, int row, size_t at)
{
    struct str text;

    for (size_t i = at; i < shape->nodes[at].end; i++)
        if (shape->nodes[i].column >= 0 && column_text(&shape->nodes[i], result, row, &text))
            return false;
    return true;
}

static void write_text(const struct shape *shape, const struct db_result *result, const struct node *node, struct str text, struct buf *b)
{
    if (node->shows == SHOWS_SEALED)
        column_sealed(shape->seal, db_column_name(result, node->column), text, b);
    else
        column_json(node->shows, text, b);
}

/* Nests as deep as SHAPE_DEPTH_MAX at most. */
static void write_members(const struct shape *shape, const struct db_result *result, int row, size_t of, struct buf *b)
{
    size_t comma = 1; /* cut from the first member's key */
    struct str text;

    buf_char(b, '{');
    for (size_t i = of + 1; i < shape->nodes[of].end; i = shape->nodes[i].end) {
        const struct node *node = &shape->nodes[i];
        bool object = node->column < 0;
        bool null = object ? node_is_null(shape, result, row, i) : !column_text(node, result, row, &text);
        if (node->apart || (null && !node->nullable && !(object && node->required)))
            continue;
        buf_add(b, (struct str){node->key.p + comma, node->key.n - comma});
        comma = 0;
        if (null && node->nullable)
            buf_add(b, STR("null"));
        else if (object)
            write_members(shape, result, row, i, b);
        else
            write_text(shape, result, node, text, b);
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

    struct str text;

    assert(shape->geometry);
    buf_add(b, STR("{\"type\":\"Feature\""));
    if (shape->id && column_text(id, result, row, &text)) {
        buf_add(b, id->key);
        write_text(shape, result, id, text, b);
    }
    buf_add(b, geometry->key);
    if (column_text(geometry, result, row, &text))
        column_json(geometry->shows, text, b);
    else
        buf_add(b, STR("null"));
    buf_add(b, STR(",\"properties\":"));
    write_members(shape, result, row, 0, b);
    buf_char(b, '}');
}
