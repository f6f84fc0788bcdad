/* sql.c: splits an operation's SQL file into statements, parameters and optional lines, and puts variants together.
 * Follows PostgreSQL's lexical rules (manual 4.1, standard_conforming_strings on). Knows nothing of what names mean. */
#include "operation/sql.h"

#include <assert.h>
#include <stdio.h>

struct lexer {
    struct str path, text;
    struct sql_file *file;
    struct error *err;
    size_t at;    /* next byte to look at */
    size_t start; /* first byte of the open statement that is in no piece yet */
    int line;
    struct sql_piece *pieces; /* of all statements, in order */
    size_t n, statement_first, line_first;
    bool open, guard; /* inside a statement; "-- guard" was read for the next one */
    /* of the present line */
    uint64_t line_names;
    bool conditional, filled, begins_quoted, begins_statement;
};

static bool refuse(const struct lexer *lx, int line, const char *reason)
{
    return error_set(lx->err, ERR_CONTRACT, "%.*s:%d: %s", STR_ARG(lx->path), line, reason);
}

static char peek(const struct lexer *lx, size_t ahead)
{
    return ahead < lx->text.n - lx->at ? lx->text.p[lx->at + ahead] : '\0';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\v';
}

/* What may stand in an identifier, but for its "$". */
static bool is_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Bytes of the name at the front of s: a letter, then letters, digits and "_", in parts joined by ".". */
static size_t name_bytes(struct str s)
{
    size_t n = 0;

    while (n < s.n && (is_letter(s.p[n]) || (n && (is_digit(s.p[n]) || s.p[n] == '_')) ||
                       (n && s.p[n] == '.' && n + 1 < s.n && is_letter(s.p[n + 1]))))
        n++;
    return n;
}

/* Index of the name, added when it is new; -1 when there are too many. */
static int name_index(struct sql_file *file, struct str name)
{
    for (size_t i = 0; i < file->n_names; i++)
        if (str_eq(file->names[i], name))
            return (int)i;
    if (file->n_names == SQL_NAMES_MAX)
        return -1;
    file->names[file->n_names] = name;
    return (int)file->n_names++;
}

/* Makes the text up to lx->at a piece. */
static void flush(struct lexer *lx)
{
    if (lx->open && lx->at > lx->start)
        lx->pieces[lx->n++] = (struct sql_piece){{lx->text.p + lx->start, lx->at - lx->start}, -1, 0};
    lx->start = lx->at;
}

/* Ends the line before lx->at: its pieces learn what they need. */
static bool end_line(struct lexer *lx, bool quoted)
{
    flush(lx);
    if (lx->conditional) {
        if (!lx->line_names)
            return refuse(lx, lx->line, "\"--?\" on a line without a name");
        if (!lx->filled)
            return refuse(lx, lx->line, "\"--?\" on a line without SQL");
        if (lx->begins_quoted)
            return refuse(lx, lx->line, "\"--?\" on a line that begins inside a quote");
        if (lx->begins_statement)
            return refuse(lx, lx->line, "\"--?\" on the line that begins a statement");
        for (size_t i = lx->line_first; i < lx->n; i++)
            lx->pieces[i].needs = lx->line_names;
    }
    lx->line++;
    lx->line_first = lx->n;
    lx->line_names = 0;
    lx->conditional = lx->filled = lx->begins_statement = false;
    lx->begins_quoted = quoted;
    return true;
}

static bool open_statement(struct lexer *lx)
{
    struct sql_file *file = lx->file;

    lx->filled = true;
    if (lx->open)
        return true;
    if (!file->purpose.n)
        return refuse(lx, lx->line, "no comment before the first statement");
    if (file->n == SQL_STATEMENTS_MAX)
        return refuse(lx, lx->line, "too many statements");
    file->statements[file->n] = (struct sql_statement){.guard = lx->guard, .line = lx->line};
    lx->open = lx->begins_statement = true;
    lx->guard = false;
    lx->start = lx->at;
    lx->statement_first = lx->n;
    return true;
}

static bool end_statement(struct lexer *lx)
{
    if (!lx->open)
        return refuse(lx, lx->line, "empty statement");
    flush(lx);
    struct sql_statement *statement = &lx->file->statements[lx->file->n++];
    statement->pieces = lx->pieces + lx->statement_first;
    statement->n = lx->n - lx->statement_first;
    lx->open = false;
    lx->at++;
    return true;
}

/* The names after "--?", comma-separated. */
static bool condition_names(struct lexer *lx, struct str list)
{
    struct str name;

    lx->conditional = true;
    list = str_trim(list);
    if (!list.n)
        return true;
    while (str_next(&list, ',', &name)) {
        name = str_trim(name);
        if (name.n == 0 || name_bytes(name) != name.n)
            return refuse(lx, lx->line, "\"--?\" takes names separated by commas");
        int index = name_index(lx->file, name);
        if (index < 0)
            return refuse(lx, lx->line, "too many names");
        lx->line_names |= UINT64_C(1) << index;
    }
    return true;
}

