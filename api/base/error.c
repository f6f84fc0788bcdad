/* error.c: the error catalogue as a table. Knows nothing of how errors are shown. */
#include "base/error.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#define ERROR_ROW(code, status, slug, title_en, title_es, detail_en, detail_es)                                        \
    [code] = {status,                                                                                                  \
              STR_INIT(slug),                                                                                          \
              {[LANGUAGE_ES] = STR_INIT(title_es), [LANGUAGE_EN] = STR_INIT(title_en)},                                \
              {[LANGUAGE_ES] = STR_INIT(detail_es), [LANGUAGE_EN] = STR_INIT(detail_en)}},
static const struct error_info catalogue[ERR_CODES] = {ERROR_LIST(ERROR_ROW)};

const struct error_info *error_info(enum error_code code)
{
    assert(code > ERR_NONE && code < ERR_CODES);
    return &catalogue[code];
}

enum error_code error_by_slug(struct str slug)
{
    for (int code = ERR_NONE + 1; code < ERR_CODES; code++)
        if (str_eq(catalogue[code].slug, slug))
            return (enum error_code)code;
    return ERR_NONE;
}

/* Takes off the bytes of a last character that was cut in two, so that the text stays valid UTF-8. */
static void cut_at_character(char *text)
{
    size_t n = strlen(text), end = n;

    while (end && ((unsigned char)text[end - 1] & 0xc0) == 0x80)
        end--;
    if (end && (unsigned char)text[end - 1] >= 0xc0 && !str_is_utf8((struct str){text + end - 1, n - end + 1}))
        text[end - 1] = '\0';
}

void error_fill(struct error *err, enum error_code code, const char *format, ...)
{
    struct error made = {.code = code}; /* apart from *err, whose own argument may be among the args */
    va_list args;

    va_start(args, format);
    int n = vsnprintf(made.argument, sizeof made.argument, format, args);
    va_end(args);
    if (n >= (int)sizeof made.argument)
        cut_at_character(made.argument);
    *err = made;
}
