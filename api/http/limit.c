/* limit.c: a table of what was granted to whom. Knows nothing of requests. */
#include "http/limit.h"

#include "base/crypto.h"
#include "base/siphash.h"

#include <pthread.h>

enum { SETS = 4096, WAYS = 7, LOCKS = 64 };

_Static_assert(SETS % LOCKS == 0, "a set has one lock");
static const int64_t KEY_NS = INT64_C(86400) * 1000000000;

/* GCRA's theoretical arrival time; when it has passed, all is there again and the entry says nothing any more. */
struct entry {
    uint64_t tag;
    int64_t whole_ns;
};

/* Where somebody's entry may stand. */
struct set {
    struct entry shared; /* of all who find no way free; its tag is unused */
    struct entry ways[WAYS];
};

struct limits {
    struct limit_policy policies[LIMITS];
    struct set *sets[LIMITS]; /* tables of their own, so that who floods one policy crowds nobody out of another */
    pthread_rwlock_t keyed;   /* held to write while key and tables change */
    unsigned char key[SIPHASH_KEY_BYTES];
    int64_t key_ends_ns;
    pthread_mutex_t locks[LOCKS]; /* each of the sets whose number leaves the same remainder */
};

struct limits *limits_new(struct arena *a, const struct config *config)
{
    struct limits *limits = arena_new(a, struct limits);

#define LIMIT_POLICY(limit, name, setting, window_s) \
    limits->policies[limit] = (struct limit_policy){STR(name), config->setting, window_s, {NULL, 0}};
    LIMIT_LIST(LIMIT_POLICY)
#undef LIMIT_POLICY
    for (int i = LIMIT_NONE + 1; i < LIMITS; i++) {
        struct limit_policy *policy = &limits->policies[i];
        policy->field = arena_printf(a, "\"%.*s\";q=%d;w=%d", STR_ARG(policy->name), policy->requests, policy->window_s);
        if (policy->requests)
            limits->sets[i] = arena_array(a, struct set, SETS);
    }
    pthread_rwlock_init(&limits->keyed, NULL);
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&limits->locks[i], NULL);
    return limits;
}

const struct limit_policy *limits_policy(const struct limits *limits, enum limit limit)
{
    return &limits->policies[limit];
}

/* A new key once a day. What was counted under the old one is forgotten. */
static void renew_key(struct limits *limits, int64_t now_ns)
{
    if (now_ns < __atomic_load_n(&limits->key_ends_ns, __ATOMIC_ACQUIRE))
        return;
    pthread_rwlock_wrlock(&limits->keyed);
    if (now_ns >= limits->key_ends_ns) {
        crypto_random(limits->key, sizeof limits->key);
        for (int i = 0; i < LIMITS; i++)
            if (limits->sets[i])
                memset(limits->sets[i], 0, SETS * sizeof(struct set));
        __atomic_store_n(&limits->key_ends_ns, now_ns + KEY_NS, __ATOMIC_RELEASE);
    }
    pthread_rwlock_unlock(&limits->keyed);
}

/* The client's hash goes before the address, so that the ends of both are told apart. */
static uint64_t tag_of(const struct limits *limits, struct limit_who who)
{
    enum { ADDRESS_BYTES_MAX = 16 };
    uint64_t client = siphash(limits->key, who.client);
    char text[sizeof client + ADDRESS_BYTES_MAX];
    size_t n = who.address.n < ADDRESS_BYTES_MAX ? who.address.n : ADDRESS_BYTES_MAX;

    memcpy(text, &client, sizeof client);
    if (n)
        memcpy(text + sizeof client, who.address.p, n);
    return siphash(limits->key, (struct str){text, sizeof client + n});
}

/* Their own entry; else, made theirs, the one that says nothing for the longest time; else the one that is shared. */
static struct entry *find(struct set *set, uint64_t tag, int64_t now_ns)
{
    struct entry *oldest = &set->ways[0];

    for (int i = 0; i < WAYS; i++) {
        if (set->ways[i].tag == tag)
            return &set->ways[i];
        if (set->ways[i].whole_ns < oldest->whole_ns)
            oldest = &set->ways[i];
    }
    if (oldest->whole_ns > now_ns)
        return &set->shared;
    *oldest = (struct entry){tag, 0};
    return oldest;
}

static bool grant(const struct limit_policy *policy, struct entry *entry, int64_t now_ns, bool take, struct limit_state *ret)
{
    int64_t each_ns = policy->window_s * INT64_C(1000000000) / policy->requests, window_ns = each_ns * policy->requests;
    int64_t spent_ns = entry->whole_ns > now_ns ? entry->whole_ns - now_ns : 0;
    bool granted = spent_ns + each_ns <= window_ns;

    if (granted && take)
        entry->whole_ns = now_ns + (spent_ns += each_ns);
    ret->remaining = (int)((window_ns - spent_ns) / each_ns);
    int64_t wait_ns = spent_ns ? spent_ns - (window_ns - (ret->remaining + 1) * each_ns) : 0;
    ret->wait_s = (int)((wait_ns + 999999999) / 1000000000);
    ret->refused = !granted;
    return granted;
}

static bool ask(struct limits *limits, struct limit_state *ret, struct limit_who who, int64_t now_ns, bool take)
{
    const struct limit_policy *policy = &limits->policies[ret->limit];

    if (!policy->requests) {
        *ret = (struct limit_state){.limit = LIMIT_NONE};
        return true;
    }
    renew_key(limits, now_ns);
    pthread_rwlock_rdlock(&limits->keyed);
    uint64_t tag = tag_of(limits, who);
    pthread_mutex_t *lock = &limits->locks[tag % LOCKS];
    pthread_mutex_lock(lock);
    bool granted = grant(policy, find(&limits->sets[ret->limit][tag % SETS], tag, now_ns), now_ns, take, ret);
    pthread_mutex_unlock(lock);
    pthread_rwlock_unlock(&limits->keyed);
    return granted;
}

bool limits_take(struct limits *limits, enum limit limit, struct limit_who who, int64_t now_ns, struct limit_state *ret)
{
    *ret = (struct limit_state){.limit = limit};
    return ask(limits, ret, who, now_ns, true);
}

bool limits_look(struct limits *limits, enum limit limit, struct limit_who who, int64_t now_ns, struct limit_state *ret)
{
    *ret = (struct limit_state){.limit = limit};
    return ask(limits, ret, who, now_ns, false);
}
