/* main.c: the program `cpwg`: its commands and their options as tables. Knows nothing of how the parts do their work. */
#include "base/log.h"
#include "http/metrics.h"
#include "http/server.h"
#include "ops/access.h"
#include "ops/service.h"
#include "worker/verify.h"
#include "worker/worker.h"

#include <getopt.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_FAULT = 1, EXIT_USAGE = 2, TOKEN_LIFETIME_S = 30 * 86400,
       LARGE_BYTES = 64 * 1024, SEAL_LINE_BYTES_MAX = 1 << 20, SEAL_ARENA_BYTES = 256 << 20 };

enum flag { CONFIG, OFFLINE, SUBJECT, ORGANIZATION, SOURCE, AFFILIATION, LIFETIME, HEAD, FLAGS };

/* What was given: NULL where it was not; "" for a flag that takes no value. */
struct arguments {
    const char *flags[FLAGS], *operand;
};

/* Says in one line what is wrong, whatever is in the text. */
static int fault(const struct error *err)
{
    bool is_ours = err->code == ERR_STARTUP || err->code == ERR_CONTRACT || err->code == ERR_TOKEN_INVALID;
    struct error line = *err;

    for (char *c = line.argument; *c; c++)
        if ((unsigned char)*c < 0x20)
            *c = ' ';
    if (is_ours)
        fprintf(stderr, "error: %s\n", line.argument);
    else
        fprintf(stderr, "error: %s: %s\n", error_info(err->code)->slug.p, line.argument);
    return EXIT_FAULT;
}

static int usage(const char *what, const char *which)
{
    fprintf(stderr, "cpwg: %s%s; see `cpwg help`\n", what, which);
    return EXIT_USAGE;
}

/* Waits for a signal that ends the program. Until the engine is ready, asks the database again and again, so that the first
 * caller need not wait for it. */
static int wait_for_end(struct engine *engine, const sigset_t *ends)
{
    static const struct timespec pause = {.tv_nsec = 50L * 1000 * 1000};
    int which = -1;

    while (which < 0 && !engine_is_ready(engine))
        which = sigtimedwait(ends, NULL, &pause);
    if (which < 0)
        sigwait(ends, &which);
    return which;
}

/* A provider's keys as they come, and what keeps them from coming. */
static void report_issuer(const struct issuer_event *event)
{
    if (event->failure)
        log_event("warn", "issuer_keys", "%.*s: %s; the %zu keys from before stay", STR_ARG(event->host), event->failure, event->keys);
    else if (event->changed)
        log_event("info", "issuer_keys", "%.*s: %zu keys", STR_ARG(event->host), event->keys);
}

static void audit_gauge(void *of, struct audit_gauge *ret)
{
    struct worker **at = of, *worker = __atomic_load_n(at, __ATOMIC_ACQUIRE);
    struct worker_state state = {0};

    if (worker)
        worker_state(worker, &state);
    *ret = (struct audit_gauge){state.chained, state.waiting, state.lag_s};
}

/* Where nothing is sealed, there is no key to chain the audit by. */
static bool start_worker(const struct service *service, struct worker **at, struct error *err)
{
    const struct worker_options options = {service->config.database.p, service->seal, service->config.audit_chain_ms};
    struct worker *worker;

    if (!service->seal)
        return true;
    if (!worker_start(&options, &worker, err))
        return false;
    __atomic_store_n(at, worker, __ATOMIC_RELEASE);
    return true;
}

/* Answers until SIGTERM or SIGINT. *at becomes the worker, once it is known that this process serves. */
static bool answer(struct service *service, struct worker **at, const sigset_t *ends, struct error *err)
{
    const struct http_options options = {
        .config = &service->config,
        .contract = service->contract,
        .keys = &service->keys,
        .seal = service->seal,
        .engine = service->engine,
        .pool = service->pool,
        .streams = service->streams,
        .audit = service->seal ? audit_gauge : NULL,
        .worker = at,
    };
    struct server *server;

    if (!server_start(&options, &server, err))
        return false;
    log_event("info", "started", "version " CPWG_VERSION ", %zu operations", service->contract->n);
    engine_is_ready(service->engine); /* callers wait for it, and would for the worker's first looks at the database */
    bool ok = start_worker(service, at, err);
    if (ok) {
        int which = wait_for_end(service->engine, ends);
        log_event("info", "stopping", "signal %d", which);
    }
    server_stop(server);
    return ok;
}

