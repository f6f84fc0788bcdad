/* prepared_test.c: texts and shapes are made once and shared by all threads. */
#include "tests/unit/render/fake.h"

#include <pthread.h>

#include "api/operation/prepared.c"

static const struct db_result columns = {1, {{"id", DB_UUID, "1"}}}, others = {1, {{"id", DB_TEXT, "1"}}};
static const struct operation operation; /* of no record: every column is shown */
static const struct plan plan = {.operation = &operation};

static struct prepared *made(uint64_t number)
{
    struct sql_order order = {.names = {3, 1}, .n = 2};
    struct prepared *prepared = prepared_new((struct db_key){number << 8, number}, &order, (uint32_t[]){DB_TEXT, DB_UUID}, STR("select $1, $2"));

    assert_non_null(prepared);
    return prepared;
}

static struct prepared_table *made_table(void)
{
    struct prepared_table *table = prepared_table_new();

    assert_non_null(table);
    return table;
}

static void is_found_by_its_key_alone(void **state)
{
    struct prepared_table *table = made_table();
    struct prepared *first = made(1), *again = made(1);

    (void)state;
    assert_null(prepared_find(table, first->key));
    assert_ptr_equal(prepared_add(table, first), first);
    assert_non_null(prepared_add(table, made(2)));
    assert_non_null(prepared_find(table, (struct db_key){2 << 8, 2}));
    assert_ptr_equal(prepared_add(table, again), first);
    assert_ptr_equal(prepared_find(table, first->key), first);
    assert_null(prepared_find(table, (struct db_key){1 << 8, 2}));
    assert_string_equal(first->text.p, "select $1, $2");
    assert_int_equal(first->types[1], DB_UUID);
    assert_int_equal(first->order.names[0], 3);
    prepared_table_free(table);
}

static void what_finds_no_room_stays_the_callers(void **state)
{
    struct prepared_table *table = made_table();
    struct prepared *one = made(1);

    (void)state;
    for (uint64_t number = 2; prepared_add(table, one); number++) {
        assert_true(number <= TABLE_SLOTS + 1);
        one = made(number);
    }
    assert_null(prepared_find(table, one->key));
    prepared_free(one);
    prepared_table_free(table);
    prepared_table_free(NULL);
    prepared_free(NULL);
}

static void a_shape_is_made_once_for_each_set_of_columns(void **state)
{
    struct prepared *prepared = made(1);
    const struct shape *first, *second, *again;
    struct error err;

    (void)state;
    assert_true(prepared_shape(prepared, &columns, &plan, SHAPE_RECORD, &first, &err));
    assert_true(prepared_shape(prepared, &others, &plan, SHAPE_RECORD, &second, &err)); /* after a migration */
    assert_ptr_not_equal(first, second);
    for (int i = 0; i < 3; i++) {
        assert_true(prepared_shape(prepared, &columns, &plan, SHAPE_RECORD, &again, &err));
        assert_ptr_equal(again, first);
        assert_true(prepared_shape(prepared, &others, &plan, SHAPE_RECORD, &again, &err));
        assert_ptr_equal(again, second);
    }
    assert_false(prepared_shape(prepared, &(struct db_result){1, {{"id", 1114 /* timestamp without time zone: never shown */, NULL}}}, &plan, SHAPE_RECORD, &again, &err));
    assert_int_equal(err.code, ERR_CONTRACT);
    prepared_free(prepared);
}

enum { THREADS = 4, KEYS = 300 };

static void *add_all(void *table)
{
    for (uint64_t number = 1; number <= KEYS; number++) {
        struct db_key key = {number << 8, number};
        struct prepared *prepared = prepared_find(table, key);
        const struct shape *shape;
        struct error err;
        if (!prepared)
            prepared = prepared_add(table, made(number));
        assert_true(prepared->key.b == number);
        assert_true(prepared_shape(prepared, number % 2 ? &columns : &others, &plan, SHAPE_RECORD, &shape, &err));
        assert_true(shape_fits(shape, number % 2 ? &columns : &others));
    }
    return NULL;
}

static void threads_share_what_they_add(void **state)
{
    struct prepared_table *table = made_table();
    pthread_t threads[THREADS];
    size_t n = 0;

    (void)state;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, add_all, table);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < TABLE_SLOTS; i++)
        n += table->slots[i] != NULL;
    assert_int_equal(n, KEYS);
    prepared_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_found_by_its_key_alone),
        cmocka_unit_test(what_finds_no_room_stays_the_callers),
        cmocka_unit_test(a_shape_is_made_once_for_each_set_of_columns),
        cmocka_unit_test(threads_share_what_they_add),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
