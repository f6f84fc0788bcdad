/* value_fuzz.c: a body: what is read is written so that it reads back as an equal value, and equal values have one canonical text. */
#include "base/canonical.h"
#include "tests/fuzz/fuzz.h"

static struct str canonical(struct arena *a, const struct value *value)
{
    struct buf b;

    buf_init(&b, (size_t)64 << 20);
    canonical_write(a, &b, value);
    expect(!b.failed);
    struct str text = arena_copy(a, buf_str(&b));
    buf_done(&b);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    const struct value *value, *again;
    struct error err;

    if (!value_parse(a, (struct str){(const char *)data, n}, VALUE_DEPTH_MAX, &value, &err)) {
        expect(err.code == ERR_SYNTAX);
        return 0;
    }
    expect(value_parse(a, value_text(a, value), VALUE_DEPTH_MAX, &again, &err) && value_equal(value, again));
    expect(str_eq(canonical(a, value), canonical(a, again)));
    return 0;
}