/* Where no answers are kept, nobody need know what is published. */
static bool start_listener(const struct service *service, struct db_listener **ret, struct error *err)
{
    const struct db_listener_options options = {service->config.database.p, ENGINE_CHANNEL, engine_hear, service->engine};

    return service->config.answers_mb == 0 || db_listener_start(&options, ret, err);
}

/* What the last requests did is in the audit's chain before the program ends. */
static bool serve(struct service *service, struct error *err)
{
    struct db_listener *listener = NULL;
    struct worker *worker = NULL;
    sigset_t ends;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before any thread starts, so that all inherit it */
    if (!service_start_issuers(service, report_issuer, err))
        return false;
    bool ok = start_listener(service, &listener, err) && answer(service, &worker, &ends, err);
    worker_stop(worker);
    db_listener_stop(listener);
    if (ok)
        log_event("info", "stopped", "all is answered and chained");
    return ok;
}

/* As many heaps as cores can use, not eight for each. And what is large goes back to the system when it is freed: the library would keep it, and more of it the larger it was. */
static void share_heaps(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    mallopt(M_ARENA_MAX, cores > 2 ? (int)cores : 2);
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    mallopt(M_TRIM_THRESHOLD, 2 * LARGE_BYTES);
}

static int run_serve(const struct arguments *arguments)
{
    struct service service;
    struct error err;

    share_heaps();
    bool ok = service_init(&service, arguments->flags[CONFIG], &err) && service_read_secret(&service, &err) &&
              service_load_contract(&service, &err) && service_read_issuers(&service, &err) && service_read_seal(&service, &err) &&
              service_open_database(&service, &err) && service_load_engine(&service, &err) && serve(&service, &err);
    service_done(&service);
    return ok ? 0 : fault(&err);
}

static int run_check(const struct arguments *arguments)
{
    struct service service;
    struct error err;

    bool ok = service_init(&service, arguments->flags[CONFIG], &err) && service_load_contract(&service, &err) &&
              service_read_issuers(&service, &err);
    bool online = ok && !arguments->flags[OFFLINE] && service.config.database.n > 0;
    ok = ok && (!online || service_open_database(&service, &err)) && service_load_engine(&service, &err) &&
         (!online || engine_check(service.engine, &err));
    if (ok)
        printf("ok: %zu operations, %zu statements%s\n", service.contract->n, engine_statements(service.engine),
               online ? ", and the database agrees" : "");
    service_done(&service);
    return ok ? 0 : fault(&err);
}

/* The role a token may name. Otherwise err lists them. */
static const struct role *find_role(struct service *service, const char *name, struct error *err)
{
    const struct contract *contract = service->contract;
    const struct role *role = contract_role(contract, str_of(name));
    struct str names = STR("");

    if (role && role_takes_tokens(role))
        return role;
    for (size_t i = 0; i < contract->n_roles; i++) {
        struct str other = contract->roles[i].name;
        if (role_takes_tokens(&contract->roles[i]))
            names = arena_printf(&service->arena, "%s%s%.*s", names.p, names.n ? ", " : "", STR_ARG(other));
    }
    error_set(err, ERR_STARTUP, "no role %.40s; there are %s", name, names.p);
    return NULL;
}

static bool issue(struct service *service, const struct arguments *arguments, int64_t lifetime_s, struct error *err)
{
    const struct role *role = find_role(service, arguments->operand, err);
    const char *const *flags = arguments->flags;
    struct str token;

    if (!role)
        return false;
    struct claims claims = {
        .subject = flags[SUBJECT] ? str_of(flags[SUBJECT]) : arena_printf(&service->arena, "demo-%s", arguments->operand),
        .role = role->name,
        .affiliation = flags[AFFILIATION] ? str_of(flags[AFFILIATION]) : role->affiliation,
        .organization = str_of(flags[ORGANIZATION]),
        .source = str_of(flags[SOURCE]),
    };
    claims_take_scopes(&claims, role);
    if (!token_issue(&service->keys, &service->arena, &claims, lifetime_s, &token, err))
        return false;
    printf("%s\n", token.p);
    return true;
}

