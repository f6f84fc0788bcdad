/* patterns.c: how names, initials, badge and telephone numbers and e-mail addresses look, in both languages. Knows nothing of what is
 * private; addresses: places.c. */
#include "custom/patterns.h"

static const char titles[] =
    "officer officers ofc off ofcr sgt sergeant lt lieutenant capt captain cpl corporal det detective chief deputy trooper inspector commissioner "
    "patrolman patrolwoman patrolmen constable sheriff marshal po agent agente agentes oficial oficiales sargento sargenta sgto teniente tte capitan "
    "capitana cap cabo jefe jefa comisario comisaria detectives inspectora policia patrullero patrullera alguacil "
    "mr mrs ms miss mx dr dra sr sra srta don dona senor senora senorita doctor doctora judge juez jueza attorney abogado abogada pastor padre "
    "reverend rev reverendo named llamado llamada llama apellidado apellidada apellido surname nombre name";
static const char particles[] = "de del la las los el van von der den da dos di san santa y e";
static const char badge_words[] = "badge badges shield placa placas insignia chapa payroll number numero";
static const char badge_fillers[] = "no num number numbers numero numeros nr n of de is was es era the his her their its el la su con with";

static bool is_name(const struct word *word)
{
    return word->capital && word->folded.n > 1 && !word_is_common(word) && !word_in(word, titles);
}

/* KF, JRM: in capitals where others are not. */
static bool is_initials(const struct word *word)
{
    return word->upper && !word->digit && word->length > 1 && word->length <= 3 && !word_is_common(word) && !word_in(word, titles);
}

/* After a title, or words like "named": the words that begin with capitals, and particles between them. */
static void mark_titled(struct looked *looked, size_t title)
{
    const struct word *w = looked->words.v;
    size_t n = looked->words.n, at = title + 1;

    while (at < n && gap_only(&w[at], " .,/") && (word_in(&w[at], titles) || word_in(&w[at], particles)))
        at++;
    for (; at < n && w[at].gap.n <= 3 && gap_only(&w[at], " .-"); at++) {
        if (is_initials(&w[at]))
            looked->marks[at] |= 1 << REVEALS_INITIALS;
        else if (is_name(&w[at]))
            looked->marks[at] |= 1 << REVEALS_NAME;
        else
            break;
    }
    if (at == title + 1 && at < n && w[at].number && w[at].folded.n > 1) /* Officer 1234 */
        looked->marks[at] |= 1 << REVEALS_BADGE;
}

/* Whether two single letters are a time of day or a country. */
static bool is_abbreviation(const struct word *first, const struct word *second)
{
    return (word_in(first, "a p") && word_in(second, "m")) || (word_in(first, "u") && word_in(second, "s"));
}

/* J.M.; J. Dempsey */
static void mark_initials(struct looked *looked, size_t at)
{
    const struct word *w = &looked->words.v[at];

    if (at + 1 >= looked->words.n || !w->capital || w->length != 1 || w[1].gap.n == 0 || w[1].gap.p[0] != '.' || !gap_only(&w[1], ". -"))
        return;
    if (w[1].capital && w[1].length == 1 && !is_abbreviation(w, w + 1)) {
        looked->marks[at] |= 1 << REVEALS_INITIALS;
        looked->marks[at + 1] |= 1 << REVEALS_INITIALS;
    } else if (is_name(&w[1])) {
        looked->marks[at] |= 1 << REVEALS_NAME;
        looked->marks[at + 1] |= 1 << REVEALS_NAME;
    }
}

/* badge 1234, placa número 1234, #1234 */
static void mark_badge(struct looked *looked, size_t at)
{
    const struct word *w = looked->words.v;
    size_t end = at;

    if (w[at].digit && gap_has(&w[at], "#"))
        looked->marks[at] |= 1 << REVEALS_BADGE;
    if (!word_in(&w[at], badge_words))
        return;
    do
        end++;
    while (end < looked->words.n && end - at < 5 && !w[end].digit && (word_in(&w[end], badge_fillers) || word_in(&w[end], badge_words)));
    if (end == looked->words.n || !w[end].digit || gap_has(&w[end], ";!?"))
        return;
    for (size_t i = at; i <= end; i++)
        looked->marks[i] |= 1 << REVEALS_BADGE;
}

/* Seven to fifteen digits with nothing between them but what people write between them; dates are written 2026-03-02. */
static size_t mark_phone(struct looked *looked, size_t at)
{
    const struct word *w = looked->words.v;
    size_t end = at, digits = 0;

    while (end < looked->words.n && w[end].number && (end == at || (w[end].gap.n <= 3 && gap_only(&w[end], " .-()+"))))
        digits += w[end++].folded.n;
    bool date = end - at == 3 && digits == 8 && w[at].folded.n == 4 && w[at + 1].folded.n == 2;
    for (size_t i = at; i < end && digits >= 7 && digits <= 15 && !date; i++)
        looked->marks[i] |= 1 << REVEALS_PHONE;
    return end > at ? end : at + 1;
}

static void mark_email(struct looked *looked, size_t at)
{
    const struct word *w = looked->words.v;
    size_t first = at, last = at;

    if (!gap_has(&w[at], "@"))
        return;
    if (at && gap_only(&w[at], "@"))
        for (first = at - 1; first && w[first].gap.n == 1 && gap_only(&w[first], "._+-%");)
            first--;
    while (last + 1 < looked->words.n && w[last + 1].gap.n == 1 && gap_only(&w[last + 1], ".-"))
        last++;
    for (size_t i = first; i <= last; i++)
        looked->marks[i] |= 1 << REVEALS_EMAIL;
}

/* Names wherever they stand again, at the beginning of a sentence as well. */
static void mark_again(struct looked *looked)
{
    const struct word *w = looked->words.v;

    for (size_t i = 0; i < looked->words.n; i++)
        for (size_t j = 0; looked->marks[i] & 1 << REVEALS_NAME && j < looked->words.n; j++)
            if (word_is(&w[i], &w[j]))
                looked->marks[j] |= 1 << REVEALS_NAME;
}

void look_for_patterns(struct looked *looked)
{
    const struct word *w = looked->words.v;

    for (size_t i = 0; i < looked->words.n; i++) {
        if (word_in(&w[i], titles))
            mark_titled(looked, i);
        if (is_initials(&w[i]))
            looked->marks[i] |= 1 << REVEALS_INITIALS;
        else if (is_name(&w[i]) && !w[i].starts)
            looked->marks[i] |= 1 << REVEALS_NAME;
        mark_initials(looked, i);
        mark_badge(looked, i);
        mark_email(looked, i);
        mark_place(looked, i);
    }
    for (size_t i = 0; i < looked->words.n;)
        i = mark_phone(looked, i);
    mark_again(looked);
}
