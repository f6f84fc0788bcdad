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

bool identity_find(struct db_pool *pool, struct arena *a, const struct claims *claims, int64_t deadline_ns, struct identity *ret,
                   struct error *err)
{
    static const uint32_t types[] = {DB_TEXT};
    const char *const values[] = {arena_copy(a, claims->subject).p};
    struct db_script script = {
        .queries = {
            {.key = {UINT64_MAX - 2, 0}, .text = STR("select set_config('transaction_read_only', 'on', true), set_config('role', 'cpwg_identity', true)")},
            {.key = {UINT64_MAX - 2, 1}, .types = types, .values = values, .n = 1,
             .text = STR("select id, name, state, role, affiliation, organization_id from cpwg.person where subject = $1")},
        },
        .n = 2,
        .deadline_ns = deadline_ns,
    };

    if (claims->client.n) {
        *ret = (struct identity){.standing = STANDING_NONE};
        return true;
    }
    bool ok = db_run(pool, &script, err);
    if (ok)
        *ret = read_row(a, script.results[1]);
    db_script_done(&script);
    return ok;
}
