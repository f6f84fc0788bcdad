/* response.c: writes heads. Knows nothing of what they mean. */
#include "http/response.h"

#include <stdio.h>
#include <time.h>

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *phrase;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {304, "Not Modified"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {422, "Unprocessable Content"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (reasons[i].status == status)
            return reasons[i].phrase;
    return ""; /* the phrase may be empty (RFC 9112 4) */
}

/* IMF-fixdate (RFC 9110 5.6.7), made once a second per thread. */
static struct str date(void)
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static _Thread_local char text[64];
    static _Thread_local time_t made;
    time_t now = time(NULL);
    struct tm utc;

    if (now != made && gmtime_r(&now, &utc)) {
        snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d GMT", days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon],
                 utc.tm_year + 1900, utc.tm_hour, utc.tm_min, utc.tm_sec);
        made = now;
    }
    return str_of(text);
}

void response_start(struct buf *b, int status)
{
    buf_add(b, STR("HTTP/1.1 "));
    buf_number(b, (uint64_t)status, 3);
    buf_char(b, ' ');
    buf_add(b, str_of(reason(status)));
    buf_add(b, STR("\r\n"));
    response_header(b, STR("Date"), date());
}

void response_header(struct buf *b, struct str name, struct str value)
{
    for (size_t i = 0; i < value.n; i++)
        if ((unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f)
            return;
    buf_add(b, name);
    buf_add(b, STR(": "));
    buf_add(b, value);
    buf_add(b, STR("\r\n"));
}

void response_headers(struct buf *b, const struct header *headers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        response_header(b, headers[i].name, headers[i].value);
}

void response_end(struct buf *b, int64_t length)
{
    if (length >= 0) {
        buf_add(b, STR("Content-Length: "));
        buf_number(b, (uint64_t)length, 1);
        buf_add(b, STR("\r\n"));
    }
    buf_add(b, STR("\r\n"));
}
