/* gate.c: refuses heads that two parsers could read differently. Pure; knows nothing of sockets, paths or operations. */
#include "http/gate.h"

#include <stddef.h>

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_in(struct str s, bool (*allowed)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (!allowed(s.p[i]))
            return false;
    return true;
}

static bool is_token_char(char c)
{
    return is_alnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

bool gate_is_token(struct str s)
{
    return s.n && all_in(s, is_token_char);
}

static bool malformed(struct error *err, const char *reason)
{
    return error_set(err, ERR_MALFORMED, "%s", reason);
}

/* Whether these bytes came at a place of civetweb's buffer, whatever it has written there since. */
static bool came(const struct raw_head *raw, const char *at, struct str bytes)
{
    return str_starts(str_skip(raw->received, (size_t)(at - raw->start)), bytes);
}

/* The end of the target: the NUL before the version. */
static const char *target_end(const struct raw_head *raw)
{
    const char *last = raw->query ? raw->query : raw->path;
    return last + strlen(last);
}

/* "GET /path?query HTTP/1.1" with one space between, at most one empty line before it. More of them, and civetweb takes
 * the head's end for the empty line's: what follows would be read as body, or as a head out of an older request. */
static bool check_request_line(const struct raw_head *raw, struct request *request, struct error *err)
{
    bool empty_line = raw->method == raw->start + 2 && memcmp(raw->start, "\r\n", 2) == 0;

    if (raw->method != raw->start && !empty_line)
        return malformed(err, "the request line does not come first");
    if (!gate_is_token(request->method))
        return malformed(err, "the method is no token");
    if (raw->path != raw->method + request->method.n + 1 || !came(raw, raw->path - 1, STR(" ")) ||
        raw->version != target_end(raw) + strlen(" HTTP/") || !came(raw, target_end(raw), STR(" HTTP/")))
        return malformed(err, "the request line has other spaces than one between its parts");
    if (strcmp(raw->version, "1.1") != 0 && strcmp(raw->version, "1.0") != 0)
        return malformed(err, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    request->minor = raw->version[2] - '0';
    return true;
}

static bool check_target_size(const struct raw_head *raw, struct request *request, struct error *err)
{
    (void)request;
    if (target_end(raw) - raw->path > TARGET_BYTES_MAX)
        return error_set(err, ERR_URI_TOO_LONG, "%d", TARGET_BYTES_MAX);
    return true;
}

/* A token that fills a head by itself is a bad token wherever it is sent, and told as one. */
static bool check_token_size(const struct raw_head *raw, struct request *request, struct error *err)
{
    (void)request;
    for (size_t i = 0; i < raw->n; i++)
        if (str_eq_nocase(str_of(raw->headers[i].name), STR("Authorization")) && strlen(raw->headers[i].value) > HEAD_BYTES_MAX)
            return error_set(err, ERR_TOKEN_INVALID, "too long");
    return true;
}

/* Where the last line's text ends. */
static const char *lines_end(const struct raw_head *raw)
{
    const char *last = raw->n ? raw->headers[raw->n - 1].value : raw->version;
    return last + strlen(last);
}

static bool check_size(const struct raw_head *raw, struct request *request, struct error *err)
{
    (void)request;
    if (raw->n > HEADERS_MAX)
        return error_set(err, ERR_HEADERS_TOO_LARGE, "more than %d", HEADERS_MAX);
    if (lines_end(raw) - raw->method > HEAD_BYTES_MAX)
        return error_set(err, ERR_HEADERS_TOO_LARGE, "%d bytes", HEAD_BYTES_MAX);
    return true;
}

size_t gate_head_bytes(const struct raw_head *raw)
{
    return (size_t)(lines_end(raw) + strlen("\r\n\r\n") - raw->start);
}

/* Each line ends in CR LF with the next one right behind it, and the empty line follows the last: so no field was
 * folded, dropped, or ended by anything else. */
static bool check_lines(const struct raw_head *raw, struct request *request, struct error *err)
{
    const char *end = raw->version + strlen(raw->version);

    (void)request;
    for (size_t i = 0; i < raw->n; i++) {
        const struct raw_header *header = &raw->headers[i];
        if (header->name != end + 2 || !came(raw, end, STR("\r\n")))
            return malformed(err, "a line does not end in CR LF");
        for (const char *p = header->name + strlen(header->name) + 1; p < header->value; p++)
            if (*p != ' ')
                return malformed(err, "a space before the colon of a header field");
        end = header->value + strlen(header->value);
    }
    if (!came(raw, end, STR("\r\n\r\n")))
        return malformed(err, "a folded or illegal header field");
    return true;
}

static bool check_names(const struct raw_head *raw, struct request *request, struct error *err)
{
    (void)raw;
    for (size_t i = 0; i < request->headers.n; i++)
        if (!gate_is_token(request->headers.v[i].name))
            return malformed(err, "the name of a header field is no token");
    return true;
}

static bool is_value_char(char c)
{
    return c == '\t' || ((unsigned char)c >= 0x20 && c != 0x7f);
}

/* RFC 9110 5.5: control characters are invalid there, and some readers end a value at one. */
static bool check_values(const struct raw_head *raw, struct request *request, struct error *err)
{
    (void)raw;
    for (size_t i = 0; i < request->headers.n; i++)
        if (!all_in(request->headers.v[i].value, is_value_char))
            return malformed(err, "a control character in a header field");
    return true;
}

static bool is_target_char(char c)
{
    return c > 0x20 && c < 0x7f && c != '#';
}

static bool has_encoded_nul(struct str path)
{
    for (size_t i = 0; i + 2 < path.n; i++)
        if (memcmp(path.p + i, "%00", 3) == 0)
            return true;
    return false;
}

static bool check_target(const struct raw_head *raw, struct request *request, struct error *err)
{
    bool asterisk = str_eq(request->path, STR("*")) && str_eq(request->method, STR("OPTIONS"));

    (void)raw;
    if (!str_starts(request->path, STR("/")) && !asterisk)
        return malformed(err, "the request target is no path (origin-form)");
    if (!all_in(request->path, is_target_char) || !all_in(request->query, is_target_char))
        return malformed(err, "the request target holds a character that must be percent-encoded");
    if (has_encoded_nul(request->path))
        return malformed(err, "the path holds a NUL");
    return true;
}

static size_t count(struct headers headers, struct str name)
{
    size_t n = 0;
    for (size_t i = 0; i < headers.n; i++)
        n += str_eq_nocase(headers.v[i].name, name);
    return n;
}

/* What stands for one thing only stands once: the first and the last reader must see the same. */
static bool check_singles(const struct raw_head *raw, struct request *request, struct error *err)
{
    static const struct str singles[] = {
        STR_INIT("Host"),          STR_INIT("Content-Length"),   STR_INIT("Transfer-Encoding"), STR_INIT("Content-Type"),
        STR_INIT("Authorization"), STR_INIT("Case-Key"), STR_INIT("Content-Encoding"), STR_INIT("Expect"),            STR_INIT("Origin"),
    };

    (void)raw;
    for (size_t i = 0; i < sizeof singles / sizeof singles[0]; i++)
        if (count(request->headers, singles[i]) > 1)
            return error_set(err, ERR_MALFORMED, "more than one %s", singles[i].p);
    return true;
}

static bool is_host_char(char c)
{
    return is_alnum(c) || (c && strchr("-._~", c));
}

static bool is_address_char(char c)
{
    return is_alnum(c) || c == ':' || c == '.';
}

/* host[:port], host a name, an IPv4 address or an IPv6 address in brackets (RFC 9110 7.2). */
static bool is_host(struct str host)
{
    size_t name_n = str_find(host, ':');

    if (str_starts(host, STR("["))) {
        name_n = str_find(host, ']');
        if (name_n == host.n || name_n < 3 || !all_in((struct str){host.p + 1, name_n - 1}, is_address_char))
            return false;
        name_n++;
    } else if (name_n == 0 || !all_in((struct str){host.p, name_n}, is_host_char)) {
        return false;
    }
    struct str port = str_skip(host, name_n);
    bool is_port = str_starts(port, STR(":")) && port.n >= 2 && port.n <= 6 && all_in(str_skip(port, 1), is_digit);
    return host.n <= 255 && (port.n == 0 || is_port);
}

static bool check_host(const struct raw_head *raw, struct request *request, struct error *err)
{
    (void)raw;
    return is_host(headers_get(request->headers, STR("Host"))) || malformed(err, "exactly one valid Host is needed");
}

static int64_t parse_length(struct str digits)
{
    int64_t length = 0;
    for (size_t i = 0; i < digits.n; i++)
        if (__builtin_mul_overflow(length, 10, &length) || __builtin_add_overflow(length, digits.p[i] - '0', &length))
            return INT64_MAX;
    return length;
}

/* Either no body, or Content-Length in digits, or Transfer-Encoding exactly "chunked" on HTTP/1.1 (RFC 9112 6). */
static bool check_framing(const struct raw_head *raw, struct request *request, struct error *err)
{
    struct str length = headers_get(request->headers, STR("Content-Length"));
    struct str coding = headers_get(request->headers, STR("Transfer-Encoding"));

    (void)raw;
    request->chunked = coding.p;
    if (coding.p && (length.p || request->minor == 0))
        return malformed(err, "Transfer-Encoding together with Content-Length or HTTP/1.0");
    if (coding.p && !str_eq_nocase(coding, STR("chunked")))
        return malformed(err, "Transfer-Encoding other than chunked");
    if (length.p && (length.n == 0 || !all_in(length, is_digit)))
        return malformed(err, "Content-Length is no number");
    request->content_length = length.p ? parse_length(length) : 0;
    return true;
}

static bool check_connection(const struct raw_head *raw, struct request *request, struct error *err)
{
    struct str expect = headers_get(request->headers, STR("Expect"));
    struct str connection = headers_get(request->headers, STR("Connection"));

    (void)raw;
    if (expect.p && request->minor == 1 && !str_eq_nocase(expect, STR("100-continue")))
        return malformed(err, "Expect other than 100-continue");
    request->expects_continue = expect.p && request->minor == 1;
    if (count(request->headers, STR("Connection")) > 1)
        connection = STR("close");
    request->keep_alive = connection.p ? str_eq_nocase(connection, STR("keep-alive")) : request->minor == 1;
    return true;
}

/* Texts of the head as borrowed strings; too many headers are cut, and refused by check_size. */
static void fill(const struct raw_head *raw, struct request *request)
{
    size_t n = raw->n > HEADERS_MAX ? HEADERS_MAX : raw->n;

    *request = (struct request){.method = str_of(raw->method), .path = str_of(raw->path), .query = str_of(raw->query)};
    for (size_t i = 0; i < n; i++)
        request->list[i] = (struct header){str_of(raw->headers[i].name), str_trim(str_of(raw->headers[i].value))};
    request->headers = (struct headers){request->list, n};
}

bool gate_check(const struct raw_head *raw, struct request *ret, struct error *err)
{
    static bool (*const checks[])(const struct raw_head *, struct request *, struct error *) = {
        check_request_line, check_target_size, check_token_size, check_size, check_lines,   check_names,
        check_values,       check_target,      check_singles,    check_host, check_framing, check_connection,
    };

    fill(raw, ret);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (!checks[i](raw, ret, err))
            return false;
    return true;
}