static int run_token(const struct arguments *arguments)
{
    struct service service;
    struct error err;
    int64_t lifetime_s = TOKEN_LIFETIME_S;
    const char *lifetime = arguments->flags[LIFETIME];

    if (lifetime && !str_to_i64(str_of(lifetime), &lifetime_s))
        return usage("--lifetime takes a number of seconds, not ", lifetime);
    bool ok = service_init(&service, arguments->flags[CONFIG], &err) && service_read_secret(&service, &err) &&
              service_load_contract(&service, &err) && issue(&service, arguments, lifetime_s, &err);
    service_done(&service);
    return ok ? 0 : fault(&err);
}

/* One line of run_seal: a member's name, a tab, JSON. */
static bool seal_line(const struct service *service, struct arena *a, struct str line, struct error *err)
{
    const struct value *value;
    struct str label;

    str_next(&line, '\t', &label);
    if (!label.n || !value_parse(a, line, VALUE_DEPTH_MAX, &value, err))
        return error_set(err, ERR_STARTUP, "a line is a member's name, a tab and JSON");
    printf("%s\n", seal_close(service->seal, a, label, value_text(a, value)).p);
    return true;
}

static bool seal_lines(const struct service *service, struct error *err)
{
    struct arena a;
    char *line = NULL;
    size_t room = 0;
    bool ok = arena_init(&a, SEAL_ARENA_BYTES) || error_set(err, ERR_STARTUP, "no memory");

    for (ssize_t n; ok && (n = getline(&line, &room, stdin)) > 0; arena_reset(&a, SEAL_LINE_BYTES_MAX))
        ok = n <= SEAL_LINE_BYTES_MAX ? seal_line(service, &a, str_trim((struct str){line, (size_t)n}), err)
                                      : error_set(err, ERR_STARTUP, "a line is longer than %d bytes", SEAL_LINE_BYTES_MAX);
    free(line);
    arena_done(&a);
    return ok;
}

/* For what loads records past the service: demo data, another system's archive. */
static int run_seal(const struct arguments *arguments)
{
    struct service service;
    struct error err;

    bool ok = service_init(&service, arguments->flags[CONFIG], &err) && service_read_seal(&service, &err) && seal_lines(&service, &err);
    service_done(&service);
    return ok ? 0 : fault(&err);
}

static int run_access(const struct arguments *arguments)
{
    struct service service;
    struct error err;

    bool ok = service_init(&service, arguments->flags[CONFIG], &err) && service_load_contract(&service, &err);
    if (ok)
        access_markdown(service.contract, stdout);
    service_done(&service);
    return ok ? 0 : fault(&err);
}

static int tell_chain(const struct verify_report *report, const struct link *known)
{
    if (report->why) {
        printf("broken: position %lld: %s\n", (long long)report->broken_at, report->why);
        return EXIT_FAULT;
    }
    if (known && !report->has_head) {
        printf("broken: the chain of %lld rows does not pass the head that was given: it was cut off or made anew\n",
               (long long)report->head.position);
        return EXIT_FAULT;
    }
    printf("ok: %lld rows chained, %lld waiting, head %lld:", (long long)report->head.position, (long long)report->waiting,
           (long long)report->head.position);
    for (size_t i = 0; i < SHA256_BYTES; i++)
        printf("%02x", report->head.hash[i]);
    puts("");
    return 0;
}

static int run_audit(const struct arguments *arguments)
{
    const char *head = arguments->flags[HEAD];
    struct verify_report report;
    struct service service;
    struct error err;
    struct link known;

    if (strcmp(arguments->operand, "verify") != 0)
        return usage("audit can only verify, not ", arguments->operand);
    if (head && !verify_head_of(str_of(head), &known))
        return usage("--head takes POSITION:HASH as the log and this command tell it, not ", head);
    bool ok = service_init(&service, arguments->flags[CONFIG], &err) && service_read_seal(&service, &err) &&
              service_open_database(&service, &err) &&
              verify_chain(service.pool, link_key(service.seal), head ? &known : NULL, &report, &err);
    service_done(&service);
    return ok ? tell_chain(&report, head ? &known : NULL) : fault(&err);
}

static int run_settings(const struct arguments *arguments)
{
    (void)arguments;
    config_markdown(stdout);
    return 0;
}

static int run_version(const struct arguments *arguments)
{
    (void)arguments;
    puts("cpwg " CPWG_VERSION);
    return 0;
}

static int run_help(const struct arguments *arguments);

#define ALLOW(flag) (1u << (flag))

