/* shape_column.c: which column types there are, what they fit and how their text becomes JSON. Knows nothing of records. */
#include "render/shape_node.h"

enum { FORMATS_ANY_TEXT = 1 << FORMAT_NONE | 1 << FORMAT_EMAIL | 1 << FORMAT_URI | 1 << FORMAT_URI_REFERENCE | 1 << FORMAT_TIME };

/* What a column type becomes in JSON, and the formats that its strings, or the strings in its array, satisfy. */
static const struct column_type {
    uint32_t type;
    enum shows shows;
    unsigned types, item_types, formats;
} column_types[] = {
    {DB_BOOL, SHOWS_BOOLEAN, TYPE_BOOLEAN, 0, 0},
    {DB_INT2, SHOWS_AS_IS, TYPE_INTEGER | TYPE_NUMBER, 0, 0},
    {DB_INT4, SHOWS_AS_IS, TYPE_INTEGER | TYPE_NUMBER, 0, 0},
    {DB_INT8, SHOWS_AS_IS, TYPE_INTEGER | TYPE_NUMBER, 0, 0},
    {DB_NUMERIC, SHOWS_NUMBER, TYPE_NUMBER, 0, 0},
    {DB_FLOAT4, SHOWS_NUMBER, TYPE_NUMBER, 0, 0},
    {DB_FLOAT8, SHOWS_NUMBER, TYPE_NUMBER, 0, 0},
    {DB_TEXT, SHOWS_TEXT, TYPE_STRING, 0, FORMATS_ANY_TEXT},
    {DB_VARCHAR, SHOWS_TEXT, TYPE_STRING, 0, FORMATS_ANY_TEXT},
    {DB_BPCHAR, SHOWS_TEXT, TYPE_STRING, 0, FORMATS_ANY_TEXT},
    {DB_UUID, SHOWS_PLAIN, TYPE_STRING, 0, 1 << FORMAT_NONE | 1 << FORMAT_UUID},
    {DB_DATE, SHOWS_PLAIN, TYPE_STRING, 0, 1 << FORMAT_NONE | 1 << FORMAT_DATE},
    {DB_TIME, SHOWS_PLAIN, TYPE_STRING, 0, 1 << FORMAT_NONE}, /* RFC 3339 has no time without its offset */
    {DB_TIMESTAMPTZ, SHOWS_TIMESTAMP, TYPE_STRING, 0, 1 << FORMAT_NONE | 1 << FORMAT_DATE_TIME},
    {DB_JSON, SHOWS_JSON, TYPE_ARRAY | TYPE_OBJECT, TYPE_ANY, ~0u},
    {DB_JSONB, SHOWS_AS_IS, TYPE_ARRAY | TYPE_OBJECT, TYPE_ANY, ~0u},
    {DB_TEXT_ARRAY, SHOWS_ARRAY_TEXT, TYPE_ARRAY, TYPE_STRING, FORMATS_ANY_TEXT},
    {DB_UUID_ARRAY, SHOWS_ARRAY_TEXT, TYPE_ARRAY, TYPE_STRING, 1 << FORMAT_NONE | 1 << FORMAT_UUID},
    {DB_INT8_ARRAY, SHOWS_ARRAY_AS_IS, TYPE_ARRAY, TYPE_INTEGER | TYPE_NUMBER, 0},
    {DB_BYTEA, SHOWS_SEALED, TYPE_ANY, TYPE_ANY, ~0u},
};

static const struct column_type *find(uint32_t type)
{
    for (size_t i = 0; i < sizeof column_types / sizeof column_types[0]; i++)
        if (column_types[i].type == type)
            return &column_types[i];
    return NULL;
}

bool column_shows(uint32_t type, enum shows *ret)
{
    const struct column_type *found = find(type);

    if (found)
        *ret = found->shows;
    return found != NULL;
}

static bool fits(unsigned types, unsigned formats, const struct schema *schema)
{
    unsigned shared = types & schema_types(schema);

    if (shared == TYPE_STRING)
        return formats >> schema_format(schema) & 1;
    return shared != 0;
}

bool column_fits(uint32_t type, const struct schema *schema)
{
    const struct column_type *found = find(type);

    if (!found || !fits(found->types, found->formats, schema))
        return false;
    const struct schema *items = found->types == TYPE_ARRAY ? schema_items(schema) : NULL;
    return !items || fits(found->item_types, found->formats, items);
}

