/* fetch_test.c: what may be called, and what is taken of those that answer; against a server of one answer on loopback. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "api/auth/fetch.c"
#include "base/clock.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    return fetch_init(NULL) && arena_init(&arena, 16 << 20) ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    curl_global_cleanup();
    arena_done(&arena);
    return 0;
}

/* --- addresses */

static enum need need_of_text(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return need_of_address((const struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return need_of_address((const struct sockaddr *)&v6);
}

static void addresses_that_are_not_public_need_more(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        enum need need;
    } rows[] = {
        {"1.1.1.1", NEEDS_NOTHING},           {"9.255.255.255", NEEDS_NOTHING},     {"10.0.0.0", NEEDS_PRIVATE},
        {"10.255.255.255", NEEDS_PRIVATE},    {"11.0.0.0", NEEDS_NOTHING},          {"172.15.255.255", NEEDS_NOTHING},
        {"172.16.0.0", NEEDS_PRIVATE},        {"172.31.255.255", NEEDS_PRIVATE},    {"172.32.0.0", NEEDS_NOTHING},
        {"192.168.1.1", NEEDS_PRIVATE},       {"192.167.255.255", NEEDS_NOTHING},   {"100.63.255.255", NEEDS_NOTHING},
        {"100.64.0.1", NEEDS_PRIVATE},        {"100.127.255.255", NEEDS_PRIVATE},   {"100.128.0.0", NEEDS_NOTHING},
        {"127.0.0.1", NEEDS_SANDBOX},         {"127.255.255.254", NEEDS_SANDBOX},   {"0.0.0.0", NEEDS_TOO_MUCH},
        {"0.1.2.3", NEEDS_TOO_MUCH},          {"169.254.169.254", NEEDS_TOO_MUCH},  {"192.0.0.8", NEEDS_TOO_MUCH},
        {"192.0.2.1", NEEDS_TOO_MUCH},        {"198.18.0.1", NEEDS_TOO_MUCH},       {"198.19.255.255", NEEDS_TOO_MUCH},
        {"198.20.0.0", NEEDS_NOTHING},        {"198.51.100.7", NEEDS_TOO_MUCH},     {"203.0.113.7", NEEDS_TOO_MUCH},
        {"223.255.255.255", NEEDS_NOTHING},   {"224.0.0.1", NEEDS_TOO_MUCH},        {"255.255.255.255", NEEDS_TOO_MUCH},
        {"240.0.0.1", NEEDS_TOO_MUCH},        {"2606:4700::1111", NEEDS_NOTHING},   {"2a00::1", NEEDS_NOTHING},
        {"::1", NEEDS_SANDBOX},               {"::", NEEDS_TOO_MUCH},               {"::2", NEEDS_TOO_MUCH},
        {"fc00::1", NEEDS_PRIVATE},           {"fdff::1", NEEDS_PRIVATE},           {"fe80::1", NEEDS_TOO_MUCH},
        {"fec0::1", NEEDS_TOO_MUCH},          {"ff02::1", NEEDS_TOO_MUCH},          {"2001:db8::1", NEEDS_TOO_MUCH},
        {"2001::1", NEEDS_TOO_MUCH},          {"2001:4860::8888", NEEDS_NOTHING},   {"2002:7f00:1::", NEEDS_TOO_MUCH},
        {"64:ff9b::7f00:1", NEEDS_TOO_MUCH},  {"::ffff:127.0.0.1", NEEDS_SANDBOX},  {"::ffff:169.254.169.254", NEEDS_TOO_MUCH},
        {"::ffff:10.0.0.1", NEEDS_PRIVATE},   {"::ffff:1.1.1.1", NEEDS_NOTHING},    {"::127.0.0.1", NEEDS_TOO_MUCH},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (need_of_text(rows[i].address) != rows[i].need)
            fail_msg("%s needs %d, not %d", rows[i].address, need_of_text(rows[i].address), rows[i].need);
    assert_int_equal(need_of_address(&(struct sockaddr){.sa_family = AF_UNIX}), NEEDS_TOO_MUCH);
}

static void urls_are_https_with_a_host_and_no_surprises(void **state)
{
    (void)state;
    static const char *const good[] = {"https://a", "https://a.example.org:8443/x?y=1&z=%20", "https://[2606:4700::1]/x"};
    static const char *const bad[] = {"", "a", "https://", "https:///x", "HTTPS://a", "http://a", "ftp://a", "file:///etc/passwd", "https://u@a",
                                      "https://u:p@a/", "https://a/#x", "https://a/ b", "https://a/\r\nx", "https://a\\@b/", "https://a/\"", "https://a?x",
                                      "https://\xc3\xb1/", "https://a/\xc3\xb1", "gopher://a", "//a"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!fetch_takes_url(FETCH_PUBLIC, str_of(good[i])))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (fetch_takes_url(FETCH_PRIVATE, str_of(bad[i])))
            fail_msg("taken: %s", bad[i]);
    assert_true(fetch_takes_url(FETCH_SANDBOX, STR("http://127.0.0.1:80/x")));
    char *long_url = memset(arena_alloc(&arena, 3000), 'a', 3000);
    memcpy(long_url, "https://a/", 10);
    assert_false(fetch_takes_url(FETCH_SANDBOX, (struct str){long_url, 3000}));
}

/* --- answers */

struct server {
    int fd, port;
    const char *answer;
    size_t repeat;   /* so many times more the answer's last byte */
    int pause_ms;    /* before the answer */
    int asked;       /* connections that came */
    char request[2048];
    pthread_t thread;
};

static void *answer_one(void *of)
{
    struct server *server = of;
    int fd = accept(server->fd, NULL, NULL);

    if (fd < 0)
        return NULL;
    server->asked++;
    ssize_t n = read(fd, server->request, sizeof server->request - 1);
    (void)n;
    usleep((useconds_t)server->pause_ms * 1000);
    size_t length = strlen(server->answer);
    ssize_t sent = write(fd, server->answer, length);
    for (size_t i = 0; i < server->repeat && sent > 0; i += 1024) {
        char block[1024];
        memset(block, server->answer[length - 1], sizeof block);
        sent = write(fd, block, sizeof block);
    }
    close(fd);
    return NULL;
}

static void serve(struct server *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;

    server->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->fd, 4), 0);
    getsockname(server->fd, (struct sockaddr *)&address, &n);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, answer_one, server), 0);
}

