/* worker.c: when the audit is taken into its chain, and what is told of it. Knows nothing of rows and hashes. */
#include "worker/worker.h"

#include "base/clock.h"
#include "base/log.h"
#include "worker/chain.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const int64_t SECOND_NS = INT64_C(1000) * 1000 * 1000, HEAD_EVERY_NS = INT64_C(3600) * 1000 * 1000 * 1000,
                     LAST_NS = INT64_C(5) * 1000 * 1000 * 1000;

struct worker {
    struct chain chain; /* the thread's alone, as the next two */
    enum error_code told; /* the failure that the log has last said, or ERR_NONE */
    int64_t head_due_ns;
    int64_t every_ns;
    pthread_t thread;
    pthread_cond_t wake;
    pthread_mutex_t lock; /* guards what follows */
    bool stopping;
    uint64_t chained;
    int64_t waiting, sweep_ns, complete_ns; /* when this sweep began; when the last one that has ended did */
};

static void tell_head(struct worker *worker)
{
    char hex[2 * SHA256_BYTES + 1] = "";

    for (size_t i = 0; i < SHA256_BYTES; i++)
        snprintf(hex + 2 * i, 3, "%02x", worker->chain.head.hash[i]);
    log_event("info", "audit_head", "%lld:%s", (long long)worker->chain.head.position, hex);
    worker->head_due_ns = clock_ns() + HEAD_EVERY_NS;
}

static void tell_failure(struct worker *worker, const struct error *err)
{
    if (worker->told != err->code)
        log_event("error", "audit_waits", "%s: %s", error_info(err->code)->slug.p, err->argument);
    worker->told = err->code;
}

static void tell_success(struct worker *worker, const struct chain_step *step)
{
    if (worker->told != ERR_NONE)
        log_event("info", "audit_goes_on", "after %s", error_info(worker->told)->slug.p);
    worker->told = ERR_NONE;
    if (step->cut)
        log_event("error", "audit_cut", "the chain is not the one that this instance left");
    if (step->cut || (step->done && worker->chain.head.position > 0 && clock_ns() >= worker->head_due_ns))
        tell_head(worker);
}

static void note(struct worker *worker, const struct chain_step *step)
{
    pthread_mutex_lock(&worker->lock);
    worker->chained += (uint64_t)step->rows;
    worker->waiting = step->waiting;
    if (step->done)
        worker->complete_ns = worker->sweep_ns;
    pthread_mutex_unlock(&worker->lock);
}

/* One step. True when another should follow at once. */
static bool advance(struct worker *worker)
{
    struct chain_step step;
    struct error err;

    if (worker->chain.cursor == worker->chain.below) {
        pthread_mutex_lock(&worker->lock);
        worker->sweep_ns = clock_ns();
        pthread_mutex_unlock(&worker->lock);
    }
    if (!chain_step(&worker->chain, &step, &err)) {
        tell_failure(worker, &err);
        return false;
    }
    if (step.elsewhere)
        return false;
    note(worker, &step);
    tell_success(worker, &step);
    return !step.done;
}

/* Waits for the next turn; true when the worker is to stop. */
static bool rest(struct worker *worker, bool hurries)
{
    int64_t until_ns = clock_ns() + worker->every_ns;
    struct timespec until = {.tv_sec = until_ns / SECOND_NS, .tv_nsec = until_ns % SECOND_NS};
    int status = hurries ? ETIMEDOUT : 0;

    pthread_mutex_lock(&worker->lock);
    while (!worker->stopping && status != ETIMEDOUT)
        status = pthread_cond_timedwait(&worker->wake, &worker->lock, &until);
    bool stops = worker->stopping;
    pthread_mutex_unlock(&worker->lock);
    return stops;
}

static void *work(void *of)
{
    struct worker *worker = of;

    while (!rest(worker, advance(worker)))
        ;
    worker->chain.cursor = worker->chain.below; /* what came since this sweep began, too */
    for (int64_t until = clock_ns() + LAST_NS; clock_ns() < until && advance(worker);)
        ;
    tell_head(worker);
    return NULL;
}

static struct worker *worker_new(const struct worker_options *options, struct error *err)
{
    const struct db_pool_options pool = {.conninfo = options->conninfo, .size = 1, .wait_ms = 1000};
    struct worker *worker = calloc(1, sizeof *worker);
    pthread_condattr_t monotonic;

    if (!worker || !db_pool_new(&pool, &worker->chain.pool, err)) {
        free(worker);
        return NULL;
    }
    worker->chain.key = link_key(options->seal);
    worker->every_ns = options->every_ms * (SECOND_NS / 1000);
    worker->sweep_ns = worker->complete_ns = clock_ns();
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&worker->lock, NULL);
    return worker;
}

static void worker_free(struct worker *worker)
{
    db_pool_free(worker->chain.pool);
    pthread_cond_destroy(&worker->wake);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

bool worker_start(const struct worker_options *options, struct worker **ret, struct error *err)
{
    struct worker *worker = worker_new(options, err);

    if (!worker)
        return error_set(err, ERR_STARTUP, "the worker: no memory, or no database is named");
    if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
        worker_free(worker);
        return error_set(err, ERR_STARTUP, "the worker: no thread");
    }
    *ret = worker;
    return true;
}

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->stopping = true;
    pthread_mutex_unlock(&worker->lock);
    pthread_cond_signal(&worker->wake);
    pthread_join(worker->thread, NULL);
    worker_free(worker);
}

void worker_state(struct worker *worker, struct worker_state *ret)
{
    pthread_mutex_lock(&worker->lock);
    *ret = (struct worker_state){worker->chained, worker->waiting, (double)(clock_ns() - worker->complete_ns) / (double)SECOND_NS};
    pthread_mutex_unlock(&worker->lock);
}
