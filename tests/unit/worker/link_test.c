/* link_test.c: the hashes of the audit's chain. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/worker/link.c"

static const struct str key = STR_INIT("a key of thirty-two bytes, or so!");
static const struct str row[LINK_FIELDS] = {STR_INIT("1"), STR_INIT("1772463845678901"), STR_INIT("handler-7"), STR_INIT("case_handler"),
                                            STR_INIT("city"), STR_INIT("read"), STR_INIT("complaint_private"), STR_INIT("3f1d7a52"), {NULL, 0}};

static struct link after(const struct str fields[LINK_FIELDS], struct link link)
{
    link_next_of(key, &link, fields);
    return link;
}

static void the_same_row_at_the_same_place_hashes_alike(void **state)
{
    struct link a = after(row, (struct link){0}), b = after(row, (struct link){0});

    (void)state;
    assert_int_equal(a.position, 1);
    assert_memory_equal(a.hash, b.hash, sizeof a.hash);
}

static void every_field_place_and_predecessor_counts(void **state)
{
    struct link zero = {0}, plain = after(row, zero), moved = after(row, (struct link){.position = 1}), behind = after(row, (struct link){.hash = {1}});

    (void)state;
    assert_memory_not_equal(plain.hash, moved.hash, sizeof plain.hash);
    assert_memory_not_equal(plain.hash, behind.hash, sizeof plain.hash);
    for (size_t i = 0; i < LINK_FIELDS; i++) {
        struct str other[LINK_FIELDS];
        memcpy(other, row, sizeof row);
        other[i] = STR("other");
        struct link changed = after(other, zero);
        assert_memory_not_equal(plain.hash, changed.hash, sizeof plain.hash);
    }
}

static void null_empty_and_neighbouring_fields_differ(void **state)
{
    struct str empty[LINK_FIELDS], shifted[LINK_FIELDS];
    struct link zero = {0}, plain = after(row, zero);

    (void)state;
    memcpy(empty, row, sizeof row);
    empty[LINK_FIELDS - 1] = STR("");
    struct link with_empty = after(empty, zero);
    assert_memory_not_equal(plain.hash, with_empty.hash, sizeof plain.hash);
    memcpy(shifted, row, sizeof row);
    shifted[3] = STR("case_handlercity");
    shifted[4] = STR("");
    struct link with_shift = after(shifted, zero);
    assert_memory_not_equal(plain.hash, with_shift.hash, sizeof plain.hash);
}

static void without_the_key_nobody_makes_a_hash(void **state)
{
    struct link plain = after(row, (struct link){0}), forged = {0};

    (void)state;
    link_next_of(STR("another key"), &forged, row);
    assert_memory_not_equal(plain.hash, forged.hash, sizeof plain.hash);
}

static void a_hash_is_64_lower_case_digits(void **state)
{
    unsigned char hash[SHA256_BYTES];

    (void)state;
    assert_true(link_hash_of(STR("00ff0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"), hash));
    assert_int_equal(hash[1], 0xff);
    assert_false(link_hash_of(STR("00FF0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"), hash));
    assert_false(link_hash_of(STR("00ff"), hash));
    assert_false(link_hash_of(STR("00ff0123456789abcdef0123456789abcdef0123456789abcdef0123456789ag"), hash));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_row_at_the_same_place_hashes_alike), cmocka_unit_test(every_field_place_and_predecessor_counts),
        cmocka_unit_test(null_empty_and_neighbouring_fields_differ),   cmocka_unit_test(without_the_key_nobody_makes_a_hash),
        cmocka_unit_test(a_hash_is_64_lower_case_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
