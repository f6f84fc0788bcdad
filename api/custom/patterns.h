/* patterns.h: what of looks is told by form alone. Internal to the look at texts (reveals.h). */
#ifndef CUSTOM_PATTERNS_H
#define CUSTOM_PATTERNS_H

#include "custom/reveals.h"

/* Marks the street address that the word at `at` begins or carries, if it does. */
void mark_place(struct looked *looked, size_t at);

/* Whether the word names a kind of street. */
bool word_is_street(const struct word *word);

#endif
