/* generator.c: sends requests over many connections, by the clock or as answers come, and writes down what became of each.
 * Written since none of Debian's or npm's does this: wrk, h2load and autocannon wait for an answer before they send more on a connection and
 * count from then on, httperf ends at 1,024 descriptors and tells no percentiles, and none tells each connection's share.
 *
 *   load_generator PORT REQUESTS OUT [--connections N] [--rate R] [--each N] [--seconds S] [--pause MS] [--timeout MS] [--hold]
 *
 * REQUESTS: requests as they are sent, each after a line that says its bytes; 16 "@" in a row become the number of the request, in hexadecimal.
 * Closed loop: N connections (1), each sends its next request when the last is answered, and after a pause; --each so many of them.
 * Open loop (--rate): requests come R a second at random times (Poisson) whatever became of those before; each takes an idle connection or a
 * new one, and waits where N are open and none is idle.
 * OUT: a line per request: when it was due, sent and answered (microseconds of CLOCK_MONOTONIC), status, connection. Status 0: the connection
 * ended before the answer did; -1: not answered in time; -2: never sent. Prints a line of JSON: CPU seconds of its own, connections made.
 * --hold: prints "held" when all is done, and keeps its connections until its input ends. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_BYTES_MAX = 8192, EVENTS = 256, NUMBER_BYTES = 16, REQUESTS_MAX = 65536, WAIT_NS_MAX = 50000000 };
enum { LOST = 0, LATE = -1, UNSENT = -2, PENDING = -3 };
enum phase { CLOSED, CONNECTING, IDLE, SENDING, HEAD, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, UNTIL_CLOSE };

struct request {
    char *bytes;
    size_t n;
    char *number; /* where its number goes, or NULL */
};

struct record {
    int64_t due_ns, sent_ns, done_ns;
    int status, connection;
};

struct connection {
    int fd, number; /* number: of all that were made */
    enum phase phase;
    size_t record;  /* the request that it carries */
    int sent_requests;
    size_t sent;    /* bytes of it */
    int64_t left;   /* bytes of a body or chunk */
    bool closes;
    int status;
    size_t n;
    char head[HEAD_BYTES_MAX];
};

/* Numbers in the order in which they came. */
struct line {
    size_t *v, first, n, capacity;
};

static struct {
    struct sockaddr_in to;
    int connections, each;
    double rate;
    int64_t seconds_ns, pause_ns, timeout_ns;
    bool hold;
} options = {.connections = 1, .seconds_ns = INT64_MAX / 4, .timeout_ns = 30000000000};

static struct request requests[REQUESTS_MAX];
static size_t n_requests;
static struct record *records;
static size_t n_records, records_capacity, n_pending, first_pending;
static struct connection *connections;
static struct line idle, due, resting, closed; /* connections; records; connections; connections */
static int poller, made;

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void *grown(void *p, size_t bytes)
{
    p = realloc(p, bytes);
    if (!p)
        die("memory");
    return p;
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void line_add(struct line *line, size_t value)
{
    if (line->n == line->capacity) {
        size_t *v = grown(NULL, (line->capacity * 2 + 1024) * sizeof *v);
        for (size_t i = 0; i < line->n; i++)
            v[i] = line->v[(line->first + i) % line->capacity];
        free(line->v);
        *line = (struct line){v, 0, line->n, line->capacity * 2 + 1024};
    }
    line->v[(line->first + line->n++) % line->capacity] = value;
}

static size_t line_first(struct line *line)
{
    size_t value = line->v[line->first];
    line->first = (line->first + 1) % line->capacity;
    line->n--;
    return value;
}

static size_t line_last(struct line *line)
{
    return line->v[(line->first + --line->n) % line->capacity];
}

static void line_drop(struct line *line, size_t value)
{
    for (size_t i = line->n, kept; i > 0; i--) {
        kept = line_first(line);
        if (kept != value)
            line_add(line, kept);
    }
}

static size_t record_new(int64_t due_ns)
{
    if (n_records == records_capacity) {
        records_capacity = records_capacity * 2 + 65536;
        records = grown(records, records_capacity * sizeof *records);
    }
    records[n_records] = (struct record){.due_ns = due_ns, .status = PENDING, .connection = -1};
    n_pending++;
    return n_records++;
}

static void finish(size_t record, int status)
{
    if (records[record].status != PENDING)
        return;
    records[record].status = status;
    records[record].done_ns = now_ns();
    n_pending--;
}

static void end(struct connection *c)
{
    if (c->phase == IDLE)
        line_drop(&idle, (size_t)(c - connections));
    else
        finish(c->record, LOST);
    close(c->fd);
    c->phase = CLOSED;
    line_add(&closed, (size_t)(c - connections));
}

static void watch(struct connection *c, uint32_t events, int how)
{
    struct epoll_event event = {.events = events, .data.u32 = (uint32_t)(c - connections)};
    if (epoll_ctl(poller, how, c->fd, &event) != 0)
        die("epoll");
}

static void send_more(struct connection *c)
{
    const struct request *request = &requests[c->record % n_requests];
    char number[NUMBER_BYTES + 1];

    if (request->number) {
        snprintf(number, sizeof number, "%016zx", c->record);
        memcpy(request->number, number, NUMBER_BYTES);
    }
    while (c->sent < request->n) {
        ssize_t n = send(c->fd, request->bytes + c->sent, request->n - c->sent, MSG_NOSIGNAL);
        if (n < 0 && errno == EAGAIN) {
            watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
            return;
        }
        if (n < 0)
            break; /* the answer may have come all the same */
        c->sent += (size_t)n;
    }
    c->phase = HEAD;
    watch(c, EPOLLIN, EPOLL_CTL_MOD);
}

/* Carries a request; opens the connection where it is closed. */
static void carry(struct connection *c, size_t record)
{
    c->record = record;
    c->sent = c->n = 0;
    c->status = 0;
    c->closes = false;
    c->sent_requests++;
    records[record].sent_ns = now_ns();
    if (c->phase != CLOSED) {
        records[record].connection = c->number;
        c->phase = SENDING;
        send_more(c);
        return;
    }
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        die("socket");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    c->number = made++;
    records[record].connection = c->number;
    c->phase = CONNECTING;
    watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_ADD);
    if (connect(c->fd, (struct sockaddr *)&options.to, sizeof options.to) != 0 && errno != EINPROGRESS)
        end(c);
}

