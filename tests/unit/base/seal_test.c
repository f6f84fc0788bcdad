/* seal_test.c: what is sealed opens again under its own label and key, and nothing else does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/seal.c"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY_B "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

static char path[] = "/tmp/cpwg_seal_test_XXXXXX";
static struct arena arena;
static struct buf opened;

static int setup(void **state)
{
    (void)state;
    int fd = mkstemp(path);

    buf_init(&opened, 1 << 20);
    return fd < 0 || close(fd) != 0 || !arena_init(&arena, 64 << 20) ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    buf_done(&opened);
    return unlink(path);
}

static void write_keys(const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static struct seal *keys(const char *text)
{
    struct seal *seal;
    struct error err;

    write_keys(text, 0600);
    if (!seal_read(path, &seal, &err))
        fail_msg("%s", err.argument);
    return seal;
}

static void assert_opens(const struct seal *seal, const char *label, struct str sealed, struct str text)
{
    buf_clear(&opened, 1 << 20);
    assert_true(seal_open(seal, str_of(label), sealed, &opened));
    assert_true(str_eq(buf_str(&opened), text));
}

static void assert_stays_shut(const struct seal *seal, const char *label, struct str sealed)
{
    buf_clear(&opened, 1 << 20);
    buf_add(&opened, STR("before"));
    assert_false(seal_open(seal, str_of(label), sealed, &opened));
    assert_true(str_eq(buf_str(&opened), STR("before")));
}

static void what_is_sealed_opens_again_whatever_its_length(void **state)
{
    (void)state;
    struct seal *seal = keys(KEY_A "\n");
    char text[300];

    memset(text, '\0', sizeof text); /* NUL is a byte like others */
    for (size_t n = 0; n <= sizeof text; n++) {
        struct str sealed = seal_close(seal, &arena, STR("narrative"), (struct str){text, n});
        assert_true(str_starts(sealed, STR("\\x01")));
        assert_int_equal(sealed.n, SEAL_TEXT_BYTES(n));
        assert_int_equal(strlen(sealed.p), sealed.n);
        assert_opens(seal, "narrative", sealed, (struct str){text, n});
    }
    seal_free(seal);
}

static void sealed_texts_show_neither_content_nor_exact_length(void **state)
{
    (void)state;
    struct seal *seal = keys(KEY_A "\n");
    struct str first = seal_close(seal, &arena, STR("a"), STR("yes")), second = seal_close(seal, &arena, STR("a"), STR("yes"));

    assert_false(str_eq(first, second));
    assert_int_equal(first.n, seal_close(seal, &arena, STR("a"), STR("a text that is rather longer than yes")).n);
    seal_free(seal);
}

static void no_changed_digit_opens(void **state)
{
    (void)state;
    struct seal *seal = keys(KEY_A "\n");
    struct str sealed = seal_close(seal, &arena, STR("narrative"), STR("\"what happened\""));

    for (size_t i = 0; i < sealed.n; i++) {
        struct str other = arena_copy(&arena, sealed);
        char *at = arena_alloc(&arena, sealed.n + 1);
        memcpy(at, other.p, other.n);
        at[i] = at[i] == '0' ? '1' : '0';
        assert_stays_shut(seal, "narrative", (struct str){at, sealed.n});
    }
    seal_free(seal);
}

static void nothing_shorter_or_longer_opens(void **state)
{
    (void)state;
    struct seal *seal = keys(KEY_A "\n");
    struct str sealed = seal_close(seal, &arena, STR("narrative"), STR("\"what happened\""));

    for (size_t n = 0; n < sealed.n; n++)
        assert_stays_shut(seal, "narrative", (struct str){sealed.p, n});
    assert_stays_shut(seal, "narrative", arena_printf(&arena, "%s00", sealed.p));
    assert_stays_shut(seal, "narrative", arena_printf(&arena, "%s\\", sealed.p));
    assert_stays_shut(seal, "narrative", STR("what happened"));
    assert_stays_shut(NULL, "narrative", sealed);
    seal_free(seal);
}

