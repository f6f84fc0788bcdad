/* prepared.c: texts and shapes that all threads share. Knows nothing of connections. */
#include "operation/prepared.h"

#include <stdlib.h>

enum { TABLE_SLOTS = 2048, PROBES_MAX = 16 }; /* a contract of 130 operations uses some 500 */

struct shown {
    struct shape *shape;
    struct shown *next;
};

struct prepared_table {
    struct prepared *slots[TABLE_SLOTS]; /* atomic; set once */
};

struct prepared *prepared_new(struct db_key key, const struct sql_order *order, const uint32_t *types, struct str text)
{
    struct prepared *prepared = calloc(1, sizeof *prepared + text.n + 1);

    if (!prepared)
        return NULL;
    char *copy = (char *)(prepared + 1);
    memcpy(copy, text.p, text.n);
    prepared->key = key;
    prepared->order = *order;
    memcpy(prepared->types, types, order->n * sizeof *types);
    prepared->text = (struct str){copy, text.n};
    return prepared;
}

void prepared_free(struct prepared *prepared)
{
    if (!prepared)
        return;
    for (struct shown *shown = prepared->shown, *next; shown; shown = next) {
        next = shown->next;
        shape_free(shown->shape);
        free(shown);
    }
    free(prepared);
}

bool prepared_shape(struct prepared *prepared, const struct db_result *columns, const struct plan *plan, enum shape_kind kind,
                    const struct shape **ret, struct error *err)
{
    struct shown *first = __atomic_load_n(&prepared->shown, __ATOMIC_ACQUIRE), *made;

    for (const struct shown *shown = first; shown; shown = shown->next)
        if (shape_fits(shown->shape, columns)) {
            *ret = shown->shape;
            return true;
        }
    made = malloc(sizeof *made);
    if (!made)
        return error_set(err, ERR_OVERLOADED, "out of memory");
    if (!shape_new(columns, plan->operation->record, kind, plan->seal, &made->shape, err)) {
        free(made);
        return false;
    }
    *ret = made->shape;
    made->next = first;
    while (!__atomic_compare_exchange_n(&prepared->shown, &made->next, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        ; /* another thread added one, perhaps of the same columns */
    return true;
}

struct prepared_table *prepared_table_new(void)
{
    return calloc(1, sizeof(struct prepared_table));
}

void prepared_table_free(struct prepared_table *table)
{
    for (size_t i = 0; table && i < TABLE_SLOTS; i++)
        prepared_free(table->slots[i]);
    free(table);
}

/* The probe-th slot in which a key may lie. */
static struct prepared **slot_of(struct prepared_table *table, struct db_key key, size_t probe)
{
    uint64_t mixed = (key.a ^ (key.b << 1)) * 0x9e3779b97f4a7c15u; /* Fibonacci hashing: the high bits are the mixed ones */
    return &table->slots[((mixed >> 32) + probe) % TABLE_SLOTS];
}

static bool has_key(const struct prepared *prepared, struct db_key key)
{
    return prepared->key.a == key.a && prepared->key.b == key.b;
}

struct prepared *prepared_find(struct prepared_table *table, struct db_key key)
{
    for (size_t probe = 0; probe < PROBES_MAX; probe++) {
        struct prepared *there = __atomic_load_n(slot_of(table, key, probe), __ATOMIC_ACQUIRE);
        if (!there || has_key(there, key))
            return there;
    }
    return NULL;
}

struct prepared *prepared_add(struct prepared_table *table, struct prepared *prepared)
{
    for (size_t probe = 0; probe < PROBES_MAX; probe++) {
        struct prepared *there = NULL;
        if (__atomic_compare_exchange_n(slot_of(table, prepared->key, probe), &there, prepared, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return prepared;
        if (has_key(there, prepared->key)) {
            prepared_free(prepared);
            return there;
        }
    }
    return NULL;
}
