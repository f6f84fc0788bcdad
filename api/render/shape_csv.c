/* shape_csv.c: writes the header and the rows of CSV (RFC 4180), by a shape. Knows nothing of schemas. */
#include "render/shape_node.h"

/* Encloses the cell that starts at `start` in quotes, doubling its own, when something in it asks for that. */
static void enclose(struct buf *b, size_t start)
{
    size_t quotes = 0;
    bool needed = false;

    for (size_t i = start; i < b->n; i++) {
        quotes += b->p[i] == '"';
        needed |= b->p[i] == '"' || b->p[i] == ',' || b->p[i] == '\n' || b->p[i] == '\r';
    }
    size_t from = b->n, to = from + quotes + 2;
    if (!needed || !buf_reserve(b, quotes + 2))
        return;
    b->n = to;
    b->p[--to] = '"';
    while (from > start) {
        b->p[--to] = b->p[--from];
        if (b->p[from] == '"')
            b->p[--to] = '"';
    }
    b->p[--to] = '"';
}

/* Text that a spreadsheet would take for a formula (OWASP, CSV injection). */
static bool is_formula(struct str text)
{
    return text.n && strchr("=+-@\t\r", text.p[0]);
}

static void add_cell(const struct node *node, struct str text, struct buf *b)
{
    size_t start = b->n;

    if (node->shows == SHOWS_TEXT) {
        if (is_formula(text))
            buf_char(b, '\'');
        buf_add(b, text);
    } else if (node->shows == SHOWS_PLAIN) {
        buf_add(b, text);
    } else if (node->shows == SHOWS_TIMESTAMP) {
        column_timestamp(text, b);
    } else {
        column_json(node->shows, text, b);
    }
    enclose(b, start);
}

void shape_csv_header(const struct shape *shape, const struct db_result *result, struct buf *b)
{
    for (size_t i = 1; i < shape->n; i++) {
        struct str name = db_column_name(result, shape->nodes[i].column);
        if (i > 1)
            buf_char(b, ',');
        size_t start = b->n;
        buf_add(b, name);
        for (size_t at = start; at < b->n; at++)
            if (b->p[at] == '.')
                b->p[at] = '_';
        enclose(b, start);
    }
    buf_add(b, STR("\r\n"));
}

void shape_csv(const struct shape *shape, const struct db_result *result, int row, struct buf *b)
{
    for (size_t i = 1; i < shape->n; i++) {
        if (i > 1)
            buf_char(b, ',');
        if (!node_is_null(shape, result, row, i))
            add_cell(&shape->nodes[i], db_value(result, row, shape->nodes[i].column), b);
    }
    buf_add(b, STR("\r\n"));
}
