/* pulse.c: how late a thread is woken that only sleeps, and how long the disk takes for a few bytes: what the machine does to anybody, told
 * apart from what a server does.
 *
 *   load_pulse MILLISECONDS FILE
 *
 * Until its input ends, sleeps for one millisecond after another, and every ten writes to a file of that name, which goes with it, and waits until it is on the
 * disk (fdatasync). Prints a line whenever that took so many milliseconds longer: "sleep" or "disk", from when and until when, in microseconds of CLOCK_MONOTONIC. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double late_ns_min;
static int file;

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Until when it took, since it was due. */
static void tell_late(const char *what, long long due)
{
    long long done = now_ns();

    if ((double)(done - due) < late_ns_min)
        return;
    printf("%s\t%lld\t%lld\n", what, due / 1000, done / 1000);
    fflush(stdout);
}

static void *sleep_on(void *nothing)
{
    for (;;) {
        long long due = now_ns() + 1000000;
        sleep_ms(1);
        tell_late("sleep", due);
    }
    return nothing;
}

static void *write_on(void *nothing)
{
    static const char bytes[512];

    for (;;) {
        sleep_ms(10);
        long long due = now_ns();
        if (pwrite(file, bytes, sizeof bytes, 0) != sizeof bytes || fdatasync(file) != 0)
            exit(1);
        tell_late("disk", due);
    }
    return nothing;
}

int main(int argc, char **argv)
{
    pthread_t threads[2];

    if (argc < 3 || (file = open(argv[2], O_CREAT | O_RDWR | O_CLOEXEC, 0600)) < 0 || unlink(argv[2]) != 0)
        return 1;
    late_ns_min = atof(argv[1]) * 1e6;
    if (pthread_create(&threads[0], NULL, sleep_on, NULL) != 0 || pthread_create(&threads[1], NULL, write_on, NULL) != 0)
        return 1;
    while (getchar() != EOF)
        ;
    return 0;
}
