/* pattern.c: runs regular expressions. The only part that knows PCRE2; knows nothing of schemas. */
#include "contract/pattern.h"

#include "contract/pattern_syntax.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* WORK_BYTES: of address space; PCRE2 doubles what it works in up to HEAP_LIMIT_KIB, and keeps it. */
enum { MATCH_LIMIT = 500000, HEAP_LIMIT_KIB = 8192, WORK_BYTES = 4 * HEAP_LIMIT_KIB * 1024 };

/* What a thread matches in: its own memory, so that a text that fits is not refused for want of some. */
struct work {
    struct arena arena;
    pcre2_match_data *data;
};

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

static pthread_key_t work_key;

static void work_free(void *of)
{
    struct work *work = of;

    arena_done(&work->arena);
    free(work);
}

static void make_key(void)
{
    if (pthread_key_create(&work_key, work_free))
        abort();
}

static struct work *work_new(void)
{
    struct work *work = calloc(1, sizeof *work);

    if (!work || !arena_init(&work->arena, WORK_BYTES)) {
        free(work);
        return NULL;
    }
    work->data = pcre2_match_data_create(1, pcre2_general_context_create(allocate, keep, &work->arena));
    return work;
}

bool pattern_thread_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_key);
    if (pthread_getspecific(work_key))
        return true;
    struct work *work = work_new();
    if (work && pthread_setspecific(work_key, work) == 0)
        return true;
    if (work)
        work_free(work);
    return false;
}

bool pattern_fits(const struct pattern *pattern, struct str text)
{
    if (!pattern_thread_init())
        return false;
    const struct work *work = pthread_getspecific(work_key);
    return pcre2_match(pattern->code, (PCRE2_SPTR)(text.p ? text.p : ""), text.n, 0, 0, work->data, pattern->limits) >= 0;
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