static void end(struct server *server)
{
    shutdown(server->fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->fd);
}

static bool get(enum fetch_reach reach, struct server *server, const char *scheme, struct fetched *ret, struct error *err)
{
    serve(server);
    bool ok = fetch_get(reach, NULL, &arena, arena_printf(&arena, "%s://127.0.0.1:%d/x", scheme, server->port), ret, err);
    end(server);
    return ok;
}

static void a_document_comes_with_how_long_it_is_fresh(void **state)
{
    (void)state;
    static const struct {
        const char *headers;
        int64_t max_age_s;
    } rows[] = {
        {"", -1},
        {"Cache-Control: max-age=300\r\n", 300},
        {"cache-control: public, MAX-AGE=15, must-revalidate\r\n", 15},
        {"Cache-Control: max-age=300, no-store\r\n", 0},
        {"Cache-Control: no-cache\r\n", 0},
        {"Cache-Control: max-age=-1\r\n", -1},
        {"Cache-Control: max-age=99999999999999999999\r\n", -1},
        {"Cache-Control: max-age=x\r\n", -1},
        {"X-Cache-Control: max-age=300\r\n", -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server server = {.answer = arena_printf(&arena, "HTTP/1.1 200 OK\r\n%sContent-Length: 2\r\n\r\n{}", rows[i].headers).p};
        struct fetched fetched;
        struct error err;
        if (!get(FETCH_SANDBOX, &server, "http", &fetched, &err))
            fail_msg("%s", err.argument);
        assert_string_equal(fetched.body.p, "{}");
        assert_int_equal(fetched.max_age_s, rows[i].max_age_s);
        assert_non_null(strstr(server.request, "GET /x HTTP/1.1\r\n"));
    }
}

static void what_is_no_whole_200_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *answer, *reason;
    } rows[] = {
        {"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\n{}", "status 404"},
        {"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "status 302"},
        {"HTTP/1.1 204 Empty\r\n\r\n", "status 204"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", "it broke off"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n{}", "it is too large"},
        {"SSH-2.0-x\r\n", "the transfer failed"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct server server = {.answer = rows[i].answer};
        struct fetched fetched = {.max_age_s = 42};
        struct error err;
        assert_false(get(FETCH_SANDBOX, &server, "http", &fetched, &err));
        assert_int_equal(err.code, ERR_INVALID);
        assert_string_equal(err.argument, rows[i].reason);
        assert_int_equal(fetched.max_age_s, 42);
    }
}

static void an_endless_document_is_cut_off(void **state)
{
    (void)state;
    struct server server = {.answer = "HTTP/1.1 200 OK\r\n\r\n{", .repeat = (size_t)64 << 20};
    struct fetched fetched;
    struct error err;

    assert_false(get(FETCH_SANDBOX, &server, "http", &fetched, &err));
    assert_string_equal(err.argument, "it is too large");
}

static void this_machine_is_called_in_a_sandbox_alone(void **state)
{
    (void)state;
    struct fetched fetched;
    struct error err;

    for (int reach = FETCH_PUBLIC; reach <= FETCH_PRIVATE; reach++) {
        struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"};
        assert_false(get((enum fetch_reach)reach, &server, "https", &fetched, &err));
        assert_string_equal(err.argument, "its address is out of reach (see outgoing_reach)");
        assert_int_equal(server.asked, 0);
    }
}

/* A name that means this machine is no way around it, nor are other ways to write its address. */
static void names_of_this_machine_are_looked_through(void **state)
{
    (void)state;
    static const char *const urls[] = {"https://localhost:9/", "https://[::1]:9/", "https://0x7f.1:9/", "https://2130706433:9/", "https://[::ffff:127.0.0.1]:9/",
                                       "https://169.254.169.254/latest/meta-data", "https://0.0.0.0:9/"};
    struct fetched fetched;
    struct error err;

    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        assert_false(fetch_get(FETCH_PRIVATE, NULL, &arena, str_of(urls[i]), &fetched, &err));
        assert_string_equal(err.argument, "its address is out of reach (see outgoing_reach)");
    }
}

