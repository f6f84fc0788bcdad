/* issuers.c: a thread for each provider, that keeps its keys. Knows nothing of tokens.
 *
 * Keys are immutable sets (key_set.h); a refresh puts a new one in place of the old, and whoever works with the old one goes on with
 * it. What fails leaves the old ones where they are. */
#include "auth/issuers.h"

#include "base/clock.h"
#include "task/wait.h"

#include <pthread.h>
#include <stdlib.h>

enum { URL_BYTES_MAX = 2048, METADATA_DEPTH_MAX = 16 };

static const size_t ARENA_BYTES = (size_t)64 << 20; /* of address space: two documents of FETCH_BYTES_MAX, parsed */
static const int64_t MS = INT64_C(1000) * 1000;

struct issuer {
    const struct issuers_options *options;
    const struct issuer_rules *rules;
    const bool *stopping;
    pthread_t thread;
    bool started;

    struct arena arena;            /* of the thread, as is */
    char jwks_uri[URL_BYTES_MAX];  /* what was discovered; "" */

    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t wake;
    struct condition done;
    struct key_set *keys; /* NULL until the first came */
    int64_t kept_ns;
    bool wanted, running, failing;
    uint64_t rounds;           /* refreshes that ended */
    int64_t due_ns, hurry_ns;  /* when the next one is due; when an unknown kid may ask for one again */
    int64_t retry_ms;
    int waiters;
    uint64_t fetched, failed;
};

struct issuers {
    struct issuers_options options;
    bool stopping;
    size_t n;
    struct issuer v[];
};

/* --- one refresh */

/* An URL of a path below the issuer's (OpenID Connect Discovery 1.0, 4), or before its path (RFC 8414 3.1). */
static struct str metadata_url(struct arena *a, const struct issuer_rules *rules, bool openid)
{
    struct str issuer = rules->issuer;
    size_t host_end = str_find(issuer, ':') + 3 + rules->host.n;

    if (str_ends(issuer, STR("/")))
        issuer.n--;
    if (openid)
        return arena_printf(a, "%.*s/.well-known/openid-configuration", STR_ARG(issuer));
    struct str path = str_skip(issuer, host_end);
    issuer.n = host_end;
    return arena_printf(a, "%.*s/.well-known/oauth-authorization-server%.*s", STR_ARG(issuer), STR_ARG(path));
}

static bool fetch(struct issuer *it, struct str url, struct fetched *ret, struct error *err)
{
    return it->options->fetch(it->options->reach, it->stopping, &it->arena, url, ret, err);
}

/* Where the keys are, by the provider's metadata. */
static bool discover(struct issuer *it, struct error *err)
{
    const struct value *document;
    struct fetched metadata;
    struct error refused;
    struct str uri;

    if (!fetch(it, metadata_url(&it->arena, it->rules, true), &metadata, err) &&
        !fetch(it, metadata_url(&it->arena, it->rules, false), &metadata, &refused))
        return error_set(err, ERR_INVALID, "discovery: %s", err->argument);
    if (!value_parse(&it->arena, metadata.body, METADATA_DEPTH_MAX, &document, &refused))
        return error_set(err, ERR_INVALID, "discovery: not JSON");
    if (!str_eq(value_string(value_get(document, STR("issuer"))), it->rules->issuer))
        return error_set(err, ERR_INVALID, "discovery: its issuer is another");
    uri = value_string(value_get(document, STR("jwks_uri")));
    if (!fetch_takes_url(it->options->reach, uri) || uri.n >= sizeof it->jwks_uri)
        return error_set(err, ERR_INVALID, "discovery: its jwks_uri may not be called");
    memcpy(it->jwks_uri, uri.p, uri.n);
    it->jwks_uri[uri.n] = '\0';
    return true;
}

/* In a hurry what was discovered before will do. */
static bool fetch_keys(struct issuer *it, bool hurried, struct key_set **ret, int64_t *ret_max_age_s, struct error *err)
{
    struct fetched fetched;

    if (!it->rules->jwks_uri.n && !(hurried && it->jwks_uri[0]) && !discover(it, err))
        return false;
    if (fetch(it, it->rules->jwks_uri.n ? it->rules->jwks_uri : str_of(it->jwks_uri), &fetched, err) &&
        key_set_read(&it->arena, fetched.body, ret, err)) {
        *ret_max_age_s = fetched.max_age_s;
        return true;
    }
    it->jwks_uri[0] = '\0';
    struct error why = *err;
    return error_set(err, why.code, "keys: %s", why.argument);
}

