/* stack.h: a second way through the program on the same thread: a stack of its own, entered and left by turns (a coroutine, as lwan has one
 * for each connection). Not for several threads. */
#ifndef TASK_STACK_H
#define TASK_STACK_H

enum { STACK_BYTES = 2 * 1024 * 1024 }; /* of address space; only what was written costs memory */

struct stack;

/* One on which run(with) begins when it is first entered; run never returns. NULL where there is no memory. */
struct stack *stack_new(void (*run)(void *with), void *with);

/* Of one that is not entered. Whatever stands on it is forgotten. Accepts NULL. */
void stack_free(struct stack *stack);

/* From the thread's own stack; returns when that one leaves. */
void stack_enter(struct stack *stack);

/* From that stack; returns when it is entered again. */
void stack_leave(struct stack *stack);

/* Gives back to the system what one that is not entered used once and does not use now. */
void stack_trim(struct stack *stack);

#endif
