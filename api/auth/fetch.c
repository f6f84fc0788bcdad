/* fetch.c: GETs over libcurl, held short. Knows nothing of what it gets. */
#include "auth/fetch.h"

#include "base/bits.h"
#include "base/buf.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { URL_BYTES_MAX = 2048, AGE_DIGITS_MAX = 9 };

static const struct str reaches[] = {
    [FETCH_PUBLIC] = STR_INIT("public"), [FETCH_PRIVATE] = STR_INIT("private"), [FETCH_SANDBOX] = STR_INIT("sandbox")};

bool fetch_reach_named(struct str name, enum fetch_reach *ret)
{
    for (size_t i = 0; i < sizeof reaches / sizeof reaches[0]; i++) {
        if (!str_eq(reaches[i], name))
            continue;
        *ret = (enum fetch_reach)i;
        return true;
    }
    return false;
}

/* --- where to */

/* What an address needs, beyond what is public; the IANA registries of special purposes (RFC 6890), without those that are globally
 * reachable. */
enum need { NEEDS_NOTHING = FETCH_PUBLIC, NEEDS_PRIVATE = FETCH_PRIVATE, NEEDS_SANDBOX = FETCH_SANDBOX, NEEDS_TOO_MUCH };

struct block {
    unsigned char start[16];
    unsigned bits;
    enum need need;
};

static const struct block v4_blocks[] = {
    {{10}, 8, NEEDS_PRIVATE},
    {{172, 16}, 12, NEEDS_PRIVATE},
    {{192, 168}, 16, NEEDS_PRIVATE},
    {{100, 64}, 10, NEEDS_PRIVATE},      /* carriers' NAT */
    {{127}, 8, NEEDS_SANDBOX},           /* loopback */
    {{0}, 8, NEEDS_TOO_MUCH},            /* this host */
    {{169, 254}, 16, NEEDS_TOO_MUCH},    /* link-local */
    {{192, 0, 0}, 24, NEEDS_TOO_MUCH},   /* protocols */
    {{192, 0, 2}, 24, NEEDS_TOO_MUCH},   /* documentation, and two more below */
    {{192, 88, 99}, 24, NEEDS_TOO_MUCH}, /* 6to4 relays */
    {{198, 18}, 15, NEEDS_TOO_MUCH},     /* benchmarks */
    {{198, 51, 100}, 24, NEEDS_TOO_MUCH},
    {{203, 0, 113}, 24, NEEDS_TOO_MUCH},
    {{224}, 3, NEEDS_TOO_MUCH},          /* multicast, reserved, broadcast */
};

/* Only 2000::/3 is given out; in it, what stands for other addresses is not looked through. */
static const struct block v6_blocks[] = {
    {{0xfc}, 7, NEEDS_PRIVATE},                        /* unique local */
    {{[15] = 1}, 128, NEEDS_SANDBOX},                  /* loopback */
    {{0x20, 0x01}, 23, NEEDS_TOO_MUCH},                /* protocols, Teredo */
    {{0x20, 0x01, 0x0d, 0xb8}, 32, NEEDS_TOO_MUCH},    /* documentation */
    {{0x20, 0x02}, 16, NEEDS_TOO_MUCH},                /* 6to4 */
    {{0x3f, 0xff}, 20, NEEDS_TOO_MUCH},                /* documentation */
    {{0x20}, 3, NEEDS_NOTHING},
    {{0}, 0, NEEDS_TOO_MUCH},
};

static enum need need_of(const unsigned char *address, const struct block *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bits_equal(address, blocks[i].start, blocks[i].bits))
            return blocks[i].need;
    return NEEDS_NOTHING;
}

/* What it takes to call an address. An IPv4 address in IPv6's clothes (RFC 4291 2.5.5.2) is looked at as what it is. */
static enum need need_of_address(const struct sockaddr *address)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        return need_of((const unsigned char *)&v4.sin_addr, v4_blocks, sizeof v4_blocks / sizeof v4_blocks[0]);
    }
    if (address->sa_family != AF_INET6)
        return NEEDS_TOO_MUCH;
    memcpy(&v6, address, sizeof v6);
    if (memcmp(&v6.sin6_addr, mapped, sizeof mapped) == 0)
        return need_of((const unsigned char *)&v6.sin6_addr + sizeof mapped, v4_blocks, sizeof v4_blocks / sizeof v4_blocks[0]);
    return need_of((const unsigned char *)&v6.sin6_addr, v6_blocks, sizeof v6_blocks / sizeof v6_blocks[0]);
}

