/* network_test.c: what is an address or a network, and what is none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/base/network.c"

static void a_network_is_an_address_and_the_length_of_its_prefix(void **state)
{
    static const struct {
        const char *text;
        int bits; /* 0: it is none */
        bool is_ipv4;
    } rows[] = {
        {"192.0.2.1", 128, true},     {"10.0.0.0/8", 104, true},      {"0.0.0.0/0", 96, true},      {"2001:db8::/32", 32, false},
        {"2001:db8::1", 128, false},  {"::ffff:10.0.0.0/104", 104, true}, {"10", 0, false},         {"10.1", 0, false},
        {"10.0.0.1/8", 0, false},     {"10.0.0.0/33", 0, false},      {"10.0.0.0/", 0, false},      {"10.0.0.0/08", 0, false},
        {"10.0.0.010", 0, false},     {"2001:db8::1/32", 0, false},   {"2001:db8::/129", 0, false}, {":::1", 0, false},
        {"::1%lo", 0, false},         {"", 0, false},                 {"/8", 0, false},             {"1.2.3.4.5", 0, false},
        {"::ffff:0:0/95", 0, false},  {" 10.0.0.0/8", 0, false},      {"10.0.0.0/-1", 0, false},    {"10.0.0.0/8/8", 0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct network network = {.bits = 0};
        if (network_parse(str_of(rows[i].text), &network) != (rows[i].bits != 0))
            fail_msg("\"%s\"", rows[i].text);
        if (rows[i].bits && (network.bits != rows[i].bits || address_is_ipv4(&network.first) != rows[i].is_ipv4))
            fail_msg("\"%s\": %d", rows[i].text, network.bits);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_is_an_address_and_the_length_of_its_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
