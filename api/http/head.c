/* head.c: looks through a head as it comes, then reads it. Pure; knows nothing of sockets, paths or operations. */
#include "http/head.h"

static const char NO_LINE_END[] = "a line does not end in CR LF";
static const char OTHER_VERSION[] = "only HTTP/1.1 and HTTP/1.0 are spoken here";

/* Fields that mean something to the framing, or stand for one thing only. */
enum field {
    FIELD_HOST, FIELD_CONTENT_LENGTH, FIELD_TRANSFER_ENCODING, FIELD_CONTENT_TYPE, FIELD_AUTHORIZATION, FIELD_CASE_KEY, FIELD_CONTENT_ENCODING,
    FIELD_EXPECT, FIELD_ORIGIN, FIELD_CONNECTION, FIELDS,
};

static const struct {
    struct str name;
    bool once; /* the first and the last reader must see the same */
} fields[FIELDS] = {
    [FIELD_HOST] = {STR_INIT("Host"), true},
    [FIELD_CONTENT_LENGTH] = {STR_INIT("Content-Length"), true},
    [FIELD_TRANSFER_ENCODING] = {STR_INIT("Transfer-Encoding"), true},
    [FIELD_CONTENT_TYPE] = {STR_INIT("Content-Type"), true},
    [FIELD_AUTHORIZATION] = {STR_INIT("Authorization"), true},
    [FIELD_CASE_KEY] = {STR_INIT("Case-Key"), true},
    [FIELD_CONTENT_ENCODING] = {STR_INIT("Content-Encoding"), true},
    [FIELD_EXPECT] = {STR_INIT("Expect"), true},
    [FIELD_ORIGIN] = {STR_INIT("Origin"), true},
    [FIELD_CONNECTION] = {STR_INIT("Connection"), false},
};

