/* stack.c: coroutines by ucontext (POSIX.1-2001), and what sanitizers and valgrind must be told of them. Knows nothing of who runs on them. */
#include "task/stack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>

#if defined(__has_include) && __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define VALGRIND_STACK_REGISTER(start, end) 0U
#define VALGRIND_STACK_DEREGISTER(id) ((void)(id))
#endif

#if defined(__has_feature)
#define HAS_FEATURE(x) __has_feature(x)
#else
#define HAS_FEATURE(x) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define ASAN(statement) statement
#else
#define ASAN(statement) ((void)0)
#endif

#if defined(__SANITIZE_THREAD__) || HAS_FEATURE(thread_sanitizer)
#include <sanitizer/tsan_interface.h>
#define TSAN(statement) statement
#else
#define TSAN(statement) ((void)0)
#endif

enum { GUARD_BYTES = 4096, ENTRY_BYTES = 4096 };

/* Stands at the upper end of its own memory: guard, stack, this. */
struct stack {
    ucontext_t here, thread;
    void (*run)(void *with);
    void *with;
    char *base;
    char *left_at; /* how far down it is used */
    unsigned valgrind_id;
    void *fake_here, *fake_thread, *fiber_here, *fiber_thread; /* for sanitizers */
    const void *thread_base;
    size_t thread_bytes;
};

static _Thread_local struct stack *entered;

static size_t stack_bytes(const struct stack *stack)
{
    return (size_t)((const char *)stack - stack->base);
}

static void begin(void)
{
    struct stack *stack = entered;

    ASAN(__sanitizer_finish_switch_fiber(NULL, &stack->thread_base, &stack->thread_bytes));
    stack->run(stack->with);
}

/* Where it begins when it is first entered. */
static bool prepare(struct stack *stack)
{
    if (getcontext(&stack->here) != 0)
        return false;
    stack->here.uc_stack.ss_sp = stack->base;
    stack->here.uc_stack.ss_size = stack_bytes(stack);
    stack->here.uc_link = NULL;
    makecontext(&stack->here, begin, 0);
    return true;
}

struct stack *stack_new(void (*run)(void *with), void *with)
{
    enum { BYTES = GUARD_BYTES + STACK_BYTES };
    size_t offset = (BYTES - sizeof(struct stack)) / 64 * 64;
    char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

    if (memory == MAP_FAILED)
        return NULL;
    struct stack *stack = (struct stack *)(void *)(memory + offset);
    stack->run = run;
    stack->with = with;
    stack->base = memory + GUARD_BYTES;
    stack->left_at = (char *)stack;
    if (mprotect(memory, GUARD_BYTES, PROT_NONE) != 0 || !prepare(stack)) {
        munmap(memory, BYTES);
        return NULL;
    }
    stack->valgrind_id = VALGRIND_STACK_REGISTER(stack->base, stack);
    TSAN(stack->fiber_here = __tsan_create_fiber(0));
    return stack;
}

void stack_free(struct stack *stack)
{
    if (!stack)
        return;
    VALGRIND_STACK_DEREGISTER(stack->valgrind_id);
    TSAN(__tsan_destroy_fiber(stack->fiber_here));
    ASAN(__asan_unpoison_memory_region(stack->base, stack_bytes(stack)));
    munmap(stack->base - GUARD_BYTES, GUARD_BYTES + STACK_BYTES);
}

void stack_enter(struct stack *stack)
{
    entered = stack;
    TSAN(stack->fiber_thread = __tsan_get_current_fiber());
    ASAN(__sanitizer_start_switch_fiber(&stack->fake_thread, stack->base, stack_bytes(stack)));
    TSAN(__tsan_switch_to_fiber(stack->fiber_here, 0));
    swapcontext(&stack->thread, &stack->here);
    ASAN(__sanitizer_finish_switch_fiber(stack->fake_thread, NULL, NULL));
}

void stack_leave(struct stack *stack)
{
    stack->left_at = __builtin_frame_address(0);
    ASAN(__sanitizer_start_switch_fiber(&stack->fake_here, stack->thread_base, stack->thread_bytes));
    TSAN(__tsan_switch_to_fiber(stack->fiber_thread, 0));
    swapcontext(&stack->here, &stack->thread);
    ASAN(__sanitizer_finish_switch_fiber(stack->fake_here, &stack->thread_base, &stack->thread_bytes));
}

void stack_trim(struct stack *stack)
{
    char *end = stack->left_at - ENTRY_BYTES; /* the frames of swapcontext lie below */

    end -= (uintptr_t)end % GUARD_BYTES;
    if (end > stack->base)
        madvise(stack->base, (size_t)(end - stack->base), MADV_DONTNEED);
}
