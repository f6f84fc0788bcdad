/* canonical.c: writes values so that equal ones look the same. Knows nothing of what they are compared for. */
#include "base/canonical.h"

#include <math.h>
#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    return str_compare((*(const struct member *const *)a)->name, (*(const struct member *const *)b)->name);
}

static void write_object(struct arena *a, struct buf *b, const struct value *value)
{
    const struct member **members = arena_array(a, const struct member *, value->object.n);

    for (size_t i = 0; i < value->object.n; i++)
        members[i] = &value->object.v[i];
    qsort(members, value->object.n, sizeof(void *), by_name);
    for (size_t i = 0; i < value->object.n; i++) {
        buf_char(b, i ? ',' : '{');
        buf_json_string(b, members[i]->name);
        buf_char(b, ':');
        canonical_write(a, b, members[i]->value);
    }
    buf_add(b, value->object.n ? STR("}") : STR("{}"));
}

static void write_array(struct arena *a, struct buf *b, const struct value *value)
{
    buf_char(b, '[');
    for (size_t i = 0; i < value->array.n; i++) {
        if (i)
            buf_char(b, ',');
        canonical_write(a, b, value->array.v[i]);
    }
    buf_char(b, ']');
}

/* A real that is an integer of 64 bits equals that integer; 17 digits tell all others apart (IEEE 754 double). */
static void write_real(struct buf *b, double real)
{
    bool whole = trunc(real) >= real && trunc(real) <= real && real >= -0x1p63 && real < 0x1p63;

    if (whole)
        buf_printf(b, "%lld", (long long)real);
    else
        buf_printf(b, "%.17g", real);
}

void canonical_write(struct arena *a, struct buf *b, const struct value *value)
{
    if (value->type == VALUE_OBJECT)
        write_object(a, b, value);
    else if (value->type == VALUE_ARRAY)
        write_array(a, b, value);
    else if (value->type == VALUE_REAL)
        write_real(b, value->real);
    else
        value_write(b, value);
}
