/* connection.c: reads requests from a connection, one after the other, and has the stages answer them. Knows nothing of what is asked. */
#include "http/connection.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/admin.h"
#include "http/chunked.h"
#include "http/head.h"
#include "http/socket.h"
#include "http/stages.h"

enum {
    INTAKE_BYTES = 4096,                        /* with its own members: enough for most heads */
    CHUNKS_BYTES = 1024,                        /* behind a head: pieces of a chunked body */
    INTAKE_BYTES_MAX = HEAD_WAIT_BYTES + 16384, /* enough for all, and for the chunks behind */
    INTAKES_MAX = 64,                           /* kept for the next */
    CROWDED_HEAD_MS = 250,                      /* how long one may take for its head that is refused anyway */
    LINGER_MS = 500, CROWDED_LINGER_MS = 50,
    OTHER_TIMERS = 8, /* of the loop, than those of connections */
};

static const int64_t NS_PER_MS = 1000000;

/* What was received and not yet used. */
struct intake {
    struct intake *next; /* of those that are free */
    size_t n, used, capacity;
    char bytes[];
};

struct connection {
    struct poller poller;
    struct timer timer; /* while it waits for a request */
    struct job arrival; /* in its lane */
    struct lane *lane;
    struct task *task; /* that serves it; NULL while it waits */
    struct intake *intake; /* NULL while nothing is here */
    struct connection *next, **link; /* of the lane's */
    struct socket socket;
    bool is_admin, crowded;
    bool ended;  /* no further request is read */
    bool linger; /* something that the client sent was not read */
    bool kept;   /* a request of it was answered */
    int64_t idle_until_ns; /* for its next request to begin; the first must be here then */

    /* the request's: */
    size_t body_at; /* where in the intake the body begins */
    int64_t body_left;
    struct chunked chunked;
    struct str data; /* of a chunk, in the intake, and not yet read */
    bool is_chunked;
    char peer[PEER_BYTES];
};

static const struct config *config_of(const struct connection *conn)
{
    return conn->lane->edge->options.config;
}

static void count(const struct connection *conn, int by)
{
    if (!conn->is_admin)
        __atomic_add_fetch(&conn->lane->edge->connections, by, __ATOMIC_RELAXED);
    __atomic_add_fetch(&conn->lane->n, by, __ATOMIC_RELAXED);
}

/* --- buffers */

static bool intake_take(struct connection *conn)
{
    struct lane *lane = conn->lane;

    if (conn->intake)
        return true;
    conn->intake = lane->intakes;
    if (lane->intakes) {
        lane->intakes = conn->intake->next;
        lane->n_intakes--;
    } else if (!(conn->intake = malloc(INTAKE_BYTES))) {
        return false;
    }
    conn->intake->n = conn->intake->used = 0;
    conn->intake->capacity = INTAKE_BYTES - sizeof *conn->intake;
    return true;
}

/* Makes room for n bytes more, where a head needs it. Nothing may point into it. */
static bool intake_grow(struct connection *conn, size_t n)
{
    if (conn->intake->n + n <= conn->intake->capacity)
        return true;
    struct intake *larger = realloc(conn->intake, sizeof *larger + INTAKE_BYTES_MAX);
    if (!larger)
        return false;
    larger->capacity = INTAKE_BYTES_MAX;
    conn->intake = larger;
    return true;
}

static void intake_return(struct connection *conn)
{
    struct lane *lane = conn->lane;

    if (!conn->intake)
        return;
    if (lane->n_intakes >= INTAKES_MAX || conn->intake->capacity == INTAKE_BYTES_MAX) {
        free(conn->intake);
    } else {
        conn->intake->next = lane->intakes;
        lane->intakes = conn->intake;
        lane->n_intakes++;
    }
    conn->intake = NULL;
}

static struct str received(const struct connection *conn)
{
    const struct intake *intake = conn->intake;
    return intake ? (struct str){intake->bytes + intake->used, intake->n - intake->used} : (struct str){NULL, 0};
}

/* --- the body */

static long read_counted(struct connection *conn, char *p, size_t n, int64_t deadline_ns)
{
    struct str here = received(conn);

    n = (int64_t)n < conn->body_left ? n : (size_t)conn->body_left;
    if (n == 0)
        return 0;
    if (here.n == 0) {
        long got = socket_receive(&conn->socket, p, n, deadline_ns);
        conn->body_left -= got > 0 ? got : 0;
        return got;
    }
    n = n < here.n ? n : here.n;
    memcpy(p, here.p, n);
    conn->intake->used += n;
    conn->body_left -= (int64_t)n;
    return (long)n;
}

/* More of a chunked body, over what was used of it. */
static bool receive_chunks(struct connection *conn, int64_t deadline_ns)
{
    struct intake *intake = conn->intake;

    intake->n = intake->used = conn->body_at;
    long got = socket_receive(&conn->socket, intake->bytes + intake->n, intake->capacity - intake->n, deadline_ns);
    intake->n += got > 0 ? (size_t)got : 0;
    return got > 0;
}

