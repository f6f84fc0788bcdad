/* answers_test.c: what is kept of public answers, for how long, and who waits for whom. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "api/operation/answers.c"

enum { BYTES_MAX = 64 * 1024, THREADS = 8 };

static const struct operation plan = {.index = 1}, sums = {.index = 2};
static struct answers *answers;

/* A caller of its own: a call, and where its answer goes. */
struct asker {
    struct arena arena;
    struct buf body;
    struct call call;
    struct reply reply;
    struct kept *kept;
    enum answers_outcome outcome;
};

static struct asker *asker_new(const struct operation *operation, const char *query)
{
    struct asker *asker = calloc(1, sizeof *asker);

    assert_true(asker && arena_init(&asker->arena, 1 << 20));
    buf_init(&asker->body, 1 << 20);
    asker->call = (struct call){.operation = operation, .arena = &asker->arena, .query = str_of(query), .format = AS_JSON,
                                .role = STR("public"), .deadline_ns = clock_ns() + INT64_C(20) * 1000 * 1000 * 1000};
    asker->reply = (struct reply){.status = 200, .content_type = STR("application/json"), .body = &asker->body};
    return asker;
}

static void asker_free(struct asker *asker)
{
    buf_done(&asker->body);
    arena_done(&asker->arena);
    free(asker);
}

static enum answers_outcome take(struct asker *asker)
{
    return asker->outcome = answers_take(answers, &asker->call, &asker->reply, &asker->kept);
}

static void make(struct asker *asker, const char *body)
{
    reply_header(&asker->reply, STR("ETag"), STR("\"1\""));
    buf_add(&asker->body, str_of(body));
    answers_made(answers, asker->kept, &asker->reply);
}

/* Asks, makes what there is none of, and gives how it went. */
static enum answers_outcome ask(const struct operation *operation, const char *query, const char *body)
{
    struct asker *asker = asker_new(operation, query);
    enum answers_outcome outcome = take(asker);

    if (outcome == ANSWERS_MAKE)
        make(asker, body);
    if (outcome == ANSWERS_FOUND)
        assert_true(str_eq(buf_str(&asker->body), str_of(body)));
    asker_free(asker);
    return outcome;
}

static size_t bytes(void)
{
    uint64_t found;
    size_t held;

    answers_state(answers, &found, &held);
    return held;
}

static int setup(void **state)
{
    (void)state;
    answers = answers_new(BYTES_MAX);
    if (!answers)
        return -1;
    memset(answers->hash_key, 1, sizeof answers->hash_key); /* the same collisions in each run */
    answers_trust(answers, true);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    answers_free(answers);
    return 0;
}

static void an_answer_is_given_again_with_its_headers(void **state)
{
    struct asker *asker = asker_new(&plan, "limit=2");

    (void)state;
    assert_int_equal(ask(&plan, "limit=2", "one"), ANSWERS_MAKE);
    assert_int_equal(take(asker), ANSWERS_FOUND);
    assert_true(str_eq(buf_str(&asker->body), STR("one")));
    assert_int_equal(asker->reply.status, 200);
    assert_true(str_eq(asker->reply.content_type, STR("application/json")));
    assert_int_equal(asker->reply.n_headers, 1);
    assert_true(str_eq(asker->reply.headers[0].name, STR("ETag")) && str_eq(asker->reply.headers[0].value, STR("\"1\"")));
    asker_free(asker);
}

static void what_else_is_asked_has_an_answer_of_its_own(void **state)
{
    struct asker *other = asker_new(&plan, "");

    (void)state;
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_MAKE);
    assert_int_equal(ask(&plan, "limit=2", "two"), ANSWERS_MAKE);
    assert_int_equal(ask(&sums, "", "three"), ANSWERS_MAKE);
    other->call.format = AS_GEOJSON;
    assert_int_equal(take(other), ANSWERS_MAKE);
    make(other, "four");
    asker_free(other);
    other = asker_new(&plan, "");
    other->call.language = LANGUAGE_EN;
    assert_int_equal(take(other), ANSWERS_MAKE);
    make(other, "five");
    asker_free(other);
    other = asker_new(&plan, "");
    other->call.route = (struct route){.values = {STR("1.1.3")}, .n_values = 1};
    assert_int_equal(take(other), ANSWERS_MAKE);
    make(other, "six");
    asker_free(other);
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_FOUND);
    assert_int_equal(ask(&sums, "", "three"), ANSWERS_FOUND);
}

