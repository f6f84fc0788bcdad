/* token_cache_test.c: what is found of the tokens that were kept, and how long. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/token_cache.c"

static const int64_t NOW_S = 1800000000;
static const struct str token = STR_INIT("header.payload.0123456789abcdefghijklmnopqrstuvwxyz");
static struct token_cache *cache;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    cache = token_cache_new();
    return cache && arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    token_cache_free(cache);
    arena_done(&arena);
    return 0;
}

static struct known known_of(const char *subject)
{
    return (struct known){.person = {STR("018f"), STR("Ana"), STR("active")}, .claims = {.subject = str_of(subject), .role = STR("partner"), .affiliation = STR("organization"),
                           .source = STR("s"), .id = STR("1"), .scopes = {STR("a:read"), STR("b:write")}, .n_scopes = 2,
                           .expires_s = NOW_S + 3600}};
}

static void keep(struct str text, const char *subject)
{
    struct known known = known_of(subject);
    token_cache_keep(cache, text, NOW_S, &known);
}

static bool finds(struct str text, int64_t now_s)
{
    struct known known;
    return token_cache_find(cache, &arena, text, now_s, &known);
}

static void token_cache_gives_what_was_kept(void **state)
{
    (void)state;
    struct known want = known_of("somebody"), got;

    assert_false(finds(token, NOW_S));
    keep(token, "somebody");
    assert_true(token_cache_find(cache, &arena, token, NOW_S, &got));
    assert_int_equal(got.claims.n_scopes, want.claims.n_scopes);
    for (size_t i = 0; i < strings_of(&want); i++)
        assert_true(str_eq(*string_at(&got, i), *string_at(&want, i)));
    assert_null(got.claims.organization.p); /* absent, not empty */
    assert_int_equal(got.claims.expires_s, want.claims.expires_s);
}

static void token_cache_forgets_what_was_asked_until_then(void **state)
{
    (void)state;
    struct known known = known_of("somebody");

    keep(token, "somebody");
    token_cache_forget(cache, NOW_S);
    assert_false(finds(token, NOW_S + 1));
    keep(token, "somebody"); /* asked before, kept after */
    assert_false(finds(token, NOW_S + 1));
    token_cache_keep(cache, token, NOW_S + 1, &known);
    assert_true(finds(token, NOW_S + 1));
}

static void token_cache_borrows_nothing(void **state)
{
    (void)state;
    char text[] = "header.payload.0123456789abcdefghijklmnopqrstuvwxyz", subject[] = "somebody";
    struct known first, second;

    keep(str_of(text), subject);
    memset(text, 'x', sizeof text - 1);
    memset(subject, 'x', sizeof subject - 1);
    assert_true(token_cache_find(cache, &arena, token, NOW_S, &first));
    assert_true(str_eq(first.claims.subject, STR("somebody")));
    arena_reset(&arena, 0);
    assert_true(token_cache_find(cache, &arena, token, NOW_S, &second));
    keep(token, "somebody else");
    token_cache_free(cache);
    cache = token_cache_new();
    assert_true(str_eq(second.claims.subject, STR("somebody")) && str_eq(second.claims.scopes[1], STR("b:write")));
}

static void token_cache_forgets_after_a_minute(void **state)
{
    (void)state;
    keep(token, "somebody");
    assert_true(finds(token, NOW_S + TOKEN_CACHE_AGE_MAX_S - 1));
    assert_false(finds(token, NOW_S + TOKEN_CACHE_AGE_MAX_S));
    assert_false(finds(token, NOW_S - 1)); /* the clock was set back */
}

static void token_cache_gives_nothing_that_has_expired(void **state)
{
    (void)state;
    struct known known = known_of("somebody");

    known.claims.expires_s = NOW_S + 10;
    token_cache_keep(cache, token, NOW_S, &known);
    assert_true(finds(token, NOW_S + 9));
    assert_false(finds(token, NOW_S + 10));
}

