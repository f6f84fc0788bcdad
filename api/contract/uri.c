/* uri.c: the grammar of RFC 3986. Knows nothing of schemas or networks. */
#include "contract/uri.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_one_of(char c, struct str set)
{
    return str_find(set, c) < set.n;
}

/* unreserved / sub-delims / pct-encoded / those in extra, for all of s. */
static bool consists(struct str s, struct str extra)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            if (i + 2 >= s.n || !is_hex(s.p[i + 1]) || !is_hex(s.p[i + 2]))
                return false;
            i += 2;
        } else if (!is_letter(c) && !is_digit(c) && !is_one_of(c, STR("-._~!$&'()*+,;=")) && !is_one_of(c, extra)) {
            return false;
        }
    }
    return true;
}

/* Takes what stands before the first separator off *rest, with the separator; all of it when there is none. */
static struct str before(struct str *rest, char separator)
{
    size_t n = str_find(*rest, separator);
    struct str front = {rest->p, n};

    *rest = str_skip(*rest, n + 1);
    return front;
}

bool uri_is_ipv4(struct str text)
{
    struct str rest = text, part;
    int parts = 0;
    int64_t number;

    while (str_next(&rest, '.', &part)) {
        if (++parts > 4 || part.n > 3 || !str_to_i64(part, &number) || number < 0 || number > 255 || part.p[0] == '-')
            return false;
    }
    return parts == 4;
}

/* One to four hexadecimal digits. */
static bool is_group(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_hex(s.p[i]))
            return false;
    return s.n >= 1 && s.n <= 4;
}

bool uri_is_ipv6(struct str text)
{
    bool gap = str_starts(text, STR("::"));
    struct str rest = str_skip(text, gap ? 2 : 0);
    int groups = 0;

    while (rest.n || !gap) {
        struct str group = {rest.p, str_find(rest, ':')};
        rest = str_skip(rest, group.n);
        if (rest.n == 0 && uri_is_ipv4(group))
            return gap ? groups <= 5 : groups == 6;
        if (!is_group(group) || ++groups > 8)
            return false;
        if (rest.n == 0)
            break;
        bool double_colon = str_starts(rest, STR("::"));
        if ((double_colon && gap) || rest.n == 1)
            return false;
        gap |= double_colon;
        rest = str_skip(rest, double_colon ? 2 : 1);
        if (rest.n == 0)
            break;
    }
    return gap ? groups <= 7 : groups == 8;
}

/* IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static bool is_future_address(struct str text)
{
    struct str rest = str_skip(text, 1), version = before(&rest, '.');

    if (!text.n || (text.p[0] | 0x20) != 'v' || version.n == 0 || rest.n == 0)
        return false;
    for (size_t i = 0; i < version.n; i++)
        if (!is_hex(version.p[i]))
            return false;
    return str_find(rest, '%') == rest.n && consists(rest, STR(":"));
}

static bool is_port(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return true;
}

/* [ userinfo "@" ] host [ ":" port ] */
static bool is_authority(struct str authority)
{
    struct str rest = authority, host;

    if (str_find(rest, '@') < rest.n && !consists(before(&rest, '@'), STR(":")))
        return false;
    if (!rest.n || rest.p[0] != '[') {
        host = before(&rest, ':');
        return consists(host, STR("")) && is_port(rest);
    }
    rest = str_skip(rest, 1);
    if (str_find(rest, ']') == rest.n)
        return false;
    host = before(&rest, ']');
    return (uri_is_ipv6(host) || is_future_address(host)) &&
           (rest.n == 0 || (rest.p[0] == ':' && is_port(str_skip(rest, 1))));
}

/* What follows the scheme: [ "//" authority ] path [ "?" query ] [ "#" fragment ] */
static bool is_hierarchy(struct str rest)
{
    struct str main_part = before(&rest, '#'), fragment = rest;
    struct str path = before(&main_part, '?'), query = main_part;

    if (str_starts(path, STR("//"))) {
        path = str_skip(path, 2);
        size_t slash = str_find(path, '/');
        if (!is_authority((struct str){path.p, slash}))
            return false;
        path = str_skip(path, slash);
    }
    return consists(path, STR(":@/")) && consists(query, STR(":@/?")) && consists(fragment, STR(":@/?"));
}

/* Where the scheme ends: the first colon, when no slash, question mark or hash comes before it; else n. */
static size_t scheme_end(struct str text)
{
    size_t i = 0;

    while (i < text.n && !is_one_of(text.p[i], STR(":/?#")))
        i++;
    return i < text.n && text.p[i] == ':' ? i : text.n;
}

static bool is_scheme(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter(s.p[i]) && (i == 0 || (!is_digit(s.p[i]) && !is_one_of(s.p[i], STR("+-.")))))
            return false;
    return s.n > 0;
}

bool uri_is_absolute(struct str text)
{
    size_t end = scheme_end(text);

    return end < text.n && is_scheme((struct str){text.p, end}) && is_hierarchy(str_skip(text, end + 1));
}

bool uri_is_reference(struct str text)
{
    return scheme_end(text) < text.n ? uri_is_absolute(text) : is_hierarchy(text);
}
