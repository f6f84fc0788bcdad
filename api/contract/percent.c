/* percent.c: percent-decoding. Knows nothing of where the text stood. */
#include "contract/percent.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Takes one byte, escaped or not, off the front of *rest, which is not empty. */
static bool take_byte(struct str *rest, bool plus_is_space, char *ret)
{
    char c = rest->p[0];

    *rest = str_skip(*rest, 1);
    *ret = c == '+' && plus_is_space ? ' ' : c;
    if (c != '%')
        return true;
    int high = rest->n < 2 ? -1 : hex_digit(rest->p[0]), low = rest->n < 2 ? -1 : hex_digit(rest->p[1]);
    *rest = str_skip(*rest, 2);
    *ret = (char)(high * 16 + low);
    return high >= 0 && low >= 0;
}

bool percent_decode(struct arena *a, struct str text, bool plus_is_space, struct str *ret)
{
    bool encoded = str_find(text, '%') < text.n || (plus_is_space && str_find(text, '+') < text.n);
    char *decoded = encoded ? arena_alloc(a, text.n) : NULL;
    size_t n = 0;

    for (struct str rest = text; encoded && rest.n;)
        if (!take_byte(&rest, plus_is_space, &decoded[n++]))
            return false;
    struct str plain = encoded ? (struct str){decoded, n} : text;
    if (str_find(plain, '\0') < plain.n || !str_is_utf8(plain))
        return false;
    *ret = plain;
    return true;
}
