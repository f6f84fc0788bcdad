/* cluster.h: a private PostgreSQL cluster for a test file: made in a temporary folder, on a unix socket, removed at the end.
 * With CPWG_TEST_DATABASE set (conninfo of a superuser of a scratch cluster) that one is used and nothing is made. */
#ifndef TESTS_CLUSTER_H
#define TESTS_CLUSTER_H

#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct cluster {
    bool ours;
    char folder[64], bin[128], conninfo[256];
} cluster;

/* Runs a program of PostgreSQL's, as the user postgres when we are root. */
static int cluster_run(const char *program, const char *arguments)
{
    char command[1024];

    snprintf(command, sizeof command, "cd / && %s%s/%s %s >>%s/output 2>&1", geteuid() == 0 ? "runuser -u postgres -- " : "",
             cluster.bin, program, arguments, cluster.folder);
    return system(command);
}

/* "stop -m fast", "restart -m immediate", "start". */
static int cluster_ctl(const char *what)
{
    char arguments[512];

    snprintf(arguments, sizeof arguments,
             "-D %s/data -w -t 30 -l %s/log -o \"-k %s -c listen_addresses= -c fsync=off -c shared_buffers=16MB "
             "-c max_connections=30 -c max_prepared_transactions=2 -c wal_writer_delay=10s\" %s",
             cluster.folder, cluster.folder, cluster.folder, what);
    return cluster_run("pg_ctl", arguments);
}

/* Stops and removes the cluster once this process is gone, however it went. */
static int cluster_watch(void)
{
    char command[512];

    snprintf(command, sizeof command,
             "(while kill -0 %d; do sleep 1; done; test -d %s && cd / && %s%s/pg_ctl -D %s/data -m immediate stop; rm -rf %s) "
             ">/dev/null 2>&1 &",
             (int)getpid(), cluster.folder, geteuid() == 0 ? "runuser -u postgres -- " : "", cluster.bin, cluster.folder,
             cluster.folder);
    return system(command);
}

static int cluster_make(void)
{
    char arguments[256], command[128];
    glob_t found;

    strcpy(cluster.folder, "/tmp/cpwg-test.XXXXXX");
    if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) != 0 || !mkdtemp(cluster.folder))
        return -1;
    snprintf(cluster.bin, sizeof cluster.bin, "%.*s", (int)(strlen(found.gl_pathv[0]) - strlen("/initdb")), found.gl_pathv[0]);
    globfree(&found);
    if (geteuid() == 0) {
        snprintf(command, sizeof command, "chown postgres %s", cluster.folder);
        if (system(command) != 0)
            return -1;
    }
    snprintf(arguments, sizeof arguments, "-D %s/data -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync", cluster.folder);
    snprintf(cluster.conninfo, sizeof cluster.conninfo, "host=%s user=postgres dbname=postgres", cluster.folder);
    cluster.ours = true;
    return cluster_watch() == 0 && cluster_run("initdb", arguments) == 0 && cluster_ctl("start") == 0 ? 0 : -1;
}

static int cluster_start(void **state)
{
    const char *given = getenv("CPWG_TEST_DATABASE");

    (void)state;
    if (!given)
        return cluster_make();
    snprintf(cluster.conninfo, sizeof cluster.conninfo, "%s", given);
    return 0;
}

static int cluster_stop(void **state)
{
    char command[128];

    (void)state;
    if (!cluster.ours)
        return 0;
    cluster_ctl("stop -m immediate");
    snprintf(command, sizeof command, "rm -rf %s", cluster.folder);
    return system(command);
}

#endif
