/* check_api_client.c: looks at keys and address ranges of createApiClient and changeApiClient. In C because a schema cannot tell whether a
 * key is sound or where a network ends. */
#include "base/network.h"
#include "custom/client_assertion.h"
#include "custom/custom.h"

/* Callers that come by IPv4 are known by that: a range of IPv4 addresses written as IPv6 ones would hold none. */
static bool is_range(struct str text)
{
    struct network network;
    return network_parse(text, &network) && (!address_is_ipv4(&network.first) || str_find(text, ':') == text.n);
}

static void check_ranges(struct arena *a, const struct value *ranges, struct violations *list)
{
    for (size_t i = 0; ranges && i < ranges->array.n; i++)
        if (!is_range(ranges->array.v[i]->string))
            violations_add(list, PLACE_BODY, arena_printf(a, "/address_ranges/%zu", i), STR("network"), (struct str){NULL, 0});
}

/* Whether a key before that one has its kid, by which assertions say which key they mean. */
static bool is_named(const struct value *keys, size_t index)
{
    struct str kid = value_string(value_get(keys->array.v[index], STR("kid")));

    for (size_t i = 0; i < index; i++)
        if (str_eq(value_string(value_get(keys->array.v[i], STR("kid"))), kid))
            return true;
    return false;
}

/* False without memory: then nothing is known of a key. */
static bool check_keys(struct arena *a, const struct value *keys, struct violations *list, struct error *err)
{
    for (size_t i = 0; keys && i < keys->array.n; i++) {
        bool ok = client_assertion_takes_key(a, keys->array.v[i], err);
        if (!ok && err->code == ERR_OVERLOADED)
            return false;
        if (!ok)
            violations_add(list, PLACE_BODY, arena_printf(a, "/jwks/keys/%zu", i), STR("key"), (struct str){NULL, 0});
        if (is_named(keys, i))
            violations_add(list, PLACE_BODY, arena_printf(a, "/jwks/keys/%zu/kid", i), STR("duplicate"), (struct str){NULL, 0});
    }
    return true;
}

bool check_api_client(const struct call *call, struct error *err)
{
    struct violations list = violations_new(call->arena);

    check_ranges(call->arena, value_get(call->body, STR("address_ranges")), &list);
    if (!check_keys(call->arena, value_at(call->body, STR("/jwks/keys")), &list, err))
        return false;
    return list.n == 0 || violations_refuse(&list, ERR_INVALID, err);
}