/* --- one call */

struct transfer {
    enum fetch_reach reach;
    bool plain;  /* by http */
    bool barred; /* the address may not be called */
    bool too_large;
    const bool *stop;
    struct buf body;
    int64_t max_age_s;
};

/* CURLOPT_OPENSOCKETFUNCTION: gets the address that will be connected to, after its name was resolved. */
static curl_socket_t on_socket(void *to, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = to;
    enum need need = need_of_address(&address->addr);

    /* plain http goes no farther than this machine */
    if (purpose != CURLSOCKTYPE_IPCXN || (int)need > (int)transfer->reach || (transfer->plain && need != NEEDS_SANDBOX)) {
        transfer->barred = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_body(const char *bytes, size_t size, size_t n, void *to)
{
    struct transfer *transfer = to;

    buf_add(&transfer->body, (struct str){bytes, size * n});
    transfer->too_large |= transfer->body.failed;
    return transfer->body.failed ? 0 : size * n;
}

/* Reads max-age, no-store and no-cache of a Cache-Control field (RFC 9111 5.2.2). */
static void read_cache_control(struct str value, int64_t *ret_max_age_s)
{
    struct str directive, name;
    int64_t seconds;

    while (str_next(&value, ',', &directive)) {
        directive = str_trim(directive);
        str_next(&directive, '=', &name);
        if (str_eq_nocase(name, STR("no-store")) || str_eq_nocase(name, STR("no-cache"))) {
            *ret_max_age_s = 0;
            return;
        }
        if (str_eq_nocase(name, STR("max-age")) && directive.n <= AGE_DIGITS_MAX && str_to_i64(directive, &seconds) && seconds >= 0)
            *ret_max_age_s = seconds;
    }
}

static size_t on_header(const char *bytes, size_t size, size_t n, void *to)
{
    struct transfer *transfer = to;
    struct str rest = {bytes, size * n}, name;

    while (rest.n && (rest.p[rest.n - 1] == '\n' || rest.p[rest.n - 1] == '\r'))
        rest.n--;
    str_next(&rest, ':', &name);
    if (str_eq_nocase(name, STR("Cache-Control")))
        read_cache_control(rest, &transfer->max_age_s);
    return size * n;
}

static int on_progress(void *to, curl_off_t down_all, curl_off_t down, curl_off_t up_all, curl_off_t up)
{
    const struct transfer *transfer = to;

    (void)down_all;
    (void)down;
    (void)up_all;
    (void)up;
    return transfer->stop && __atomic_load_n(transfer->stop, __ATOMIC_ACQUIRE); /* not 0: ends the transfer */
}

static bool set_number(CURL *curl, CURLoption option, long value)
{
    return curl_easy_setopt(curl, option, value) == CURLE_OK;
}

static bool set_text(CURL *curl, CURLoption option, const char *value)
{
    return curl_easy_setopt(curl, option, value) == CURLE_OK;
}

static bool set_callbacks(CURL *curl, struct transfer *transfer)
{
    return curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer) == CURLE_OK && set_number(curl, CURLOPT_NOPROGRESS, 0);
}

static const char *trusted_file; /* fetch_init */

/* Everything that libcurl would do beyond one GET is off. */
static bool set_options(CURL *curl, const char *url, const struct transfer *transfer, const struct curl_slist *headers)
{
    static const struct {
        CURLoption option;
        long value;
    } numbers[] = {
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_TIMEOUT_MS, FETCH_MS_MAX},
        {CURLOPT_CONNECTTIMEOUT_MS, FETCH_CONNECT_MS_MAX},
        {CURLOPT_MAXFILESIZE, FETCH_BYTES_MAX},
        {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
        {CURLOPT_SSL_VERIFYPEER, 1},
        {CURLOPT_SSL_VERIFYHOST, 2},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_FORBID_REUSE, 1},
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_QUICK_EXIT, 1}, /* a resolver that hangs is not waited for */
    };
    bool ok = set_text(curl, CURLOPT_URL, url) && set_text(curl, CURLOPT_PROTOCOLS_STR, transfer->plain ? "http" : "https") &&
              set_text(curl, CURLOPT_PROXY, "") && /* not even one that the environment names */
              (!trusted_file || (set_text(curl, CURLOPT_CAINFO, trusted_file) && set_text(curl, CURLOPT_CAPATH, NULL))) &&
              set_text(curl, CURLOPT_USERAGENT, "cpwg/" CPWG_VERSION) &&
              curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) == CURLE_OK;

    for (size_t i = 0; ok && i < sizeof numbers / sizeof numbers[0]; i++)
        ok = set_number(curl, numbers[i].option, numbers[i].value);
    return ok;
}