static long read_chunked(struct connection *conn, char *p, size_t n, int64_t deadline_ns)
{
    while (conn->data.n == 0) {
        struct str rest = received(conn);
        enum chunked_state state = chunked_next(&conn->chunked, &rest, &conn->data);
        conn->intake->used = conn->intake->n - rest.n;
        if (state == CHUNKED_DONE)
            return 0;
        if ((state == CHUNKED_MORE && !receive_chunks(conn, deadline_ns)) || state == CHUNKED_MALFORMED || state == CHUNKED_TOO_LARGE)
            return -1;
    }
    n = n < conn->data.n ? n : conn->data.n;
    memcpy(p, conn->data.p, n);
    conn->data = str_skip(conn->data, n);
    return (long)n;
}

static long wire_read(void *to, char *p, size_t n, int64_t deadline_ns)
{
    struct connection *conn = to;
    return conn->is_chunked ? read_chunked(conn, p, n, deadline_ns) : read_counted(conn, p, n, deadline_ns);
}

static bool wire_write(void *to, struct str bytes, int64_t deadline_ns)
{
    struct connection *conn = to;
    bool sent = socket_send(&conn->socket, bytes, deadline_ns);

    conn->ended |= !sent;
    return sent;
}

/* Whether reading the body will wait for nobody. */
static bool body_came(const struct connection *conn, const struct request *request)
{
    return !request->chunked && !request->expects_continue && socket_has(&conn->socket, request->content_length - (int64_t)received(conn).n);
}

static void expect_body(struct connection *conn, const struct request *request)
{
    conn->body_at = conn->intake->used;
    conn->body_left = request->content_length;
    conn->is_chunked = request->chunked;
    conn->chunked = (struct chunked){.bytes_max = SIZE_MAX};
    conn->data = (struct str){NULL, 0};
}

/* --- one request */

static bool lend(struct connection *conn, struct context *context, struct workspace **ret)
{
    struct workspace *workspace = *ret = workspace_take(&conn->lane->workspaces);

    if (!workspace)
        return false;
    context->arena = &workspace->arena;
    context->out = &workspace->out;
    context->body = &workspace->body;
    context->input = &workspace->input;
    return true;
}

static void answer(struct connection *conn, struct context *context, bool refused)
{
    struct workspace *workspace;
    bool runs = !refused && !conn->is_admin;

    if (runs)
        stages_admit(context);
    if (!lend(conn, context, &workspace)) {
        stages_give_up(context);
        conn->ended = true;
        return;
    }
    if (runs)
        stages_run(context);
    else if (refused)
        stages_refuse(context);
    else
        admin_run(context);
    workspace_return(&conn->lane->workspaces, workspace);
}

/* why: other than what head_read says. */
static void serve_request(struct connection *conn, const struct head *head, enum error_code why)
{
    const struct wire wire = {wire_read, wire_write, conn};
    struct request request;
    struct context context = {
        .edge = conn->lane->edge,
        .wire = &wire,
        .request = &request,
        .peer = str_of(conn->peer),
        .started_ns = clock_ns(),
        .crowded = conn->crowded,
        .close = config_of(conn)->keep_alive_ms == 0,
    };
    bool refused = !head_read(head, received(conn), &request, &context.error) || why;

    if (why)
        error_set(&context.error, why, "%s", "");
    conn->intake->used += head->n;
    if (!refused) {
        expect_body(conn, &request);
        request.body_came = request_has_body(&request) && body_came(conn, &request);
    }
    answer(conn, &context, refused);
    conn->ended |= context.close;
    conn->linger = context.unread;
}

/* What was left by the last request moves to the front, where the next begins. */
static bool make_room(struct connection *conn)
{
    struct str here = received(conn);

    if (!intake_take(conn))
        return false;
    if (here.n > 0 && conn->intake->used > 0)
        memmove(conn->intake->bytes, here.p, here.n);
    conn->intake->n = here.n;
    conn->intake->used = 0;
    return true;
}

/* More of a head; as socket_receive. */
static long receive_head(struct connection *conn, int64_t by_ns)
{
    if (!intake_grow(conn, 1))
        return -1;
    struct intake *intake = conn->intake;
    size_t end = intake->capacity < HEAD_WAIT_BYTES ? intake->capacity : HEAD_WAIT_BYTES;
    long got = socket_receive(&conn->socket, intake->bytes + intake->n, end - intake->n, by_ns);
    intake->n += got > 0 ? (size_t)got : 0;
    return got;
}

enum outcome { SERVED, NOTHING, OVER };

/* Serves the next request; NOTHING where none has begun and nothing is here to read. */
static enum outcome serve_next(struct connection *conn)
{
    int64_t by_ns = conn->kept ? clock_ns() + config_of(conn)->body_timeout_ms * NS_PER_MS : conn->idle_until_ns;
    struct head head = {0};
    enum head_state state;
    long got = 1;

