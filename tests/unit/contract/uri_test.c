/* uri_test.c: what RFC 3986 takes for a URI, a reference, an address. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/contract/uri.c"

/* Texts that begin with "!" must be refused without it. */
static void check(bool (*fits)(struct str), const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool wanted = texts[i][0] != '!';
        if (fits(str_of(texts[i] + !wanted)) != wanted)
            fail_msg("%s: %s", wanted ? "refused" : "taken", texts[i] + !wanted);
    }
}
#define CHECK(fits, texts) check(fits, texts, sizeof texts / sizeof texts[0])

static void uris_have_a_scheme(void **state)
{
    static const char *const texts[] = {
        "https://example.org", "https://u:p@example.org:8080/a/b;c=1?q=/?#f/?", "http://[2001:db8::1]:80/", "http://[v1.a:b]/",
        "http://999.1.1.1/", "http://a.b:", "http://:80", "http://@a", "http://", "urn:isbn:123", "mailto:a@b.c", "a+b-c.1:",
        "ftp:///etc", "x:/a//b", "http://h/%C3%A9", "!//example.org", "!/a", "!a", "!", "!1a:b", "!a,b:c", "!:a",
        "!http://a b/", "!http://a/\xc3\xa9", "!http://a/%4", "!http://a/%zz", "!http://a/<b>", "!http://a/b|c", "!http://a:b/",
        "!http://a:8:9", "!http://[::1/", "!http://[::1]a", "!http://[v.a]/", "!http://[vz.a]", "!http://[v1.%41]", "!http://a@b@c",
        "!http://[@a]/", "!http://a/[b]", "!http://a#b#c", "!http://a\n",
    };

    (void)state;
    CHECK(uri_is_absolute, texts);
}

static void references_need_none(void **state)
{
    static const char *const texts[] = {"", "a", "/a", "//h/a", "?q", "#f", "./a:b", "a/b:c", "http://a/b", "!1:b", "!a b",
                                        "!\\a", "!#a\\b", "!//h:x/", "!%"};

    (void)state;
    CHECK(uri_is_reference, texts);
}

static void ipv4_addresses_have_four_plain_numbers(void **state)
{
    static const char *const texts[] = {"0.0.0.0", "255.255.255.255", "!256.0.0.1", "!1.2.3", "!1.2.3.4.5", "!01.2.3.4",
                                        "!1..2.3", "!-1.2.3.4", "!1.2.3.4 ", "!", "!1.2.3.-0", "!1.2.3."};

    (void)state;
    CHECK(uri_is_ipv4, texts);
}

static void ipv6_addresses_have_eight_groups_or_one_gap(void **state)
{
    static const char *const texts[] = {
        "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "::ffff:192.0.2.1",
        "1:2:3:4:5:6:192.0.2.1", "1::192.0.2.1", "!", "!:", "!:::", "!1:2:3:4:5:6:7", "!1:2:3:4:5:6:7:8:9", "!1::2::3",
        "!1:2:3:4:5:6:7:8::", "!::1:2:3:4:5:6:7:8", "!12345::", "!g::", "!1:", "!:1", "!1:2:3:4:5:6:7:192.0.2.1", "!::1%eth0",
        "!::192.0.2.1:1", "!1:2:3:4:5:6:7:", "!::01.2.3.4",
    };

    (void)state;
    CHECK(uri_is_ipv6, texts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uris_have_a_scheme),
        cmocka_unit_test(references_need_none),
        cmocka_unit_test(ipv4_addresses_have_four_plain_numbers),
        cmocka_unit_test(ipv6_addresses_have_eight_groups_or_one_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
