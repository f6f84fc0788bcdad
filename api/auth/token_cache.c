/* token_cache.c: a table of verified tokens, a slot for each by its signature. Knows nothing of keys and of what makes a
 * token good. Once kept, an entry never changes: a slot's lock is held only to count who reads it. */
#include "auth/token_cache.h"

#include "base/crypto.h"

#include <pthread.h>
#include <stdlib.h>

enum { TAIL_BYTES = 16 }; /* of the signature, which no two tokens share */

struct entry {
    int users; /* the slot, and who reads it now */
    int64_t kept_s;
    struct claims claims; /* strings in text */
    size_t token_bytes;
    char text[]; /* the token, then the claims' strings */
};

struct token_cache {
    struct slot {
        pthread_mutex_t lock;
        struct entry *entry;
    } slots[TOKEN_CACHE_SLOTS];
};

struct token_cache *token_cache_new(void)
{
    struct token_cache *cache = calloc(1, sizeof *cache);

    for (size_t i = 0; cache && i < TOKEN_CACHE_SLOTS; i++)
        pthread_mutex_init(&cache->slots[i].lock, NULL);
    return cache;
}

static void entry_unref(struct entry *entry)
{
    if (entry && __atomic_sub_fetch(&entry->users, 1, __ATOMIC_ACQ_REL) == 0)
        free(entry);
}

void token_cache_free(struct token_cache *cache)
{
    for (size_t i = 0; cache && i < TOKEN_CACHE_SLOTS; i++) {
        entry_unref(cache->slots[i].entry);
        pthread_mutex_destroy(&cache->slots[i].lock);
    }
    free(cache);
}

/* Only chooses where to look; the whole token is compared there. */
static struct slot *slot_of(struct token_cache *cache, struct str token)
{
    struct str tail = str_skip(token, token.n > TAIL_BYTES ? token.n - TAIL_BYTES : 0);
    return &cache->slots[str_hash(tail) % TOKEN_CACHE_SLOTS];
}

static struct entry *entry_ref(struct slot *slot)
{
    pthread_mutex_lock(&slot->lock);
    struct entry *entry = slot->entry;
    if (entry)
        __atomic_add_fetch(&entry->users, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&slot->lock);
    return entry;
}

enum { TEXTS = 6 };

/* The strings of claims by number: the texts, then the scopes. */
static struct str *string_at(struct claims *claims, size_t i)
{
    struct str *const texts[TEXTS] = {&claims->subject,      &claims->role,   &claims->affiliation,
                                      &claims->organization, &claims->source, &claims->id};
    return i < TEXTS ? texts[i] : &claims->scopes[i - TEXTS];
}

/* Whether the entry still stands for this token. A clock that was set back makes it stale, too. */
static bool answers(const struct entry *entry, struct str token, int64_t now_s)
{
    return entry->token_bytes == token.n && crypto_equal(entry->text, token.p, token.n) && now_s >= entry->kept_s &&
           now_s - entry->kept_s < TOKEN_CACHE_AGE_MAX_S && now_s < entry->claims.expires_s;
}

bool token_cache_find(struct token_cache *cache, struct arena *a, struct str token, int64_t now_s, struct claims *ret)
{
    struct entry *entry = entry_ref(slot_of(cache, token));
    bool found = entry && answers(entry, token, now_s);

    if (found) {
        *ret = entry->claims;
        for (size_t i = 0; i < TEXTS + ret->n_scopes; i++) {
            struct str *s = string_at(ret, i);
            *s = s->p ? arena_copy(a, *s) : *s;
        }
    }
    entry_unref(entry);
    return found;
}

/* A copy of both. NULL without memory. */
static struct entry *entry_new(struct str token, int64_t now_s, const struct claims *claims)
{
    struct claims own = *claims;
    size_t bytes = token.n;

    for (size_t i = 0; i < TEXTS + own.n_scopes; i++)
        bytes += string_at(&own, i)->n;
    struct entry *entry = malloc(sizeof *entry + bytes);
    if (!entry)
        return NULL;
    memcpy(entry->text, token.p, token.n);
    char *at = entry->text + token.n;
    for (size_t i = 0; i < TEXTS + own.n_scopes; i++) {
        struct str *s = string_at(&own, i);
        if (!s->p)
            continue;
        memcpy(at, s->p, s->n);
        s->p = at;
        at += s->n;
    }
    entry->users = 1;
    entry->kept_s = now_s;
    entry->claims = own;
    entry->token_bytes = token.n;
    return entry;
}

void token_cache_keep(struct token_cache *cache, struct str token, int64_t now_s, const struct claims *claims)
{
    struct slot *slot = slot_of(cache, token);
    struct entry *entry = entry_new(token, now_s, claims);

    if (!entry)
        return;
    pthread_mutex_lock(&slot->lock);
    struct entry *old = slot->entry;
    slot->entry = entry;
    pthread_mutex_unlock(&slot->lock);
    entry_unref(old);
}
