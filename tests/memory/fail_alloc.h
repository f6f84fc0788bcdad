/* fail_alloc.h: what a test and the library that refuses memory know of each other. */
#ifndef TESTS_MEMORY_FAIL_ALLOC_H
#define TESTS_MEMORY_FAIL_ALLOC_H

#include <stdbool.h>
#include <stdint.h>

enum { FAIL_ALLOC_CALLERS = 30 };

/* Allocations that one of the process's objects asked for: the program, whose name is empty, or a library. */
struct fail_alloc_caller {
    int64_t n;
    char name[56]; /* of the file, cut short */
};

/* Also the file FAIL_ALLOC_FILE, where a test of another process writes. */
struct fail_alloc {
    int64_t fail_at; /* the allocation that fails, counted from when `seen` was set to 0; 0: none */
    int64_t goes_on; /* whether those after it fail, too */
    int64_t seen;    /* allocations since */
    int64_t live;    /* allocations that were not freed yet */
    struct fail_alloc_caller callers[FAIL_ALLOC_CALLERS];
};

/* NULL: nothing fails. */
extern struct fail_alloc *fail_alloc;

/* While true nothing fails on this thread. */
extern _Thread_local bool fail_alloc_spares __attribute__((tls_model("initial-exec")));

#endif
