/* problem.c: writes problems as JSON and their pages as HTML. Knows nothing of how errors come about. */
#include "render/problem.h"

#include "render/phrase.h"
#include "render/sentence.h"

enum { DETAIL_BYTES_MAX = 4096 };

enum error_code problem_code(enum error_code code)
{
    bool internal = code == ERR_CONTRACT || code == ERR_STARTUP || code == ERR_REPLAY || code == ERR_NONE;
    return internal ? ERR_INTERNAL : code;
}

/* Appends `,"name":` and the text as a JSON string. */
static void add_member(struct buf *b, const char *name, struct str text)
{
    buf_printf(b, ",\"%s\":", name);
    buf_json_string(b, text);
}

static void add_violation(const struct violation *violation, enum language language, struct buf *b)
{
    static const struct str places[PLACES] = {
        [PLACE_BODY] = STR_INIT("body"), [PLACE_PATH] = STR_INIT("path"),
        [PLACE_QUERY] = STR_INIT("query"), [PLACE_HEADER] = STR_INIT("header"),
    };
    struct buf detail;

    buf_init(&detail, DETAIL_BYTES_MAX);
    sentence_violation(violation, language, &detail);
    buf_add(b, STR("{\"in\":"));
    buf_json_string(b, places[violation->place]);
    add_member(b, "pointer", violation->pointer);
    add_member(b, "keyword", violation->keyword);
    add_member(b, "detail", buf_str(&detail));
    buf_char(b, '}');
    buf_done(&detail);
}

/* What the error's argument says in that language. */
static void add_argument(const struct error *err, enum language language, struct buf *b)
{
    struct str argument = str_of(err->argument);
    bool of_constraint = err->code == ERR_CONFLICT || err->code == ERR_REFERENCE;

    if (of_constraint && phrase_constraint(argument, language, b))
        return;
    if (language == LANGUAGE_ES)
        phrase_spanish(argument, b);
    else
        buf_add(b, argument);
}

void problem_render(const struct error *err, enum language language, struct str trace_id, struct buf *b)
{
    const struct error_info *info = error_info(problem_code(err->code));
    struct buf argument, detail;

    buf_init(&argument, DETAIL_BYTES_MAX);
    buf_init(&detail, DETAIL_BYTES_MAX);
    add_argument(err, language, &argument);
    sentence_fill(info->detail[language], buf_str(&argument), &detail);
    buf_done(&argument);
    buf_printf(b, "{\"type\":\"/problems/%.*s\"", STR_ARG(info->slug));
    add_member(b, "title", info->title[language]);
    buf_printf(b, ",\"status\":%d", info->status);
    add_member(b, "detail", buf_str(&detail));
    add_member(b, "trace_id", trace_id);
    buf_done(&detail);
    for (size_t i = 0; i < err->n_violations; i++) {
        buf_add(b, i ? STR(",") : STR(",\"errors\":["));
        add_violation(&err->violations[i], language, b);
    }
    buf_add(b, err->n_violations ? STR("]}") : STR("}"));
}

/* What frames the texts of a page. */
static const struct page_words {
    struct str tag, name, status, meaning, action, service;
} words[LANGUAGES] = {
    [LANGUAGE_ES] = {STR_INIT("es"), STR_INIT("Español"), STR_INIT("Código de estado HTTP"), STR_INIT("Qué significa"),
                     STR_INIT("Qué puede hacer"), STR_INIT("Grupo de Trabajo de la Policía Comunitaria, Lancaster")},
    [LANGUAGE_EN] = {STR_INIT("en"), STR_INIT("English"), STR_INIT("HTTP status code"), STR_INIT("What it means"),
                     STR_INIT("What you can do"), STR_INIT("Community Police Working Group, Lancaster")},
};

static void add_escaped(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '<')
            buf_add(b, STR("&lt;"));
        else if (text.p[i] == '>')
            buf_add(b, STR("&gt;"));
        else if (text.p[i] == '&')
            buf_add(b, STR("&amp;"));
        else
            buf_char(b, text.p[i]);
    }
}

/* One language's part of the page. */
static void add_section(const struct error_info *info, enum language language, bool first, struct buf *b)
{
    const struct page_words *w = &words[language];
    struct buf detail;

    buf_init(&detail, DETAIL_BYTES_MAX);
    sentence_fill(info->detail[language], STR("(…)"), &detail);
    buf_printf(b, "<section id=\"%s\" lang=\"%s\">\n<h%d>", w->tag.p, w->tag.p, first ? 1 : 2);
    add_escaped(b, info->title[language]);
    buf_printf(b, "</h%d>\n<p>%s: %d</p>\n<h%d>%s</h%d>\n<p>", first ? 1 : 2, w->status.p, info->status, first ? 2 : 3,
               w->meaning.p, first ? 2 : 3);
    add_escaped(b, buf_str(&detail));
    buf_printf(b, "</p>\n<h%d>%s</h%d>\n<p>", first ? 2 : 3, w->action.p, first ? 2 : 3);
    add_escaped(b, sentence_advice(info->status, language));
    buf_add(b, STR("</p>\n</section>\n"));
    buf_done(&detail);
}

void problem_page(enum error_code code, enum language language, struct buf *b)
{
    const struct error_info *info = error_info(problem_code(code));
    enum language other = language == LANGUAGE_ES ? LANGUAGE_EN : LANGUAGE_ES;

    buf_printf(b, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
               words[language].tag.p);
    add_escaped(b, info->title[language]);
    buf_printf(b, "</title>\n</head>\n<body>\n<header>\n<p>%s</p>\n"
                  "<p><a href=\"#%s\" lang=\"%s\" hreflang=\"%s\">%s</a></p>\n</header>\n<main>\n",
               words[language].service.p, words[other].tag.p, words[other].tag.p, words[other].tag.p, words[other].name.p);
    add_section(info, language, true, b);
    add_section(info, other, false, b);
    buf_add(b, STR("</main>\n</body>\n</html>\n"));
}
