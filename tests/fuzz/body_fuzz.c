/* body_fuzz.c: a body against the service's contract, as "METHOD path", a line end, the body: what is refused is told as a problem
 * that is JSON and names each violation, in either language. */
#include "contract/router.h"
#include "contract/schema.h"
#include "render/problem.h"
#include "tests/fuzz/contract.h"

static void tell(struct arena *a, const struct error *err, enum language language)
{
    const struct value *problem, *errors;
    struct error broken;
    struct buf b;

    buf_init(&b, (size_t)1 << 24);
    problem_render(err, language, STR("0123456789abcdef0123456789abcdef"), &b);
    expect(!b.failed && value_parse(a, buf_str(&b), VALUE_DEPTH_MAX, &problem, &broken));
    expect(value_string(value_get(problem, STR("title"))).n > 0 && value_string(value_get(problem, STR("detail"))).n > 0);
    errors = value_get(problem, STR("errors"));
    expect(err->n_violations == (errors ? errors->array.n : 0));
    for (size_t i = 0; errors && i < errors->array.n; i++)
        expect(value_string(value_get(errors->array.v[i], STR("detail"))).n > 0);
    buf_done(&b);
}

static void validate(struct arena *a, const struct media *media, const struct value *body)
{
    struct violation v[VIOLATIONS_MAX];
    struct violations list = {.arena = a, .v = v};
    struct error err;

    bool fits = schema_validate(media->schema, body, (struct str){NULL, 0}, &list);
    expect(schema_validate(media->schema, body, STR(""), NULL) == fits && fits == (list.n == 0));
    if (fits)
        return;
    violations_refuse(&list, ERR_INVALID, &err);
    tell(a, &err, LANGUAGE_ES);
    tell(a, &err, LANGUAGE_EN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n}, path = fuzz_part(&text, '\n'), method = fuzz_part(&path, ' ');
    struct arena *a = fuzz_arena();
    const struct value *body;
    struct route route;
    struct error err;

    if (router_find(fuzz_contract()->router, method, path, &route) != ROUTE_FOUND)
        return 0;
    if (!value_parse(a, text, VALUE_DEPTH_MAX, &body, &err)) {
        tell(a, &err, LANGUAGE_ES);
        return 0;
    }
    for (size_t i = 0; i < route.operation->n_bodies; i++)
        validate(a, &route.operation->bodies[i], body);
    return 0;
}