static void token_cache_compares_every_byte(void **state)
{
    (void)state;
    char text[64];

    keep(token, "somebody");
    for (size_t i = 0; i < token.n; i++) {
        memcpy(text, token.p, token.n);
        text[i] ^= 1;
        assert_false(finds((struct str){text, token.n}, NOW_S));
        assert_false(finds((struct str){token.p, i}, NOW_S));
        assert_false(finds(str_skip(token, i + 1), NOW_S));
    }
    assert_false(finds((struct str){NULL, 0}, NOW_S));
    assert_true(finds(token, NOW_S));
}

/* The n-th token of those that share a set. */
static struct str of_one_set(int n)
{
    static const unsigned char first[DIGEST_BYTES];

    for (int i = 0;; i++) {
        unsigned char digest[DIGEST_BYTES];
        struct str text = arena_printf(&arena, "a.token.%d", i);
        crypto_digest(text, digest);
        if (set_of(cache, digest) == set_of(cache, first) && n-- == 0)
            return text;
    }
}

static void keep_at(struct str text, int64_t now_s)
{
    struct known known = known_of("somebody");
    token_cache_keep(cache, text, now_s, &known);
}

static void token_cache_replaces_the_oldest_of_a_full_set(void **state)
{
    (void)state;
    for (int i = 0; i < TOKEN_CACHE_WAYS; i++)
        keep_at(of_one_set(i), NOW_S + i);
    keep_at(of_one_set(0), NOW_S + 9); /* so that the oldest is not the first */
    for (int i = 0; i < TOKEN_CACHE_WAYS; i++)
        assert_true(finds(of_one_set(i), NOW_S + 10));
    keep_at(of_one_set(TOKEN_CACHE_WAYS), NOW_S + 10);
    for (int i = 0; i <= TOKEN_CACHE_WAYS; i++)
        assert_int_equal(finds(of_one_set(i), NOW_S + 10), i != 1);
}

static void token_cache_replaces_what_is_stale_before_what_is_old(void **state)
{
    (void)state;
    struct known brief = known_of("somebody");

    brief.claims.expires_s = NOW_S + 5;
    for (int i = 0; i < TOKEN_CACHE_WAYS - 1; i++)
        keep_at(of_one_set(i), NOW_S);
    token_cache_keep(cache, of_one_set(TOKEN_CACHE_WAYS - 1), NOW_S + 4, &brief);
    keep_at(of_one_set(TOKEN_CACHE_WAYS), NOW_S + 6);
    for (int i = 0; i <= TOKEN_CACHE_WAYS; i++)
        assert_int_equal(finds(of_one_set(i), NOW_S + 6), i != TOKEN_CACHE_WAYS - 1);
}

static void token_cache_keeps_a_token_in_one_place(void **state)
{
    (void)state;
    keep_at(of_one_set(1), NOW_S);
    for (int i = 0; i < 2 * TOKEN_CACHE_WAYS; i++)
        keep_at(of_one_set(0), NOW_S + i);
    assert_true(finds(of_one_set(1), NOW_S + 10));
}

enum { ROUNDS = 5000 };

static void *find_and_replace(void *subject)
{
    struct arena own;
    struct known known;

    assert_true(arena_init(&own, 1 << 20));
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 8 == 0)
            keep(token, subject);
        if (!token_cache_find(cache, &own, token, NOW_S, &known) || known.claims.subject.n != 3 || known.claims.n_scopes != 2)
            return NULL;
        arena_reset(&own, 1 << 20);
    }
    arena_done(&own);
    return subject;
}

static void token_cache_serves_threads_that_replace_what_others_read(void **state)
{
    (void)state;
    static char subjects[4][4] = {"ann", "bob", "cyd", "dan"};
    pthread_t threads[4];
    void *subject;

    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, find_and_replace, subjects[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], &subject);
        assert_ptr_equal(subject, subjects[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(token_cache_gives_what_was_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_forgets_what_was_asked_until_then, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_borrows_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_forgets_what_was_asked_until_then, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_forgets_after_a_minute, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_gives_nothing_that_has_expired, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_compares_every_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_replaces_the_oldest_of_a_full_set, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_replaces_what_is_stale_before_what_is_old, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_keeps_a_token_in_one_place, setup, teardown),
        cmocka_unit_test_setup_teardown(token_cache_serves_threads_that_replace_what_others_read, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
