/* stream_test.c: when a chunk goes out, and what it is when the client does not take it. Whole streams are tested over HTTP. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/stream.c"

struct client {
    bool gone;
    size_t bytes;
};

static bool client_write(void *to, struct str bytes)
{
    struct client *client = to;

    client->bytes += bytes.n;
    return !client->gone;
}

static void chunks_go_out_when_they_are_full_and_at_the_end(void **state)
{
    static const char row[CHUNK_BYTES] = {0};
    struct client client = {.bytes = 0};
    const struct stream stream = {.write = client_write, .to = &client};
    struct buf b;
    struct error err;

    (void)state;
    buf_init(&b, CHUNK_MAX_BYTES);
    assert_true(pass_on(&stream, &b, true, &err)); /* nothing, not even an empty chunk, which would end the body */
    buf_add(&b, (struct str){row, CHUNK_BYTES - 1});
    assert_true(pass_on(&stream, &b, false, &err));
    assert_int_equal(client.bytes, 0);
    buf_char(&b, '\n');
    assert_true(pass_on(&stream, &b, false, &err));
    assert_int_equal(client.bytes, CHUNK_BYTES);
    buf_char(&b, '\n');
    assert_true(pass_on(&stream, &b, true, &err));
    assert_int_equal(client.bytes, CHUNK_BYTES + 1);
    buf_done(&b);
}

static void a_client_that_leaves_is_no_failure_of_ours(void **state)
{
    struct client client = {.gone = true};
    const struct stream stream = {.write = client_write, .to = &client};
    struct buf b;
    struct error err;

    (void)state;
    buf_init(&b, CHUNK_MAX_BYTES);
    buf_char(&b, '\n');
    assert_false(pass_on(&stream, &b, true, &err));
    assert_true(error_info(err.code)->status < 500);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_go_out_when_they_are_full_and_at_the_end),
        cmocka_unit_test(a_client_that_leaves_is_no_failure_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
