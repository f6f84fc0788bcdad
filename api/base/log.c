/* log.c: log lines as JSON on standard error. Knows nothing of what is worth telling. Allocates nothing, so that it
 * can tell of memory that ran out. */
#include "base/log.h"

#include "base/buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* A line stays within PIPE_BUF (4096 on Linux), up to which writes to a pipe are never mixed. Seven texts of a request
 * and what stands between them fit; so does the one text of an event. */
enum {
    TEXT_BYTES_MAX = 400,        /* of a request's text, with its quotes and escapes */
    EVENT_BYTES_MAX = 3000,      /* of an event's text, likewise */
    LINE_BYTES = 4096,
};

/* Bytes of the character at the front of s; 0 when it is not valid UTF-8. */
static size_t character_bytes(struct str s)
{
    for (size_t n = 1; n <= 4 && n <= s.n; n++)
        if (str_is_utf8((struct str){s.p, n}))
            return n;
    return 0;
}

/* s where it fits and is UTF-8. Else a copy in room, whole characters only, until room is full; each byte that is not
 * UTF-8 becomes U+FFFD. */
static struct str clean(struct str s, char *room, size_t room_bytes)
{
    static const struct str replacement = STR_INIT("\xef\xbf\xbd");
    struct buf b = buf_over(room, room_bytes);

    if (s.n <= room_bytes && str_is_utf8(s))
        return s;
    while (s.n && !b.failed) {
        size_t n = character_bytes(s);
        buf_add(&b, n ? (struct str){s.p, n} : replacement);
        s = str_skip(s, n ? n : 1);
    }
    return buf_str(&b);
}

/* The first half of s, whole characters only. */
static struct str half(struct str s)
{
    s.n /= 2;
    while (s.n && ((unsigned char)s.p[s.n] & 0xc0) == 0x80)
        s.n--;
    return s;
}

/* Appends ,"name": */
static void add_name(struct buf *b, struct str name)
{
    buf_add(b, STR(",\""));
    buf_add(b, name);
    buf_add(b, STR("\":"));
}

/* Appends ,"name":"text"; the text is halved until it takes at most bytes_max. room: as many bytes. */
static void add_long_text(struct buf *b, struct str name, struct str s, char *room, size_t bytes_max)
{
    s = clean(s, room, bytes_max - 2);
    add_name(b, name);
    size_t start = b->n;
    buf_json_string(b, s);
    while (b->failed || b->n - start > bytes_max) {
        s = half(s);
        b->n = start;
        b->failed = false;
        buf_json_string(b, s);
    }
}

static void add_text(struct buf *b, struct str name, struct str s)
{
    char room[TEXT_BYTES_MAX]; /* no more: each of many threads keeps the stack that it once used */

    add_long_text(b, name, s, room, sizeof room);
}

/* Begins a line with the time (RFC 3339, UTC), level and event. */
static void begin(struct buf *b, const char *level, const char *event)
{
    static _Thread_local char text[sizeof "2026-01-01T00:00:00"]; /* of the second `made`: most lines share theirs */
    static _Thread_local time_t made = -1;
    struct timespec now;
    struct tm utc;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec != made) {
        gmtime_r(&now.tv_sec, &utc);
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
        made = now.tv_sec;
    }
    buf_add(b, STR("{\"time\":\""));
    buf_add(b, str_of(text));
    buf_char(b, '.');
    buf_number(b, (uint64_t)now.tv_nsec / 1000000, 3);
    buf_add(b, STR("Z\""));
    add_text(b, STR("level"), str_of(level));
    add_text(b, STR("event"), str_of(event));
}

/* Ends the line and writes it. Nobody can be told when that fails. */
static void end(struct buf *b)
{
    ssize_t written;

    buf_add(b, STR("}\n"));
    do {
        written = write(STDERR_FILENO, b->p, b->n);
    } while (written < 0 && errno == EINTR);
}

void log_event(const char *level, const char *event, const char *format, ...)
{
    int error = errno; /* kept: callers log between a failure and their look at errno */
    char memory[LINE_BYTES], text[EVENT_BYTES_MAX], room[EVENT_BYTES_MAX];
    struct buf b = buf_over(memory, sizeof memory);
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    begin(&b, level, event);
    add_long_text(&b, STR("text"), str_of(text), room, sizeof room);
    end(&b);
    errno = error;
}

static void add_number(struct buf *b, struct str name, uint64_t n)
{
    add_name(b, name);
    buf_number(b, n, 1);
}

static void add_milliseconds(struct buf *b, struct str name, int64_t us)
{
    add_number(b, name, (uint64_t)us / 1000);
    buf_char(b, '.');
    buf_number(b, (uint64_t)us % 1000, 3);
}

void log_request(const struct log_request *request)
{
    char memory[LINE_BYTES];
    struct buf b = buf_over(memory, sizeof memory);
    const struct {
        struct str name, text;
    } texts[] = {
        {STR("method"), request->method}, {STR("route"), request->route},       {STR("operation"), request->operation},
        {STR("role"), request->role},     {STR("trace_id"), request->trace_id}, {STR("error"), request->error},
        {STR("reason"), request->reason},
    };

    begin(&b, request->status >= 500 ? "error" : "info", "request");
    add_number(&b, STR("status"), (uint64_t)request->status);
    add_milliseconds(&b, STR("duration_ms"), request->duration_us);
    add_milliseconds(&b, STR("db_ms"), request->db_us);
    add_number(&b, STR("request_bytes"), request->request_bytes);
    add_number(&b, STR("response_bytes"), request->response_bytes);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].text.n)
            add_text(&b, texts[i].name, texts[i].text);
    end(&b);
}