/* "--" to the end of the line: a condition, the guard's mark, the purpose, or nothing. */
static bool line_comment(struct lexer *lx)
{
    flush(lx);
    struct str rest = str_skip(lx->text, lx->at + 2);
    struct str body = {rest.p, str_find(rest, '\n')};

    lx->at += 2 + body.n;
    lx->start = lx->at;
    if (body.n && body.p[0] == '?')
        return condition_names(lx, str_skip(body, 1));
    body = str_trim(body);
    if (str_eq(body, STR("guard"))) {
        if (lx->open)
            return refuse(lx, lx->line, "\"-- guard\" inside a statement");
        lx->guard = true;
    } else if (!lx->file->purpose.n) {
        lx->file->purpose = body;
    }
    return true;
}

/* Comments nest, and stand for a space. */
static bool block_comment(struct lexer *lx)
{
    int depth = 0, first_line = lx->line;

    flush(lx);
    if (lx->open)
        lx->pieces[lx->n++] = (struct sql_piece){STR(" "), -1, 0};
    do {
        char c = peek(lx, 0);
        int edge = c == '/' && peek(lx, 1) == '*' ? 1 : c == '*' && peek(lx, 1) == '/' ? -1 : 0;
        if (lx->at >= lx->text.n)
            return refuse(lx, first_line, "unterminated comment");
        depth += edge;
        lx->at += edge ? 2 : 1;
        lx->start = c == '\n' ? lx->at - 1 : lx->at; /* line breaks stay */
        if (c == '\n' && !end_line(lx, false))
            return false;
    } while (depth);
    return true;
}

/* Takes one byte that stands inside a quote. */
static bool take_quoted(struct lexer *lx)
{
    return lx->text.p[lx->at++] != '\n' || end_line(lx, true);
}

/* Whether the string that ended before lx->at goes on after a line break (manual 4.1.2.1); moves to its next quote. */
static bool continues(const struct lexer *lx, size_t *ret_spaces)
{
    size_t ahead = 0;
    bool broken = false;

    for (; is_space(peek(lx, ahead)); ahead++)
        broken |= peek(lx, ahead) == '\n';
    *ret_spaces = ahead;
    return broken && peek(lx, ahead) == '\'';
}

/* From the opening quote past the closing one; a doubled quote stands for itself, and \x for x in E'' strings. */
static bool quoted(struct lexer *lx, bool escapes)
{
    char quote = peek(lx, 0);
    int first_line = lx->line;
    size_t spaces;

    lx->at++;
    for (;;) {
        if (lx->at >= lx->text.n)
            return refuse(lx, first_line, "unterminated quote");
        if (peek(lx, 0) == quote && peek(lx, 1) != quote) {
            lx->at++;
            if (!escapes || !continues(lx, &spaces))
                return true;
            while (spaces--)
                if (!take_quoted(lx))
                    return false;
        } else if (peek(lx, 0) == quote || (escapes && peek(lx, 0) == '\\' && lx->at + 1 < lx->text.n)) {
            lx->at++;
        }
        if (!take_quoted(lx))
            return false;
    }
}

/* $tag$ ... $tag$, or a lone "$". */
static bool dollar(struct lexer *lx)
{
    struct str rest = str_skip(lx->text, lx->at);
    size_t n = 1;
    int first_line = lx->line;

    if (is_digit(peek(lx, 1)))
        return refuse(lx, lx->line, "positional parameter; parameters are named");
    while (is_word(peek(lx, n)))
        n++;
    if (peek(lx, n) != '$') {
        lx->at++;
        return true;
    }
    struct str tag = {rest.p, n + 1};
    for (lx->at += tag.n; !str_starts(str_skip(lx->text, lx->at), tag);) {
        if (lx->at >= lx->text.n)
            return refuse(lx, first_line, "unterminated quote");
        if (!take_quoted(lx))
            return false;
    }
    lx->at += tag.n;
    return true;
}

/* "::" and ":=", a slice's ":", or a parameter. */
static bool colon(struct lexer *lx)
{
    struct str name = str_skip(lx->text, lx->at + 1);

    name.n = name_bytes(name);
    if (!name.n) {
        lx->at += peek(lx, 1) == ':' || peek(lx, 1) == '=' ? 2 : 1;
        return true;
    }
    int index = name_index(lx->file, name);
    if (index < 0)
        return refuse(lx, lx->line, "too many names");
    flush(lx);
    lx->pieces[lx->n++] = (struct sql_piece){name, index, 0};
    lx->line_names |= UINT64_C(1) << index;
    lx->at += 1 + name.n;
    lx->start = lx->at;
    return true;
}

