/* service_test.c: what the program refuses to start with. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/ops/service.c"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[] = "/tmp/cpwg_service_test_XXXXXX";
static struct service service;

static int setup(void **state)
{
    (void)state;
    struct error err;
    int fd = mkstemp(path);

    if (fd < 0 || close(fd) != 0 || setenv("CPWG_SECRET_FILE", path, 1) != 0 || setenv("CPWG_ISSUER", "us", 1) != 0)
        return -1;
    unsetenv("CPWG_DATABASE");
    return service_init(&service, NULL, &err) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    service_done(&service);
    service_done(&service); /* twice does no harm */
    return unlink(path);
}

static void write_secret(size_t n, char with, mode_t mode)
{
    char text[SECRET_BYTES_MAX + 1];
    int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    memset(text, with, sizeof text);
    assert_int_equal(write(fd, text, n), n);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void assert_secret_refused(const char *reason)
{
    struct error err;

    assert_false(service_read_secret(&service, &err));
    assert_int_equal(err.code, ERR_STARTUP);
    assert_non_null(strstr(err.argument, reason));
    assert_null(service.keys.secret.p);
}

static void secret_must_be_long_and_private(void **state)
{
    (void)state;
    static const mode_t open_to_others[] = {0640, 0604, 0660, 0602, 0620, 0777};

    write_secret(31, 'x', 0600);
    assert_secret_refused("shorter than 32 bytes");
    write_secret(0, 'x', 0600);
    assert_secret_refused("shorter than 32 bytes");
    write_secret(SECRET_BYTES_MAX + 1, 'x', 0600);
    assert_secret_refused("too large");
    for (size_t i = 0; i < sizeof open_to_others / sizeof open_to_others[0]; i++) {
        write_secret(32, 'x', open_to_others[i]);
        assert_secret_refused("others may read it");
    }
}

static void secret_must_be_set_and_there(void **state)
{
    (void)state;
    struct str configured = service.config.secret_file;

    service.config.secret_file = STR("");
    assert_secret_refused("secret_file is not set");
    service.config.secret_file = STR("/no/such/file");
    assert_secret_refused("No such file");
    service.config.secret_file = configured;
}

static void token_key_derives_from_the_secret_and_is_not_it(void **state)
{
    (void)state;
    struct error err;

    write_secret(32, 'x', 0400);
    assert_true(service_read_secret(&service, &err));
    struct str first = service.keys.secret;
    assert_int_equal(first.n, SHA256_BYTES);
    assert_false(str_eq(first, service.secret));
    assert_true(str_eq(service.keys.issuer, STR("us")) && str_eq(service.keys.audience, STR("cpwg-api")));
    write_secret(32, 'y', 0600);
    assert_true(service_read_secret(&service, &err));
    assert_false(str_eq(first, service.keys.secret));
    write_secret(32, 'x', 0600);
    assert_true(service_read_secret(&service, &err));
    assert_true(str_eq(first, service.keys.secret)); /* tokens outlive a restart */
}

static void seal_keys_are_needed_only_where_the_contract_asks_for_them(void **state)
{
    (void)state;
    static const struct contract plain = {.needs_seal = false}, sealing = {.needs_seal = true};
    struct error err;

    service.contract = &plain;
    assert_true(service_read_seal(&service, &err));
    assert_null(service.seal);
    service.contract = &sealing;
    assert_false(service_read_seal(&service, &err));
    assert_string_equal(err.argument, "seal_key_file is not set (CPWG_SEAL_KEY_FILE): the contract has sealed members or case keys");
    service.config.seal_key_file = str_of(path);
    write_secret(64, 'x', 0600);
    assert_false(service_read_seal(&service, &err));
    assert_non_null(strstr(err.argument, "is not 64 hexadecimal digits"));
    write_secret(64, 'a', 0640);
    assert_false(service_read_seal(&service, &err));
    assert_non_null(strstr(err.argument, "others may read it"));
    write_secret(64, 'a', 0600);
    service.contract = &plain; /* keys that are set are read, and must be right, also where nothing needs them yet */
    assert_true(service_read_seal(&service, &err));
    assert_non_null(service.seal);
    service.contract = NULL;
}

static void write_file(const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void assert_issuers_refused(const char *reason)
{
    struct error err;

    assert_false(service_read_issuers(&service, &err));
    assert_int_equal(err.code, ERR_STARTUP);
    assert_non_null(strstr(err.argument, reason));
}

static void issuers_are_read_only_where_a_file_is_set(void **state)
{
    (void)state;
    static const struct role roles[] = {{.name = STR_INIT("resident")}};
    static const struct contract contract = {.roles = roles, .n_roles = 1};
    struct error err;

    service.contract = &contract;
    assert_true(service_read_issuers(&service, &err));
    assert_int_equal(service.issuers.list.n, 0);
    service.config.outgoing_reach = STR("galaxy");
    assert_issuers_refused("outgoing_reach: must be public, private or sandbox");
    service.config.outgoing_reach = STR("public");
    service.config.issuers_file = str_of(path);
    write_file("{}");
    assert_issuers_refused("issuers_file: /tmp/cpwg_service_test_");
    service.config.issuer = STR("https://a");
    write_file("{\"issuers\":[{\"issuer\":\"https://a\",\"audiences\":[\"x\"]}]}");
    assert_issuers_refused("issuers_file: https://a is the name of tokens of our own");
    service.config.issuer = STR("us");
    service.config.base_url = STR("https://a");
    assert_issuers_refused("issuers_file: https://a is the name of tokens of our own");
    service.config.base_url = STR("https://b");
    assert_true(service_read_issuers(&service, &err));
    assert_int_equal(service.issuers.list.n, 1);
    struct str seal_keys = service.config.seal_key_file;
    service.config.seal_key_file = STR(""); /* what makes subjects of providers' is a key of that file */
    assert_false(service_read_seal(&service, &err));
    assert_non_null(strstr(err.argument, "seal_key_file is not set"));
    service.config.seal_key_file = seal_keys;
    service.issuers.list.n = 0;
    service.contract = NULL;
}

static void systems_have_the_base_url_as_issuer_where_there_is_one(void **state)
{
    (void)state;
    struct config config = {.issuer = STR("urn:x"), .base_url = STR("")};

    assert_true(str_eq(systems_issuer(&config), STR("urn:x")));
    config.base_url = STR("https://a");
    assert_true(str_eq(systems_issuer(&config), STR("https://a")));
    assert_non_null(service.keys.systems); /* of the seal keys that were read above */
    assert_int_equal(service.keys.subject_key.n, SEAL_KEY_BYTES);
}

static void service_needs_a_database_to_open_one(void **state)
{
    (void)state;
    struct error err;

    assert_false(service_open_database(&service, &err));
    assert_non_null(strstr(err.argument, "database is not set"));
}

static void service_that_failed_to_start_can_be_taken_apart(void **state)
{
    (void)state;
    struct service other;
    struct error err;

    assert_false(service_init(&other, "/no/such/file", &err));
    service_done(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_must_be_set_and_there), /* first: later ones leave a key */
        cmocka_unit_test(secret_must_be_long_and_private),
        cmocka_unit_test(token_key_derives_from_the_secret_and_is_not_it),
        cmocka_unit_test(seal_keys_are_needed_only_where_the_contract_asks_for_them),
        cmocka_unit_test(issuers_are_read_only_where_a_file_is_set),
        cmocka_unit_test(systems_have_the_base_url_as_issuer_where_there_is_one),
        cmocka_unit_test(service_needs_a_database_to_open_one),
        cmocka_unit_test(service_that_failed_to_start_can_be_taken_apart),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
