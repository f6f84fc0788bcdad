/* fail_alloc.c: a library to preload: makes one allocation fail, or all from one on, when a test asks for it. Behind it stands
 * glibc's allocator, or the address sanitizer's. */
#include "fail_alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct fail_alloc *fail_alloc;
_Thread_local bool fail_alloc_spares __attribute__((tls_model("initial-exec")));

/* glibc's own functions (malloc(3) names them in "Replacing malloc"), and the address sanitizer's, which are there when it is. */
#define ALLOCATOR(type, name, ...)     \
    type __libc_##name(__VA_ARGS__);   \
    type __interceptor_##name(__VA_ARGS__) __attribute__((weak))
#define BEHIND(name) (__interceptor_##name ? __interceptor_##name : __libc_##name)

ALLOCATOR(void *, malloc, size_t n);
ALLOCATOR(void *, calloc, size_t n, size_t bytes);
ALLOCATOR(void *, realloc, void *p, size_t n);
ALLOCATOR(void *, memalign, size_t alignment, size_t n);
ALLOCATOR(void, free, void *p);

__attribute__((constructor)) static void map(void)
{
    const char *path = getenv("FAIL_ALLOC_FILE");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *fail_alloc, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    if (fd >= 0)
        close(fd);
    if (at != MAP_FAILED)
        fail_alloc = at;
}

static bool fails(void)
{
    if (!fail_alloc || !fail_alloc->fail_at || fail_alloc_spares)
        return false;
    int64_t seen = __atomic_add_fetch(&fail_alloc->seen, 1, __ATOMIC_RELAXED);
    if (fail_alloc->goes_on ? seen < fail_alloc->fail_at : seen != fail_alloc->fail_at)
        return false;
    errno = ENOMEM;
    return true;
}

static void *count(void *p, int more)
{
    if (p && fail_alloc)
        __atomic_add_fetch(&fail_alloc->live, more, __ATOMIC_RELAXED);
    return p;
}

void *malloc(size_t n)
{
    return fails() ? NULL : count(BEHIND(malloc)(n), 1);
}

void *calloc(size_t n, size_t bytes)
{
    return fails() ? NULL : count(BEHIND(calloc)(n, bytes), 1);
}

void *realloc(void *p, size_t n)
{
    if (fails())
        return NULL;
    void *moved = BEHIND(realloc)(p, n);
    return p ? moved : count(moved, 1);
}

void *reallocarray(void *p, size_t n, size_t bytes)
{
    size_t all;

    if (!__builtin_mul_overflow(n, bytes, &all))
        return realloc(p, all);
    errno = ENOMEM;
    return NULL;
}

void *memalign(size_t alignment, size_t n)
{
    return fails() ? NULL : count(BEHIND(memalign)(alignment, n), 1);
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

/* A sanitizer's own would not come by here. */
char *strndup(const char *text, size_t max)
{
    size_t n = strnlen(text, max);
    char *copy = malloc(n + 1);

    if (!copy)
        return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

char *strdup(const char *text)
{
    return strndup(text, strlen(text));
}

/* Of memory that is no file's: arenas, and what libraries map by themselves. */
void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    if ((flags & MAP_ANONYMOUS) && fails())
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, n, protection, flags, fd, offset);
}

void free(void *p)
{
    count(p, -1);
    BEHIND(free)(p);
}
