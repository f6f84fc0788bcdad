/* answers.c: a table of answers by what was asked. Once made, an answer never changes: the lock is held only to find it and count
 * who reads it. Knows nothing of how answers are made. */
#include "operation/answers.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/siphash.h"
#include "operation/etag.h"
#include "task/wait.h"

#include <pthread.h>
#include <stdlib.h>

static const int64_t AGE_MAX_NS = ANSWERS_AGE_MAX_S * INT64_C(1000) * 1000 * 1000;

enum kept_state { BEING_MADE, MADE, FAILED };

struct kept {
    int users; /* its slot, who makes it, who waits for it or reads it */
    enum kept_state state;
    uint64_t generation;
    int64_t begun_ns;
    struct str key;
    struct header headers[ANSWERS_HEADERS_MAX];
    size_t n_headers;
    struct str content_type; /* the contract's */
    struct str body;
    char *text;   /* of headers and body */
    size_t bytes; /* of text and key */
    char key_text[];
};

struct answers {
    unsigned char hash_key[SIPHASH_KEY_BYTES];
    size_t bytes_max;
    pthread_mutex_t lock; /* guards what follows, and state and users of what is kept */
    struct condition made;
    bool is_told;
    uint64_t generation, found;
    size_t bytes;
    struct kept *sets[ANSWERS_SETS][ANSWERS_WAYS];
};

struct answers *answers_new(size_t bytes_max)
{
    struct answers *answers = calloc(1, sizeof *answers);

    if (!answers)
        return NULL;
    answers->bytes_max = bytes_max;
    crypto_random(answers->hash_key, sizeof answers->hash_key);
    pthread_mutex_init(&answers->lock, NULL);
    return answers;
}

size_t answers_largest(const struct answers *answers)
{
    return answers->bytes_max / 16;
}

static void unref(struct kept *kept)
{
    if (--kept->users > 0)
        return;
    free(kept->text);
    free(kept);
}

static void empty(struct answers *answers, struct kept **slot)
{
    if (!*slot)
        return;
    answers->bytes -= (*slot)->bytes;
    unref(*slot);
    *slot = NULL;
}

static void empty_all(struct answers *answers)
{
    for (size_t i = 0; i < ANSWERS_SETS; i++)
        for (size_t way = 0; way < ANSWERS_WAYS; way++)
            empty(answers, &answers->sets[i][way]);
}

void answers_free(struct answers *answers)
{
    if (!answers)
        return;
    empty_all(answers);
    pthread_mutex_destroy(&answers->lock);
    free(answers);
}

void answers_forget(struct answers *answers)
{
    pthread_mutex_lock(&answers->lock);
    answers->generation++;
    pthread_mutex_unlock(&answers->lock);
}

void answers_trust(struct answers *answers, bool is_told)
{
    pthread_mutex_lock(&answers->lock);
    answers->generation++;
    answers->is_told = is_told;
    pthread_mutex_unlock(&answers->lock);
}

/* What an answer hangs on: operation, format, language, the path's values and the query as they came. */
static struct str key_of(const struct call *call)
{
    struct str key = arena_printf(call->arena, "%zu %d %d", call->operation->index, (int)call->format, (int)call->language);

    for (size_t i = 0; i < call->route.n_values; i++)
        key = arena_printf(call->arena, "%.*s/%.*s", STR_ARG(key), STR_ARG(call->route.values[i]));
    return arena_printf(call->arena, "%.*s?%.*s", STR_ARG(key), STR_ARG(call->query));
}

static bool holds(const struct answers *answers, const struct kept *kept, int64_t now_ns)
{
    return kept->state != FAILED && kept->generation == answers->generation && now_ns - kept->begun_ns < AGE_MAX_NS;
}

/* The place of what is kept for the key; or else of a new one: an empty one, that of what holds no more, that of the oldest. */
static struct kept **slot_of(struct answers *answers, struct str key, int64_t now_ns)
{
    struct kept **set = answers->sets[siphash(answers->hash_key, key) % ANSWERS_SETS], **worst = set;
    int64_t worst_ns = INT64_MAX;

    for (size_t way = 0; way < ANSWERS_WAYS; way++) {
        const struct kept *kept = set[way];
        if (kept && str_eq(kept->key, key))
            return &set[way];
        int64_t begun_ns = !kept ? -1 : holds(answers, kept, now_ns) ? kept->begun_ns : 0;
        if (begun_ns < worst_ns) {
            worst_ns = begun_ns;
            worst = &set[way];
        }
    }
    return worst;
}

/* Puts a new one into the slot, for its caller to make. */
static struct kept *begin(struct answers *answers, struct kept **slot, struct str key, int64_t now_ns)
{
    struct kept *kept = calloc(1, sizeof *kept + key.n);

    if (!kept)
        return NULL;
    memcpy(kept->key_text, key.p, key.n);
    kept->key = (struct str){kept->key_text, key.n};
    kept->generation = answers->generation;
    kept->begun_ns = now_ns;
    kept->bytes = key.n;
    kept->users = 2;
    empty(answers, slot);
    *slot = kept;
    answers->bytes += kept->bytes;
    return kept;
}

