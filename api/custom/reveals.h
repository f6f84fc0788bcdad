/* reveals.h: where a text seems to tell who somebody is: by what is known of them, and by how names, badges, telephone numbers and
 * addresses look in English and Spanish. Errs towards finding too much: a person can say that it may stand, nobody can take back a
 * name. */
#ifndef CUSTOM_REVEALS_H
#define CUSTOM_REVEALS_H

#include "base/buf.h"
#include "custom/words.h"

enum reveal { REVEALS_NAME, REVEALS_INITIALS, REVEALS_BADGE, REVEALS_PHONE, REVEALS_EMAIL, REVEALS_ADDRESS, REVEALS_PRIVATE_WORDS, REVEALS };

/* A text that is looked at: a bit (1 << enum reveal) for each of its words. */
struct looked {
    struct words words;
    unsigned char *marks;
};

/* Takes the text apart, nothing marked; memory from a. */
struct looked look_at(struct arena *a, struct str text);

/* The same text, nothing marked. */
struct looked look_again(struct arena *a, const struct looked *looked);

/* Marks what looks like names, initials, badge and telephone numbers, e-mail and street addresses. */
void look_for_patterns(struct looked *looked);

/* Marks what also stands in a private text. `member` says what that is: narrative, text (of a message), place, officer_described,
 * or a member of a contact: name, phone, email, address; others are compared as a narrative is. */
void look_for_private(struct looked *looked, struct str member, const struct words *private_words);

/* Appends a JSON object for each run of words with the same mark: {"member": member, "kind", "offset", "length"}, counted in code points,
 * never the words; a comma before all but the first of the buffer. */
void look_report(const struct looked *looked, struct str member, struct buf *b);

/* Appends {"member": member, "kind": "withheld"} if anything is marked: not where, not what, not how often. Commas as above. */
void look_report_withheld(const struct looked *looked, struct str member, struct buf *b);

/* A word that nobody is called by: of both languages, of institutions, of calendars. */
bool word_is_common(const struct word *word);

#endif
