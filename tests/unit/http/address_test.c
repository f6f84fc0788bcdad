/* address_test.c: who is believed about whom. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/http/address.c"

static struct arena arena;

static struct proxies trusted(const char *list)
{
    struct proxies proxies;
    struct error err;

    if (!proxies_parse(&arena, str_of(list), &proxies, &err))
        fail_msg("%s", err.argument);
    return proxies;
}

static void networks_contain_what_their_prefix_says(void **state)
{
    static const struct {
        const char *networks, *address;
        bool inside;
    } rows[] = {
        {"10.0.0.0/8", "10.255.1.2", true},           {"10.0.0.0/8", "11.0.0.0", false},
        {"192.0.2.128/25", "192.0.2.128", true},      {"192.0.2.128/25", "192.0.2.127", false},
        {"192.0.2.1", "192.0.2.1", true},             {"192.0.2.1", "192.0.2.2", false},
        {"192.0.2.1/32", "::ffff:192.0.2.1", true},   {"::ffff:10.0.0.0/104", "10.1.2.3", true},
        {"2001:db8::/33", "2001:db8:7fff::1", true},  {"2001:db8::/33", "2001:db8:8000::1", false},
        {"0.0.0.0/0", "203.0.113.9", true},           {"0.0.0.0/0", "2001:db8::1", false},
        {"::1, 127.0.0.0/8", "127.0.0.2", true},      {"", "127.0.0.1", false},
        {"::/0", "2001:db8::1", true},                {"10.0.0.0/8", "2001:db8::a00:1", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct proxies proxies = trusted(rows[i].networks);
        struct address address;
        assert_true(address_parse(str_of(rows[i].address), &address));
        if (trusts(&proxies, &address) != rows[i].inside)
            fail_msg("%s in %s", rows[i].address, rows[i].networks);
    }
}

static void what_is_no_network_is_refused(void **state)
{
    static const char *const lists[] = {
        "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0/8", "proxy.example", "2001:db8::/129",
        "2001:db8::1/32", "10.0.0.0/8,,127.0.0.1", "10.0.0.0/8,", "[::1]", "127.0.0.1:80", "10.0.0.0/8/8", "1.2.3.4 5.6.7.8",
    };
    struct proxies proxies;
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (proxies_parse(&arena, str_of(lists[i]), &proxies, &err))
            fail_msg("taken: %s", lists[i]);
        assert_int_equal(err.code, ERR_STARTUP);
        assert_non_null(strstr(err.argument, "trusted_proxies: "));
    }
}

#define XFF(value) {STR_INIT("x-forwarded-for"), STR_INIT(value)}
#define FORWARDED(value) {STR_INIT("Forwarded"), STR_INIT(value)}

/* 10.0.0.0/8 and 2001:db8:1::/48 are proxies. */
static const struct {
    const char *peer;
    struct header headers[3];
    const char *caller;
} callers[] = {
    {"203.0.113.9", {{{NULL, 0}, {NULL, 0}}}, "203.0.113.9"},
    {"203.0.113.9", {XFF("198.51.100.1")}, "203.0.113.9"}, /* nobody is believed who is not trusted */
    {"203.0.113.9", {FORWARDED("for=198.51.100.1")}, "203.0.113.9"},
    {"127.0.0.1", {XFF("198.51.100.1")}, "127.0.0.1"}, /* not even oneself */
    {"10.0.0.1", {{{NULL, 0}, {NULL, 0}}}, "10.0.0.1"},
    {"10.0.0.1", {XFF("198.51.100.1")}, "198.51.100.1"},
    {"::ffff:10.0.0.1", {XFF("198.51.100.1")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("::ffff:198.51.100.1")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("192.0.2.66, 198.51.100.1")}, "198.51.100.1"}, /* what was sent to the proxy stands on the left */
    {"10.0.0.1", {XFF("10.0.0.7, 198.51.100.1")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("192.0.2.66,198.51.100.1 ,\t10.0.0.2")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("192.0.2.66"), XFF("198.51.100.1, 10.0.0.2")}, "198.51.100.1"}, /* several headers are one list */
    {"10.0.0.1", {XFF("198.51.100.1"), XFF("10.0.0.2"), XFF("10.0.0.3")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("10.0.0.3, 10.0.0.2")}, "10.0.0.3"},
    {"10.0.0.1", {XFF("nonsense")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("198.51.100.1,")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("192.0.2.66"), XFF("")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("nonsense, 10.0.0.2")}, "10.0.0.2"},
    {"10.0.0.1", {XFF("192.0.2.66, 999.1.1.1, 10.0.0.2")}, "10.0.0.2"},
    {"10.0.0.1", {XFF("\"198.51.100.1\"")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("192.0.2.66\", 198.51.100.1")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("198.51.100.1:4711")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("198.51.100.1:99999")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("198.51.100.1:")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("2001:db8:2::1")}, "2001:db8:2::1"},
    {"10.0.0.1", {XFF("[2001:db8:2::1]:443, 2001:db8:1::5")}, "2001:db8:2::1"},
    {"10.0.0.1", {XFF("[2001:db8:2::1")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("[198.51.100.1]")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("unknown")}, "10.0.0.1"},
    {"10.0.0.1", {FORWARDED("for=198.51.100.1")}, "198.51.100.1"},
    {"10.0.0.1", {FORWARDED("proto=https; For=\"[2001:db8:2::1]:4711\" ;by=10.0.0.1")}, "2001:db8:2::1"},
    {"10.0.0.1", {FORWARDED("for=192.0.2.66, for=198.51.100.1;host=\"a,b;c\", for=10.0.0.2")}, "198.51.100.1"},
    {"10.0.0.1", {FORWARDED("for=192.0.2.66"), FORWARDED("for=198.51.100.1")}, "198.51.100.1"},
    {"10.0.0.1", {FORWARDED("for=_hidden")}, "10.0.0.1"},
    {"10.0.0.1", {FORWARDED("proto=https")}, "10.0.0.1"},
    {"10.0.0.1", {FORWARDED("for=198.51.100.1;for=192.0.2.66")}, "10.0.0.1"},
    {"10.0.0.1", {FORWARDED("for=192.0.2.66;host=\"a, for=198.51.100.1")}, "10.0.0.1"}, /* an open quote swallows what the proxy adds */
    {"10.0.0.1", {FORWARDED("for=\"192.0.2.66, for=198.51.100.1")}, "10.0.0.1"},
    {"10.0.0.1", {XFF("198.51.100.1"), FORWARDED("for=198.51.100.1")}, "198.51.100.1"},
    {"10.0.0.1", {XFF("198.51.100.1"), FORWARDED("for=192.0.2.66")}, "10.0.0.1"}, /* one of them was passed on unseen: neither */
    {"10.0.0.1", {XFF("198.51.100.1"), FORWARDED("for=unknown")}, "10.0.0.1"},
    {"fe80::1%eth0", {XFF("198.51.100.1")}, "fe80::1"},
    {"", {XFF("198.51.100.1")}, "::"},
};

