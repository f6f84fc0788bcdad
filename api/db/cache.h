/* cache.h: which statements one connection has prepared: a hash table that forgets the least recently used.
 * Knows nothing of PostgreSQL. Used by one thread at a time. */
#ifndef DB_CACHE_H
#define DB_CACHE_H

#include "db/db.h"

enum { CACHE_ENTRIES = 512, CACHE_BUCKETS = 1024 };

struct cache_entry {
    struct db_key key;
    uint64_t serial; /* makes the statement's name; never used twice on a connection */
    bool ready;      /* the server has confirmed it */
    struct cache_entry *newer, *older; /* by last use */
    struct cache_entry *next;          /* in its bucket, or in the list of unused ones */
};

/* Plain data. Entries do not move. All zero is an empty cache. */
struct cache {
    struct cache_entry entries[CACHE_ENTRIES];
    struct cache_entry *buckets[CACHE_BUCKETS], *newest, *oldest, *unused;
    size_t touched; /* entries that were ever used, all before entries + touched */
};

/* Forgets everything. */
void cache_clear(struct cache *cache);

/* The entry of key, which becomes the most recently used, or NULL. */
struct cache_entry *cache_find(struct cache *cache, struct db_key key);

/* Adds a key that is not there, not ready, as the most recently used. In a full cache it takes the place of the least
 * recently used, whose serial goes to *ret_evicted (else 0). NULL when that one is not ready, so that it may not go. */
struct cache_entry *cache_add(struct cache *cache, struct db_key key, uint64_t serial, uint64_t *ret_evicted);

/* Forgets one entry. */
void cache_remove(struct cache *cache, struct cache_entry *entry);

#endif
