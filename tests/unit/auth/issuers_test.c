/* issuers_test.c: keys as they come, change, and fail to come; from a provider that is a function. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/issuers.c"
#include "tests/unit/base/keys.h"

#include <unistd.h>

#define ISSUER "https://login.example.org/realms/city"

static struct arena arena;
static EVP_PKEY *key;
static const struct issuer_rules plain = {.issuer = STR_INIT(ISSUER), .host = STR_INIT("login.example.org")};
static struct issuer_rules rules;
static struct issuers *issuers;

/* The provider. */
static struct {
    pthread_mutex_t lock;
    bool down, no_openid;
    const char *issuer; /* that its metadata name */
    const char *kids[4];
    const char *garbage;  /* instead of a JWKS */
    const char *jwks_uri; /* that its metadata name */
    int64_t max_age_s;
    int delay_ms;
    int metadata, keys; /* fetches */
    int ok, failed;     /* reports */
    char why[512];
} provider = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct str provider_jwks(struct arena *a)
{
    struct str text = STR("");

    for (size_t i = 0; i < 4 && provider.kids[i]; i++)
        text = arena_printf(a, "%.*s%s%s", STR_ARG(text), i ? "," : "", keys_jwk(a, key, arena_printf(a, ",\"kid\":\"%s\"", provider.kids[i]).p).p);
    return arena_printf(a, "{\"keys\":[%.*s]}", STR_ARG(text));
}

static bool answer(struct arena *a, struct str url, struct fetched *ret, struct error *err)
{
    if (provider.down)
        return error_set(err, ERR_INVALID, "no connection");
    ret->max_age_s = provider.max_age_s;
    if (str_eq(url, STR("https://keys.example.org/jwks"))) {
        provider.keys++;
        ret->body = provider.garbage ? arena_copy(a, str_of(provider.garbage)) : provider_jwks(a);
        return true;
    }
    bool openid = str_eq(url, STR(ISSUER "/.well-known/openid-configuration"));
    assert_true(openid || str_eq(url, STR("https://login.example.org/.well-known/oauth-authorization-server/realms/city")));
    if (openid && provider.no_openid)
        return error_set(err, ERR_INVALID, "status 404");
    provider.metadata++;
    ret->body = arena_printf(a, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}", provider.issuer, provider.jwks_uri);
    return true;
}

static bool fake_fetch(enum fetch_reach reach, const bool *stop, struct arena *a, struct str url, struct fetched *ret, struct error *err)
{
    assert_int_equal(reach, FETCH_PUBLIC);
    pthread_mutex_lock(&provider.lock);
    int delay_ms = provider.delay_ms;
    bool ok = answer(a, url, ret, err); /* as it is when asked */
    pthread_mutex_unlock(&provider.lock);
    for (; delay_ms > 0 && !__atomic_load_n(stop, __ATOMIC_ACQUIRE); delay_ms -= 10)
        usleep(10000);
    return ok;
}

static void report(const struct issuer_event *event)
{
    pthread_mutex_lock(&provider.lock);
    if (event->failure) {
        provider.failed++;
        snprintf(provider.why, sizeof provider.why, "%.*s: %s", STR_ARG(event->host), event->failure);
    } else {
        provider.ok++;
    }
    pthread_mutex_unlock(&provider.lock);
}

