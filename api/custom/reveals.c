/* reveals.c: compares a text with what is private, and tells where something stands. Knows nothing of complaints. */
#include "custom/reveals.h"

#include <assert.h>

enum { NEVER = 0 };

/* How a private text is compared, by what it is. */
static const struct comparison {
    struct str member;
    size_t run;            /* so many words in a row are its own */
    enum reveal run_kind;
    bool every;            /* every word of it tells, not only those with capitals and digits */
    size_t word_min;       /* of so many characters at least */
    enum reveal word_kind;
    size_t digits_min;     /* a word with digits tells from so many characters on; NEVER */
    enum reveal digits_kind;
} comparisons[] = {
    {STR_INIT("name"), NEVER, REVEALS_NAME, true, 2, REVEALS_NAME, NEVER, REVEALS_NAME},
    {STR_INIT("phone"), NEVER, REVEALS_PHONE, false, 99, REVEALS_PHONE, 7, REVEALS_PHONE},
    {STR_INIT("email"), NEVER, REVEALS_EMAIL, true, 4, REVEALS_EMAIL, 3, REVEALS_EMAIL},
    {STR_INIT("address"), 3, REVEALS_ADDRESS, false, 2, REVEALS_ADDRESS, 2, REVEALS_ADDRESS},
    {STR_INIT("place"), 3, REVEALS_ADDRESS, false, 2, REVEALS_ADDRESS, 2, REVEALS_ADDRESS},
    {STR_INIT("officer_described"), 4, REVEALS_PRIVATE_WORDS, false, 2, REVEALS_NAME, 2, REVEALS_BADGE},
    {STR_INIT(""), 6, REVEALS_PRIVATE_WORDS, false, 2, REVEALS_NAME, 3, REVEALS_PRIVATE_WORDS}, /* whatever else they wrote */
};
static const char providers[] = "gmail yahoo hotmail outlook icloud live mail email example correo";

struct looked look_at(struct arena *a, struct str text)
{
    struct looked looked = {.words = words_of(a, text)};

    looked.marks = arena_alloc(a, looked.words.n + 1);
    return looked;
}

struct looked look_again(struct arena *a, const struct looked *looked)
{
    return (struct looked){.words = looked->words, .marks = arena_alloc(a, looked->words.n + 1)};
}

static const struct comparison *comparison_of(struct str member)
{
    size_t i = 0;

    while (comparisons[i].member.n && !str_eq(comparisons[i].member, member)) /* ends: the last fits all */
        i++;
    return &comparisons[i];
}

/* Marks the words at `at` if as many of the private ones in a row are the same. */
static void compare_run(struct looked *looked, size_t at, const struct comparison *how, const struct words *p)
{
    for (size_t start = 0; start + how->run <= p->n; start++) {
        size_t same = 0;
        while (same < how->run && word_is(&looked->words.v[at + same], &p->v[start + same]))
            same++;
        for (size_t i = 0; same == how->run && i < same; i++)
            looked->marks[at + i] |= (unsigned char)(1 << how->run_kind);
    }
}

/* Whether a word of a private text tells something by itself. */
static bool tells(const struct comparison *how, const struct word *word)
{
    if (word->folded.n < how->word_min || word_is_common(word))
        return false;
    return how->every ? how->word_kind != REVEALS_EMAIL || !word_in(word, providers) : word->capital;
}

static bool is_year(const struct word *word)
{
    return word->number && word->folded.n == 4 && (str_starts(word->folded, STR("19")) || str_starts(word->folded, STR("20")));
}

/* Marks a private word wherever it stands. One that begins a sentence there has its capital from that: ours then needs one, too. */
static void compare_word(struct looked *looked, const struct comparison *how, const struct word *theirs)
{
    bool by_digits = theirs->digit && how->digits_min != NEVER && theirs->folded.n >= how->digits_min && !is_year(theirs);
    bool needs_capital = !by_digits && !how->every && theirs->starts;

    if (!by_digits && (theirs->number || !tells(how, theirs)))
        return;
    for (size_t at = 0; at < looked->words.n; at++)
        if (word_is(&looked->words.v[at], theirs) && (!needs_capital || looked->words.v[at].capital))
            looked->marks[at] |= (unsigned char)(1 << (by_digits ? how->digits_kind : how->word_kind));
}

void look_for_private(struct looked *looked, struct str member, const struct words *private_words)
{
    const struct comparison *how = comparison_of(member);

    for (size_t i = 0; i < private_words->n; i++)
        compare_word(looked, how, &private_words->v[i]);
    for (size_t at = 0; how->run != NEVER && at + how->run <= looked->words.n; at++)
        compare_run(looked, at, how, private_words);
}

static void report_member(struct str member, struct buf *b)
{
    if (b->n && b->p[b->n - 1] == '}')
        buf_char(b, ',');
    buf_add(b, STR("{\"member\":"));
    buf_json_string(b, member);
}

static void report_run(const struct looked *looked, size_t from, size_t to, enum reveal kind, struct str member, struct buf *b)
{
    static const struct str names[] = {
        [REVEALS_NAME] = STR_INIT("name"),   [REVEALS_INITIALS] = STR_INIT("initials"), [REVEALS_BADGE] = STR_INIT("badge"),
        [REVEALS_PHONE] = STR_INIT("phone"), [REVEALS_EMAIL] = STR_INIT("email"),       [REVEALS_ADDRESS] = STR_INIT("address"),
        [REVEALS_PRIVATE_WORDS] = STR_INIT("private_words"),
    };
    const struct word *first = &looked->words.v[from], *last = &looked->words.v[to];

    report_member(member, b);
    buf_printf(b, ",\"kind\":\"%.*s\",\"offset\":%u,\"length\":%u}", STR_ARG(names[kind]), first->offset, last->offset + last->length - first->offset);
}

void look_report(const struct looked *looked, struct str member, struct buf *b)
{
    for (size_t at = 0; at < looked->words.n; at++)
        for (unsigned kind = 0; kind < REVEALS; kind++) {
            size_t end = at;
            if (!(looked->marks[at] & 1u << kind) || (at && looked->marks[at - 1] & 1u << kind))
                continue;
            while (end + 1 < looked->words.n && looked->marks[end + 1] & 1u << kind)
                end++;
            report_run(looked, at, end, (enum reveal)kind, member, b);
        }
}

void look_report_withheld(const struct looked *looked, struct str member, struct buf *b)
{
    size_t at = 0;

    while (at < looked->words.n && !looked->marks[at])
        at++;
    if (at == looked->words.n)
        return;
    report_member(member, b);
    buf_add(b, STR(",\"kind\":\"withheld\"}"));
}
