/* pulse.c: how late a thread is woken that only sleeps: what the machine does to anybody, told apart from what a server does.
 *
 *   load_pulse MILLISECONDS
 *
 * Sleeps for one millisecond after another until its input ends, and prints a line whenever it woke so many milliseconds late: when it should
 * have woken and when it did, in microseconds of CLOCK_MONOTONIC. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double late_ns_min;

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void *beat(void *nothing)
{
    for (;;) {
        long long due = now_ns() + 1000000;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        long long woke = now_ns();
        if ((double)(woke - due) >= late_ns_min) {
            printf("%lld\t%lld\n", due / 1000, woke / 1000);
            fflush(stdout);
        }
    }
    return nothing;
}

int main(int argc, char **argv)
{
    pthread_t thread;

    late_ns_min = (argc > 1 ? atof(argv[1]) : 10) * 1e6;
    if (pthread_create(&thread, NULL, beat, NULL) != 0)
        return 1;
    while (getchar() != EOF)
        ;
    return 0;
}
