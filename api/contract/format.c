/* format.c: what dates, times, identifiers and addresses look like. Knows nothing of schemas. */
#include "contract/format.h"

#include "contract/uri.h"

enum { MINUTES_A_DAY = 24 * 60, EMAIL_BYTES_MAX = 254, LOCAL_PART_BYTES_MAX = 64, LABEL_BYTES_MAX = 63 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Takes n digits off *rest; -1 when they are not there. */
static int take_number(struct str *rest, size_t n)
{
    int number = 0;

    if (rest->n < n)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (!is_digit(rest->p[i]))
            return -1;
        number = number * 10 + (rest->p[i] - '0');
    }
    *rest = str_skip(*rest, n);
    return number;
}

/* Takes c off *rest; c in lower case stands for both cases. */
static bool take(struct str *rest, char c)
{
    if (!rest->n || (rest->p[0] != c && !(is_letter(c) && rest->p[0] == c - ('a' - 'A'))))
        return false;
    *rest = str_skip(*rest, 1);
    return true;
}

/* RFC 3339 5.6 full-date, with 5.7's days of the month (leap years by its appendix C). */
static bool take_date(struct str *rest)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = take_number(rest, 4);
    if (year < 0 || !take(rest, '-'))
        return false;
    int month = take_number(rest, 2);
    if (month < 1 || month > 12 || !take(rest, '-'))
        return false;
    int day = take_number(rest, 2);
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day >= 1 && day <= days[month - 1] + (leap && month == 2);
}

/* RFC 3339 5.6 time-offset in minutes east; false when it is none. */
static bool take_offset(struct str *rest, int *ret_minutes)
{
    *ret_minutes = 0;
    if (take(rest, 'z'))
        return true;
    bool west = take(rest, '-');
    if (!west && !take(rest, '+'))
        return false;
    int hour = take_number(rest, 2);
    if (hour < 0 || hour > 23 || !take(rest, ':'))
        return false;
    int minute = take_number(rest, 2);
    *ret_minutes = (hour * 60 + minute) * (west ? -1 : 1);
    return minute >= 0 && minute <= 59;
}

/* RFC 3339 5.6 full-time. A leap second is inserted at the end of a day of UTC only (5.7). */
static bool take_time(struct str *rest)
{
    int offset;
    int hour = take_number(rest, 2);
    if (hour < 0 || hour > 23 || !take(rest, ':'))
        return false;
    int minute = take_number(rest, 2);
    if (minute < 0 || minute > 59 || !take(rest, ':'))
        return false;
    int second = take_number(rest, 2);
    if (second < 0 || second > 60)
        return false;
    if (take(rest, '.') && take_number(rest, 1) < 0)
        return false;
    while (rest->n && is_digit(rest->p[0]))
        *rest = str_skip(*rest, 1);
    if (!take_offset(rest, &offset))
        return false;
    int utc = (hour * 60 + minute - offset + 2 * MINUTES_A_DAY) % MINUTES_A_DAY;
    return second < 60 || utc == MINUTES_A_DAY - 1;
}

static bool is_date(struct str text)
{
    return take_date(&text) && text.n == 0;
}

static bool is_date_time(struct str text)
{
    return take_date(&text) && take(&text, 't') && take_time(&text) && text.n == 0;
}

static bool is_time(struct str text)
{
    return take_time(&text) && text.n == 0;
}

static bool is_uuid(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? c != '-' : !is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'f'))
            return false;
    }
    return text.n == 36;
}

/* RFC 5321 4.1.2 Dot-string: atoms (RFC 5322 atext) between dots. */
static bool is_dot_string(struct str text)
{
    struct str symbols = STR("!#$%&'*+-/=?^_`{|}~"), part;

    while (str_next(&text, '.', &part)) {
        for (size_t i = 0; i < part.n; i++)
            if (!is_letter(part.p[i]) && !is_digit(part.p[i]) && str_find(symbols, part.p[i]) == symbols.n)
                return false;
        if (part.n == 0)
            return false;
    }
    return true;
}

/* RFC 5321 4.1.2 Quoted-string: printable ASCII and spaces, quote and backslash escaped. Gives its length, or 0. */
static size_t quoted_bytes(struct str text)
{
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] == '"')
            return i + 1;
        i += text.p[i] == '\\';
        if (i >= text.n || text.p[i] < 0x20 || text.p[i] > 0x7e)
            return 0;
    }
    return 0;
}

/* RFC 5321 4.1.2 Domain: labels of letters, digits and inner hyphens. */
static bool is_domain(struct str text)
{
    struct str label;

    while (str_next(&text, '.', &label)) {
        if (label.n == 0 || label.n > LABEL_BYTES_MAX || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++)
            if (!is_letter(label.p[i]) && !is_digit(label.p[i]) && label.p[i] != '-')
                return false;
    }
    return true;
}

/* RFC 5321 4.1.3 address-literal; IPv6 is the only tag that is registered. */
static bool is_address_literal(struct str text)
{
    struct str address = {text.p + 1, text.n - 2}, tag = STR("IPv6:");

    if (text.n < 2 || text.p[text.n - 1] != ']')
        return false;
    if (address.n > tag.n && str_eq_nocase((struct str){address.p, tag.n}, tag))
        return uri_is_ipv6(str_skip(address, tag.n));
    return uri_is_ipv4(address);
}

static bool is_email(struct str text)
{
    bool quoted = text.n && text.p[0] == '"';
    size_t n = quoted ? quoted_bytes(text) : str_find(text, '@');

    if (n == 0 || n > LOCAL_PART_BYTES_MAX || text.n > EMAIL_BYTES_MAX || n + 1 >= text.n || text.p[n] != '@')
        return false;
    struct str domain = str_skip(text, n + 1);
    return (quoted || is_dot_string((struct str){text.p, n})) &&
           (domain.p[0] == '[' ? is_address_literal(domain) : is_domain(domain));
}

static const struct {
    struct str name;
    bool (*fits)(struct str text);
} formats[] = {
    [FORMAT_DATE] = {STR_INIT("date"), is_date},
    [FORMAT_DATE_TIME] = {STR_INIT("date-time"), is_date_time},
    [FORMAT_TIME] = {STR_INIT("time"), is_time},
    [FORMAT_UUID] = {STR_INIT("uuid"), is_uuid},
    [FORMAT_EMAIL] = {STR_INIT("email"), is_email},
    [FORMAT_URI] = {STR_INIT("uri"), uri_is_absolute},
    [FORMAT_URI_REFERENCE] = {STR_INIT("uri-reference"), uri_is_reference},
};

enum schema_format format_by_name(struct str name)
{
    for (enum schema_format format = FORMAT_NONE + 1; format < sizeof formats / sizeof formats[0]; format++)
        if (str_eq(name, formats[format].name))
            return format;
    return FORMAT_NONE;
}

bool format_fits(enum schema_format format, struct str text)
{
    return !formats[format].fits || formats[format].fits(text);
}