static void the_caller_is_the_last_who_is_no_trusted_proxy(void **state)
{
    struct proxies proxies = trusted("10.0.0.0/8, 2001:db8:1::/48");
    struct address wanted;

    (void)state;
    for (size_t i = 0; i < sizeof callers / sizeof callers[0]; i++) {
        size_t n = 0;
        while (n < 3 && callers[i].headers[n].name.p)
            n++;
        struct address caller = proxies_caller(&proxies, str_of(callers[i].peer), (struct headers){callers[i].headers, n});
        assert_true(address_parse(str_of(callers[i].caller), &wanted));
        if (memcmp(&caller, &wanted, sizeof caller) != 0)
            fail_msg("row %zu: not %s", i, callers[i].caller);
    }
}

static void a_chain_is_followed_no_further_than_its_bound(void **state)
{
    struct proxies proxies = trusted("10.0.0.0/8");
    struct address caller, wanted;

    (void)state;
    assert_true(address_parse(STR("10.0.0.2"), &wanted));
    struct str text = STR("198.51.100.1");
    for (int i = 0; i < 2 * HOPS_MAX; i++)
        text = arena_printf(&arena, "%.*s, 10.0.0.2", STR_ARG(text));
    const struct header header = {STR("X-Forwarded-For"), text};
    caller = proxies_caller(&proxies, STR("10.0.0.1"), (struct headers){&header, 1});
    assert_memory_equal(&caller, &wanted, sizeof caller);
}

static bool same_subscriber(const char *one, const char *other)
{
    struct address a, b;

    assert_true(address_parse(str_of(one), &a) && address_parse(str_of(other), &b));
    return str_eq(address_subscriber(&a), address_subscriber(&b));
}

static void a_subscriber_is_an_ipv4_address_or_64_bits(void **state)
{
    (void)state;
    assert_true(same_subscriber("192.0.2.1", "::ffff:192.0.2.1"));
    assert_false(same_subscriber("192.0.2.1", "192.0.2.2"));
    assert_true(same_subscriber("2001:db8:0:1::1", "2001:db8:0:1:ffff::2"));
    assert_false(same_subscriber("2001:db8:0:1::1", "2001:db8:0:2::1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(networks_contain_what_their_prefix_says),
        cmocka_unit_test(what_is_no_network_is_refused),
        cmocka_unit_test(the_caller_is_the_last_who_is_no_trusted_proxy),
        cmocka_unit_test(a_chain_is_followed_no_further_than_its_bound),
        cmocka_unit_test(a_subscriber_is_an_ipv4_address_or_64_bits),
    };
    if (!arena_init(&arena, 1 << 20))
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
