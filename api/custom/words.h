/* words.h: a text as words that can be compared whatever their case and accents. */
#ifndef CUSTOM_WORDS_H
#define CUSTOM_WORDS_H

#include "base/arena.h"

/* Letters and digits that stand together. An apostrophe between letters belongs to them (O'Brien); a possessive 's does not. */
struct word {
    struct str folded;       /* lower case, without accents, apostrophes and what does not show (soft hyphens, joiners) */
    struct str gap;          /* what stands between it and the word before, or the beginning; borrowed from the text */
    uint32_t offset, length; /* in code points of the text */
    uint32_t hash;           /* of folded */
    bool capital;            /* begins with a capital letter */
    bool upper;              /* has letters, and all of them are capitals */
    bool digit, number;      /* has a digit; has nothing else */
    bool starts;             /* the first of the text, or of a sentence, as far as the gap tells */
};

struct words {
    const struct word *v;
    size_t n;
};

/* The words of a valid UTF-8 text, in a; takes WORDS_BYTES_FACTOR bytes of arena per byte of it, and a few more. Folds Latin letters
 * (to U+017F), Greek and Cyrillic ones (without accents of their own), combining accents and full-width forms. */
struct words words_of(struct arena *a, struct str text);
enum { WORDS_BYTES_FACTOR = 64 };

/* Whether the word is the same but for case and accents. */
bool word_is(const struct word *word, const struct word *other);

/* Whether the folded word stands in a list of folded words with one space between them. */
bool word_in(const struct word *word, const char *list);

/* Whether the gap has a character of `bytes` (ASCII). */
bool gap_has(const struct word *word, const char *bytes);

/* Whether the gap has nothing but characters of `bytes` (ASCII), or is empty. */
bool gap_only(const struct word *word, const char *bytes);

#endif
