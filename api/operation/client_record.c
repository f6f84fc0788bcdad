/* client_record.c: asks the database for clients, as cpwg_identity. Knows nothing of secrets and signatures. */
#include "operation/client_record.h"

#include "contract/format.h"
#include "db/script.h"

enum statement { BECOME, FIND, FIND_BY_KEYS, FIND_BY_SECRET, USED, SHOWN, STATEMENTS };

#define CLIENT "select c.id, c.role, c.organization_id, c.source_code, to_json(c.scopes), "
#define ADMITTED_FROM "c.state = 'active' and (c.address_ranges = '{}' or $2::inet <<= any (c.address_ranges)), c.address_ranges <> '{}', "

/* A client's id is its text (RFC 6749 2.2), as the database writes it. A row is read whether there is such a client, key or secret or
 * not: else the next by a hash under our key, to which nobody who asks can steer, so that it tells nothing of the client that they ask
 * for. `materialized`, since `coalesce` would look for the other one only where there is none. */
static const struct {
    struct str text;
    int n;
} statements[STATEMENTS] = {
    [BECOME] = {STR_INIT("select set_config('role', 'cpwg_identity', true)"), 0},
    [FIND] = {STR_INIT(CLIENT "null, " ADMITTED_FROM "null, null, true "
                       "from   cpwg.api_client c "
                       "where  c.id = nullif($1, '')::uuid and c.id::text = $1"),
              2},
    [FIND_BY_KEYS] = {STR_INIT("with asked as materialized ("
                               "  select (select case when c.id::text = $1 and c.keys is not null then c.id end from cpwg.api_client c where c.id >= nullif($1, '')::uuid order by c.id limit 1) as id,"
                               "         coalesce((select c.id from cpwg.api_client c where c.keys is not null and c.id >= left($3, 32)::uuid order by c.id limit 1),"
                               "                  (select c.id from cpwg.api_client c where c.keys is not null order by c.id limit 1)) as other) "
                               CLIENT "c.keys, " ADMITTED_FROM "null, null, asked.id is not null "
                               "from   asked join cpwg.api_client c on c.id = coalesce(asked.id, asked.other)"),
                      3},
    [FIND_BY_SECRET] = {STR_INIT(CLIENT "null, " ADMITTED_FROM "s.id, s.last_used_on = current_date,"
                                 "       c.id::text = $1 and s.hash = $3 and coalesce(s.expires_at, 'infinity') > clock_timestamp() "
                                 "from   cpwg.api_client_secret s join cpwg.api_client c on c.id = s.client_id "
                                 "where  s.hash >= $3 order by s.hash limit 1"),
                        3},
    [USED] = {STR_INIT("update cpwg.api_client_secret set last_used_on = current_date where id = $1::uuid"), 1},
    [SHOWN] = {STR_INIT("insert into cpwg.api_client_assertion (client_id, jti_hash, expires_at) values ($1::uuid, $2, to_timestamp($3::bigint))"), 3},
};

enum column { ID, ROLE, ORGANIZATION, SOURCE, SCOPES, KEYS, ADMITTED, PLACED, SECRET_ID, USED_TODAY, IS_IT };

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
    script->writes = statement == USED || statement == SHOWN;
    add(script, BECOME, NULL);
    add(script, statement, values);
    return db_run(lookup->pool, script, err);
}

static struct str text(struct arena *a, const struct db_result *rows, enum column column)
{
    return db_is_null(rows, 0, (int)column) ? (struct str){NULL, 0} : arena_copy(a, db_value(rows, 0, (int)column));
}

/* The JSON of a column; NULL where it is null. */
static bool json(struct arena *a, const struct db_result *rows, enum column column, const struct value **ret, struct error *err)
{
    struct str found = text(a, rows, column);

    *ret = NULL;
    return !found.p || value_parse(a, found, VALUE_DEPTH_MAX, ret, err);
}

static bool is_true(const struct db_result *rows, enum column column)
{
    return str_eq(db_value(rows, 0, (int)column), STR("t"));
}

static bool read_row(struct arena *a, const struct db_result *rows, struct client_record *ret, struct error *err)
{
    *ret = (struct client_record){.is_admitted = false};
    if (db_rows(rows) == 0)
        return true;
    bool is_admitted = is_true(rows, ADMITTED), is_it = is_true(rows, IS_IT); /* both are looked at */
    *ret = (struct client_record){
        .id = text(a, rows, ID),
        .role = text(a, rows, ROLE),
        .organization = text(a, rows, ORGANIZATION),
        .source = text(a, rows, SOURCE),
        .is_admitted = is_admitted && is_it,
        .is_placed = is_true(rows, PLACED),
        .secret_id = text(a, rows, SECRET_ID),
        .used_today = is_true(rows, USED_TODAY),
    };
    return json(a, rows, SCOPES, &ret->scopes, err) && json(a, rows, KEYS, &ret->keys, err);
}

/* Empty for what cannot be one: it may be a secret that stands in the wrong place, and the database's log tells values. */
static const char *id_text(const struct lookup *lookup, struct str id)
{
    return format_fits(FORMAT_UUID, id) ? arena_copy(lookup->arena, id).p : "";
}

static bool find(const struct lookup *lookup, enum statement statement, const char *const *values, struct client_record *ret, struct error *err)
{
    struct db_script script = {.n = 0};

    bool ok = run(lookup, &script, statement, values, err) && read_row(lookup->arena, script.results[1], ret, err);
    db_script_done(&script);
    return ok;
}

bool client_record_find(const struct lookup *lookup, struct str id, struct client_record *ret, struct error *err)
{
    const char *const values[] = {id_text(lookup, id), lookup->address.p};
    return find(lookup, FIND, values, ret, err);
}

static bool find_or_other(const struct lookup *lookup, enum statement statement, struct str id, struct str hash, struct client_record *ret,
                          struct error *err)
{
    const char *const values[] = {id_text(lookup, id), lookup->address.p, arena_copy(lookup->arena, hash).p};
    return find(lookup, statement, values, ret, err);
}

bool client_record_find_by_keys(const struct lookup *lookup, struct str id, struct str hash, struct client_record *ret, struct error *err)
{
    return find_or_other(lookup, FIND_BY_KEYS, id, hash, ret, err);
}

bool client_record_find_by_secret(const struct lookup *lookup, struct str id, struct str hash, struct client_record *ret, struct error *err)
{
    return find_or_other(lookup, FIND_BY_SECRET, id, hash, ret, err);
}

bool client_record_used(const struct lookup *lookup, const struct client_record *client, struct error *err)
{
    const char *const values[] = {client->secret_id.p};
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
