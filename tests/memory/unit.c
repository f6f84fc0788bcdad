/* unit.c: a library to preload to a program of cmocka's: runs each of its tests again and again, a process for each time, while the first,
 * the second, the third allocation of the test fails, until the test is over before so many. A test need not hold meanwhile; but nothing
 * may crash, hang or leak, and what a sanitizer reports is a failure.
 * Each of the first allocations is refused, and of the others the fewer the further they are, and the longer the test took (TEST_MS of CPU).
 * REFUSE_ALL, when not empty: of many more, each alone and then with all that follow it. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "fail_alloc.h"

enum { EACH_UP_TO = 12, EACH_UP_TO_OF_ALL = 400, TEST_MS = 200, TEST_MS_OF_ALL = 20000, SECONDS_MAX = 60, ALLOCATIONS_MAX = 10 * 1000 * 1000 };
enum outcome { PASSED = 0, BROKE_OFF = 10, LEAKED = 11, UNPREPARED = 12 }; /* statuses of a process; others are of crashes */

struct suite {
    const struct CMUnitTest *tests;
    size_t n;
    CMFixtureFunction setup, teardown;
    bool each; /* every process has a setup of its own, since it starts threads */
    void *state;
};

/* Tests that cannot be run so. */
static const struct {
    const char *test, *why;
} spared[] = {
    {"every_reason_of_the_database_turns", "glibc's glob() frees twice when it is refused memory"},
    {"large_objects_are_compared_in_any_order_and_quickly", "takes seconds"},
    {"names_and_statements_are_bounded", "takes seconds"},
    {"without_descriptors_one_is_let_go_of_for_who_comes_and_got_back_later", "leaks are not looked for without descriptors"},
    {"plain_text_is_no_tls", "reads the system's certificates: hundreds of thousands of allocations, none of them ours"},
};

/* Which allocation is to fail. */
struct refusal {
    int64_t n;
    bool goes_on; /* and all after it */
};

int __lsan_do_recoverable_leak_check(void) __attribute__((weak));
void *EVP_PKEY_Q_keygen(void *library, const char *properties, const char *type, ...) __attribute__((weak));
void EVP_PKEY_free(void *key) __attribute__((weak));

static pid_t parent;
static int64_t spent_ms; /* CPU of the processes of this test */
static int output;   /* what the tests write */
static FILE *report; /* where standard output led */

static void leave(enum outcome outcome)
{
    fail_alloc->fail_at = 0;
    _exit(__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check() ? LEAKED : outcome);
}

/* An assertion failed. What the test holds is still on its stack, so what was lost by then is told apart from it. */
void _fail(const char *const file, const int line)
{
    bool refused = fail_alloc->fail_at && fail_alloc->seen >= fail_alloc->fail_at;

    fail_alloc->fail_at = 0;
    fprintf(getpid() == parent ? report : stderr, "%s%s:%d: the test does not hold\n", getpid() == parent ? "not ok " : "", file, line);
    fflush(report);
    leave(refused ? BROKE_OFF : UNPREPARED);
    __builtin_unreachable();
}

/* The address sanitizer calls it for each new thread, and ends the program where memory is refused. */
int pthread_getattr_np(pthread_t thread, pthread_attr_t *ret)
{
    int (*next)(pthread_t, pthread_attr_t *) = dlsym(RTLD_NEXT, __func__);
    int status;

    fail_alloc_spares = true;
    status = next(thread, ret);
    fail_alloc_spares = false;
    return status;
}

static void run(const struct suite *suite, const struct CMUnitTest *test, struct refusal refusal)
{
    void *state = suite->state;

    if (suite->each && suite->setup && suite->setup(&state) != 0)
        _exit(UNPREPARED);
    if (test->initial_state)
        state = test->initial_state;
    if (test->setup_func && test->setup_func(&state) != 0)
        _exit(UNPREPARED);
    fail_alloc->seen = 0;
    fail_alloc->goes_on = refusal.goes_on;
    fail_alloc->fail_at = refusal.n;
    test->test_func(&state);
    fail_alloc->fail_at = 0;
    if (test->teardown_func)
        test->teardown_func(&state);
    if (suite->each && suite->teardown)
        suite->teardown(&state);
}

static int64_t ms_of(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000 + time.tv_usec / 1000;
}

