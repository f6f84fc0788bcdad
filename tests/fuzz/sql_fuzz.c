/* sql_fuzz.c: an operation's SQL file: refused with a reason, or its variants name no parameter that they do not give. */
#include "operation/sql.h"
#include "tests/fuzz/fuzz.h"

static void write_variant(struct arena *a, const struct sql_file *file, const struct sql_statement *statement, uint64_t given)
{
    struct sql_order order = {.n = 0};
    struct str text = sql_variant(a, file, statement, given, 0, &order);

    expect(text.p[text.n] == '\0' && strlen(text.p) == text.n);
    expect(order.n <= file->n_names);
    for (size_t i = 0; i < order.n; i++)
        expect(order.names[i] >= 0 && (size_t)order.names[i] < file->n_names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = fuzz_arena();
    struct sql_file file;
    struct error err;

    if (!sql_parse(a, STR("fuzz.sql"), (struct str){(const char *)data, n}, &file, &err)) {
        expect(err.code == ERR_CONTRACT && *err.argument);
        return 0;
    }
    expect(file.n > 0 && file.purpose.n > 0);
    for (size_t i = 0; i < file.n; i++) {
        write_variant(a, &file, &file.statements[i], 0);
        write_variant(a, &file, &file.statements[i], UINT64_MAX);
        for (size_t name = 0; name < file.n_names; name++)
            write_variant(a, &file, &file.statements[i], UINT64_C(1) << name);
    }
    return 0;
}
