/* cache.c: statements by key and by last use. Knows nothing of PostgreSQL. */
#include "db/cache.h"

static struct cache_entry **bucket_of(struct cache *cache, struct db_key key)
{
    uint64_t mixed = (key.a ^ (key.b << 1)) * 0x9e3779b97f4a7c15u; /* Fibonacci hashing: the high bits are the mixed ones */
    return &cache->buckets[mixed >> 54];
}
_Static_assert(CACHE_BUCKETS == 1 << (64 - 54), "the hash gives as many bits as there are buckets");

static void unlink_use(struct cache *cache, struct cache_entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct cache *cache, struct cache_entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

void cache_clear(struct cache *cache)
{
    memset(cache, 0, sizeof *cache);
}

struct cache_entry *cache_find(struct cache *cache, struct db_key key)
{
    struct cache_entry *entry = *bucket_of(cache, key);

    while (entry && (entry->key.a != key.a || entry->key.b != key.b))
        entry = entry->next;
    if (entry && entry != cache->newest) {
        unlink_use(cache, entry);
        link_newest(cache, entry);
    }
    return entry;
}

void cache_remove(struct cache *cache, struct cache_entry *entry)
{
    struct cache_entry **at = bucket_of(cache, entry->key);

    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    unlink_use(cache, entry);
    entry->next = cache->unused;
    cache->unused = entry;
}

struct cache_entry *cache_add(struct cache *cache, struct db_key key, uint64_t serial, uint64_t *ret_evicted)
{
    struct cache_entry *entry, **bucket = bucket_of(cache, key);

    *ret_evicted = 0;
    if (!cache->unused && cache->touched == CACHE_ENTRIES) {
        if (!cache->oldest->ready)
            return NULL;
        *ret_evicted = cache->oldest->serial;
        cache_remove(cache, cache->oldest);
    }
    entry = cache->unused;
    if (entry)
        cache->unused = entry->next;
    else
        entry = &cache->entries[cache->touched++];
    *entry = (struct cache_entry){.key = key, .serial = serial, .next = *bucket};
    *bucket = entry;
    link_newest(cache, entry);
    return entry;
}
