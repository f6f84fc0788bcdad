/* csv_fuzz.c: texts, a NUL after each, as a row of CSV: a reader of RFC 4180 gets back the same texts, and none is a formula. */
#include "api/render/shape_csv.c"
#include "tests/fuzz/fuzz.h"

enum { COLUMNS = 4 };

struct db_result {
    struct str values[COLUMNS];
};

struct str db_value(const struct db_result *result, int row, int column)
{
    (void)row;
    return result->values[column];
}

struct str db_column_name(const struct db_result *result, int column)
{
    (void)result;
    (void)column;
    return STR("name");
}

bool node_is_null(const struct shape *shape, const struct db_result *result, int row, size_t at)
{
    (void)row;
    return !result->values[shape->nodes[at].column].p;
}

void column_json(enum shows shows, struct str text, struct buf *b)
{
    (void)shows;
    buf_add(b, text);
}

void column_sealed(const struct seal *seal, struct str name, struct str text, struct buf *b)
{
    (void)seal;
    (void)name;
    buf_json_string(b, text);
}

void column_timestamp(struct str text, struct buf *b)
{
    buf_add(b, text);
}

/* The next cell; *rest goes on after its comma or line end. */
static struct str read_cell(struct arena *a, struct str *rest)
{
    char *text = arena_alloc(a, rest->n + 1);
    size_t n = 0, i = 0;
    bool quoted = rest->n && rest->p[0] == '"';

    for (i = quoted; quoted && (rest->p[i] != '"' || rest->p[++i] == '"'); i++) {
        expect(i + 1 < rest->n);
        text[n++] = rest->p[i];
    }
    for (; !quoted && rest->p[i] != ',' && rest->p[i] != '\r'; i++) {
        expect(i + 1 < rest->n && rest->p[i] != '"' && rest->p[i] != '\n');
        text[n++] = rest->p[i];
    }
    expect(rest->p[i] == ',' || (rest->p[i] == '\r' && i + 2 == rest->n && rest->p[i + 1] == '\n'));
    *rest = str_skip(*rest, rest->p[i] == ',' ? i + 1 : i + 2);
    return (struct str){text, n};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct node nodes[COLUMNS + 1] = {0};
    struct shape shape = {.nodes = nodes, .n = COLUMNS + 1};
    struct str rest = {(const char *)data, n};
    struct db_result row;
    struct buf b;

    for (int i = 0; i < COLUMNS; i++) {
        nodes[i + 1] = (struct node){.column = i, .shows = i % 2 ? SHOWS_TEXT : SHOWS_SEALED, .end = (size_t)i + 2};
        row.values[i] = fuzz_part(&rest, '\0');
    }
    buf_init(&b, (size_t)1 << 24);
    shape_csv(&shape, &row, 0, &b);
    struct str line = buf_str(&b);
    struct arena *a = fuzz_arena();
    for (int i = 0; i < COLUMNS; i++) {
        struct str cell = read_cell(a, &line);
        expect(cell.n == 0 || !strchr("=+-@\t\r", cell.p[0]));
        bool guarded = cell.n && cell.p[0] == '\'' && cell.n == row.values[i].n + 1;
        expect(str_eq(guarded ? str_skip(cell, 1) : cell, row.values[i]));
    }
    expect(line.n == 0);
    buf_done(&b);
    return 0;
}
