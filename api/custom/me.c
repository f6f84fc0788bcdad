/* me.c: getMe. In C because what a caller may do is the contract's to say, and who they are was found out with their token. */
#include "auth/caller.h"
#include "custom/custom.h"

#include <time.h>

static const int64_t YEAR_9999_S = INT64_C(253402300799); /* the last second that RFC 3339 can write */

/* ,"name":"text", or null where there is none. */
static void add_text(struct buf *b, const char *name, struct str text)
{
    buf_printf(b, ",\"%s\":", name);
    if (text.n)
        buf_json_string(b, text);
    else
        buf_add(b, STR("null"));
}

static void add_scopes(const struct contract *contract, const struct caller *caller, struct buf *b)
{
    bool first = true;

    buf_add(b, STR(",\"scopes\":["));
    for (size_t i = 0; i < caller->claims.n_scopes; i++) {
        if (!caller_has_scope(contract, caller, caller->claims.scopes[i]))
            continue;
        buf_add(b, first ? STR("") : STR(","));
        buf_json_string(b, caller->claims.scopes[i]);
        first = false;
    }
    buf_char(b, ']');
}

static void add_person(const struct person *person, struct buf *b)
{
    buf_add(b, STR(",\"person\":"));
    if (!person->id.n) {
        buf_add(b, STR("null"));
        return;
    }
    buf_add(b, STR("{\"id\":"));
    buf_json_string(b, person->id);
    add_text(b, "name", person->name);
    add_text(b, "state", person->state);
    buf_char(b, '}');
}

static void add_expiry(int64_t expires_s, struct buf *b)
{
    time_t expires = (time_t)(expires_s < YEAR_9999_S ? expires_s : YEAR_9999_S);
    struct tm utc = {0};
    char text[32];

    gmtime_r(&expires, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S+00:00", &utc);
    add_text(b, "expires_at", str_of(text));
}

static void add_operations(const struct contract *contract, const struct caller *caller, struct buf *b)
{
    struct error refused;
    struct str role;
    bool first = true;

    buf_add(b, STR(",\"operations\":["));
    for (size_t i = 0; i < contract->n; i++) {
        if (!caller_authorise(contract, &contract->operations[i], caller, &role, &refused))
            continue;
        buf_add(b, first ? STR("") : STR(","));
        buf_json_string(b, contract->operations[i].id);
        first = false;
    }
    buf_char(b, ']');
}

bool custom_me(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    const struct caller *caller = call->caller;
    struct buf *b = reply->body;

    (void)err;
    buf_add(b, STR("{\"subject\":"));
    buf_json_string(b, caller->subject);
    add_text(b, "role", caller->role);
    add_text(b, "affiliation", caller->affiliation);
    add_text(b, "organization", caller->organization);
    add_text(b, "source", caller->source);
    add_scopes(around->contract, caller, b);
    add_person(&caller->person, b);
    add_expiry(caller->claims.expires_s, b);
    add_operations(around->contract, caller, b);
    buf_char(b, '}');
    return true;
}
