/* write_test.c: where a record is found that was made. Needs a database for its answer; whole writes are tested over HTTP. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/operation/write.c"
#include "tests/unit/db/session.h"

static struct arena arena;

static int start(void **state)
{
    if (cluster_start(state) != 0 || !arena_init(&arena, (size_t)1 << 20))
        return -1;
    pool = pool_of(1);
    return 0;
}

static int stop(void **state)
{
    db_pool_free(pool);
    arena_done(&arena);
    return cluster_stop(state);
}

static void assert_location(const struct db_result *answer, const char *template, const char *wanted)
{
    const struct config config = {.base_url = STR("https://api.example.org")};
    const struct engine engine = {.config = &config};
    const struct call call = {.arena = &arena};
    struct reply reply = {.status = 201};

    add_location(&(struct run){.engine = &engine, .call = &call}, answer, str_of(template), &reply);
    assert_int_equal(reply.n_headers, 1);
    assert_string_equal(reply.headers[0].name.p, "Location");
    assert_string_equal(reply.headers[0].value.p, wanted);
}

static void a_location_holds_every_member_that_its_template_names(void **state)
{
    struct db_conn *conn = lend();

    (void)state;
    enqueue(conn, "select 'a1' as id, 'b2' as \"place.code\"");
    sync_all(conn);
    const struct db_result *answer = next(conn);
    assert_location(answer, "/v1/things/{id}", "https://api.example.org/v1/things/a1");
    assert_location(answer, "/v1/places/{place.code}/things/{id}", "https://api.example.org/v1/places/b2/things/a1");
    assert_location(answer, "/v1/places/{place.code}/things", "https://api.example.org/v1/places/b2/things");
    end(conn);
    db_return(pool, conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_location_holds_every_member_that_its_template_names)};
    return cmocka_run_group_tests(tests, start, stop);
}