static void answered(struct connection *c)
{
    finish(c->record, c->status);
    if (c->closes) {
        end(c);
        return;
    }
    c->phase = IDLE;
    line_add(&idle, (size_t)(c - connections));
}

static const char *header(const struct connection *c, const char *name)
{
    const char *at = strcasestr(c->head, name);
    return at ? at + strlen(name) : NULL;
}

/* The head is whole. */
static void read_head(struct connection *c)
{
    const char *length = header(c, "\r\nContent-Length: ");

    c->status = atoi(c->head + strlen("HTTP/1.1 "));
    c->closes = header(c, "\r\nConnection: close") != NULL;
    c->left = length ? atoll(length) : 0;
    c->n = 0;
    if (header(c, "\r\nTransfer-Encoding: chunked"))
        c->phase = CHUNK_SIZE;
    else if (length || c->status == 204 || c->status == 304)
        c->phase = BODY;
    else
        c->phase = UNTIL_CLOSE;
}

/* One byte of what is read byte by byte: the head, and the sizes of chunks. */
static void read_byte(struct connection *c, char byte)
{
    if (c->n + 1 >= sizeof c->head) {
        end(c);
        return;
    }
    c->head[c->n++] = byte;
    c->head[c->n] = '\0';
    if (c->phase == HEAD && c->n >= 4 && memcmp(c->head + c->n - 4, "\r\n\r\n", 4) == 0) {
        read_head(c);
    } else if (c->phase == CHUNK_SIZE && byte == '\n') {
        c->left = strtoll(c->head, NULL, 16);
        c->phase = c->left ? CHUNK : CHUNK_END;
        c->left += c->left ? 2 : 0; /* the line end behind it */
        c->n = 0;
    } else if (c->phase == CHUNK_END && byte == '\n') {
        c->left = 0;
        c->phase = BODY; /* whose end this is */
    }
}

static void take(struct connection *c, const char *p, ssize_t n)
{
    while (n > 0 && c->phase >= HEAD) {
        if (c->phase == BODY || c->phase == CHUNK || c->phase == UNTIL_CLOSE) {
            ssize_t some = c->phase == UNTIL_CLOSE || c->left > n ? n : (ssize_t)c->left;
            c->left -= some;
            p += some;
            n -= some;
            if (c->phase == CHUNK && c->left == 0)
                c->phase = CHUNK_SIZE;
        } else {
            read_byte(c, *p++);
            n--;
        }
        if (c->phase == BODY && c->left == 0)
            answered(c);
    }
}

static void receive(struct connection *c)
{
    static char bytes[65536];
    ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);

    if (n < 0 && errno == EAGAIN)
        return;
    if (n > 0 && c->phase >= HEAD) {
        take(c, bytes, n);
        return;
    }
    if (c->phase == UNTIL_CLOSE)
        finish(c->record, c->status);
    end(c);
}

static void on_event(struct connection *c, uint32_t events)
{
    if (c->phase == CLOSED)
        return;
    if (c->phase == CONNECTING && (events & EPOLLOUT)) {
        int error = 0;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){sizeof error});
        if (error) {
            end(c);
            return;
        }
        c->phase = SENDING;
    }
    if (c->phase == SENDING && (events & EPOLLOUT))
        send_more(c);
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        receive(c);
}

/* Open loop: gives what is due to connections that are idle or not made yet. */
static void hand_out(void)
{
    while (due.n && (idle.n || closed.n)) {
        size_t at = idle.n ? line_last(&idle) : line_first(&closed);
        carry(&connections[at], line_first(&due));
    }
}

static int64_t arrive(int64_t next_ns, int64_t until_ns)
{
    for (int64_t now = now_ns(); next_ns <= now && next_ns < until_ns;) {
        line_add(&due, record_new(next_ns));
        next_ns += (int64_t)(-log((1.0 + (double)random()) / (2.0 + (double)RAND_MAX)) * 1e9 / options.rate);
    }
    hand_out();
    return next_ns < until_ns ? next_ns : INT64_MAX;
}

