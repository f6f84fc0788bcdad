/* client_record.c: asks the database for clients, as cpwg_identity. Knows nothing of secrets and signatures. */
#include "operation/client_record.h"

#include "db/script.h"

enum statement { BECOME, FIND, USED, SHOWN, STATEMENTS };

/* A row for each secret in use, one at least. Where there is no such client, those of the next one are read instead, and left: that there is
 * none shall not be told by how long it takes. */
static const struct {
    struct str text;
    int n;
} statements[STATEMENTS] = {
    [BECOME] = {STR_INIT("select set_config('role', 'cpwg_identity', true)"), 0},
    [FIND] = {STR_INIT("select c.id, c.role, c.organization_id, c.source_code, to_json(c.scopes), c.keys,"
                       "       c.state = 'active' and (c.address_ranges = '{}' or $2::inet <<= any (c.address_ranges)),"
                       "       c.address_ranges <> '{}', s.id, s.hash, s.last_used_on = current_date, c.id = asked.id "
                       "from   (values (case when $1 ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then $1::uuid end)) as asked (id)"
                       "       left join cpwg.api_client c"
                       "       on c.id = coalesce((select n.id from cpwg.api_client n where n.id >= asked.id order by n.id limit 1),"
                       "                          (select n.id from cpwg.api_client n order by n.id limit 1))"
                       "       left join cpwg.api_client_secret s"
                       "       on s.client_id = c.id and (s.expires_at is null or s.expires_at > clock_timestamp())"),
              2},
    [USED] = {STR_INIT("update cpwg.api_client_secret set last_used_on = current_date where id = $1::uuid"), 1},
    [SHOWN] = {STR_INIT("insert into cpwg.api_client_assertion (client_id, jti_hash, expires_at) values ($1::uuid, $2, to_timestamp($3::bigint))"), 3},
};

enum column { ID, ROLE, ORGANIZATION, SOURCE, SCOPES, KEYS, ADMITTED, PLACED, SECRET_ID, SECRET_HASH, USED_TODAY, IS_IT };

static void add(struct db_script *script, enum statement statement, const char *const *values)
{
    static const uint32_t types[] = {DB_TEXT, DB_TEXT, DB_TEXT};

    script->queries[script->n++] = (struct db_query){
        .key = {UINT64_MAX - 1, (uint64_t)statement}, /* apart from the engine's */
        .text = statements[statement].text,
        .types = types,
        .values = values,
        .n = statements[statement].n,
    };
}

/* One statement as cpwg_identity, in a transaction of its own. End with db_script_done. */
static bool run(const struct lookup *lookup, struct db_script *script, enum statement statement, const char *const *values, struct error *err)
{
    script->deadline_ns = lookup->deadline_ns;
    script->writes = statement != FIND;
    add(script, BECOME, NULL);
    add(script, statement, values);
    return db_run(lookup->pool, script, err);
}

static struct str text(struct arena *a, const struct db_result *rows, int row, enum column column)
{
    return db_is_null(rows, row, (int)column) ? (struct str){NULL, 0} : arena_copy(a, db_value(rows, row, (int)column));
}

/* The JSON of a column; NULL where it is null. */
static bool json(struct arena *a, const struct db_result *rows, enum column column, const struct value **ret, struct error *err)
{
    struct str found = text(a, rows, 0, column);

    *ret = NULL;
    return !found.p || value_parse(a, found, VALUE_DEPTH_MAX, ret, err);
}

static bool is_true(const struct db_result *rows, int row, enum column column)
{
    return str_eq(db_value(rows, row, (int)column), STR("t"));
}

static bool read_rows(struct arena *a, const struct db_result *rows, struct client_record *ret, struct error *err)
{
    *ret = (struct client_record){
        .id = text(a, rows, 0, ID),
        .role = text(a, rows, 0, ROLE),
        .organization = text(a, rows, 0, ORGANIZATION),
        .source = text(a, rows, 0, SOURCE),
        .is_admitted = is_true(rows, 0, ADMITTED),
        .is_placed = is_true(rows, 0, PLACED),
    };
    for (int row = 0; row < db_rows(rows) && row < CLIENT_SECRETS_MAX; row++)
        if (!db_is_null(rows, row, SECRET_ID))
            ret->secrets[ret->n_secrets++] = (struct client_secret){
                text(a, rows, row, SECRET_ID), text(a, rows, row, SECRET_HASH), is_true(rows, row, USED_TODAY)};
    if (!json(a, rows, SCOPES, &ret->scopes, err) || !json(a, rows, KEYS, &ret->keys, err))
        return false;
    if (!is_true(rows, 0, IS_IT))
        *ret = (struct client_record){.n_secrets = 0};
    return true;
}

bool client_record_find(const struct lookup *lookup, struct str id, struct client_record *ret, struct error *err)
{
    const char *const values[] = {arena_copy(lookup->arena, id).p, lookup->address.p};
    struct db_script script = {.n = 0};

    bool ok = run(lookup, &script, FIND, values, err) && read_rows(lookup->arena, script.results[1], ret, err);
    db_script_done(&script);
    return ok;
}

bool client_record_used(const struct lookup *lookup, const struct client_secret *secret, struct error *err)
{
    const char *const values[] = {secret->id.p};
    struct db_script script = {.n = 0};

    bool ok = run(lookup, &script, USED, values, err);
    db_script_done(&script);
    return ok;
}

bool client_record_shown(const struct lookup *lookup, const struct client_record *client, struct str jti_hash, int64_t expires_s,
                         struct error *err)
{
    const char *const values[] = {client->id.p, jti_hash.p, arena_printf(lookup->arena, "%lld", (long long)expires_s).p};
    struct db_script script = {.n = 0};

    bool ok = run(lookup, &script, SHOWN, values, err);
    db_script_done(&script);
    return ok;
}
