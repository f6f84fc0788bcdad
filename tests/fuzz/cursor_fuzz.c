/* cursor_fuzz.c: values, a NUL after each, then a position and a byte: a cursor of them reads back the same, and no other text does,
 * nor the same with that byte changed. The whole input as a cursor is refused. */
#include "operation/cursor.h"
#include "tests/fuzz/fuzz.h"

static const struct str key = STR_INIT("0123456789abcdef0123456789abcdef"), binding = STR_INIT("listThings public kind=school");

static void read_back(struct arena *a, const struct cursor *cursor, struct str change)
{
    struct str text;
    struct cursor again;
    struct error err;

    if (!cursor_make(a, key, binding, cursor, &text))
        return;
    expect(cursor_read(a, key, binding, text, &again, &err) && again.n == cursor->n);
    for (size_t i = 0; i < cursor->n; i++)
        expect(str_eq(again.values[i], cursor->values[i]));
    expect(!cursor_read(a, key, STR("listThings public"), text, &again, &err));
    if (change.n < 2)
        return;
    char *forged = arena_alloc(a, text.n);
    size_t at = (unsigned char)change.p[0] % text.n;
    memcpy(forged, text.p, text.n);
    forged[at] = change.p[1];
    expect(cursor_read(a, key, binding, (struct str){forged, text.n}, &again, &err) == (text.p[at] == change.p[1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str rest = {(const char *)data, n};
    struct arena *a = fuzz_arena();
    struct cursor cursor = {.n = 0};
    struct error err;

    expect(!cursor_read(a, key, binding, rest, &cursor, &err) && err.code == ERR_CURSOR);
    for (cursor.n = 0; cursor.n < CURSOR_VALUES_MAX && str_find(rest, '\0') < rest.n; cursor.n++)
        cursor.values[cursor.n] = fuzz_part(&rest, '\0');
    if (cursor.n)
        read_back(a, &cursor, rest);
    return 0;
}