    if (!make_room(conn))
        return OVER;
    while ((state = head_scan(&head, received(conn))) == HEAD_UNFINISHED && got > 0) {
        bool begun = conn->intake->n > head.begins;
        got = receive_head(conn, begun ? by_ns : 0);
        if (got < 0 && !begun && !conn->socket.readable)
            return NOTHING;
    }
    bool late = state == HEAD_UNFINISHED && got < 0 && clock_ns() >= by_ns;
    if (state == HEAD_UNFINISHED && (conn->intake->n <= head.begins || (got < 0 && !late)))
        return OVER;
    if (!intake_grow(conn, CHUNKS_BYTES))
        return OVER;
    serve_request(conn, &head, late ? ERR_REQUEST_TIMEOUT : ERR_NONE);
    return conn->ended ? OVER : SERVED;
}

/* --- its life */

static void close_connection(struct connection *conn)
{
    loop_cancel_timer(conn->lane->loop, &conn->timer);
    if (conn->link)
        *conn->link = conn->next;
    if (conn->link && conn->next)
        conn->next->link = conn->link;
    intake_return(conn);
    close(conn->socket.fd);
    count(conn, -1);
    free(conn);
}

/* Until something comes, or for too long. */
static void rest(struct connection *conn)
{
    conn->task = NULL;
    if (received(conn).n == 0)
        intake_return(conn);
    loop_set_timer(conn->lane->loop, &conn->timer, conn->idle_until_ns);
}

/* A task: as long as requests are here. Others have their turn between them. */
static void serve(void *with)
{
    struct connection *conn = with;
    enum outcome outcome;

    conn->task = task_self();
    while ((outcome = serve_next(conn)) == SERVED && !conn->lane->closing) {
        conn->kept = true;
        conn->idle_until_ns = clock_ns() + config_of(conn)->keep_alive_ms * NS_PER_MS;
        if (conn->socket.readable || received(conn).n > 0)
            task_yield();
    }
    if (outcome == NOTHING && !conn->lane->closing) {
        rest(conn);
        return;
    }
    if ((conn->linger || received(conn).n > 0 || socket_has(&conn->socket, 1)) && !conn->lane->closing)
        socket_linger(&conn->socket, clock_ns() + (conn->crowded ? CROWDED_LINGER_MS : LINGER_MS) * NS_PER_MS);
    close_connection(conn);
}

static void drop(void *with)
{
    close_connection(with);
}

static void become_ready(struct poller *poller, uint32_t events)
{
    struct connection *conn = HOLDER_OF(struct connection, poller, poller);

    socket_tell(&conn->socket, events);
    if (conn->task) {
        task_wake(conn->task);
    } else if (conn->socket.readable) {
        loop_cancel_timer(conn->lane->loop, &conn->timer);
        if (!loop_start(conn->lane->loop, serve, drop, conn))
            close_connection(conn);
    }
}

static void say_nothing(struct timer *timer)
{
    close_connection(HOLDER_OF(struct connection, timer, timer));
}

static void arrive(struct job *job)
{
    struct connection *conn = HOLDER_OF(struct connection, arrival, job);
    struct lane *lane = conn->lane;

    if (lane->closing || !loop_reserve_timers(lane->loop, OTHER_TIMERS + (size_t)__atomic_load_n(&lane->n, __ATOMIC_RELAXED)) ||
        !loop_watch(lane->loop, conn->socket.fd, SOCKET_EVENTS, &conn->poller)) {
        close_connection(conn);
        return;
    }
    conn->next = lane->first;
    conn->link = &lane->first;
    if (conn->next)
        conn->next->link = &conn->next;
    lane->first = conn;
    loop_set_timer(lane->loop, &conn->timer, conn->idle_until_ns);
}

void lane_take(struct lane *lane, const struct accepted *accepted, bool is_admin)
{
    struct connection *conn = calloc(1, sizeof *conn);

    if (!conn) {
        close(accepted->fd);
        return;
    }
    *conn = (struct connection){.poller.ready = become_ready, .timer.fire = say_nothing, .arrival.run = arrive, .lane = lane, .socket.fd = accepted->fd, .is_admin = is_admin};
    memcpy(conn->peer, accepted->peer, sizeof conn->peer);
    count(conn, 1);
    conn->crowded = !is_admin && (accepted->scarce || __atomic_load_n(&lane->edge->connections, __ATOMIC_RELAXED) > lane->edge->connections_full);
    conn->idle_until_ns = clock_ns() + (conn->crowded ? CROWDED_HEAD_MS : config_of(conn)->body_timeout_ms) * NS_PER_MS;
    loop_post(lane->loop, &conn->arrival);
}

void lane_close(struct lane *lane)
{
    lane->closing = true;
    for (struct connection *conn = lane->first, *next; conn; conn = next) {
        next = conn->next;
        if (conn->task)
            shutdown(conn->socket.fd, SHUT_RDWR);
        else
            close_connection(conn);
    }
}

void lane_rest(struct lane *lane)
{
    for (struct intake *next; lane->intakes; lane->intakes = next) {
        next = lane->intakes->next;
        free(lane->intakes);
    }
    lane->n_intakes = 0;
}

void lane_done(struct lane *lane)
{
    assert(!lane->first);
    lane_rest(lane);
    workspaces_done(&lane->workspaces);
}
