/* fail_alloc.c: a library to preload: makes one allocation fail, or all from one on, when a test asks for it in a file that both map.
 * glibc's own functions stand behind (malloc(3) names them in "Replacing malloc"). */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The file FAIL_ALLOC_FILE: eight-byte numbers. */
static struct control {
    int64_t fail_at; /* the allocation that fails, counted from when `seen` was set to 0; 0: none */
    int64_t goes_on; /* whether those after it fail, too */
    int64_t seen;    /* allocations since */
    int64_t live;    /* allocations that were not freed yet */
} *control;

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t bytes);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void __libc_free(void *p);

__attribute__((constructor)) static void map(void)
{
    const char *path = getenv("FAIL_ALLOC_FILE");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (fd >= 0)
        close(fd);
    if (at != MAP_FAILED)
        control = at;
}

static bool fails(void)
{
    if (!control || !control->fail_at)
        return false;
    int64_t seen = __atomic_add_fetch(&control->seen, 1, __ATOMIC_RELAXED);
    if (control->goes_on ? seen < control->fail_at : seen != control->fail_at)
        return false;
    errno = ENOMEM;
    return true;
}

static void *count(void *p, int more)
{
    if (p && control)
        __atomic_add_fetch(&control->live, more, __ATOMIC_RELAXED);
    return p;
}

void *malloc(size_t n)
{
    return fails() ? NULL : count(__libc_malloc(n), 1);
}

void *calloc(size_t n, size_t bytes)
{
    return fails() ? NULL : count(__libc_calloc(n, bytes), 1);
}

void *realloc(void *p, size_t n)
{
    if (fails())
        return NULL;
    void *moved = __libc_realloc(p, n);
    return p ? moved : count(moved, 1);
}

void *memalign(size_t alignment, size_t n)
{
    return fails() ? NULL : count(__libc_memalign(alignment, n), 1);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return memalign(alignment, n);
}

int posix_memalign(void **ret, size_t alignment, size_t n)
{
    void *p = memalign(alignment, n);

    if (!p)
        return ENOMEM;
    *ret = p;
    return 0;
}

void free(void *p)
{
    count(p, -1);
    __libc_free(p);
}