static int setup(void **state)
{
    (void)state;
    static const struct issuers_options options = {.list = {&rules, 1}, .reach = FETCH_PUBLIC, .report = report, .fetch = fake_fetch};

    rules = plain;
    provider.down = provider.no_openid = false;
    provider.issuer = ISSUER;
    provider.jwks_uri = "https://keys.example.org/jwks";
    provider.garbage = NULL;
    memset(provider.kids, 0, sizeof provider.kids);
    provider.kids[0] = "a";
    provider.max_age_s = -1;
    provider.delay_ms = provider.metadata = provider.keys = provider.ok = provider.failed = 0;
    provider.why[0] = '\0';
    key = keys_make("P-256", 0);
    issuers = issuers_new(&options);
    return issuers && arena_init(&arena, 16 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    issuers_free(issuers);
    EVP_PKEY_free(key);
    arena_done(&arena);
    return 0;
}

static void start(void)
{
    struct error err;
    if (!issuers_start(issuers, &err))
        fail_msg("%s", err.argument);
}

static void set(bool *what, bool to)
{
    pthread_mutex_lock(&provider.lock);
    *what = to;
    pthread_mutex_unlock(&provider.lock);
}

static void set_text(const char **what, const char *to)
{
    pthread_mutex_lock(&provider.lock);
    *what = to;
    pthread_mutex_unlock(&provider.lock);
}

static int count(const int *what)
{
    pthread_mutex_lock(&provider.lock);
    int n = *what;
    pthread_mutex_unlock(&provider.lock);
    return n;
}

/* Waits until so many failures at least were reported, the last for that reason. */
static void assert_failed(int times, const char *why)
{
    for (int i = 0; i < 200 && count(&provider.failed) < times; i++)
        usleep(10000);
    assert_true(count(&provider.failed) >= times);
    pthread_mutex_lock(&provider.lock);
    char said[sizeof provider.why];
    memcpy(said, provider.why, sizeof said);
    pthread_mutex_unlock(&provider.lock);
    assert_string_equal(said, why);
}

/* ERR_NONE when the key is there. */
static enum error_code ask(const char *kid, enum signature_algorithm algorithm)
{
    const struct signature_key *found;
    struct key_set *keys;
    struct error err = {.code = ERR_NONE};

    if (issuer_key(&issuers->v[0], str_of(kid), algorithm, &keys, &found, &err))
        key_set_unref(keys);
    return err.code;
}

static int64_t ms_since(int64_t began_ns)
{
    return (clock_ns() - began_ns) / MS;
}

/* As if it had become due, and until that was done. */
static void refresh_now(void)
{
    struct issuer *it = &issuers->v[0];

    pthread_mutex_lock(&it->lock);
    uint64_t rounds = it->rounds;
    it->due_ns = 0;
    pthread_cond_broadcast(&it->wake);
    while (it->rounds == rounds)
        condition_wait(&it->done, &it->lock, INT64_MAX);
    pthread_mutex_unlock(&it->lock);
}

/* As if ISSUER_HURRY_MS had passed. */
static void let_hurry(void)
{
    pthread_mutex_lock(&issuers->v[0].lock);
    issuers->v[0].hurry_ns = 0;
    pthread_mutex_unlock(&issuers->v[0].lock);
}

static void keys_are_discovered_and_waited_for_at_the_start(void **state)
{
    (void)state;
    struct issuer_state is;

    provider.delay_ms = 100;
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    assert_int_equal(ask("a", SIGNATURE_RS256), ERR_TOKEN_INVALID); /* known, and for something else: nothing to look up */
    assert_int_equal(count(&provider.keys), 1);
    assert_true(issuers_state(issuers, 0, &is));
    assert_true(str_eq(is.host, STR("login.example.org")) && str_eq(is.issuer, STR(ISSUER)));
    assert_int_equal(is.fetched, 1);
    assert_int_equal(is.failed, 0);
    assert_int_equal(is.keys, 1);
    assert_false(issuers_state(issuers, 1, &is) || issuers_state(NULL, 0, &is));
}

static void issuers_are_found_by_their_exact_url(void **state)
{
    (void)state;
    assert_ptr_equal(issuers_find(issuers, STR(ISSUER)), &issuers->v[0]);
    assert_ptr_equal(issuer_rules(&issuers->v[0]), &rules);
    assert_null(issuers_find(issuers, STR(ISSUER "/")));
    assert_null(issuers_find(issuers, (struct str){NULL, 0}));
    assert_null(issuers_find(NULL, STR(ISSUER)));
}

static void metadata_of_rfc_8414_will_do(void **state)
{
    (void)state;
    provider.no_openid = true;
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
}

static void configured_keys_need_no_discovery(void **state)
{
    (void)state;
    rules.jwks_uri = STR("https://keys.example.org/jwks");
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    assert_int_equal(count(&provider.metadata), 0);
}

static void metadata_of_another_issuer_are_refused(void **state)
{
    (void)state;
    provider.issuer = ISSUER "/";
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_ISSUER_UNAVAILABLE);
    assert_failed(1, "login.example.org: discovery: its issuer is another");
    assert_int_equal(count(&provider.keys), 0);
}