/* What the checks look at beside the request. */
struct parts {
    const struct head *head;
    struct str version;         /* "HTTP/1.1"; {NULL, 0} where it is not here */
    size_t bytes;               /* of the lines, without the last one's end */
    bool too_many;              /* fields than HEADERS_MAX; the rest is not in the request */
    bool no_field;              /* a line without a colon, which is not in the request */
    struct str first[FIELDS];   /* values; {NULL, 0} without one */
    unsigned char times[FIELDS];
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* RFC 9110 5.6.2 */
static bool is_token_char(char c)
{
    switch (c) {
    case '!': case '#': case '$': case '%': case '&': case '\'': case '*': case '+': case '-': case '.': case '^': case '_': case '`': case '|': case '~':
        return true;
    default:
        return is_alnum(c);
    }
}

/* RFC 9110 5.5: control characters but the tab are invalid in a value, and some readers end it at one. A table: every byte is looked up. */
static const bool control[256] = {
    [0x00] = true, [0x01] = true, [0x02] = true, [0x03] = true, [0x04] = true, [0x05] = true, [0x06] = true, [0x07] = true, [0x08] = true,
    [0x0a] = true, [0x0b] = true, [0x0c] = true, [0x0d] = true, [0x0e] = true, [0x0f] = true, [0x10] = true, [0x11] = true, [0x12] = true,
    [0x13] = true, [0x14] = true, [0x15] = true, [0x16] = true, [0x17] = true, [0x18] = true, [0x19] = true, [0x1a] = true, [0x1b] = true,
    [0x1c] = true, [0x1d] = true, [0x1e] = true, [0x1f] = true, [0x7f] = true,
};

static bool is_text_char(char c)
{
    return !control[(unsigned char)c];
}

static bool is_target_char(char c)
{
    return c > 0x20 && c < 0x7f && c != '#';
}

static bool is_host_char(char c)
{
    return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static bool is_address_char(char c)
{
    return is_alnum(c) || c == ':' || c == '.';
}

/* Index of the first character from `at` on that is not allowed, or s.n. */
static inline size_t skip(struct str s, size_t at, bool (*allowed)(char))
{
    while (at < s.n && allowed(s.p[at]))
        at++;
    return at;
}

static bool all_in(struct str s, bool (*allowed)(char))
{
    return skip(s, 0, allowed) == s.n;
}

static struct str slice(struct str s, size_t begin, size_t end)
{
    return (struct str){s.p + begin, end - begin};
}

/* "GET /path?query HTTP/1.1" with one space between; NULL, or what is wrong. What is there of *ret_target and *ret_version is set. */
static const char *cut_request_line(struct str line, size_t method_n, struct str *ret_target, struct str *ret_version)
{
    struct str rest = str_skip(line, method_n + 1);
    size_t target_n = str_find(rest, ' ');

    *ret_target = slice(rest, 0, target_n);
    *ret_version = target_n < rest.n ? str_skip(rest, target_n + 1) : (struct str){NULL, 0};
    if (target_n == 0 || str_find(*ret_version, ' ') < ret_version->n)
        return "the request line has other spaces than one between its parts";
    return str_starts(*ret_version, STR("HTTP/")) ? NULL : OTHER_VERSION;
}

/* Up to the space behind the method. At most one empty line stands before it (RFC 9112 2.2). False where it is not here. */
static bool scan_method(struct head *head, struct str received)
{
    if (head->n == 0 && received.n > 0 && received.p[0] == '\r') {
        if (received.n == 1)
            return false;
        if (received.p[1] == '\n')
            head->n = head->begins = head->line = 2;
    }
    head->n = skip(received, head->n, is_token_char);
    if (head->n == received.n)
        return false;
    char c = received.p[head->n];
    if (head->n == head->begins && (c == ' ' || c == '\t' || c == '\r' || c == '\n'))
        head->reason = "the request line does not come first";
    else if (c != ' ')
        head->reason = "the method is no token";
    else
        head->method_n = head->n - head->begins;
    return !head->reason;
}

static void end_line(struct head *head, struct str received)
{
    struct str line = slice(received, head->line, head->n), target, version;

    if (head->line == head->begins)
        head->reason = cut_request_line(line, head->method_n, &target, &version);
    head->ended = line.n == 0;
    head->line = head->n += strlen("\r\n");
}

/* Up to the end of a line. False where it is not here. */
static bool scan_line(struct head *head, struct str received)
{
    head->n = skip(received, head->n, is_text_char);
    if (head->n == received.n)
        return false;
    bool is_cr = received.p[head->n] == '\r';
    if (is_cr && head->n + 1 == received.n)
        return false;
    if (is_cr && received.p[head->n + 1] == '\n')
        end_line(head, received);
    else if (is_cr || received.p[head->n] == '\n')
        head->reason = NO_LINE_END;
    else
        head->reason = head->line == head->begins ? "a control character in the request line" : "a control character in a header field";
    return !head->reason && !head->ended;
}

enum head_state head_scan(struct head *head, struct str received)
{
    if (received.n > HEAD_WAIT_BYTES)
        received.n = HEAD_WAIT_BYTES;
    if (!head->ended && !head->reason && (head->method_n || scan_method(head, received)))
        while (scan_line(head, received))
            ;
    if (head->reason)
        return HEAD_REFUSED;
    if (head->ended)
        return HEAD_WHOLE;
    return received.n < HEAD_WAIT_BYTES ? HEAD_UNFINISHED : HEAD_REFUSED;
}

static bool malformed(struct error *err, const char *reason)
{
    return error_set(err, ERR_MALFORMED, "%s", reason);
}

static bool check_reason(const struct parts *parts, struct request *request, struct error *err)
{
    (void)request;
    return !parts->head->reason || malformed(err, parts->head->reason);
}

static bool check_version(const struct parts *parts, struct request *request, struct error *err)
{
    if (!parts->version.p)
        return true; /* it is not here yet */
    if (!str_eq(parts->version, STR("HTTP/1.1")) && !str_eq(parts->version, STR("HTTP/1.0")))
        return malformed(err, OTHER_VERSION);
    request->minor = parts->version.p[parts->version.n - 1] - '0';
    return true;
}

static bool check_target_size(const struct parts *parts, struct request *request, struct error *err)
{
    (void)parts;
    if (request->path.n + (request->query.p ? request->query.n + 1 : 0) > TARGET_BYTES_MAX)
        return error_set(err, ERR_URI_TOO_LONG, "%d", TARGET_BYTES_MAX);
    return true;
}

/* A token that fills a head by itself is a bad token wherever it is sent, and told as one. */
static bool check_token_size(const struct parts *parts, struct request *request, struct error *err)
{
    (void)request;
    return parts->first[FIELD_AUTHORIZATION].n <= HEAD_BYTES_MAX || error_set(err, ERR_TOKEN_INVALID, "too long");
}

static bool check_size(const struct parts *parts, struct request *request, struct error *err)
{
    (void)request;
    if (parts->too_many)
        return error_set(err, ERR_HEADERS_TOO_LARGE, "more than %d", HEADERS_MAX);
    if (parts->bytes > HEAD_BYTES_MAX)
        return error_set(err, ERR_HEADERS_TOO_LARGE, "%d bytes", HEAD_BYTES_MAX);
    return true;
}

static bool check_end(const struct parts *parts, struct request *request, struct error *err)
{
    (void)request;
    return parts->head->ended || malformed(err, "the head is cut short");
}

/* What begins with a space goes on with the line before it for some readers (folding), and is a field of its own for others. */
static bool check_names(const struct parts *parts, struct request *request, struct error *err)
{
    if (parts->no_field)
        return malformed(err, "a folded or illegal header field");
    for (size_t i = 0; i < request->headers.n; i++) {
        struct str name = request->headers.v[i].name;
        if (name.n && all_in(name, is_token_char))
            continue;
        if (str_starts(name, STR(" ")) || str_starts(name, STR("\t")))
            return malformed(err, "a folded or illegal header field");
        return malformed(err, str_ends(name, STR(" ")) ? "a space before the colon of a header field" : "the name of a header field is no token");
    }
    return true;
}

static bool has_encoded_nul(struct str path)
{
    for (size_t i = 0; i + 2 < path.n; i++)
        if (memcmp(path.p + i, "%00", 3) == 0)
            return true;
    return false;
}

static bool check_target(const struct parts *parts, struct request *request, struct error *err)
{
    bool asterisk = str_eq(request->path, STR("*")) && str_eq(request->method, STR("OPTIONS"));

    (void)parts;
    if (!str_starts(request->path, STR("/")) && !asterisk)
        return malformed(err, "the request target is no path (origin-form)");
    if (!all_in(request->path, is_target_char) || !all_in(request->query, is_target_char))
        return malformed(err, "the request target holds a character that must be percent-encoded");
    if (has_encoded_nul(request->path))
        return malformed(err, "the path holds a NUL");
    return true;
}

static bool check_once(const struct parts *parts, struct request *request, struct error *err)
{
    (void)request;
    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].once && parts->times[i] > 1)
            return error_set(err, ERR_MALFORMED, "more than one %s", fields[i].name.p);
    return true;
}

