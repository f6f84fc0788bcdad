/* message.h: what an HTTP message carries that every layer may need to name. Borrowed; owns nothing. */
#ifndef BASE_MESSAGE_H
#define BASE_MESSAGE_H

#include "base/str.h"

struct header {
    struct str name, value;
};

struct headers {
    const struct header *v;
    size_t n;
};

/* The first value of the header with that name (any case); {NULL, 0} when there is none. */
static inline struct str headers_get(struct headers headers, struct str name)
{
    for (size_t i = 0; i < headers.n; i++)
        if (str_eq_nocase(headers.v[i].name, name))
            return headers.v[i].value;
    return (struct str){NULL, 0};
}

/* The languages of the service. es is the plan's own. */
enum language { LANGUAGE_ES, LANGUAGE_EN, LANGUAGES };

#endif