/* Closed loop: those that are idle rest, and then send again. Gives when the next one does. */
static int64_t go_round(int64_t until_ns)
{
    int64_t now = now_ns();

    while (idle.n || closed.n) {
        size_t at = idle.n ? line_first(&idle) : line_first(&closed);
        if (!options.each || connections[at].sent_requests < options.each)
            line_add(&resting, at);
    }
    while (resting.n && now < until_ns) {
        struct connection *c = &connections[resting.v[resting.first]];
        int64_t last = c->sent_requests ? records[c->record].done_ns + options.pause_ns : 0;
        if (last > now)
            return last;
        line_first(&resting);
        if (c->phase == CLOSED || recv(c->fd, &(char){0}, 1, MSG_PEEK) < 0) /* nothing came, not even its end */
            carry(c, record_new(now));
        else
            end(c);
    }
    return INT64_MAX;
}

/* Ends what was not answered in time. Records are as old as they stand in order. */
static void expire(int64_t now)
{
    for (; first_pending < n_records; first_pending++) {
        const struct record *record = &records[first_pending];
        if (record->status == PENDING && record->due_ns + options.timeout_ns >= now)
            return;
        finish(first_pending, record->connection < 0 ? UNSENT : LATE);
    }
}

static void run(void)
{
    struct epoll_event events[EVENTS];
    int64_t began = now_ns(), until = began + options.seconds_ns, next = began;

    for (;;) {
        next = options.rate > 0 ? arrive(next, until) : go_round(until);
        if (!n_pending && (next == INT64_MAX || now_ns() >= until))
            break;
        int64_t wait = next - now_ns();
        struct timespec timeout = {0, wait < 0 ? 0 : wait > WAIT_NS_MAX ? WAIT_NS_MAX : wait};
        int n = epoll_pwait2(poller, events, EVENTS, &timeout, NULL);
        if (n < 0 && errno != EINTR)
            die("epoll");
        for (int i = 0; i < n; i++)
            on_event(&connections[events[i].data.u32], events[i].events);
        expire(now_ns());
    }
}

static void read_requests(const char *path)
{
    FILE *in = fopen(path, "r");
    size_t bytes;

    if (!in)
        die(path);
    while (n_requests < REQUESTS_MAX && fscanf(in, "%zu", &bytes) == 1 && getc(in) == '\n') {
        struct request *request = &requests[n_requests++];
        *request = (struct request){.bytes = grown(NULL, bytes + 1), .n = bytes};
        if (fread(request->bytes, 1, bytes, in) != bytes)
            die("the file of requests is cut short");
        request->bytes[bytes] = '\0';
        request->number = strstr(request->bytes, "@@@@@@@@@@@@@@@@");
    }
    fclose(in);
    if (!n_requests)
        die("no requests");
}

static void write_records(const char *path)
{
    FILE *out = fopen(path, "w");

    if (!out)
        die(path);
    for (size_t i = 0; i < n_records; i++)
        fprintf(out, "%lld\t%lld\t%lld\t%d\t%d\n", (long long)records[i].due_ns / 1000, (long long)records[i].sent_ns / 1000,
                (long long)records[i].done_ns / 1000, records[i].status, records[i].connection);
    if (fclose(out) != 0)
        die(path);
}

static void read_options(int argc, char **argv)
{
    for (int i = 4; i < argc; i++) {
        double value = i + 1 < argc ? atof(argv[i + 1]) : 0;
        if (strcmp(argv[i], "--hold") == 0) {
            options.hold = true;
            continue;
        }
        if (strcmp(argv[i], "--connections") == 0)
            options.connections = (int)value;
        else if (strcmp(argv[i], "--rate") == 0)
            options.rate = value;
        else if (strcmp(argv[i], "--each") == 0)
            options.each = (int)value;
        else if (strcmp(argv[i], "--seconds") == 0)
            options.seconds_ns = (int64_t)(value * 1e9);
        else if (strcmp(argv[i], "--pause") == 0)
            options.pause_ns = (int64_t)(value * 1e6);
        else if (strcmp(argv[i], "--timeout") == 0)
            options.timeout_ns = (int64_t)(value * 1e6);
        else
            exit(2);
        i++;
    }
}

static double cpu_seconds(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    options.to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    read_options(argc, argv);
    read_requests(argv[2]);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){(rlim_t)options.connections + 64, (rlim_t)options.connections + 64});
    poller = epoll_create1(EPOLL_CLOEXEC);
    connections = grown(NULL, sizeof *connections * (size_t)options.connections);
    for (int i = 0; i < options.connections; i++) {
        connections[i] = (struct connection){.fd = -1};
        line_add(&closed, (size_t)i);
    }
    srandom(20240229);
    run();
    double used = cpu_seconds();
    if (options.hold) {
        puts("held");
        fflush(stdout);
        while (getchar() != EOF)
            ;
    }
    write_records(argv[3]);
    printf("{\"cpu_s\": %.3f, \"connections\": %d}\n", used, made);
    return 0;
}