/* --- the thread */

static void wait_until_due(struct issuer *it)
{
    const struct timespec until = {.tv_sec = (time_t)(it->due_ns / 1000000000), .tv_nsec = (long)(it->due_ns % 1000000000)};
    pthread_cond_timedwait(&it->wake, &it->lock, &until);
}

static bool is_stopping(const struct issuer *it)
{
    return __atomic_load_n(it->stopping, __ATOMIC_ACQUIRE);
}

static int64_t fresh_ns(int64_t max_age_s)
{
    int64_t s = max_age_s < 0 || max_age_s > ISSUER_FRESH_S ? ISSUER_FRESH_S : max_age_s < ISSUER_FRESH_MIN_S ? ISSUER_FRESH_MIN_S : max_age_s;
    return s * 1000 * MS;
}

/* Takes in what a refresh gave. keys NULL: it failed. Gives what it replaces. */
static struct key_set *settle(struct issuer *it, struct key_set *keys, int64_t max_age_s, struct issuer_event *event)
{
    int64_t now_ns = clock_ns();
    struct key_set *old = NULL;

    event->changed = !keys || it->failing || !key_set_equal(keys, it->keys);
    it->failing = !keys;
    if (keys) {
        old = it->keys;
        it->keys = keys;
        it->kept_ns = now_ns;
        it->retry_ms = ISSUER_RETRY_MIN_MS;
        it->due_ns = now_ns + fresh_ns(max_age_s);
        it->fetched++;
    } else {
        it->due_ns = now_ns + it->retry_ms * MS;
        it->retry_ms = it->retry_ms * 2 < ISSUER_RETRY_MAX_MS ? it->retry_ms * 2 : ISSUER_RETRY_MAX_MS;
        it->failed++;
    }
    event->keys = key_set_count(it->keys);
    it->running = false;
    it->rounds++;
    condition_broadcast(&it->done);
    return old;
}

static void refresh(struct issuer *it)
{
    struct issuer_event event = {.host = it->rules->host};
    bool hurried = it->wanted && it->keys;
    struct key_set *keys = NULL;
    struct error err = {0};
    int64_t max_age_s = -1;

    it->wanted = false;
    it->running = true;
    pthread_mutex_unlock(&it->lock);
    if (!fetch_keys(it, hurried, &keys, &max_age_s, &err))
        event.failure = err.argument;
    arena_reset(&it->arena, 0);
    pthread_mutex_lock(&it->lock);
    struct key_set *old = settle(it, event.failure ? NULL : keys, max_age_s, &event);
    pthread_mutex_unlock(&it->lock);
    key_set_unref(old);
    if (!is_stopping(it))
        it->options->report(&event);
    pthread_mutex_lock(&it->lock);
}

static void *keep_fresh(void *of)
{
    struct issuer *it = of;

    pthread_mutex_lock(&it->lock);
    while (!is_stopping(it)) {
        if (it->wanted || clock_ns() >= it->due_ns)
            refresh(it);
        else
            wait_until_due(it);
    }
    pthread_mutex_unlock(&it->lock);
    return NULL;
}

/* --- for whoever verifies */

static bool refuse(struct error *err, const char *reason)
{
    return error_set(err, ERR_TOKEN_INVALID, "%s", reason);
}

/* Whether a refresh runs, or will in a moment without being asked for. */
static bool is_coming(const struct issuer *it)
{
    return it->running || it->wanted || clock_ns() >= it->due_ns;
}

/* Why a kid is not known. What could not be looked up may well be right, so that its holder should not throw it away. */
static bool not_known(const struct issuer *it, struct error *err)
{
    if (!it->keys || it->failing || is_coming(it))
        return error_set(err, ERR_ISSUER_UNAVAILABLE, "%.*s", STR_ARG(it->rules->host));
    return refuse(err, "its issuer has no such key");
}

/* Until the kid is known, or it is of no use to wait longer. A refresh that runs may have begun before the key was there, so that another
 * one may be asked for after it. */
