/* negotiate.c: reads Accept, Accept-Language, Prefer and Content-Type. Knows nothing of how answers are made. */
#include "http/negotiate.h"

#include "base/buf.h"

enum { QUALITY_ONE = 1000, QUALITY_BAD = -1 };

/* q in thousandths: "0", "0.375", "1.0"; QUALITY_BAD when malformed (RFC 9110 12.4.2). */
static int parse_quality(struct str s)
{
    int quality = 0;

    if (s.n == 0 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
        return QUALITY_BAD;
    for (size_t i = 0, unit = QUALITY_ONE; i < s.n; i++) {
        if (i == 1)
            continue;
        if (s.p[i] < '0' || s.p[i] > '9')
            return QUALITY_BAD;
        quality += (s.p[i] - '0') * (int)unit;
        unit /= 10;
    }
    return quality <= QUALITY_ONE ? quality : QUALITY_BAD;
}

/* One element of a list: its value without parameters, and the quality among them. */
struct element {
    struct str value;
    int quality;
};

static bool next_element(struct str *rest, struct element *ret)
{
    struct str parameters, parameter;

    if (!rest->p || !str_next(rest, ',', &parameters))
        return false;
    *ret = (struct element){.quality = QUALITY_ONE};
    str_next(&parameters, ';', &ret->value);
    ret->value = str_trim(ret->value);
    while (parameters.p && str_next(&parameters, ';', &parameter)) {
        parameter = str_trim(parameter);
        if (parameter.n >= 2 && (parameter.p[0] | 0x20) == 'q' && parameter.p[1] == '=')
            ret->quality = parse_quality(str_skip(parameter, 2));
    }
    return true;
}

/* How exactly a range names a type: 3 the type, 2 its family ("text/" and a star), 1 everything, 0 not at all. */
static int match_media(struct str range, struct str type)
{
    size_t slash = str_find(type, '/');

    if (str_eq_nocase(range, type))
        return 3;
    if (str_eq(range, STR("*/*")) || str_eq(range, STR("*")))
        return 1;
    bool family = range.n == slash + 2 && str_ends(range, STR("/*"));
    return family && str_eq_nocase((struct str){range.p, slash}, (struct str){type.p, slash}) ? 2 : 0;
}

/* The quality that the most exact range gives to the type; 0 where none names it. */
static int media_quality(struct headers headers, struct str type)
{
    int quality = 0, best_match = 0;
    struct element element;

    for (size_t i = 0; i < headers.n; i++) {
        if (!str_eq_nocase(headers.v[i].name, STR("Accept")))
            continue;
        for (struct str rest = headers.v[i].value; next_element(&rest, &element);) {
            int match = element.quality == QUALITY_BAD ? 0 : match_media(element.value, type);
            if (match > best_match) {
                best_match = match;
                quality = element.quality;
            }
        }
    }
    return quality;
}

const struct media *negotiate_media(struct headers headers, const struct answer *answer)
{
    const struct media *best = NULL;
    int best_quality = 0;

    if (answer->n_media && headers_get(headers, STR("Accept")).n == 0)
        return &answer->media[0];
    for (size_t i = 0; i < answer->n_media; i++) {
        int quality = media_quality(headers, answer->media[i].type);
        if (quality > best_quality) {
            best_quality = quality;
            best = &answer->media[i];
        }
    }
    return best;
}

/* The language that a range such as "es-MX" names; false for one that is not ours. */
static bool range_language(struct str range, enum language fallback, enum language *ret)
{
    struct str primary = {range.p, str_find(range, '-')};

    if (str_eq(range, STR("*")))
        *ret = fallback;
    else if (str_eq_nocase(primary, STR("es")))
        *ret = LANGUAGE_ES;
    else if (str_eq_nocase(primary, STR("en")))
        *ret = LANGUAGE_EN;
    else
        return false;
    return true;
}

enum language negotiate_language(struct headers headers, enum language fallback)
{
    struct str rest = headers_get(headers, STR("Accept-Language"));
    enum language best = fallback, language;
    struct element element;
    int best_quality = 0;

    while (next_element(&rest, &element))
        if (element.quality > best_quality && range_language(element.value, fallback, &language)) {
            best_quality = element.quality;
            best = language;
        }
    return best;
}

/* The value of the preference "return", with spaces around "=" or quotes, and parameters behind it. */
static bool is_return(struct str preference, struct str *ret_value)
{
    struct str value = {preference.p, str_find(preference, ';')}, name;

    str_next(&value, '=', &name);
    *ret_value = str_trim(value);
    return str_eq_nocase(str_trim(name), STR("return"));
}

bool negotiate_minimal(struct headers headers)
{
    struct str preference, value;

    for (size_t i = 0; i < headers.n; i++) {
        struct str rest = headers.v[i].value;
        if (!str_eq_nocase(headers.v[i].name, STR("Prefer")))
            continue;
        while (rest.p && str_next(&rest, ',', &preference))
            if (is_return(preference, &value)) /* the first counts (RFC 7240 2) */
                return str_eq_nocase(value, STR("minimal")) || str_eq_nocase(value, STR("\"minimal\""));
    }
    return false;
}

/* Whether a parameter of Content-Type leaves the body UTF-8; others than charset are ignored. */
static bool is_utf8_parameter(struct str parameter)
{
    struct str value = str_trim(parameter), name;

    if (value.n == 0)
        return true;
    str_next(&value, '=', &name);
    return !str_eq_nocase(name, STR("charset")) || str_eq_nocase(value, STR("utf-8")) ||
           str_eq_nocase(value, STR("\"utf-8\""));
}

const struct media *negotiate_body(const struct operation *operation, struct str content_type)
{
    struct str rest = content_type, type, parameter;

    if (!rest.p || !str_next(&rest, ';', &type))
        return NULL;
    while (rest.p && str_next(&rest, ';', &parameter))
        if (!is_utf8_parameter(parameter))
            return NULL;
    for (size_t i = 0; i < operation->n_bodies; i++)
        if (str_eq_nocase(operation->bodies[i].type, str_trim(type)))
            return &operation->bodies[i];
    return NULL;
}

struct str negotiate_list(struct arena *a, const struct media *media, size_t n)
{
    struct str list = STR("no body");

    for (size_t i = 0; i < n; i++)
        list = i ? arena_printf(a, "%.*s, %.*s", STR_ARG(list), STR_ARG(media[i].type)) : media[i].type;
    return list;
}
