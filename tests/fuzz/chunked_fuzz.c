/* chunked_fuzz.c: a chunked body: what is read of it is what a simple reader finds there, and what its data written anew is read as; and in
 * whatever steps it comes, it comes to the same. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/http/chunked_outcome.h"

static void receive(struct str text, size_t step, struct outcome *ret)
{
    outcome_receive(text, step, BYTES_MAX, ret);
    expect(ret->holds);
}

/* Reads a whole body by its lines. */
static void expect_read(struct str text, struct str data)
{
    char *end;
    unsigned long size;

    do {
        struct str line = fuzz_part(&text, '\n');
        expect(line.n >= 2 && line.n <= 9 && line.p[line.n - 1] == '\r' && strchr("0123456789abcdefABCDEF", line.p[0]));
        size = strtoul(line.p, &end, 16);
        expect(end == line.p + line.n - 1 && line.p[1] != 'x' && line.p[1] != 'X');
        expect(size <= text.n && str_starts(data, (struct str){text.p, size}));
        data = str_skip(data, size);
        text = str_skip(text, size);
        expect(str_starts(text, STR("\r\n")));
        text = str_skip(text, 2);
    } while (size > 0);
    expect(data.n == 0 && text.n == 0);
}

static void expect_same_anew(struct str data)
{
    static char memory[BYTES_MAX + 32];
    static struct outcome again;
    struct buf b = buf_over(memory, sizeof memory);

    if (data.n)
        buf_printf(&b, "%zX\r\n", data.n);
    buf_add(&b, data);
    buf_add(&b, data.n ? STR("\r\n0\r\n\r\n") : STR("0\r\n\r\n"));
    receive(buf_str(&b), b.n, &again);
    expect(again.state == CHUNKED_DONE && again.n == b.n && str_eq(buf_str(&again.data), data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct outcome whole, part;
    const size_t steps[] = {1, 2, n / 3 + 1};
    struct str text = {(const char *)data, n};

    receive(text, n, &whole);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        receive(text, steps[i], &part);
        expect(part.state == whole.state && part.n == whole.n && str_eq(buf_str(&part.data), buf_str(&whole.data)));
    }
    if (whole.state == CHUNKED_DONE) {
        expect_read((struct str){text.p, whole.n}, buf_str(&whole.data));
        expect_same_anew(buf_str(&whole.data));
    }
    return 0;
}