/* An identifier, keyword or number; E begins a string with escapes when a quote follows at once. */
static bool word(struct lexer *lx)
{
    bool number = is_digit(peek(lx, 0)), escapes = (peek(lx, 0) | 0x20) == 'e' && peek(lx, 1) == '\'';

    do
        lx->at++;
    while (is_word(peek(lx, 0)) || (!number && peek(lx, 0) == '$'));
    return !escapes || quoted(lx, true);
}

static bool token(struct lexer *lx)
{
    char c = peek(lx, 0);

    if (!open_statement(lx))
        return false;
    if (c == '\'' || c == '"')
        return quoted(lx, false);
    if (c == '$')
        return dollar(lx);
    if (c == ':')
        return colon(lx);
    if (is_word(c))
        return word(lx);
    lx->at++;
    return true;
}

static bool step(struct lexer *lx)
{
    char c = peek(lx, 0);

    if (is_space(c)) {
        lx->at++;
        return c != '\n' || end_line(lx, false);
    }
    if (c == '-' && peek(lx, 1) == '-')
        return line_comment(lx);
    if (c == '/' && peek(lx, 1) == '*')
        return block_comment(lx);
    if (c == ';')
        return end_statement(lx);
    return token(lx);
}

/* Room for every piece: each comes from one of these bytes, two at most from each. */
static size_t pieces_max(struct str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n' || text.p[i] == ':' || text.p[i] == '-' || text.p[i] == '/' || text.p[i] == ';';
    return 2 * n;
}

static void collect_conditions(struct sql_file *file)
{
    for (size_t i = 0; i < file->n; i++)
        for (size_t piece = 0; piece < file->statements[i].n; piece++)
            file->statements[i].conditions |= file->statements[i].pieces[piece].needs;
}

bool sql_parse(struct arena *a, struct str path, struct str text, struct sql_file *ret, struct error *err)
{
    struct lexer lx = {.path = path, .text = text, .file = ret, .err = err, .line = 1};

    *ret = (struct sql_file){0};
    if (text.n > SQL_FILE_BYTES_MAX)
        return refuse(&lx, 1, "too long");
    if (str_find(text, '\0') < text.n || str_find(text, '\r') < text.n || !str_is_utf8(text))
        return refuse(&lx, 1, "not UTF-8 text with LF at the ends of lines");
    lx.pieces = arena_array(a, struct sql_piece, pieces_max(text));
    while (lx.at < text.n)
        if (!step(&lx))
            return false;
    if (lx.open)
        return refuse(&lx, ret->statements[ret->n].line, "no \";\" ends this statement");
    if (lx.guard)
        return refuse(&lx, lx.line, "no statement follows \"-- guard\"");
    if (ret->n == 0)
        return refuse(&lx, lx.line, "no statement");
    if (!end_line(&lx, false))
        return false;
    collect_conditions(ret);
    return true;
}

/* The position of a name in the order, from 1; added when it is new. */
static size_t position(struct sql_order *order, int name)
{
    for (size_t i = 0; i < order->n; i++)
        if (order->names[i] == name)
            return i + 1;
    order->names[order->n] = name;
    return ++order->n;
}

struct str sql_variant(struct arena *a, const struct sql_file *file, const struct sql_statement *statement, uint64_t given,
                       int limit, struct sql_order *ret_order)
{
    enum { PLACEHOLDER_BYTES = 12 }; /* a space, then "$" and two digits, or a positive int */
    size_t most = 1, n = 0;

    for (size_t i = 0; i < statement->n; i++)
        most += statement->pieces[i].text.n + PLACEHOLDER_BYTES;
    char *text = arena_alloc(a, most);
    ret_order->n = 0;
    for (size_t i = 0; i < statement->n; i++) {
        const struct sql_piece *piece = &statement->pieces[i];
        if (piece->needs & ~given) {
            if (str_ends(piece->text, STR("\n"))) /* lines of the text are lines of the file */
                text[n++] = '\n';
            continue;
        }
        if (piece->name < 0) {
            memcpy(text + n, piece->text.p, piece->text.n);
            n += piece->text.n;
            continue;
        }
        bool literal = limit > 0 && str_eq(file->names[piece->name], STR("limit"));
        int number = literal ? limit : (int)position(ret_order, piece->name);
        const char *glue = n && is_word(text[n - 1]) ? " " : ""; /* "and:a" must not become the identifier and$1 */
        n += (size_t)snprintf(text + n, most - n, "%s%s%d", glue, literal ? "" : "$", number);
    }
    assert(n < most);
    return (struct str){text, n};
}