static const struct command {
    const char *name, *synopsis, *about;
    unsigned flags; /* an or of ALLOW */
    const char *operand; /* what its one argument is; NULL: it takes none */
    int (*run)(const struct arguments *arguments);
} commands[] = {
    {"serve", "[--config FILE]", "answers requests until SIGTERM", ALLOW(CONFIG), NULL, run_serve},
    {"check", "[--config FILE] [--offline]", "holds contract, SQL and, when one is set, the database against each other, and reads the issuers file",
     ALLOW(CONFIG) | ALLOW(OFFLINE), NULL, run_check},
    {"token", "ROLE [--subject TEXT] [--organization UUID] [--source CODE] [--affiliation NAME] [--lifetime SECONDS] [--config FILE]",
     "prints a token of the local issuer, for 30 days unless told otherwise",
     ALLOW(CONFIG) | ALLOW(SUBJECT) | ALLOW(ORGANIZATION) | ALLOW(SOURCE) | ALLOW(AFFILIATION) | ALLOW(LIFETIME), "role", run_token},
    {"audit", "verify [--head POSITION:HASH] [--config FILE]",
     "looks through the audit's chain for rows that were changed, removed, moved or put in between; --head: one that was told before",
     ALLOW(CONFIG) | ALLOW(HEAD), "verb", run_audit},
    {"seal", "[--config FILE]", "seals lines of standard input, each a member's name, a tab and JSON, for what loads records past the service",
     ALLOW(CONFIG), NULL, run_seal},
    {"access", "[--config FILE]", "prints who may do what as a Markdown table, from the contract", ALLOW(CONFIG), NULL, run_access},
    {"settings", "", "prints every setting as a Markdown table", 0, NULL, run_settings},
    {"version", "", "prints the version", 0, NULL, run_version},
    {"help", "", "prints this", 0, NULL, run_help},
    {"--version", NULL, NULL, 0, NULL, run_version}, /* what people try first; not shown */
    {"--help", NULL, NULL, 0, NULL, run_help},
    {"-h", NULL, NULL, 0, NULL, run_help},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int run_help(const struct arguments *arguments)
{
    (void)arguments;
    puts("usage: cpwg COMMAND [OPTION]...\n\ncommands:");
    for (size_t i = 0; i < COMMANDS && commands[i].about; i++)
        printf("  %s%s%s\n      %s\n", commands[i].name, *commands[i].synopsis ? " " : "", commands[i].synopsis,
               commands[i].about);
    puts("\nsettings, from the environment (CPWG_DB_CONNECTIONS=8) or FILE (db_connections = 8); the environment wins:");
    config_help(stdout);
    return 0;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

/* Reads the options behind the command, which stands in argv[0], and runs it. */
static int run(const struct command *command, int argc, char **argv)
{
    static const struct option flags[] = {
        {"config", required_argument, NULL, CONFIG},           {"offline", no_argument, NULL, OFFLINE},
        {"subject", required_argument, NULL, SUBJECT},         {"organization", required_argument, NULL, ORGANIZATION},
        {"source", required_argument, NULL, SOURCE},
        {"affiliation", required_argument, NULL, AFFILIATION}, {"lifetime", required_argument, NULL, LIFETIME},
        {"head", required_argument, NULL, HEAD},               {"help", no_argument, NULL, FLAGS},
        {NULL, 0, NULL, 0},
    };
    struct arguments arguments = {0};

    opterr = 0;
    for (int flag; (flag = getopt_long(argc, argv, "", flags, NULL)) != -1;) {
        if (flag == FLAGS)
            return run_help(&arguments);
        if (flag < 0 || flag >= FLAGS || !(command->flags & ALLOW(flag)))
            return usage("not an option here, or without its value: ", argv[optind - 1]);
        arguments.flags[flag] = optarg ? optarg : "";
    }
    if (argc - optind != (command->operand != NULL))
        return command->operand ? usage("one argument is needed, a ", command->operand) : usage("takes no arguments: ", argv[optind]);
    arguments.operand = command->operand ? argv[optind] : NULL;
    return command->run(&arguments);
}

int main(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;

    if (!command)
        return argc > 1 ? usage("no such command: ", argv[1]) : usage("a command is needed", "");
    int status = run(command, argc - 1, argv + 1);
    return fflush(stdout) == 0 ? status : EXIT_FAULT; /* a full disk is not a success */
}
