/* machine.c: a library to preload: the machine's clock is stepped and its disk is full when a test says so, in a file that all of its
 * processes map. Neither can be had for real without rights over the whole machine. Waits until a time of the wall clock would not move
 * with this clock; neither the service nor PostgreSQL has any. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The file MACHINE_FILE: eight-byte numbers. */
static struct control {
    int64_t step_s; /* added to the wall clock */
    int64_t full;   /* no file grows in that folder of PostgreSQL's */
} *control;

static const char *const folders[] = {NULL, "/base/", "/pg_wal/"};

__attribute__((constructor)) static void map(void)
{
    const char *path = getenv("MACHINE_FILE");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (fd >= 0)
        close(fd);
    if (at != MAP_FAILED)
        control = at;
}

/* --- the clock */

static int64_t step_s(void)
{
    return control ? __atomic_load_n(&control->step_s, __ATOMIC_RELAXED) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
    int status = (int)syscall(SYS_clock_gettime, clock, ret);

    if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        ret->tv_sec += step_s();
    return status;
}

time_t time(time_t *ret)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (ret)
        *ret = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
    struct timespec now;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &now);
    *ret = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

/* --- the disk */

/* Whether the disk has no room for so many bytes there: a file that is to grow. What it has already may be written anew. */
static bool is_full(int fd, off_t at, size_t bytes)
{
    char link[32], path[PATH_MAX];
    struct stat file;
    int64_t full = control ? __atomic_load_n(&control->full, __ATOMIC_RELAXED) : 0;

    if (!full || fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || at + (off_t)bytes <= file.st_size)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    if (!strstr(path, folders[full]))
        return false;
    errno = ENOSPC;
    return true;
}

static size_t bytes_of(const struct iovec *parts, int n)
{
    size_t bytes = 0;

    while (n-- > 0)
        bytes += parts[n].iov_len;
    return bytes;
}

ssize_t write(int fd, const void *p, size_t n)
{
    if (is_full(fd, lseek(fd, 0, SEEK_CUR), n))
        return -1;
    return syscall(SYS_write, fd, p, n);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return is_full(fd, at, n) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at)
{
    return is_full(fd, at, bytes_of(parts, n)) ? -1 : syscall(SYS_pwritev, fd, parts, n, at, 0);
}

int posix_fallocate(int fd, off_t at, off_t n)
{
    if (is_full(fd, at, (size_t)n))
        return ENOSPC;
    return syscall(SYS_fallocate, fd, 0, at, n) == 0 ? 0 : errno;
}
