/* pattern_fuzz.c: an expression, a NUL, a text: what is called safe is quick on any text. */
#include "contract/format.h"
#include "contract/pattern.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = {(const char *)data, n}, expression = fuzz_part(&text, '\0');
    struct arena *a = fuzz_arena();
    char reason[PATTERN_REASON_BYTES];
    const struct pattern *pattern;
    const char *why;

    bool safe = pattern_is_safe(expression, &why), compiles = pattern_compile(a, expression, &pattern, reason);
    expect(safe || *why);
    expect(compiles || *reason);
    if (compiles)
        pattern_fits(pattern, text);
    for (enum schema_format format = FORMAT_NONE; format_fits(FORMAT_DATE_TIME, text) && format <= FORMAT_DATE; format++)
        expect(format_fits(FORMAT_DATE, (struct str){text.p, 10}));
    return 0;
}
