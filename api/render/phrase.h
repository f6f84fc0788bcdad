/* phrase.h: the reasons that the program gives in English, in Spanish. Internal to api/render. */
#ifndef RENDER_PHRASE_H
#define RENDER_PHRASE_H

#include "base/buf.h"
#include "base/error.h"

/* Appends an error's argument with every phrase of ours in it in Spanish; names, numbers and whatever else stay. */
void phrase_spanish(struct str argument, struct buf *b);

/* Whether `name` is a constraint of the database that a client can run into; then appends what to tell of it: of what is there already a
 * sentence and the name, by which programs tell it; of what is missing the noun. tests/db/constraint.sql looks for those that are not told. */
bool phrase_constraint(struct str name, enum language language, struct buf *b);

#endif
