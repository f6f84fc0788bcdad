/* gate_fuzz.c: a head: what the gate lets pass is what a strict reader, who knows nothing but lines that end in CR LF, reads there. */
#include <ctype.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/http/raw_head.h"

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

static void expect_read(const struct request *request, struct str text)
{
    size_t lengths = 0, codings = 0;

    while (str_starts(text, STR("\r\n"))) /* RFC 9112 2.2: empty lines before the request are skipped */
        text = str_skip(text, 2);
    struct str target = line_of(&text), method = fuzz_part(&target, ' '), query = fuzz_part(&target, ' ');
    struct str path = fuzz_part(&query, '?');
    expect(str_eq(method, request->method) && str_eq(path, request->path) && str_eq(query, request->query));
    expect(target.n == strlen("HTTP/1.x") && target.p[target.n - 1] == '0' + request->minor);
    for (size_t i = 0; i < request->headers.n; i++) {
        struct str value = line_of(&text), name = fuzz_part(&value, ':');
        expect(gate_is_token(name) && str_eq(name, request->headers.v[i].name));
        expect(str_eq(without_spaces(value), request->headers.v[i].value));
        lengths += str_eq_nocase(name, STR("Content-Length"));
        codings += str_eq_nocase(name, STR("Transfer-Encoding"));
    }
    expect(lengths + codings <= 1 && request->chunked == (codings == 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static char text[HEAD_BYTES_MAX + 8];
    struct raw_head raw;
    struct request request;
    struct error err;

    n = strnlen((const char *)data, n < HEAD_BYTES_MAX ? n : HEAD_BYTES_MAX);
    memcpy(text, data, n);
    strcpy(text + n, "\r\n\r\n");
    char *end = strstr(text, "\r\n\r\n"); /* a head ends at its first empty line */
    end[4] = '\0';
    if (raw_head_cut(text, &raw) && gate_check(&raw, &request, &err))
        expect_read(&request, str_of(text));
    return 0;
}
