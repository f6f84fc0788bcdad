/* token_error.c: writes errors as OAuth tells them. Knows nothing of how they come about. */
#include "render/token_error.h"

#include "render/problem.h"
#include "render/sentence.h"

enum { DETAIL_BYTES_MAX = 4096 };

/* RFC 6749 5.2; whatever else is wrong with a request is invalid_request. */
static struct str code_of(enum error_code code)
{
    static const struct {
        enum error_code code;
        struct str error;
    } rows[] = {
        {ERR_CLIENT, STR_INIT("invalid_client")},
        {ERR_GRANT_TYPE, STR_INIT("unsupported_grant_type")},
        {ERR_CLIENT_SCOPE, STR_INIT("invalid_scope")},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return rows[i].error;
    return STR("invalid_request");
}

/* What error_description may hold: printable ASCII without quote and backslash. */
static void add_plain(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
        buf_char(b, plain ? c : '\'');
    }
}

void token_error_render(const struct error *err, struct buf *b)
{
    const struct error_info *info = error_info(problem_code(err->code));
    struct buf detail;

    buf_init(&detail, DETAIL_BYTES_MAX);
    sentence_fill(info->detail[LANGUAGE_EN], str_of(err->argument), &detail);
    buf_printf(b, "{\"error\":\"%s\",\"error_description\":\"", code_of(err->code).p);
    add_plain(b, buf_str(&detail));
    buf_printf(b, "\",\"error_uri\":\"/problems/%.*s\"}", STR_ARG(info->slug));
    buf_done(&detail);
}