static void another_label_does_not_open(void **state)
{
    (void)state;
    struct seal *seal = keys(KEY_A "\n");
    struct str sealed = seal_close(seal, &arena, STR("narrative"), STR("\"what happened\""));

    assert_stays_shut(seal, "contact", sealed);
    assert_stays_shut(seal, "narrativ", sealed);
    assert_stays_shut(seal, "", sealed);
    seal_free(seal);
}

static void another_key_does_not_open(void **state)
{
    (void)state;
    struct seal *a = keys(KEY_A "\n"), *b = keys(KEY_B "\n");

    assert_stays_shut(b, "narrative", seal_close(a, &arena, STR("narrative"), STR("1")));
    seal_free(a);
    seal_free(b);
}

static void a_new_key_on_top_seals_and_the_old_one_opens(void **state)
{
    (void)state;
    struct seal *before = keys(KEY_A), *after = keys(KEY_B "\n" KEY_A "\n"), *only_new = keys(KEY_B "\r\n");
    struct str old = seal_close(before, &arena, STR("n"), STR("old")), new = seal_close(after, &arena, STR("n"), STR("new"));

    assert_opens(after, "n", old, STR("old"));
    assert_opens(after, "n", new, STR("new"));
    assert_opens(only_new, "n", new, STR("new"));
    assert_stays_shut(before, "n", new);
    assert_stays_shut(only_new, "n", old);
    for (enum seal_purpose p = 0; p < SEAL_PURPOSES; p++) {
        assert_true(str_eq(seal_key(before, p), seal_key(after, p))); /* peppers outlive rotation */
        assert_false(str_eq(seal_key(before, p), seal_key(only_new, p)));
        assert_false(str_eq(seal_key(before, p), seal_key(before, (p + 1) % SEAL_PURPOSES)));
    }
    seal_free(before);
    seal_free(after);
    seal_free(only_new);
}

static void what_does_not_fit_the_buffer_fails_it(void **state)
{
    (void)state;
    struct seal *seal = keys(KEY_A "\n");
    char memory[20];
    struct buf small = buf_over(memory, sizeof memory);

    assert_false(seal_open(seal, STR("n"), seal_close(seal, &arena, STR("n"), STR("text")), &small));
    assert_true(small.failed);
    seal_free(seal);
}

static void key_files_that_are_not_right_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        mode_t mode;
        const char *reason;
    } wrong[] = {
        {"", 0600, "holds no key"}, {"\n", 0600, "holds no key"}, {KEY_A "\n", 0640, "others may read it"}, {KEY_A "\n", 0604, "others may read it"},
        {KEY_A "0\n", 0600, "line 1 is not 64 hexadecimal digits"}, {"00112233\n", 0600, "line 1 is not"},
        {KEY_A "\n\n" KEY_B "\n", 0600, "line 2 is not"}, {"g" KEY_A "\n", 0600, "line 1 is not"},
        {KEY_A "\n" KEY_B "\n" KEY_A "\n", 0600, "lines 1 and 3 are the same key"},
    };
    struct seal *seal = NULL;
    struct error err;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        write_keys(wrong[i].text, wrong[i].mode);
        assert_false(seal_read(path, &seal, &err));
        assert_int_equal(err.code, ERR_STARTUP);
        if (!strstr(err.argument, wrong[i].reason))
            fail_msg("%zu: %s", i, err.argument);
        assert_null(strstr(err.argument, "0011")); /* keys are not repeated */
    }
    assert_false(seal_read("/no/such/file", &seal, &err));
    assert_non_null(strstr(err.argument, "No such file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_sealed_opens_again_whatever_its_length),
        cmocka_unit_test(sealed_texts_show_neither_content_nor_exact_length),
        cmocka_unit_test(no_changed_digit_opens),
        cmocka_unit_test(nothing_shorter_or_longer_opens),
        cmocka_unit_test(another_label_does_not_open),
        cmocka_unit_test(another_key_does_not_open),
        cmocka_unit_test(a_new_key_on_top_seals_and_the_old_one_opens),
        cmocka_unit_test(what_does_not_fit_the_buffer_fails_it),
        cmocka_unit_test(key_files_that_are_not_right_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