/* In words of our own: libcurl's may hold what the other side said. */
static const char *reason_of(CURLcode code, const struct transfer *transfer)
{
    static const struct {
        CURLcode code;
        const char *reason;
    } rows[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "its name is not known"},
        {CURLE_COULDNT_CONNECT, "no connection"},
        {CURLE_OPERATION_TIMEDOUT, "it took too long"},
        {CURLE_FILESIZE_EXCEEDED, "it is too large"},
        {CURLE_PEER_FAILED_VERIFICATION, "its certificate is not trusted"},
        {CURLE_SSL_CONNECT_ERROR, "TLS failed"},
        {CURLE_ABORTED_BY_CALLBACK, "the service is stopping"},
        {CURLE_PARTIAL_FILE, "it broke off"},
        {CURLE_GOT_NOTHING, "it broke off"},
    };

    if (transfer->barred)
        return "its address is out of reach (see outgoing_reach)";
    if (transfer->too_large)
        return "it is too large";
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].code == code)
            return rows[i].reason;
    return "the transfer failed";
}

static bool perform(CURL *curl, struct transfer *transfer, const char *url, struct error *err)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json, application/jwk-set+json");
    long status = 0;

    if (!headers || !set_options(curl, url, transfer, headers) || !set_callbacks(curl, transfer)) {
        curl_slist_free_all(headers);
        return error_set(err, ERR_INVALID, "libcurl refuses it");
    }
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    if (code != CURLE_OK)
        return error_set(err, ERR_INVALID, "%s", reason_of(code, transfer));
    return status == 200 || error_set(err, ERR_INVALID, "status %ld", status);
}

static bool is_plain(struct str url)
{
    return str_starts(url, STR("http://"));
}

/* Letters, digits, and these (RFC 3986 2; no "@" and no "#"). */
static bool has_only(struct str s, const char *others)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i], lower = c | 0x20;
        if (!(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9') && !(c && strchr(others, c)))
            return false;
    }
    return true;
}

bool fetch_takes_url(enum fetch_reach reach, struct str url)
{
    struct str scheme = is_plain(url) ? STR("http://") : STR("https://");
    struct str rest = str_skip(url, scheme.n), host = {rest.p, str_find(rest, '/')};

    return str_starts(url, scheme) && (!is_plain(url) || reach == FETCH_SANDBOX) && url.n <= URL_BYTES_MAX && host.n &&
           has_only(host, ".-:[]") && has_only(rest, "-._~:/?[]!$&'()*+,;=%");
}

bool fetch_get(enum fetch_reach reach, const bool *stop, struct arena *a, struct str url, struct fetched *ret, struct error *err)
{
    struct transfer transfer = {.reach = reach, .plain = is_plain(url), .stop = stop, .max_age_s = -1};

    if (!fetch_takes_url(reach, url))
        return error_set(err, ERR_INVALID, "its URL may not be called (see outgoing_reach)");
    CURL *curl = curl_easy_init();
    if (!curl)
        return error_set(err, ERR_INVALID, "no memory");
    buf_init(&transfer.body, FETCH_BYTES_MAX);
    bool ok = perform(curl, &transfer, arena_copy(a, url).p, err);
    curl_easy_cleanup(curl);
    if (ok)
        *ret = (struct fetched){arena_copy(a, buf_str(&transfer.body)), transfer.max_age_s};
    buf_done(&transfer.body);
    return ok;
}

bool fetch_init(const char *ca_file)
{
    trusted_file = ca_file;
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}
