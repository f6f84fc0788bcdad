/* fail_alloc.c: a library to preload: makes one allocation fail, or all from one on, when a test asks for it, and counts who asks for
 * them. Behind it stands glibc's allocator, or the address sanitizer's. */
#include "fail_alloc.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stddef.h>
#include <stdio.h>
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

/* Where a function that is replaced was called. */
#define CALLER __builtin_return_address(0)

/* The library's file, nothing for the program. snprintf() takes no memory for a text. */
static void name_caller(struct fail_alloc_caller *ret, const struct link_map *object)
{
    const char *slash = strrchr(object->l_name, '/');

    snprintf(ret->name, sizeof ret->name, "%s", slash ? slash + 1 : "");
}

/* Neither does _dl_find_object() (glibc's manual, "Dynamic Linker Introspection"). */
static void count_for(void *caller)
{
    static const struct link_map *objects[FAIL_ALLOC_CALLERS];
    struct dl_find_object found;

    if (_dl_find_object(caller, &found) != 0)
        return;
    for (int i = 0; i < FAIL_ALLOC_CALLERS; i++) {
        const struct link_map *object = NULL;
        if (__atomic_compare_exchange_n(&objects[i], &object, found.dlfo_link_map, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            object = found.dlfo_link_map;
            name_caller(&fail_alloc->callers[i], object);
        }
        if (object == found.dlfo_link_map) {
            __atomic_add_fetch(&fail_alloc->callers[i].n, 1, __ATOMIC_RELAXED);
            return;
        }
    }
}

static bool fails(void *caller)
{
    if (!fail_alloc)
        return false;
    count_for(caller);
    if (!fail_alloc->fail_at || fail_alloc_spares)
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

static void *allocate(size_t n, void *caller)
{
    return fails(caller) ? NULL : count(BEHIND(malloc)(n), 1);
}

static void *reallocate(void *p, size_t n, void *caller)
{
    if (fails(caller))
        return NULL;
    void *moved = BEHIND(realloc)(p, n);
    return p ? moved : count(moved, 1);
}

static void *align(size_t alignment, size_t n, void *caller)
{
    return fails(caller) ? NULL : count(BEHIND(memalign)(alignment, n), 1);
}

static char *duplicate(const char *text, size_t n, void *caller)
{
    char *copy = allocate(n + 1, caller);

    if (!copy)
        return NULL;
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

void *malloc(size_t n)
{
    return allocate(n, CALLER);
}

void *calloc(size_t n, size_t bytes)
{
    return fails(CALLER) ? NULL : count(BEHIND(calloc)(n, bytes), 1);
}

void *realloc(void *p, size_t n)
{
    return reallocate(p, n, CALLER);
}

void *reallocarray(void *p, size_t n, size_t bytes)
{
    size_t all;

    if (!__builtin_mul_overflow(n, bytes, &all))
        return reallocate(p, all, CALLER);
    errno = ENOMEM;
    return NULL;
}

void *memalign(size_t alignment, size_t n)
{
    return align(alignment, n, CALLER);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return align(alignment, n, CALLER);
}

int posix_memalign(void **ret, size_t alignment, size_t n)
{
    void *p = align(alignment, n, CALLER);

    if (!p)
        return ENOMEM;
    *ret = p;
    return 0;
}

/* A sanitizer's own would not come by here. */
char *strndup(const char *text, size_t max)
{
    return duplicate(text, strnlen(text, max), CALLER);
}

char *strdup(const char *text)
{
    return duplicate(text, strlen(text), CALLER);
}

/* Of memory that is no file's: arenas, and what libraries map by themselves. */
void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    if ((flags & MAP_ANONYMOUS) && fails(CALLER))
        return MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, n, protection, flags, fd, offset);
}

void free(void *p)
{
    count(p, -1);
    BEHIND(free)(p);
}