static void metadata_lead_only_where_calls_may_go(void **state)
{
    (void)state;
    provider.jwks_uri = "http://127.0.0.1/jwks";
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_ISSUER_UNAVAILABLE);
    assert_string_equal(provider.why, "login.example.org: discovery: its jwks_uri may not be called");
}

static void a_new_key_is_fetched_when_a_token_names_it(void **state)
{
    (void)state;
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    set_text(&provider.kids[0], "b");
    provider.delay_ms = 200;
    assert_int_equal(ask("b", SIGNATURE_ES256), ERR_NONE);
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_TOKEN_INVALID); /* withdrawn */
    assert_int_equal(count(&provider.keys), 2);
    assert_int_equal(count(&provider.metadata), 1); /* what was discovered will do */
}

static void *ask_for_b(void *of)
{
    *(enum error_code *)of = ask("b", SIGNATURE_ES256);
    return NULL;
}

static void all_who_name_a_new_key_wait_for_one_fetch(void **state)
{
    (void)state;
    enum error_code codes[16];
    pthread_t threads[16];

    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    set_text(&provider.kids[0], "b");
    provider.delay_ms = 200;
    for (size_t i = 0; i < 16; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_b, &codes[i]), 0);
    for (size_t i = 0; i < 16; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(codes[i], ERR_NONE);
    }
    assert_int_equal(count(&provider.keys), 2);
}

/* A refresh that began before the key was there is no answer about it. */
static void a_key_that_came_while_a_refresh_ran_is_asked_for_again(void **state)
{
    (void)state;
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    provider.delay_ms = 300;
    pthread_mutex_lock(&issuers->v[0].lock);
    issuers->v[0].due_ns = 0;
    pthread_cond_broadcast(&issuers->v[0].wake);
    pthread_mutex_unlock(&issuers->v[0].lock);
    usleep(500000); /* now the old keys are on their way */
    set_text(&provider.kids[0], "b");
    assert_int_equal(ask("b", SIGNATURE_ES256), ERR_NONE);
}

static void unknown_kids_ask_once_in_a_while(void **state)
{
    (void)state;
    start();
    assert_int_equal(ask("x", SIGNATURE_ES256), ERR_TOKEN_INVALID);
    int fetches = count(&provider.keys);
    int64_t began_ns = clock_ns();
    for (int i = 0; i < 50; i++)
        assert_int_equal(ask(arena_printf(&arena, "x%d", i).p, SIGNATURE_ES256), ERR_TOKEN_INVALID);
    assert_true(ms_since(began_ns) < 1000);
    assert_int_equal(count(&provider.keys), fetches);
    let_hurry();
    assert_int_equal(ask("x", SIGNATURE_ES256), ERR_TOKEN_INVALID);
    assert_int_equal(count(&provider.keys), fetches + 1);
}

static void old_keys_go_on_while_the_provider_is_down(void **state)
{
    (void)state;
    struct issuer_state is;

    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    set(&provider.down, true);
    refresh_now();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    assert_int_equal(ask("b", SIGNATURE_ES256), ERR_ISSUER_UNAVAILABLE); /* it may be right: nobody can tell now */
    issuers_state(issuers, 0, &is);
    assert_true(is.failed >= 1);
    assert_int_equal(is.keys, 1);
    set(&provider.down, false);
    set_text(&provider.kids[1], "b");
    let_hurry();
    assert_int_equal(ask("b", SIGNATURE_ES256), ERR_NONE);
    assert_int_equal(ask("c", SIGNATURE_ES256), ERR_TOKEN_INVALID);
}

static void garbage_leaves_the_old_keys(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } rows[] = {
        {"<html>", "not JSON"},
        {"", "not JSON"},
        {"{\"keys\":[]}", "no key of use"},
        {"{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AA\"}]}", "no key of use"},
    };

    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_text(&provider.garbage, rows[i].text);
        refresh_now();
        assert_failed((int)i + 1, arena_printf(&arena, "login.example.org: keys: %s", rows[i].why).p);
        assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    }
}