const char *column_seals_not(uint32_t type, const struct schema *schema)
{
    bool sealed = schema && schema_is_sealed(schema);

    if (sealed && type != DB_BYTEA)
        return "is sealed in the contract (x-sealed), so it must be bytea";
    if (!sealed && type == DB_BYTEA)
        return "is bytea, but not sealed in the contract (x-sealed)";
    if (!sealed && schema && schema_marks(schema) & (MARKS_SEALED | MARKS_SEALED_HIDDEN))
        return "has sealed members (x-sealed), which json cannot show";
    return NULL;
}

void column_sealed(const struct seal *seal, struct str name, struct str text, struct buf *b)
{
    while (str_find(name, '.') < name.n)
        name = str_skip(name, str_find(name, '.') + 1);
    if (!seal_open(seal, name, text, b))
        buf_fail(b, "a sealed member cannot be opened: it was changed, or its key is not in seal_key_file");
}

/* json keeps its spaces and line breaks; the latter would end a line of NDJSON. They stand only between its tokens. */
static void add_json(struct str text, struct buf *b)
{
    size_t start = b->n;

    buf_add(b, text);
    for (size_t i = start; i < b->n; i++)
        if (b->p[i] == '\n' || b->p[i] == '\r')
            b->p[i] = ' ';
}

static void add_plain(struct str text, struct buf *b)
{
    buf_char(b, '"');
    buf_add(b, text);
    buf_char(b, '"');
}

void column_timestamp(struct str text, struct buf *b)
{
    size_t space = str_find(text, ' '), sign = text.n;

    while (sign > space && text.p[sign - 1] != '+' && text.p[sign - 1] != '-')
        sign--;
    if (sign <= space) { /* no time with its offset: infinity */
        buf_add(b, text);
        return;
    }
    bool dated = text.p[text.n - 1] != 'C';
    buf_add(b, (struct str){text.p, space});
    buf_char(b, dated ? 'T' : ' ');
    buf_add(b, str_skip(text, space + 1));
    if (dated && text.n - sign == 2)
        buf_add(b, STR(":00"));
}

/* The element of an array in quotes: its escapes are JSON's, but control characters stand as they are. Gives its bytes. */
static size_t add_quoted_element(struct str text, struct buf *b)
{
    size_t i = 1;

    buf_char(b, '"');
    for (; i < text.n && text.p[i] != '"'; i++) {
        if (text.p[i] == '\\' && i + 1 < text.n)
            buf_char(b, text.p[i++]);
        if ((unsigned char)text.p[i] < 0x20)
            buf_printf(b, "\\u%04x", (unsigned)(unsigned char)text.p[i]);
        else
            buf_char(b, text.p[i]);
    }
    buf_char(b, '"');
    return i + 1;
}

static size_t add_bare_element(struct str text, bool quotes, struct buf *b)
{
    size_t n = 0;

    while (n < text.n && text.p[n] != ',' && text.p[n] != '}')
        n++;
    text.n = n;
    if (str_eq(text, STR("NULL")))
        buf_add(b, STR("null"));
    else if (quotes)
        buf_json_string(b, text);
    else
        buf_add(b, text);
    return n;
}

/* An array as PostgreSQL prints it (manual 8.15.6): {a,"b \"c\"",NULL}, bounds before it when they do not start at 1. */
static void add_array(struct str text, bool quotes, struct buf *b)
{
    text = str_skip(text, str_find(text, '{'));
    for (size_t step = 1; text.n; text = str_skip(text, step)) {
        char c = text.p[0];
        step = 1;
        if (c == '{' || c == '}')
            buf_char(b, c == '{' ? '[' : ']');
        else if (c == ',')
            buf_char(b, ',');
        else
            step = c == '"' ? add_quoted_element(text, b) : add_bare_element(text, quotes, b);
    }
}

void column_json(enum shows shows, struct str text, struct buf *b)
{
    switch (shows) {
    case SHOWS_MEMBERS:
    case SHOWS_SEALED:
        break;
    case SHOWS_AS_IS:
    case SHOWS_NUMBER:
        buf_add(b, text);
        break;
    case SHOWS_JSON:
        add_json(text, b);
        break;
    case SHOWS_BOOLEAN:
        buf_add(b, str_eq(text, STR("t")) ? STR("true") : STR("false"));
        break;
    case SHOWS_PLAIN:
        add_plain(text, b);
        break;
    case SHOWS_TEXT:
        buf_json_string(b, text);
        break;
    case SHOWS_TIMESTAMP:
        buf_char(b, '"');
        column_timestamp(text, b);
        buf_char(b, '"');
        break;
    case SHOWS_ARRAY_AS_IS:
    case SHOWS_ARRAY_TEXT:
        add_array(text, shows == SHOWS_ARRAY_TEXT, b);
        break;
    }
}
