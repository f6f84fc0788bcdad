/* request_fuzz.c: a method, path, query and headers against the service's contract, as "METHOD path?query", then a header a line:
 * what is refused has a reason, and what passes fits the contract. */
#include "auth/caller.h"
#include "contract/params.h"
#include "contract/schema.h"
#include "http/address.h"
#include "http/negotiate.h"
#include "operation/etag.h"
#include "tests/fuzz/contract.h"

enum { HEADERS = 32 };

static struct headers read_headers(struct str text, struct header *list)
{
    size_t n = 0;

    while (text.n && n < HEADERS) {
        struct str value = fuzz_part(&text, '\n'), name = fuzz_part(&value, ':');
        list[n++] = (struct header){name, str_trim(value)};
    }
    return (struct headers){list, n};
}

static void decode(struct arena *a, const struct route *route, struct str query, struct headers headers)
{
    const struct operation *operation = route->operation;
    const struct value **values;
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = a, .v = v};

    bool fits = params_decode(a, route, query, headers, &values, &list);
    expect(fits == (list.n == 0));
    for (size_t i = 0; fits && i < operation->n_parameters; i++) {
        const struct parameter *parameter = &operation->parameters[i];
        expect(values[i] || !parameter->required || str_eq(parameter->name, STR("If-Match"))); /* its absence is 428 */
        expect(!values[i] || schema_validate(parameter->schema, values[i], STR(""), NULL));
    }
}

static void negotiate(struct arena *a, const struct operation *operation, struct headers headers)
{
    struct str any = headers_get(headers, STR("If-None-Match"));

    if (operation) {
        negotiate_media(headers, operation->success);
        negotiate_body(operation, headers_get(headers, STR("Content-Type")));
    }
    expect(negotiate_language(headers, LANGUAGE_ES) < LANGUAGES);
    negotiate_minimal(headers);
    etag_none_match(any, STR("\"1-json-public\""));
    etag_match(any, STR("1"));
    struct proxies proxies;
    struct error err;
    if (!proxies_parse(a, headers_get(headers, STR("Via")), &proxies, &err))
        proxies = (struct proxies){0};
    struct address caller = proxies_caller(&proxies, STR("127.0.0.1"), headers);
    expect(address_text(a, &caller).n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str rest = {(const char *)data, n}, query = fuzz_part(&rest, '\n');
    struct str method = fuzz_part(&query, ' '), path = fuzz_part(&query, '?');
    struct arena *a = fuzz_arena();
    struct header list[HEADERS];
    struct headers headers = read_headers(rest, list);
    struct route route = {0};

    if (router_find(fuzz_contract()->router, method, path, &route) == ROUTE_FOUND)
        decode(a, &route, query, headers);
    negotiate(a, route.operation, headers);
    return 0;
}