static void a_provider_that_is_down_at_the_start_is_asked_again(void **state)
{
    (void)state;
    provider.down = true;
    start();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_ISSUER_UNAVAILABLE);
    assert_failed(2, "login.example.org: discovery: no connection"); /* by itself, and for the token */
    set(&provider.down, false);
    usleep((ISSUER_RETRY_MIN_MS * 4 + 500) * 1000); /* after one and two failures, whoever asks */
    int64_t began_ns = clock_ns();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_NONE);
    assert_true(ms_since(began_ns) < 500);
}

static void a_slow_provider_is_not_waited_for(void **state)
{
    (void)state;
    provider.delay_ms = 5000;
    start();
    int64_t began_ns = clock_ns();
    assert_int_equal(ask("a", SIGNATURE_ES256), ERR_ISSUER_UNAVAILABLE);
    assert_in_range(ms_since(began_ns), ISSUER_WAIT_MS, ISSUER_WAIT_MS + 500);
    began_ns = clock_ns();
    issuers_free(issuers); /* nor when the service ends */
    issuers = NULL;
    assert_true(ms_since(began_ns) < 500);
}

static void not_everybody_may_wait(void **state)
{
    (void)state;
    enum error_code codes[ISSUER_WAITERS_MAX];
    pthread_t threads[ISSUER_WAITERS_MAX];

    provider.delay_ms = 5000;
    start();
    for (size_t i = 0; i < ISSUER_WAITERS_MAX; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_b, &codes[i]), 0);
    usleep(500000);
    int64_t began_ns = clock_ns();
    assert_int_equal(ask("b", SIGNATURE_ES256), ERR_OVERLOADED);
    assert_true(ms_since(began_ns) < 500);
    for (size_t i = 0; i < ISSUER_WAITERS_MAX; i++)
        pthread_join(threads[i], NULL);
}

static void freshness_is_the_providers_within_bounds(void **state)
{
    (void)state;
    assert_int_equal(fresh_ns(-1), (int64_t)ISSUER_FRESH_S * 1000 * MS);
    assert_int_equal(fresh_ns(INT64_MAX), (int64_t)ISSUER_FRESH_S * 1000 * MS);
    assert_int_equal(fresh_ns(300), 300 * 1000 * MS);
    assert_int_equal(fresh_ns(0), (int64_t)ISSUER_FRESH_MIN_S * 1000 * MS);
}

static void failures_are_spaced_more_and_more(void **state)
{
    (void)state;
    struct issuer *it = &issuers->v[0];
    struct issuer_event event = {.host = STR("x")};

    for (int64_t ms = ISSUER_RETRY_MIN_MS; ms < 100000; ms *= 2) {
        int64_t now_ns = clock_ns();
        settle(it, NULL, -1, &event);
        int64_t want_ms = ms < ISSUER_RETRY_MAX_MS ? ms : ISSUER_RETRY_MAX_MS;
        assert_in_range((it->due_ns - now_ns) / MS, want_ms, want_ms + 100);
    }
}

#define WITH_PROVIDER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_PROVIDER(keys_are_discovered_and_waited_for_at_the_start),
        WITH_PROVIDER(issuers_are_found_by_their_exact_url),
        WITH_PROVIDER(metadata_of_rfc_8414_will_do),
        WITH_PROVIDER(configured_keys_need_no_discovery),
        WITH_PROVIDER(metadata_of_another_issuer_are_refused),
        WITH_PROVIDER(metadata_lead_only_where_calls_may_go),
        WITH_PROVIDER(a_new_key_is_fetched_when_a_token_names_it),
        WITH_PROVIDER(all_who_name_a_new_key_wait_for_one_fetch),
        WITH_PROVIDER(a_key_that_came_while_a_refresh_ran_is_asked_for_again),
        WITH_PROVIDER(unknown_kids_ask_once_in_a_while),
        WITH_PROVIDER(old_keys_go_on_while_the_provider_is_down),
        WITH_PROVIDER(garbage_leaves_the_old_keys),
        WITH_PROVIDER(a_provider_that_is_down_at_the_start_is_asked_again),
        WITH_PROVIDER(a_slow_provider_is_not_waited_for),
        WITH_PROVIDER(not_everybody_may_wait),
        WITH_PROVIDER(freshness_is_the_providers_within_bounds),
        WITH_PROVIDER(failures_are_spaced_more_and_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
