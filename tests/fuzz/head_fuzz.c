/* head_fuzz.c: a head: what passes is what a strict reader, who knows nothing but lines that end in CR LF, reads there; and in whatever
 * steps it comes, it comes to the same. */
#include "base/buf.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/http/head_outcome.h"

/* A line, without its CR LF. */
static struct str line_of(struct str *rest)
{
    struct str line = fuzz_part(rest, '\n');

    expect(line.n > 0 && line.p[line.n - 1] == '\r');
    line.n--;
    for (size_t i = 0; i < line.n; i++)
        expect(line.p[i] == '\t' || (unsigned char)line.p[i] >= ' ');
    return line;
}

static struct str without_spaces(struct str value)
{
    while (value.n && (*value.p == ' ' || *value.p == '\t'))
        value = str_skip(value, 1);
    while (value.n && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
        value.n--;
    return value;
}

static void expect_token(struct str s)
{
    expect(s.n > 0);
    for (size_t i = 0; i < s.n; i++)
        expect(s.p[i] > ' ' && s.p[i] < 0x7f && !strchr("\"(),/:;<=>?@[\\]{}", s.p[i]));
}

/* text: up to the empty line and with it. */
static void expect_read(const struct request *request, struct str text)
{
    size_t lengths = 0, codings = 0, hosts = 0;

    if (str_starts(text, STR("\r\n"))) /* RFC 9112 2.2 */
        text = str_skip(text, 2);
    struct str target = line_of(&text), method = fuzz_part(&target, ' '), query = fuzz_part(&target, ' ');
    struct str path = fuzz_part(&query, '?');
    expect_token(method);
    expect(str_eq(method, request->method) && str_eq(path, request->path) && str_eq(query, request->query));
    expect(str_starts(target, STR("HTTP/1.")) && target.n == strlen("HTTP/1.x") && target.p[target.n - 1] == '0' + request->minor);
    for (size_t i = 0; i < request->headers.n; i++) {
        struct str value = line_of(&text), name = fuzz_part(&value, ':');
        expect_token(name);
        expect(str_eq(name, request->headers.v[i].name) && str_eq(without_spaces(value), request->headers.v[i].value));
        lengths += str_eq_nocase(name, STR("Content-Length"));
        codings += str_eq_nocase(name, STR("Transfer-Encoding"));
        hosts += str_eq_nocase(name, STR("Host"));
    }
    expect(str_eq(text, STR("\r\n")));
    expect(hosts == 1 && lengths + codings <= 1 && request->chunked == (codings == 1));
}

/* Each step in memory of its own, as long as what came. */
static void expect_same_elsewhere(struct str text, const struct outcome *whole)
{
    struct head head = {0};
    enum head_state state = HEAD_UNFINISHED;
    size_t came = 0;

    while (state == HEAD_UNFINISHED && came < text.n) {
        came += text.n / 8 + 1;
        came = came < text.n ? came : text.n;
        char *copy = malloc(came);
        expect(copy);
        memcpy(copy, text.p, came);
        state = head_scan(&head, (struct str){copy, came});
        free(copy);
    }
    expect(state == whole->state && head.n == whole->n);
}

static void add(struct buf *b, const char *before, struct str s)
{
    buf_add(b, str_of(before));
    buf_add(b, s);
}

/* What passed, written anew, is read as the same. */
static void expect_same_anew(const struct request *request)
{
    static char memory[HEAD_WAIT_BYTES];
    static struct outcome again;
    struct buf b = buf_over(memory, sizeof memory);

    add(&b, "", request->method);
    add(&b, " ", request->path);
    if (request->query.p)
        add(&b, "?", request->query);
    add(&b, " ", request->minor ? STR("HTTP/1.1") : STR("HTTP/1.0"));
    for (size_t i = 0; i < request->headers.n; i++) {
        add(&b, "\r\n", request->headers.v[i].name);
        add(&b, ":", request->headers.v[i].value);
    }
    buf_add(&b, STR("\r\n\r\n"));
    expect(!b.failed);
    outcome_read(buf_str(&b), b.n, &again);
    const struct request *read = &again.request;
    expect(again.passed && again.n == b.n && str_eq(read->method, request->method) && str_eq(read->path, request->path));
    expect(str_eq(read->query, request->query) && !read->query.p == !request->query.p && read->headers.n == request->headers.n);
    for (size_t i = 0; i < request->headers.n; i++)
        expect(str_eq(read->list[i].name, request->list[i].name) && str_eq(read->list[i].value, request->list[i].value));
    expect(read->chunked == request->chunked && read->keep_alive == request->keep_alive && read->content_length == request->content_length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct outcome whole, part;
    struct str text = {(const char *)data, n};

    outcome_read(text, n, &whole);
    expect(whole.passed ? whole.state == HEAD_WHOLE : whole.err.code != ERR_NONE);
    expect(whole.state != HEAD_UNFINISHED || (!whole.passed && n < HEAD_WAIT_BYTES));
    for (size_t step = 1; step <= 3; step++) {
        outcome_read(text, step, &part);
        expect(outcome_same(&whole, &part));
    }
    expect_same_elsewhere(text, &whole);
    if (!whole.passed)
        return 0;
    expect_read(&whole.request, (struct str){text.p, whole.n});
    expect_same_anew(&whole.request);
    return 0;
}