static void who_has_it_is_told_304_and_who_has_another_gets_it(void **state)
{
    static const struct {
        const char *if_none_match;
        int status;
    } cases[] = {{"\"1\"", 304}, {"W/\"1\", \"2\"", 304}, {"*", 304}, {"\"2\"", 200}};

    (void)state;
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_MAKE);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct asker *asker = asker_new(&plan, "");
        asker->call.if_none_match = str_of(cases[i].if_none_match);
        assert_int_equal(take(asker), ANSWERS_FOUND);
        assert_int_equal(asker->reply.status, cases[i].status);
        assert_int_equal(asker->body.n, cases[i].status == 304 ? 0 : 3);
        assert_int_equal(asker->reply.n_headers, 1);
        asker_free(asker);
    }
}

static void with_if_none_match_nothing_is_made_for_others(void **state)
{
    struct asker *asker = asker_new(&plan, "");

    (void)state;
    asker->call.if_none_match = STR("\"1\"");
    assert_int_equal(take(asker), ANSWERS_PASS);
    asker_free(asker);
}

static void nothing_is_kept_before_it_is_told_of_what_is_published_nor_after(void **state)
{
    (void)state;
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_MAKE);
    answers_trust(answers, false);
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_PASS);
    answers_trust(answers, true); /* something may have been published meanwhile */
    assert_int_equal(ask(&plan, "", "two"), ANSWERS_MAKE);
}

static void what_is_published_ends_all_that_was_made_or_begun_before(void **state)
{
    struct asker *begun = asker_new(&sums, "");

    (void)state;
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_MAKE);
    assert_int_equal(take(begun), ANSWERS_MAKE);
    answers_forget(answers);
    assert_int_equal(ask(&plan, "", "two"), ANSWERS_MAKE);
    make(begun, "old");
    assert_int_equal(ask(&sums, "", "new"), ANSWERS_MAKE);
    assert_int_equal(ask(&sums, "", "new"), ANSWERS_FOUND);
    asker_free(begun);
}

static void an_answer_is_of_a_minute_at_most(void **state)
{
    (void)state;
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_MAKE);
    struct kept *kept = *slot_of(answers, STR("1 1 0?"), clock_ns());
    assert_non_null(kept);
    kept->begun_ns -= AGE_MAX_NS;
    assert_int_equal(ask(&plan, "", "two"), ANSWERS_MAKE);
}

static void what_could_not_be_made_is_not_kept(void **state)
{
    struct asker *asker = asker_new(&plan, "");

    (void)state;
    assert_int_equal(take(asker), ANSWERS_MAKE);
    answers_made(answers, asker->kept, NULL);
    assert_int_equal(bytes(), 0);
    assert_int_equal(ask(&plan, "", "one"), ANSWERS_MAKE);
    asker_free(asker);
}

static void memory_is_bounded(void **state)
{
    static char large[BYTES_MAX / 16 + 2], fitting[BYTES_MAX / 32];
    char query[32];
    size_t most = 0;

    (void)state;
    memset(large, 'x', sizeof large - 1);
    memset(fitting, 'y', sizeof fitting - 1);
    assert_int_equal(ask(&plan, "", large), ANSWERS_MAKE);
    assert_int_equal(ask(&plan, "", large), ANSWERS_MAKE);
    for (int i = 0; i < 200; i++) {
        snprintf(query, sizeof query, "%d", i);
        assert_int_equal(ask(&plan, query, fitting), ANSWERS_MAKE);
        most = bytes() > most ? bytes() : most;
    }
    assert_true(most > BYTES_MAX / 2 && most <= BYTES_MAX);
    assert_int_equal(ask(&sums, "", "small"), ANSWERS_MAKE); /* and it goes on keeping */
    assert_int_equal(ask(&sums, "", "small"), ANSWERS_FOUND);
    answers_forget(answers);
}

