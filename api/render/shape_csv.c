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

/* The code unit of \\uXXXX. */
static unsigned hex_unit(const char *p)
{
    unsigned unit = 0;

    for (int i = 0; i < 4; i++) {
        unsigned c = (unsigned char)p[i];
        unit = unit << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return unit;
}

/* UTF-8 (RFC 3629 3). */
static size_t put_code_point(char *to, unsigned code)
{
    static const unsigned limits[] = {0x80, 0x800, 0x10000, 0x110000}, leads[] = {0, 0xc0, 0xe0, 0xf0};
    size_t n = 0;

    while (code >= limits[n])
        n++;
    for (size_t i = n; i > 0; i--, code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    to[0] = (char)(leads[n] | code);
    return n + 1;
}

/* Turns the JSON string that starts at `start`, which was valid when it was sealed, into its text; that is never longer. */
static void unquote(struct buf *b, size_t start)
{
    static const char plain[] = "bfnrt", meant[] = "\b\f\n\r\t";
    size_t to = start;

    for (size_t i = start + 1; i + 1 < b->n; i++) {
        if (b->p[i] != '\\') {
            b->p[to++] = b->p[i];
            continue;
        }
        const char *escape = strchr(plain, b->p[++i]);
        unsigned code = b->p[i] == 'u' ? hex_unit(b->p + i + 1) : (unsigned char)(escape ? meant[escape - plain] : b->p[i]);
        i += b->p[i] == 'u' ? 4 : 0;
        if (code >= 0xd800 && code < 0xdc00) {
            code = 0x10000 + ((code & 0x3ff) << 10 | (hex_unit(b->p + i + 3) & 0x3ff));
            i += 6;
        }
        to += put_code_point(b->p + to, code);
    }
    b->n = to;
}

/* What was sealed: strings as text, everything else as JSON. */
static void add_sealed(const struct shape *shape, struct str name, struct str text, struct buf *b)
{
    size_t start = b->n;

    column_sealed(shape->seal, name, text, b);
    if (b->failed || b->n == start || b->p[start] != '"')
        return;
    unquote(b, start);
    if (!is_formula((struct str){b->p + start, b->n - start}) || !buf_reserve(b, 1))
        return;
    memmove(b->p + start + 1, b->p + start, b->n - start);
    b->p[start] = '\'';
    b->n++;
}

static void add_cell(const struct shape *shape, const struct db_result *result, int row, const struct node *node, struct buf *b)
{
    struct str text = db_value(result, row, node->column);
    size_t start = b->n;

    if (node->shows == SHOWS_SEALED) {
        add_sealed(shape, db_column_name(result, node->column), text, b);
    } else if (node->shows == SHOWS_TEXT) {
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
            add_cell(shape, result, row, &shape->nodes[i], b);
    }
    buf_add(b, STR("\r\n"));
}
