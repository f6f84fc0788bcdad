/* stream.c: lists as CSV, NDJSON or GeoJSON, row by row. Knows nothing of pages of JSON. */
#include "operation/page.h"
#include "operation/read.h"

enum { CHUNK_BYTES = 32768, CHUNK_MAX_BYTES = 16 * 1024 * 1024 };

/* How a format starts, joins and ends its rows. */
struct framing {
    struct str head, between, end;
    void (*row)(const struct shape *shape, const struct db_result *result, int row, struct buf *b);
};

static void ndjson_row(const struct shape *shape, const struct db_result *result, int row, struct buf *b)
{
    shape_json(shape, result, row, b);
    buf_char(b, '\n');
}

static const struct framing framings[] = {
    [AS_CSV] = {.row = shape_csv},
    [AS_NDJSON] = {.row = ndjson_row},
    [AS_GEOJSON] = {STR_INIT("{\"type\":\"FeatureCollection\",\"features\":["), STR_INIT(","), STR_INIT("]}"), shape_feature},
};

/* No failure of ours, and not to be counted as one. */
static bool client_left(struct error *err)
{
    return error_set(err, ERR_MALFORMED, "the connection broke off");
}

/* Hands what is buffered to the client once it is a chunk's worth, or at the end. */
static bool pass_on(const struct stream *stream, struct buf *b, bool last, struct error *err)
{
    if (b->failed)
        return b->why ? error_set(err, ERR_INTERNAL, "%s", b->why)
                      : error_set(err, ERR_INTERNAL, "a row is larger than %d bytes", CHUNK_MAX_BYTES);
    if (b->n == 0 || (b->n < CHUNK_BYTES && !last))
        return true;
    bool written = stream->write(stream->to, buf_str(b));
    buf_clear(b, (size_t)CHUNK_BYTES * 2);
    return written || client_left(err);
}

/* Sends the head. From here on an error can only break the stream off. */
static bool start(struct run *run, const struct stream *stream, struct reply *reply, struct buf *b, struct error *err)
{
    reply->streamed = true;
    if (!stream->start(stream->to, reply))
        return client_left(err);
    buf_add(b, framings[run->call->format].head);
    return true;
}

/* What one stream works with. */
struct streaming {
    struct run *run;
    const struct page *page;
    const struct stream *stream;
    struct reply *reply;
    struct buf *buf;
};

/* Reads the next row; the first one starts the answer, so that what fails before it is told as a problem. */
static bool next_row(const struct streaming *s, int rows, const struct shape **ret_shape, const struct db_result **ret,
                     struct error *err)
{
    struct run *run = s->run;

    if (!run_next(run, ret, err))
        return false;
    if (rows > 0)
        return true;
    if (!run_shape(run, run->plan->answer, s->page->variant, *ret, ret_shape, err) ||
        !start(run, s->stream, s->reply, s->buf, err))
        return false;
    if (run->call->format == AS_CSV)
        shape_csv_header(*ret_shape, *ret, s->buf);
    return true;
}

/* Passes the rows of the answer on as they come; the last result has none, and the columns all the same. */
static bool pass_rows(const struct streaming *s, struct error *err)
{
    const struct framing *framing = &framings[s->run->call->format];
    const struct db_result *result;
    const struct shape *shape;

    for (int rows = 0;; rows++) {
        if (!next_row(s, rows, &shape, &result, err))
            return false;
        if (db_rows(result) == 0)
            break;
        if (rows >= s->page->limit)
            continue;
        if (rows)
            buf_add(s->buf, framing->between);
        framing->row(shape, result, 0, s->buf);
        if (!pass_on(s->stream, s->buf, false, err))
            return false;
    }
    buf_add(s->buf, framing->end);
    return run_end(s->run, err) && pass_on(s->stream, s->buf, true, err);
}

/* HEAD wants no rows, but whatever comes before them: the guard's ETag, a refusal. */
static bool send_statements(struct run *run, const struct page *page, struct error *err)
{
    size_t n = run->plan->file.n - (run->call->head ? 1 : 0);

    for (size_t i = run->plan->guard ? 1 : 0; i < n; i++)
        if (!run_send(run, &run->plan->file.statements[i], page->variant, err))
            return false;
    return (run->call->head || db_stream(run->conn, err)) && run_sync(run, err);
}

/* The statements before the answer give their results whole. */
static bool skip_others(struct run *run, struct error *err)
{
    const struct db_result *result;

    for (size_t i = run->plan->guard ? 1 : 0; i + 1 < run->plan->file.n; i++)
        if (!run_next(run, &result, err))
            return false;
    return true;
}

bool stream_execute(struct run *run, const struct stream *stream, struct reply *reply, struct error *err)
{
    struct page page;
    struct buf b;
    bool unchanged = false;

    if (!page_open(run, &run->binding, &page, err))
        return false;
    bind_call(run->plan, run->call, &run->binding);
    if (!read_start(run, run->engine->streams, reply, &unchanged, err) || unchanged)
        return unchanged;
    if (!send_statements(run, &page, err) || !read_started(run, reply, err) || !skip_others(run, err))
        return false;
    if (run->call->head)
        return run_end(run, err);
    buf_init(&b, CHUNK_MAX_BYTES);
    bool ok = pass_rows(&(struct streaming){run, &page, stream, reply, &b}, err);
    buf_done(&b);
    if (!ok && reply->streamed)
        run->state = RUN_BROKEN;
    return ok;
}
