/* pattern.c: runs regular expressions. The only part that knows PCRE2; knows nothing of schemas. */
#include "contract/pattern.h"

#include "contract/pattern_syntax.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdio.h>

/* WORK_BYTES: of address space; PCRE2 doubles what it works in up to HEAP_LIMIT_KIB, and keeps it. */
enum { MATCH_LIMIT = 500000, HEAP_LIMIT_KIB = 8192, WORK_BYTES = 4 * HEAP_LIMIT_KIB * 1024, WORKS = 16 };

/* What is matched in: memory of its own, so that a text that fits is not refused for want of some. */
struct work {
    struct arena arena;
    pcre2_match_data *data;
};

/* Lent for a match: of a thousand threads few match at the same time. */
static struct {
    pthread_mutex_t lock; /* guards the free ones */
    pthread_cond_t returned;
    struct work all[WORKS], *free[WORKS];
    int n_free;
} works = {.lock = PTHREAD_MUTEX_INITIALIZER, .returned = PTHREAD_COND_INITIALIZER};

struct pattern {
    pcre2_code *code;
    pcre2_match_context *limits;
};

static void *allocate(size_t n, void *arena)
{
    return arena_alloc(arena, n);
}

/* The arena frees all at once. */
static void keep(void *p, void *arena)
{
    (void)p, (void)arena;
}

static bool compile(struct arena *a, struct str text, struct pattern *pattern, char ret_reason[PATTERN_REASON_BYTES])
{
    int code;
    size_t offset;
    pcre2_general_context *memory = pcre2_general_context_create(allocate, keep, a);
    pcre2_compile_context *rules = pcre2_compile_context_create(memory);

    pcre2_set_compile_extra_options(rules, PCRE2_EXTRA_ALT_BSUX);
    pattern->code = pcre2_compile((PCRE2_SPTR)text.p, text.n,
                                  PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS |
                                      PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C,
                                  &code, &offset, rules);
    if (!pattern->code) {
        pcre2_get_error_message(code, (PCRE2_UCHAR *)ret_reason, PATTERN_REASON_BYTES);
        return false;
    }
    pattern->limits = pcre2_match_context_create(memory);
    pcre2_set_match_limit(pattern->limits, MATCH_LIMIT);
    pcre2_set_heap_limit(pattern->limits, HEAP_LIMIT_KIB);
    return true;
}

bool pattern_compile(struct arena *a, struct str text, const struct pattern **ret, char ret_reason[PATTERN_REASON_BYTES])
{
    struct buf translated;
    struct pattern_traits traits;
    const char *reason;
    struct pattern *pattern = arena_new(a, struct pattern);

    buf_init(&translated, PATTERN_BYTES_MAX);
    buf_add(&translated, STR(""));
    bool done = pattern_translate(text, &translated, &traits, &reason);
    if (!done)
        snprintf(ret_reason, PATTERN_REASON_BYTES, "%s", reason);
    else
        done = compile(a, translated.n ? buf_str(&translated) : STR(""), pattern, ret_reason);
    buf_done(&translated);
    if (done)
        *ret = pattern;
    return done;
}

static void works_make(void)
{
    for (; works.n_free < WORKS; works.n_free++) {
        struct work *work = &works.all[works.n_free];
        if (!arena_init(&work->arena, WORK_BYTES))
            return;
        work->data = pcre2_match_data_create(1, pcre2_general_context_create(allocate, keep, &work->arena));
        works.free[works.n_free] = work;
    }
}

bool pattern_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, works_make);
    return works.all[0].data;
}

/* The one that was used last, of those that are free; waits where none is, which is not for long: a match only computes. */
static struct work *work_take(void)
{
    pthread_mutex_lock(&works.lock);
    while (works.n_free == 0)
        pthread_cond_wait(&works.returned, &works.lock);
    struct work *work = works.free[--works.n_free];
    pthread_mutex_unlock(&works.lock);
    return work;
}

static void work_return(struct work *work)
{
    pthread_mutex_lock(&works.lock);
    works.free[works.n_free++] = work;
    pthread_mutex_unlock(&works.lock);
    pthread_cond_signal(&works.returned);
}

bool pattern_fits(const struct pattern *pattern, struct str text)
{
    if (!pattern_init())
        return false;
    struct work *work = work_take();
    bool fits = pcre2_match(pattern->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, 0, 0, work->data, pattern->limits) >= 0;
    work_return(work);
    return fits;
}

bool pattern_is_safe(struct str text, const char **ret_reason)
{
    struct buf translated;
    struct pattern_traits traits;

    buf_init(&translated, PATTERN_BYTES_MAX);
    bool readable = pattern_translate(text, &translated, &traits, ret_reason);
    buf_done(&translated);
    if (!readable)
        return false;
    *ret_reason = traits.refers_back    ? "it refers back to a group"
                  : traits.looks_behind ? "it looks behind"
                  : traits.nests        ? "it repeats without bound inside a repetition"
                                        : NULL;
    return !*ret_reason;
}