static bool wait_for(struct issuer *it, struct str kid, struct error *err)
{
    int64_t now_ns = clock_ns(), deadline_ns = now_ns + ISSUER_WAIT_MS * MS;

    for (; !key_set_has(it->keys, kid); now_ns = clock_ns()) {
        if (now_ns >= deadline_ns)
            return not_known(it, err);
        if (!is_coming(it)) {
            if (now_ns < it->hurry_ns)
                return not_known(it, err);
            it->wanted = true;
            it->hurry_ns = now_ns + ISSUER_HURRY_MS * MS;
            pthread_cond_signal(&it->wake);
        }
        if (it->waiters >= ISSUER_WAITERS_MAX)
            return error_set(err, ERR_OVERLOADED, "%s", "");
        it->waiters++;
        for (uint64_t rounds = it->rounds; it->rounds == rounds && clock_ns() < deadline_ns;)
            condition_wait(&it->done, &it->lock, deadline_ns);
        it->waiters--;
    }
    return true;
}

bool issuer_key(struct issuer *issuer, struct str kid, enum signature_algorithm algorithm, struct key_set **ret_set,
                const struct signature_key **ret_key, struct error *err)
{
    struct key_set *set = NULL;

    pthread_mutex_lock(&issuer->lock);
    if (wait_for(issuer, kid, err))
        set = key_set_ref(issuer->keys);
    pthread_mutex_unlock(&issuer->lock);
    if (!set)
        return false;
    const struct signature_key *key = key_set_find(set, kid, algorithm);
    if (!key) {
        key_set_unref(set);
        return refuse(err, "its key is for another algorithm");
    }
    *ret_set = set;
    *ret_key = key;
    return true;
}

const struct issuer_rules *issuer_rules(const struct issuer *issuer)
{
    return issuer->rules;
}

struct issuer *issuers_find(struct issuers *issuers, struct str url)
{
    for (size_t i = 0; issuers && i < issuers->n; i++)
        if (str_eq(issuers->v[i].rules->issuer, url))
            return &issuers->v[i];
    return NULL;
}

bool issuers_state(struct issuers *issuers, size_t i, struct issuer_state *ret)
{
    if (!issuers || i >= issuers->n)
        return false;
    struct issuer *it = &issuers->v[i];
    pthread_mutex_lock(&it->lock);
    *ret = (struct issuer_state){
        .issuer = it->rules->issuer,
        .host = it->rules->host,
        .fetched = it->fetched,
        .failed = it->failed,
        .keys = key_set_count(it->keys),
        .age_s = it->keys ? (clock_ns() - it->kept_ns) / (1000 * MS) : -1,
    };
    pthread_mutex_unlock(&it->lock);
    return true;
}

/* --- all of them */

static void issuer_init(struct issuer *it, const struct issuers *issuers, const struct issuer_rules *rules)
{
    pthread_condattr_t monotonic;

    *it = (struct issuer){.options = &issuers->options, .rules = rules, .stopping = &issuers->stopping, .retry_ms = ISSUER_RETRY_MIN_MS};
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&it->lock, NULL);
    pthread_cond_init(&it->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

struct issuers *issuers_new(const struct issuers_options *options)
{
    struct issuers *issuers = calloc(1, sizeof *issuers + options->list.n * sizeof issuers->v[0]);

    if (!issuers)
        return NULL;
    issuers->options = *options;
    for (issuers->n = 0; issuers->n < options->list.n; issuers->n++)
        issuer_init(&issuers->v[issuers->n], issuers, &options->list.v[issuers->n]);
    return issuers;
}

bool issuers_start(struct issuers *issuers, struct error *err)
{
    for (size_t i = 0; i < issuers->n; i++) {
        struct issuer *it = &issuers->v[i];
        if (!arena_init(&it->arena, ARENA_BYTES))
            return error_set(err, ERR_STARTUP, "no address space for the keys of issuers");
        it->started = pthread_create(&it->thread, NULL, keep_fresh, it) == 0;
        if (!it->started)
            return error_set(err, ERR_STARTUP, "no thread for the keys of issuers");
    }
    return true;
}

void issuers_free(struct issuers *issuers)
{
    if (!issuers)
        return;
    __atomic_store_n(&issuers->stopping, true, __ATOMIC_RELEASE);
    for (size_t i = 0; i < issuers->n; i++) {
        struct issuer *it = &issuers->v[i];
        pthread_mutex_lock(&it->lock);
        pthread_cond_broadcast(&it->wake);
        pthread_mutex_unlock(&it->lock);
        if (it->started)
            pthread_join(it->thread, NULL);
        arena_done(&it->arena);
        key_set_unref(it->keys);
        pthread_cond_destroy(&it->wake);
        pthread_mutex_destroy(&it->lock);
    }
    free(issuers);
}
