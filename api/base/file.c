/* file.c: reads a whole file. Knows nothing of what is in it. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until n bytes or the end; gives the bytes read, or -1. */
static ssize_t read_fully(int fd, char *p, size_t n)
{
    size_t at = 0;

    while (at < n) {
        ssize_t got = read(fd, p + at, n - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        at += (size_t)got;
    }
    return (ssize_t)at;
}

static bool read_open(struct arena *a, int fd, size_t bytes_max, struct str *ret_text, unsigned *ret_mode,
                      const char **ret_why)
{
    struct stat state;

    *ret_why = "not a file, or too large";
    if (fstat(fd, &state) != 0 || !S_ISREG(state.st_mode) || (uint64_t)state.st_size > bytes_max)
        return false;
    char *text = arena_alloc(a, (size_t)state.st_size + 1);
    ssize_t n = read_fully(fd, text, (size_t)state.st_size);
    *ret_why = "cannot be read";
    if (n < 0)
        return false;
    *ret_text = (struct str){text, (size_t)n};
    if (ret_mode)
        *ret_mode = state.st_mode & 0777;
    return true;
}

bool file_read(struct arena *a, const char *path, size_t bytes_max, struct str *ret_text, unsigned *ret_mode,
               struct error *err)
{
    const char *why;

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a named pipe must not hold up the start */
    if (fd < 0)
        return error_set(err, ERR_STARTUP, "%s: %s", path, strerrordesc_np(errno));
    bool ok = read_open(a, fd, bytes_max, ret_text, ret_mode, &why);
    close(fd);
    return ok || error_set(err, ERR_STARTUP, "%s: %s", path, why);
}
