/* identity_find.c: people by the subject of their token, read as cpwg_identity, which may read nothing else. Knows nothing of what
 * follows from what it finds. */
#include "operation/identity_find.h"

#include "db/script.h"

enum column { ID, NAME, STATE, ROLE, AFFILIATION, ORGANIZATION };

static struct str text(struct arena *a, const struct db_result *rows, enum column column)
{
    return db_is_null(rows, 0, (int)column) ? (struct str){NULL, 0} : arena_copy(a, db_value(rows, 0, (int)column));
}

static struct identity read_row(struct arena *a, const struct db_result *rows)
{
    if (db_rows(rows) == 0)
        return (struct identity){.standing = STANDING_NONE};
    bool active = str_eq(db_value(rows, 0, STATE), STR("active"));
    return (struct identity){
        .standing = active ? STANDING_ACTIVE : STANDING_ENDED,
        .person = {text(a, rows, ID), text(a, rows, NAME), text(a, rows, STATE)},
        .role = text(a, rows, ROLE),
        .affiliation = text(a, rows, AFFILIATION),
        .organization = text(a, rows, ORGANIZATION),
    };
}

static bool find_system(const struct lookup *lookup, const struct claims *claims, struct identity *ret, struct error *err)
{
    struct client_record client;

    if (!client_record_find(lookup, claims->client, &client, err))
        return false;
    *ret = (struct identity){
        .standing = client.is_admitted ? STANDING_ACTIVE : STANDING_ENDED,
        .is_system = true,
        .role = client.role,
        .organization = client.organization,
        .source = client.source,
        .scopes = client.scopes,
        .is_placed = client.is_placed,
    };
    return true;
}

static bool find_person(const struct lookup *lookup, const struct claims *claims, struct identity *ret, struct error *err)
{
    static const uint32_t types[] = {DB_TEXT};
    const char *const values[] = {arena_copy(lookup->arena, claims->subject).p};
    struct db_script script = {
        .queries = {
            {.key = {UINT64_MAX - 2, 0}, .text = STR("select set_config('transaction_read_only', 'on', true), set_config('role', 'cpwg_identity', true)")},
            {.key = {UINT64_MAX - 2, 1}, .types = types, .values = values, .n = 1,
             .text = STR("select id, name, state, role, affiliation, organization_id from cpwg.person where subject = $1")},
        },
        .n = 2,
        .deadline_ns = lookup->deadline_ns,
    };

    bool ok = db_run(lookup->pool, &script, err);
    if (ok)
        *ret = read_row(lookup->arena, script.results[1]);
    db_script_done(&script);
    return ok;
}

bool identity_find(const struct lookup *lookup, const struct claims *claims, struct identity *ret, struct error *err)
{
    return claims->client.n ? find_system(lookup, claims, ret, err) : find_person(lookup, claims, ret, err);
}
