/* address.c: what proxies say of addresses, and what counts by them. Knows nothing of limits. */
#include "http/address.h"

#include "base/bits.h"

#include <arpa/inet.h>

enum { PROXIES_MAX = 64, HOPS_MAX = 16, SUBSCRIBER_BYTES = 8 };

bool proxies_parse(struct arena *a, struct str list, struct proxies *ret, struct error *err)
{
    struct network *networks = arena_array(a, struct network, PROXIES_MAX);
    struct str entry;
    size_t n = 0;

    if (list.n == 0)
        list.p = NULL;
    while (str_next(&list, ',', &entry)) {
        entry = str_trim(entry);
        if (n == PROXIES_MAX)
            return error_set(err, ERR_STARTUP, "trusted_proxies: more than %d", PROXIES_MAX);
        if (!network_parse(entry, &networks[n++]))
            return error_set(err, ERR_STARTUP, "trusted_proxies: \"%.*s\" is neither an address nor a network like 10.0.0.0/8", STR_ARG(entry));
    }
    *ret = (struct proxies){networks, n};
    return true;
}

static bool trusts(const struct proxies *proxies, const struct address *address)
{
    for (size_t i = 0; i < proxies->n; i++)
        if (bits_equal(proxies->v[i].first.bytes, address->bytes, (unsigned)proxies->v[i].bits))
            return true;
    return false;
}

static bool is_port(struct str text)
{
    int64_t port;
    return str_to_i64(text, &port) && port >= 0 && port <= 65535;
}

/* "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80" */
static bool node_parse(struct str node, struct address *ret)
{
    struct str host = node, port = {NULL, 0};
    bool bracket = str_starts(node, STR("["));

    if (bracket) {
        size_t end = str_find(node, ']');
        if (end == node.n)
            return false;
        host = (struct str){node.p + 1, end - 1};
        port = str_skip(node, end + 1);
    } else if (str_find(node, '.') < str_find(node, ':')) {
        host.n = str_find(node, ':');
        port = str_skip(node, host.n);
    }
    if (port.n && (port.p[0] != ':' || !is_port(str_skip(port, 1))))
        return false;
    return address_parse(host, ret) && (!bracket || str_find(host, ':') < host.n);
}

/* The position of the first or last separator that stands in no quoted-string (RFC 9110 5.6.4); text.n without one. A string that
 * does not end swallows the rest: whoever reads the element finds it, too. */
static size_t outside_quotes(struct str text, char separator, bool last, bool *ret_open)
{
    size_t found = text.n;
    bool quoted = false;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\' && quoted)
            i++;
        else if (text.p[i] == '"')
            quoted = !quoted;
        else if (text.p[i] == separator && !quoted && (last || found == text.n))
            found = i;
    }
    *ret_open = quoted;
    return found;
}

static size_t last_comma(struct str list)
{
    for (size_t i = list.n; i > 0; i--)
        if (list.p[i - 1] == ',')
            return i - 1;
    return list.n;
}

static size_t last_comma_outside_quotes(struct str list)
{
    bool open;
    return outside_quotes(list, ',', true, &open);
}

/* The one `for` of an element of Forwarded: for=192.0.2.1;proto=https, For="[2001:db8::1]:80" */
static bool for_parse(struct str element, struct address *ret)
{
    size_t fors = 0;
    bool ok = false, open = false;

    while (element.n) {
        size_t end = outside_quotes(element, ';', false, &open);
        struct str pair = str_trim((struct str){element.p, end}), node = str_skip(pair, str_find(pair, '=') + 1);
        element = str_skip(element, end + 1);
        if (!str_eq_nocase((struct str){pair.p, str_find(pair, '=')}, STR("for")))
            continue;
        if (node.n >= 2 && str_starts(node, STR("\"")) && str_ends(node, STR("\"")))
            node = (struct str){node.p + 1, node.n - 2};
        ok = node_parse(node, ret);
        fors++;
    }
    return ok && fors == 1 && !open;
}

/* How a header tells of callers, the last being the nearest. Several headers of the name are one list (RFC 9110 5.3). */
static const struct trail {
    struct str name;
    size_t (*last)(struct str list); /* where the comma before the last element is; list.n without one */
    bool (*parse)(struct str element, struct address *ret);
} trails[] = {
    {STR_INIT("X-Forwarded-For"), last_comma, node_parse},
    {STR_INIT("Forwarded"), last_comma_outside_quotes, for_parse},
};

/* Goes back along one header's elements as far as proxies are trusted. */
static struct address follow_list(const struct trail *trail, const struct proxies *proxies, struct str list, struct address at, bool *ret_on)
{
    struct address before;

    for (int hops = 0; *ret_on; hops++) {
        size_t comma = trail->last(list);
        struct str element = str_trim(comma < list.n ? str_skip(list, comma + 1) : list);
        *ret_on = hops < HOPS_MAX && trusts(proxies, &at) && trail->parse(element, &before);
        if (*ret_on)
            at = before;
        if (comma == list.n)
            break;
        list.n = comma;
    }
    return at;
}

static struct address follow(const struct trail *trail, const struct proxies *proxies, struct headers headers, struct address at)
{
    bool on = true;

    for (size_t i = headers.n; i > 0; i--)
        if (str_eq_nocase(headers.v[i - 1].name, trail->name))
            at = follow_list(trail, proxies, headers.v[i - 1].value, at, &on);
    return at;
}

struct address proxies_caller(const struct proxies *proxies, struct str peer, struct headers headers)
{
    struct address none = {{0}}, at;

    peer.n = str_find(peer, '%'); /* the zone of a link-local one */
    if (!address_parse(peer, &at))
        return none;
    if (!trusts(proxies, &at))
        return at;
    bool both = headers_get(headers, trails[0].name).p && headers_get(headers, trails[1].name).p;
    struct address first = follow(&trails[0], proxies, headers, at), second = follow(&trails[1], proxies, headers, at);
    if (both)
        return memcmp(&first, &second, sizeof first) == 0 ? first : at;
    return headers_get(headers, trails[0].name).p ? first : second;
}

struct str address_text(struct arena *a, const struct address *address)
{
    bool is_v4 = address_is_ipv4(address);
    char text[INET6_ADDRSTRLEN];

    inet_ntop(is_v4 ? AF_INET : AF_INET6, address->bytes + (is_v4 ? ADDRESS_MAPPED_BYTES : 0), text, sizeof text);
    return arena_copy(a, str_of(text));
}

struct str address_subscriber(const struct address *address)
{
    return (struct str){(const char *)address->bytes, address_is_ipv4(address) ? sizeof address->bytes : SUBSCRIBER_BYTES};
}