/* host[:port], host a name, an IPv4 address or an IPv6 address in brackets (RFC 9110 7.2). */
static bool is_host(struct str host)
{
    size_t name_n = str_find(host, ':');

    if (str_starts(host, STR("["))) {
        name_n = str_find(host, ']');
        if (name_n == host.n || name_n < 3 || !all_in(slice(host, 1, name_n), is_address_char))
            return false;
        name_n++;
    } else if (name_n == 0 || !all_in(slice(host, 0, name_n), is_host_char)) {
        return false;
    }
    struct str port = str_skip(host, name_n);
    bool is_port = str_starts(port, STR(":")) && port.n >= 2 && port.n <= 6 && all_in(str_skip(port, 1), is_digit);
    return host.n <= 255 && (port.n == 0 || is_port);
}

static bool check_host(const struct parts *parts, struct request *request, struct error *err)
{
    (void)request;
    return is_host(parts->first[FIELD_HOST]) || malformed(err, "exactly one valid Host is needed");
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
static bool check_framing(const struct parts *parts, struct request *request, struct error *err)
{
    struct str length = parts->first[FIELD_CONTENT_LENGTH], coding = parts->first[FIELD_TRANSFER_ENCODING];

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

static bool check_connection(const struct parts *parts, struct request *request, struct error *err)
{
    struct str expect = parts->first[FIELD_EXPECT], connection = parts->first[FIELD_CONNECTION];

    if (expect.p && request->minor == 1 && !str_eq_nocase(expect, STR("100-continue")))
        return malformed(err, "Expect other than 100-continue");
    request->expects_continue = expect.p && request->minor == 1;
    if (parts->times[FIELD_CONNECTION] > 1)
        connection = STR("close");
    request->keep_alive = connection.p ? str_eq_nocase(connection, STR("keep-alive")) : request->minor == 1;
    return true;
}

static void note_field(struct parts *parts, const struct header *header)
{
    for (size_t i = 0; i < FIELDS; i++)
        if (header->name.n == fields[i].name.n && str_eq_nocase(header->name, fields[i].name) && parts->times[i]++ == 0)
            parts->first[i] = header->value;
}

static void cut_field(struct str line, struct request *request, struct parts *parts)
{
    size_t name_n = str_find(line, ':');

    parts->too_many = request->headers.n == HEADERS_MAX;
    if (name_n == line.n) {
        parts->no_field = true;
    } else if (!parts->too_many) {
        struct header *header = &request->list[request->headers.n++];
        *header = (struct header){slice(line, 0, name_n), str_trim(slice(line, name_n + 1, line.n))};
        note_field(parts, header);
    }
}

/* Takes the next line off *rest, the last one up to where it was looked through. */
static struct str next_line(struct str *rest)
{
    size_t n = str_find(*rest, '\r');
    struct str line = slice(*rest, 0, n);

    *rest = str_skip(*rest, n + strlen("\r\n"));
    return line;
}

static void cut(const struct head *head, struct str received, struct request *request, struct parts *parts)
{
    size_t end = head->n - (head->ended ? strlen("\r\n\r\n") : 0);
    struct str rest, line, target;

    *request = (struct request){.headers = {request->list, 0}};
    *parts = (struct parts){.head = head, .bytes = end - head->begins};
    if (!head->method_n)
        return;
    rest = slice(received, head->begins, end);
    line = next_line(&rest);
    cut_request_line(line, head->method_n, &target, &parts->version);
    size_t path_n = str_find(target, '?');
    request->method = slice(line, 0, head->method_n);
    request->path = slice(target, 0, path_n);
    request->query = path_n < target.n ? str_skip(target, path_n + 1) : (struct str){NULL, 0};
    while (rest.n > 0)
        cut_field(next_line(&rest), request, parts);
}

bool head_read(const struct head *head, struct str received, struct request *ret, struct error *err)
{
    static bool (*const checks[])(const struct parts *, struct request *, struct error *) = {
        check_reason, check_version, check_target_size, check_token_size, check_size,    check_end,
        check_names,  check_target,  check_once,        check_host,       check_framing, check_connection,
    };
    struct parts parts;

    cut(head, received, ret, &parts);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (!checks[i](&parts, ret, err))
            return false;
    return true;
}