/* What there is for the key, counted as used; or else a new one in *ret_begun, or neither. With the lock held. */
static struct kept *find(struct answers *answers, struct str key, bool begins, struct kept **ret_begun)
{
    int64_t now_ns = clock_ns();
    struct kept **slot = slot_of(answers, key, now_ns);

    *ret_begun = NULL;
    if (!answers->is_told)
        return NULL;
    if (*slot && str_eq((*slot)->key, key) && holds(answers, *slot, now_ns)) {
        (*slot)->users++;
        return *slot;
    }
    if (begins)
        *ret_begun = begin(answers, slot, key, now_ns);
    return NULL;
}

/* Until it is made or has failed, or the deadline: what has become of it. With the lock held. */
static enum kept_state await(struct answers *answers, const struct kept *kept, int64_t deadline_ns)
{
    while (kept->state == BEING_MADE && condition_wait(&answers->made, &answers->lock, deadline_ns))
        ;
    return kept->state;
}

static struct header copy_header(struct arena *a, const struct header *header)
{
    return (struct header){arena_copy(a, header->name), arena_copy(a, header->value)};
}

/* As a call is told it that may have it already (RFC 9110 13.1.2, 15.4.5). */
static void give(const struct kept *kept, const struct call *call, struct reply *reply)
{
    for (size_t i = 0; i < kept->n_headers; i++) {
        struct header header = copy_header(call->arena, &kept->headers[i]);
        if (!str_eq(header.name, STR("ETag")) || !etag_none_match(call->if_none_match, header.value))
            continue;
        reply->status = 304;
        reply->content_type = (struct str){NULL, 0};
        reply_header(reply, header.name, header.value);
        return;
    }
    for (size_t i = 0; i < kept->n_headers; i++) {
        struct header header = copy_header(call->arena, &kept->headers[i]);
        reply_header(reply, header.name, header.value);
    }
    reply->content_type = kept->content_type;
    buf_add(reply->body, kept->body);
}

enum answers_outcome answers_take(struct answers *answers, const struct call *call, struct reply *reply, struct kept **ret)
{
    struct str key = key_of(call);
    bool makes = call->if_none_match.n == 0; /* else it may be told that nothing has changed, which costs less than the answer */

    pthread_mutex_lock(&answers->lock);
    struct kept *kept = find(answers, key, makes, ret);
    bool found = kept && await(answers, kept, call->deadline_ns) == MADE;
    answers->found += found;
    if (kept && !found)
        unref(kept);
    pthread_mutex_unlock(&answers->lock);
    if (!found)
        return *ret ? ANSWERS_MAKE : ANSWERS_PASS;
    give(kept, call, reply);
    pthread_mutex_lock(&answers->lock);
    unref(kept);
    pthread_mutex_unlock(&answers->lock);
    return ANSWERS_FOUND;
}

static struct str append(char **at, struct str s)
{
    struct str copy = {*at, s.n};

    if (s.n)
        memcpy(*at, s.p, s.n);
    *at += s.n;
    return copy;
}

/* Copies the reply. False when it cannot be kept. */
static bool fill(struct kept *kept, const struct reply *reply)
{
    size_t bytes = reply->body->n;

    if (reply->status != 200 || reply->n_headers > ANSWERS_HEADERS_MAX)
        return false;
    for (size_t i = 0; i < reply->n_headers; i++)
        bytes += reply->headers[i].name.n + reply->headers[i].value.n;
    char *at = kept->text = malloc(bytes ? bytes : 1);
    if (!at)
        return false;
    for (size_t i = 0; i < reply->n_headers; i++)
        kept->headers[i] = (struct header){append(&at, reply->headers[i].name), append(&at, reply->headers[i].value)};
    kept->n_headers = reply->n_headers;
    kept->content_type = reply->content_type;
    kept->body = append(&at, buf_str(reply->body));
    return true;
}

/* Counts what it holds now, if its slot still has it. Where that is too much, all goes: what is asked for comes back. */
static void account(struct answers *answers, struct kept *kept)
{
    struct kept **slot = slot_of(answers, kept->key, kept->begun_ns);
    size_t text_bytes = kept->text ? (size_t)(kept->body.p + kept->body.n - kept->text) : 0;

    if (*slot != kept)
        return;
    kept->bytes += text_bytes;
    answers->bytes += text_bytes;
    if (kept->state == FAILED || text_bytes > answers_largest(answers))
        empty(answers, slot);
    else if (answers->bytes > answers->bytes_max)
        empty_all(answers);
}

void answers_made(struct answers *answers, struct kept *kept, const struct reply *reply)
{
    bool filled = reply && fill(kept, reply);

    pthread_mutex_lock(&answers->lock);
    kept->state = filled ? MADE : FAILED;
    account(answers, kept);
    condition_broadcast(&answers->made);
    unref(kept);
    pthread_mutex_unlock(&answers->lock);
}

void answers_state(struct answers *answers, uint64_t *ret_found, size_t *ret_bytes)
{
    pthread_mutex_lock(&answers->lock);
    *ret_found = answers->found;
    *ret_bytes = answers->bytes;
    pthread_mutex_unlock(&answers->lock);
}
