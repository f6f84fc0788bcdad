/* config.h: every setting, once. `--help`, the checks and the README's table derive from this list. */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include "base/arena.h"
#include "base/error.h"

/* kind, name (file: name = value; environment: CPWG_NAME), default, least, most, what it is (shown by --help).
 * least and most bound a NUMBER, and the bytes of a TEXT. */
#define CONFIG_LIST(X)                                                                                                 \
    X(TEXT, listen, "127.0.0.1:8080", 1, 255, "address and port of the API (a private network or loopback; TLS belongs to the proxy)") \
    X(TEXT, admin_listen, "127.0.0.1:9080", 1, 255, "address and port of /metrics, /livez and /readyz")                 \
    X(TEXT, database, "", 0, 4096, "libpq connection string of the login role that owns nothing")                        \
    X(TEXT, contract_dir, "openapi", 1, 4096, "folder of openapi.json")                                                  \
    X(TEXT, operations_dir, "db/operations", 1, 4096, "folder of <tag>/<operationId>.sql")                               \
    X(TEXT, secret_file, "", 0, 4096, "file with the service's secret (at least 32 bytes, mode 0600); cursors and local tokens derive from it") \
    X(TEXT, seal_key_file, "", 0, 4096, "file (mode 0600) with the keys of sealed members and case keys, 64 hexadecimal digits a line: the first seals, all open; lost keys are lost texts") \
    X(TEXT, issuer, "urn:cpwg:local", 1, 255, "issuer of local tokens")                                                 \
    X(TEXT, audience, "cpwg-api", 1, 255, "audience that tokens of our own must name")                                  \
    X(TEXT, issuers_file, "", 0, 4096, "JSON file of the OpenID Connect providers whose tokens are taken; none: only tokens of our own") \
    X(TEXT, outgoing_reach, "public", 6, 7, "where calls of our own may go: public (https to public addresses), private (to private networks too), sandbox (to this machine too, also by http)") \
    X(TEXT, outgoing_ca_file, "", 0, 4096, "certificates (PEM) of those who vouch for the servers that calls of our own go to, such as a city's own; none: the system's") \
    X(NUMBER, client_token_s, "900", 600, 3600, "how long the tokens last that systems get, in seconds")                \
    X(TEXT, base_url, "", 0, 255, "public origin for absolute links, empty for relative ones")                          \
    X(TEXT, language, "es", 2, 2, "language when the caller names none: es or en")                                    \
    X(TEXT, cors_origins, "", 0, 4096, "origins, comma-separated, that may call with credentials")                       \
    X(TEXT, trusted_proxies, "", 0, 4096, "addresses and networks (10.0.0.0/8), comma-separated, of proxies that are believed about whom they call for (X-Forwarded-For, Forwarded)") \
    X(NUMBER, limit_anonymous, "600", 0, 100000000, "requests a minute without a token, for each address (IPv6: /64); 0: no limit, here and below") \
    X(NUMBER, limit_client, "6000", 0, 100000000, "requests a minute with a token, for each of its subjects")            \
    X(NUMBER, limit_credentials, "60", 0, 100000000, "tokens a minute and address that are refused before they are answered 429") \
    X(NUMBER, limit_case_key, "10", 0, 100000000, "case keys a minute and address that open nothing before they are answered 429") \
    X(NUMBER, limit_case_key_day, "100", 0, 100000000, "the same a day")                                              \
    X(NUMBER, limit_filing, "30", 0, 100000000, "cases an hour that are filed without a token, for each address")        \
    X(NUMBER, threads, "2", 1, 64, "threads that requests are served by; as many as there are cores for them")        \
    X(NUMBER, connections, "4096", 4, 100000, "connections at once; more are answered 503") \
    X(NUMBER, in_flight_max, "32", 1, 2048, "requests worked on at once; more wait in line")                          \
    X(NUMBER, in_line_max, "1024", 0, 100000, "requests in that line at once; where more come all in it are answered 503, and whoever finds no place, until that is over for a second") \
    X(NUMBER, in_flight_wait_ms, "5000", 0, 60000, "longest wait in that line; 0: no line") \
    X(NUMBER, receiving_max, "1024", 1, 100000, "requests at once that wait for the rest of their bodies, more are answered 503; and answers at once that hold no place of in_flight_max while they are read") \
    X(NUMBER, db_connections, "8", 1, 64, "database connections for requests")                                        \
    X(NUMBER, db_share_from, "2", 1, 64, "connections at work from which on requests share those rather than take another") \
    X(NUMBER, db_stream_connections, "2", 1, 16, "database connections for CSV and NDJSON streams")                   \
    X(NUMBER, db_wait_ms, "2000", 1, 60000, "longest wait for a database connection")                                 \
    X(NUMBER, answers_mb, "8", 0, 1024, "memory for what the public was answered, in MiB, kept until something is published; 0: none") \
    X(NUMBER, request_timeout_ms, "10000", 100, 600000, "longest time for one request's work")                        \
    X(NUMBER, stream_timeout_ms, "300000", 1000, 3600000, "longest time for one stream")                              \
    X(NUMBER, body_timeout_ms, "10000", 100, 600000, "longest time for a body to arrive")                             \
    X(NUMBER, keep_alive_ms, "15000", 0, 600000, "how long an idle connection is kept")                               \
    X(NUMBER, body_max_bytes, "2097152", 1024, 16777216, "largest request body")                                      \
    X(NUMBER, audit_chain_ms, "500", 10, 60000, "how long committed rows of the audit wait for their place in its chain, at most") \
    X(NUMBER, shutdown_ms, "15000", 0, 600000, "longest wait for running requests at SIGTERM")

struct config {
#define CONFIG_TEXT(name) struct str name;
#define CONFIG_NUMBER(name) int name;
#define CONFIG_FIELD(kind, name, ...) CONFIG_##kind(name)
    CONFIG_LIST(CONFIG_FIELD)
#undef CONFIG_FIELD
#undef CONFIG_NUMBER
#undef CONFIG_TEXT
};

/* Defaults, then the file (when file is not NULL), then the environment; later wins. Texts are NUL-terminated, in a.
 * File: a setting per line, `name = value`, the value as it stands without the spaces around it; empty lines and lines
 * that begin with # are skipped. Unknown names are refused in the file, and ignored in the environment, which others
 * share. ERR_STARTUP names the setting, where it stood, and what is wrong. */
bool config_load(struct arena *a, const char *file, struct config *ret, struct error *err);

/* Prints one line per setting to a FILE: environment name, default, range, description. */
void config_help(void *file_stream);

/* Prints the same to a FILE as the rows of a Markdown table, heading included: the README's table. */
void config_markdown(void *file_stream);

#endif
