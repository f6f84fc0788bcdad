/* token_cache.c: a table of verified tokens by their SHA-256: sets of a few places each. Knows nothing of keys and of what makes a
 * token good. Once kept, an entry never changes: a set's lock is held only to find it and count who reads it. */
#include "auth/token_cache.h"

#include "base/crypto.h"

#include <pthread.h>
#include <stdlib.h>

struct entry {
    int users; /* its place, and who reads it now */
    int64_t kept_s;
    unsigned char digest[DIGEST_BYTES];
    struct known known; /* strings in text */
    char text[];
};

struct token_cache {
    int64_t forgotten_s; /* what was asked until then counts no more */
    struct set {
        pthread_mutex_t lock;
        struct entry *entries[TOKEN_CACHE_WAYS];
    } sets[TOKEN_CACHE_SETS];
};

struct token_cache *token_cache_new(void)
{
    struct token_cache *cache = calloc(1, sizeof *cache);

    for (size_t i = 0; cache && i < TOKEN_CACHE_SETS; i++)
        pthread_mutex_init(&cache->sets[i].lock, NULL);
    return cache;
}

static void entry_unref(struct entry *entry)
{
    if (entry && __atomic_sub_fetch(&entry->users, 1, __ATOMIC_ACQ_REL) == 0)
        free(entry);
}

void token_cache_free(struct token_cache *cache)
{
    for (size_t i = 0; cache && i < TOKEN_CACHE_SETS; i++) {
        for (size_t way = 0; way < TOKEN_CACHE_WAYS; way++)
            entry_unref(cache->sets[i].entries[way]);
        pthread_mutex_destroy(&cache->sets[i].lock);
    }
    free(cache);
}

static struct set *set_of(struct token_cache *cache, const unsigned char digest[DIGEST_BYTES])
{
    size_t n = (size_t)digest[0] << 8 | digest[1];
    return &cache->sets[n % TOKEN_CACHE_SETS];
}

/* Whether the entry still stands. A clock that was set back makes it stale, too. */
static bool is_fresh(const struct token_cache *cache, const struct entry *entry, int64_t now_s)
{
    return entry->kept_s > __atomic_load_n(&cache->forgotten_s, __ATOMIC_ACQUIRE) && now_s >= entry->kept_s &&
           now_s - entry->kept_s < TOKEN_CACHE_AGE_MAX_S && now_s < entry->known.claims.expires_s;
}

static struct entry *entry_ref(const struct token_cache *cache, struct set *set, const unsigned char digest[DIGEST_BYTES], int64_t now_s)
{
    struct entry *found = NULL;

    pthread_mutex_lock(&set->lock);
    for (size_t way = 0; way < TOKEN_CACHE_WAYS; way++) {
        struct entry *entry = set->entries[way];
        if (entry && crypto_equal(entry->digest, digest, DIGEST_BYTES) && is_fresh(cache, entry, now_s))
            found = entry;
    }
    if (found)
        __atomic_add_fetch(&found->users, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&set->lock);
    return found;
}

enum { TEXTS = 10 };

/* The strings of what is known by number: the texts, then the scopes. */
static struct str *string_at(struct known *known, size_t i)
{
    struct claims *claims = &known->claims;
    struct person *person = &known->person;
    struct str *const texts[TEXTS] = {
        &claims->subject, &claims->role,   &claims->affiliation, &claims->organization, &claims->source,
        &claims->id,      &claims->client, &person->id,          &person->name,         &person->state,
    };
    return i < TEXTS ? texts[i] : &claims->scopes[i - TEXTS];
}

static size_t strings_of(const struct known *known)
{
    return TEXTS + known->claims.n_scopes;
}

bool token_cache_find(struct token_cache *cache, struct arena *a, struct str token, int64_t now_s, struct known *ret)
{
    unsigned char digest[DIGEST_BYTES];

    crypto_digest(token, digest);
    struct entry *entry = entry_ref(cache, set_of(cache, digest), digest, now_s);
    if (!entry)
        return false;
    *ret = entry->known;
    for (size_t i = 0; i < strings_of(ret); i++) {
        struct str *s = string_at(ret, i);
        *s = s->p ? arena_copy(a, *s) : *s;
    }
    entry_unref(entry);
    return true;
}

/* A copy of what is known. NULL without memory. */
static struct entry *entry_new(struct str token, int64_t now_s, const struct known *known)
{
    struct known own = *known;
    size_t bytes = 0;

    for (size_t i = 0; i < strings_of(&own); i++)
        bytes += string_at(&own, i)->n;
    struct entry *entry = malloc(sizeof *entry + bytes);
    if (!entry)
        return NULL;
    char *at = entry->text;
    for (size_t i = 0; i < strings_of(&own); i++) {
        struct str *s = string_at(&own, i);
        if (!s->p)
            continue;
        memcpy(at, s->p, s->n);
        s->p = at;
        at += s->n;
    }
    crypto_digest(token, entry->digest);
    entry->users = 1;
    entry->kept_s = now_s;
    entry->known = own;
    return entry;
}

/* The place for a new entry: its own, an empty one, that of a stale one, that of the oldest. */
static struct entry **place_in(const struct token_cache *cache, struct set *set, const struct entry *fresh)
{
    struct entry **worst = &set->entries[0];
    int64_t worst_s = INT64_MAX;

    for (size_t way = 0; way < TOKEN_CACHE_WAYS; way++) {
        struct entry **at = &set->entries[way];
        if (*at && crypto_equal((*at)->digest, fresh->digest, DIGEST_BYTES))
            return at;
        int64_t kept_s = *at && is_fresh(cache, *at, fresh->kept_s) ? (*at)->kept_s : INT64_MIN;
        if (kept_s < worst_s) {
            worst = at;
            worst_s = kept_s;
        }
    }
    return worst;
}

void token_cache_keep(struct token_cache *cache, struct str token, int64_t now_s, const struct known *known)
{
    struct entry *entry = entry_new(token, now_s, known);

    if (!entry)
        return;
    struct set *set = set_of(cache, entry->digest);
    pthread_mutex_lock(&set->lock);
    struct entry **place = place_in(cache, set, entry), *old = *place;
    *place = entry;
    pthread_mutex_unlock(&set->lock);
    entry_unref(old);
}

void token_cache_forget(struct token_cache *cache, int64_t now_s)
{
    __atomic_store_n(&cache->forgotten_s, now_s, __ATOMIC_RELEASE);
}