static void *take_in_thread(void *of)
{
    take(of);
    return NULL;
}

/* THREADS who ask the same as one that makes it: `ends` says how that ends. */
static void wait_for_one(void (*ends)(struct asker *maker), enum answers_outcome expected)
{
    struct asker *maker = asker_new(&sums, ""), *askers[THREADS];
    pthread_t threads[THREADS];
    int users = 0;

    assert_int_equal(take(maker), ANSWERS_MAKE);
    for (size_t i = 0; i < THREADS; i++) {
        askers[i] = asker_new(&sums, "");
        assert_int_equal(pthread_create(&threads[i], NULL, take_in_thread, askers[i]), 0);
    }
    for (int ms = 0; ms < 20000 && users < THREADS + 2; ms++) {
        usleep(1000);
        pthread_mutex_lock(&answers->lock);
        users = maker->kept->users;
        pthread_mutex_unlock(&answers->lock);
    }
    assert_int_equal(users, THREADS + 2);
    ends(maker);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(askers[i]->outcome, expected);
        asker_free(askers[i]);
    }
    asker_free(maker);
}

static void is_made(struct asker *maker)
{
    make(maker, "sums");
}

static void fails(struct asker *maker)
{
    answers_made(answers, maker->kept, NULL);
}

static void is_forgotten_and_then_made(struct asker *maker)
{
    answers_forget(answers);
    assert_int_equal(ask(&sums, "", "newer"), ANSWERS_MAKE); /* who comes after does not wait for the old one */
    make(maker, "sums");
}

static void who_asks_meanwhile_waits_for_the_one_that_makes_it(void **state)
{
    uint64_t found;
    size_t held;

    (void)state;
    wait_for_one(is_made, ANSWERS_FOUND);
    answers_state(answers, &found, &held);
    assert_int_equal(found, THREADS);
}

static void who_waited_in_vain_makes_it(void **state)
{
    (void)state;
    wait_for_one(fails, ANSWERS_PASS);
}

static void who_waits_gets_it_though_it_is_kept_no_more(void **state)
{
    (void)state;
    wait_for_one(is_forgotten_and_then_made, ANSWERS_FOUND);
    assert_int_equal(ask(&sums, "", "newer"), ANSWERS_FOUND);
}

static void nobody_waits_past_the_deadline(void **state)
{
    struct asker *maker = asker_new(&sums, ""), *hasty = asker_new(&sums, "");

    (void)state;
    assert_int_equal(take(maker), ANSWERS_MAKE);
    hasty->call.deadline_ns = clock_ns() + 20 * 1000 * 1000;
    assert_int_equal(take(hasty), ANSWERS_PASS);
    make(maker, "late");
    asker_free(hasty);
    asker_free(maker);
}

int main(void)
{
#define ANSWERS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ANSWERS_TEST(an_answer_is_given_again_with_its_headers),
        ANSWERS_TEST(what_else_is_asked_has_an_answer_of_its_own),
        ANSWERS_TEST(who_has_it_is_told_304_and_who_has_another_gets_it),
        ANSWERS_TEST(with_if_none_match_nothing_is_made_for_others),
        ANSWERS_TEST(nothing_is_kept_before_it_is_told_of_what_is_published_nor_after),
        ANSWERS_TEST(what_is_published_ends_all_that_was_made_or_begun_before),
        ANSWERS_TEST(an_answer_is_of_a_minute_at_most),
        ANSWERS_TEST(what_could_not_be_made_is_not_kept),
        ANSWERS_TEST(memory_is_bounded),
        ANSWERS_TEST(who_asks_meanwhile_waits_for_the_one_that_makes_it),
        ANSWERS_TEST(who_waited_in_vain_makes_it),
        ANSWERS_TEST(who_waits_gets_it_though_it_is_kept_no_more),
        ANSWERS_TEST(nobody_waits_past_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