/* Plain http goes nowhere else than to this machine, also in a sandbox. */
static void plain_http_stays_on_this_machine(void **state)
{
    (void)state;
    struct fetched fetched;
    struct error err;

    assert_false(fetch_get(FETCH_SANDBOX, NULL, &arena, STR("http://10.255.255.1/"), &fetched, &err));
    assert_string_equal(err.argument, "its address is out of reach (see outgoing_reach)");
    assert_false(fetch_get(FETCH_SANDBOX, NULL, &arena, STR("http://1.1.1.1/"), &fetched, &err));
    assert_string_equal(err.argument, "its address is out of reach (see outgoing_reach)");
}

static void a_proxy_of_the_environment_is_not_asked(void **state)
{
    (void)state;
    struct server proxy = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"}, server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"};
    struct fetched fetched;
    struct error err;

    serve(&proxy);
    setenv("http_proxy", arena_printf(&arena, "http://127.0.0.1:%d", proxy.port).p, 1);
    setenv("all_proxy", arena_printf(&arena, "http://127.0.0.1:%d", proxy.port).p, 1);
    assert_true(get(FETCH_SANDBOX, &server, "http", &fetched, &err));
    assert_string_equal(fetched.body.p, "{}");
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    end(&proxy);
    assert_int_equal(proxy.asked, 0);
}

static void plain_text_is_no_tls(void **state)
{
    (void)state;
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"};
    struct fetched fetched;
    struct error err;

    assert_false(get(FETCH_SANDBOX, &server, "https", &fetched, &err));
    assert_string_equal(err.argument, "TLS failed");
}

static void a_call_ends_when_the_service_stops(void **state)
{
    (void)state;
    static const bool stop = true;
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", .pause_ms = 3000};
    struct fetched fetched;
    struct error err;
    int64_t began_ns = clock_ns();

    serve(&server);
    assert_false(fetch_get(FETCH_SANDBOX, &stop, &arena, arena_printf(&arena, "http://127.0.0.1:%d/", server.port), &fetched, &err));
    assert_string_equal(err.argument, "the service is stopping");
    assert_true(clock_ns() - began_ns < INT64_C(2000) * 1000 * 1000);
    end(&server);
}

static void a_slow_server_is_not_waited_for(void **state)
{
    (void)state;
    struct server server = {.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", .pause_ms = FETCH_MS_MAX + 500};
    struct fetched fetched;
    struct error err;

    assert_false(get(FETCH_SANDBOX, &server, "http", &fetched, &err));
    assert_string_equal(err.argument, "it took too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_that_are_not_public_need_more),
        cmocka_unit_test(urls_are_https_with_a_host_and_no_surprises),
        cmocka_unit_test(a_document_comes_with_how_long_it_is_fresh),
        cmocka_unit_test(what_is_no_whole_200_is_refused),
        cmocka_unit_test(an_endless_document_is_cut_off),
        cmocka_unit_test(this_machine_is_called_in_a_sandbox_alone),
        cmocka_unit_test(names_of_this_machine_are_looked_through),
        cmocka_unit_test(plain_http_stays_on_this_machine),
        cmocka_unit_test(a_proxy_of_the_environment_is_not_asked),
        cmocka_unit_test(plain_text_is_no_tls),
        cmocka_unit_test(a_call_ends_when_the_service_stops),
        cmocka_unit_test(a_slow_server_is_not_waited_for),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
