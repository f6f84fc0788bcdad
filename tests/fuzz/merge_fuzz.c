/* merge_fuzz.c: a record, a NUL, a merge patch: what was patched once is not changed by the same patch again. */
#include "operation/merge.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str patch_text = {(const char *)data, n}, record_text = fuzz_part(&patch_text, '\0');
    struct arena *a = fuzz_arena();
    const struct value *record, *patch;
    struct error err;

    if (!value_parse(a, record_text, VALUE_DEPTH_MAX, &record, &err) || !value_parse(a, patch_text, VALUE_DEPTH_MAX, &patch, &err))
        return 0;
    const struct value *once = merge_record(a, NULL, record, patch);
    expect(value_equal(once, merge_record(a, NULL, once, patch)));
    return 0;
}
