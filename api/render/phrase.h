/* phrase.h: the reasons that the program gives in English, in Spanish. Internal to api/render. */
#ifndef RENDER_PHRASE_H
#define RENDER_PHRASE_H

#include "base/buf.h"

/* Appends an error's argument with every phrase of ours in it in Spanish; names, numbers and whatever else stay. */
void phrase_spanish(struct str argument, struct buf *b);

#endif
