/* places.c: how street addresses look, in English and Spanish. Knows nothing of what is private. */
#include "custom/patterns.h"

static const char streets[] = "st sts str street streets ave aves av avenue avenues rd road blvd boulevard ln lane aly alley pike tpke turnpike ter terrace "
                              "pkwy parkway hwy highway cir ct dr drive pl plz";
static const char streets_if_capital[] = "court place way row square sq circle park bridge plaza trail loop drive";
static const char vias[] = "calle calles avenida avenidas avda av ave carrera callejon paseo camino bulevar pasaje via ruta carretera esquina";
static const char directions[] = "n s e w ne nw se sw north south east west norte sur este oeste";
static const char fillers[] = "de del la las los el of the y and con";
static const char rooms[] = "apt apts apartment apartamento apto suite piso room habitacion unit unidad lot po box";

bool word_is_street(const struct word *word)
{
    return word_in(word, streets) || (word->capital && word_in(word, streets_if_capital));
}

static bool is_year(const struct word *word)
{
    return word->number && word->folded.n == 4 && (str_starts(word->folded, STR("19")) || str_starts(word->folded, STR("20")));
}

/* 5th, 52nd */
static bool is_ordinal(const struct word *word)
{
    return word->digit && !word->number &&
           (str_ends(word->folded, STR("st")) || str_ends(word->folded, STR("nd")) || str_ends(word->folded, STR("rd")) || str_ends(word->folded, STR("th")));
}

static bool names_place(const struct word *word)
{
    return is_ordinal(word) || (word->capital && !word_is_common(word));
}

static void mark_from_to(struct looked *looked, size_t from, size_t to)
{
    for (size_t i = from; i <= to; i++)
        looked->marks[i] |= 1 << REVEALS_ADDRESS;
}

/* "412 N Queen St", "Queen Street", "the 5th street": back from the kind of street. */
static void mark_street(struct looked *looked, size_t at)
{
    const struct word *w = looked->words.v;
    size_t from = at;

    if (from && w[from - 1].capital && !word_in(&w[from - 1], "the a an this that la el un una") && !gap_has(&w[from], ";:!?\n"))
        from--; /* City Avenue */
    while (from && at - from < 5 && !gap_has(&w[from], ";:!?\n") && (names_place(&w[from - 1]) || word_in(&w[from - 1], directions) || w[from - 1].digit))
        from--;
    if (from < at)
        mark_from_to(looked, from, at);
}

/* "calle del Río 12", "esquina de Queen y King": on from the kind of street. */
static void mark_via(struct looked *looked, size_t at)
{
    const struct word *w = looked->words.v;
    size_t to = at;

    for (size_t i = at + 1; i < looked->words.n && i - at <= 6 && !gap_has(&w[i], ";:!?\n"); i++) {
        if (names_place(&w[i]) || w[i].digit)
            to = i;
        else if (!word_in(&w[i], fillers) && !word_in(&w[i], directions) && !word_in(&w[i], vias))
            break;
    }
    if (to > at)
        mark_from_to(looked, at, to);
}

/* "the 300 block of N Queen", "la cuadra 300 de Queen" */
static void mark_block(struct looked *looked, size_t at)
{
    const struct word *w = looked->words.v;
    size_t from = at && w[at - 1].digit ? at - 1 : at, to = at;

    for (size_t i = at + 1; i < looked->words.n && i - at <= 5 && !gap_has(&w[i], ";:!?.\n"); i++) {
        if (names_place(&w[i]) || w[i].digit || word_is_street(&w[i]))
            to = i;
        else if (!word_in(&w[i], fillers) && !word_in(&w[i], directions))
            break;
    }
    if (from < at || to > at)
        mark_from_to(looked, from, to);
}

/* "412 N Queen", "1234 Chestnut"; "Queen & King", "5th and Market": how many words from `at` on are one of them, 0 for none. */
static size_t pair_length(const struct looked *looked, size_t at)
{
    const struct word *w = &looked->words.v[at];
    size_t left = looked->words.n - at;
    bool numbered = w->number && w->length >= 3 && w->length <= 5 && !is_year(w);

    if (left < 2)
        return 0;
    if (names_place(&w[1]) && ((numbered && gap_only(&w[1], " ")) || (w->capital && gap_has(&w[1], "&"))))
        return 2;
    bool joined = (w->digit && w->length <= 6 && word_in(&w[1], directions)) || (is_ordinal(w) && word_in(&w[1], "and y"));
    return left > 2 && joined && names_place(&w[2]) ? 3 : 0;
}

void mark_place(struct looked *looked, size_t at)
{
    const struct word *w = &looked->words.v[at];
    size_t left = looked->words.n - at;

    if (word_is_street(w))
        mark_street(looked, at);
    if (word_in(w, vias) || word_in(w, "corner intersection"))
        mark_via(looked, at);
    if (word_in(w, "block blocks cuadra cuadras bloque"))
        mark_block(looked, at);
    if (left > 1 && word_in(w, rooms) && (w[1].digit || (w[1].upper && w[1].length == 1)))
        mark_from_to(looked, at, at + 1);
    if (left > 1 && word_in(w, "pa pennsylvania pensilvania") && w[1].number && w[1].length == 5)
        mark_from_to(looked, at + 1, at + 1);
    size_t pair = pair_length(looked, at);
    if (pair)
        mark_from_to(looked, at, at + pair - 1);
}