/* The status of a process that runs the test; negative: the signal that ended it. */
static int run_apart(const struct suite *suite, const struct CMUnitTest *test, struct refusal refusal)
{
    struct rusage usage;
    int status;

    if (ftruncate(output, 0) != 0 || lseek(output, 0, SEEK_SET) != 0)
        return UNPREPARED;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(SECONDS_MAX);
        run(suite, test, refusal);
        leave(PASSED);
    }
    while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    spent_ms += ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static bool tell_failure(const char *test, int status, struct refusal refusal)
{
    static char text[16384];
    ssize_t bytes = pread(output, text, sizeof text - 1, 0);

    text[bytes > 0 ? bytes : 0] = '\0';
    fprintf(report, "not ok %s: %s when memory is refused: allocation %lld%s, %s %d\n%s\n", program_invocation_short_name, test,
            (long long)refusal.n, refusal.goes_on ? " and those after it" : "", status < 0 ? "signal" : "status", abs(status), text);
    return false;
}

static bool refuse_all(void)
{
    const char *all = getenv("REFUSE_ALL");

    return all && *all;
}

/* Which allocation comes after the n-th: at most ALLOCATIONS_MAX. */
static int64_t next_of(int64_t n)
{
    int64_t next = n + n / (refuse_all() ? 16 : 2);

    if (spent_ms > (refuse_all() ? TEST_MS_OF_ALL : TEST_MS))
        next = 8 * n;
    else if (n < (refuse_all() ? EACH_UP_TO_OF_ALL : EACH_UP_TO))
        next = n + 1;
    return next < ALLOCATIONS_MAX ? next : ALLOCATIONS_MAX;
}

/* Each allocation in turn; adds to *reached how many there were. False after a failure was told. */
static bool refuse_each(const struct suite *suite, const struct CMUnitTest *test, bool goes_on, int *reached)
{
    struct refusal refusal = {1, goes_on};

    spent_ms = 0;
    for (;;) {
        int status = run_apart(suite, test, refusal);
        bool refused = fail_alloc->seen >= refusal.n;
        if ((status != PASSED && (status != BROKE_OFF || !refused)) || (refused && refusal.n == ALLOCATIONS_MAX))
            return tell_failure(test->name, status, refusal);
        if (!refused)
            return true;
        ++*reached;
        refusal.n = next_of(refusal.n);
    }
}

static bool is_spared(const char *test)
{
    for (size_t i = 0; i < sizeof spared / sizeof spared[0]; i++)
        if (strcmp(spared[i].test, test) == 0)
            return true;
    return false;
}

/* CPWG_FILTER, as in every suite. */
static bool is_asked_for(const char *test)
{
    const char *filter = getenv("CPWG_FILTER");
    char name[256];

    snprintf(name, sizeof name, "%s: %s when memory is refused", program_invocation_short_name, test);
    return !filter || strstr(name, filter);
}

static bool refuse(const struct suite *suite, const struct CMUnitTest *test)
{
    int reached = 0;

    if (is_spared(test->name) || !is_asked_for(test->name))
        return true;
    if (!refuse_each(suite, test, false, &reached) || (refuse_all() && !refuse_each(suite, test, true, &reached)))
        return false;
    fprintf(report, "ok %s: %s when memory is refused (%d times)\n", program_invocation_short_name, test->name, reached);
    fflush(report);
    return true;
}

static int threads(void)
{
    DIR *tasks = opendir("/proc/self/task");
    int n = -2; /* . and .. */

    while (tasks && readdir(tasks))
        n++;
    if (tasks)
        closedir(tasks);
    return n;
}

/* Libraries that set themselves up at their first use do so now, as when the program starts. */
static bool prepare(struct suite *suite)
{
    fail_alloc = mmap(NULL, sizeof *fail_alloc, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    parent = getpid();
    output = memfd_create("output", 0);
    report = fdopen(dup(STDOUT_FILENO), "w");
    if (fail_alloc == MAP_FAILED || !report || dup2(output, STDOUT_FILENO) < 0 || dup2(output, STDERR_FILENO) < 0)
        return false;
    if (EVP_PKEY_Q_keygen)
        EVP_PKEY_free(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
    if (suite->setup && suite->setup(&suite->state) != 0)
        return false;
    suite->each = threads() > 1;
    return !suite->each || !suite->teardown || suite->teardown(&suite->state) == 0;
}

int _cmocka_run_group_tests(const char *group, const struct CMUnitTest *const tests, const size_t n, CMFixtureFunction setup,
                            CMFixtureFunction teardown)
{
    struct suite suite = {.tests = tests, .n = n, .setup = setup, .teardown = teardown};
    int failed = 0;
    bool asked = false;

    (void)group;
    for (size_t i = 0; i < n; i++)
        asked |= is_asked_for(tests[i].name);
    if (!asked)
        return 0;
    if (!prepare(&suite))
        return -1;
    for (size_t i = 0; i < n; i++) {
        failed += !refuse(&suite, &tests[i]);
        if (!suite.each && !is_spared(tests[i].name)) /* later tests may build on what it leaves */
            run(&suite, &tests[i], (struct refusal){0, false});
    }
    return !suite.each && teardown && teardown(&suite.state) != 0 ? -1 : failed;
}
