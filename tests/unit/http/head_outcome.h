/* head_outcome.h: what becomes of a head that comes in steps, to be compared with what becomes of it whole. */
#ifndef TESTS_HTTP_HEAD_OUTCOME_H
#define TESTS_HTTP_HEAD_OUTCOME_H

#include "http/head.h"

struct outcome {
    enum head_state state;
    size_t n;       /* bytes looked through */
    size_t came;    /* bytes that had come when that was known */
    bool passed;
    struct request request;
    struct error err;
};

/* Lets `step` bytes of a text come at a time, until its head is known or there are no more. The request borrows from text, and ret from itself. */
static inline void outcome_read(struct str text, size_t step, struct outcome *ret)
{
    struct head head = {0};

    *ret = (struct outcome){.state = HEAD_UNFINISHED};
    while (ret->state == HEAD_UNFINISHED && ret->came < text.n) {
        ret->came += step < text.n - ret->came ? step : text.n - ret->came;
        ret->state = head_scan(&head, (struct str){text.p, ret->came});
    }
    ret->n = head.n;
    ret->passed = head_read(&head, (struct str){text.p, ret->came}, &ret->request, &ret->err);
}

static inline bool same_place(struct str a, struct str b)
{
    return a.p == b.p && a.n == b.n;
}

/* Whether two outcomes of one text differ in nothing but when they were known. */
static inline bool outcome_same(const struct outcome *a, const struct outcome *b)
{
    const struct request *x = &a->request, *y = &b->request;

    for (size_t i = 0; i < x->headers.n && i < y->headers.n; i++)
        if (!same_place(x->list[i].name, y->list[i].name) || !same_place(x->list[i].value, y->list[i].value))
            return false;
    return a->state == b->state && a->n == b->n && a->passed == b->passed && a->err.code == b->err.code &&
           strcmp(a->err.argument, b->err.argument) == 0 && same_place(x->method, y->method) && same_place(x->path, y->path) &&
           same_place(x->query, y->query) && x->minor == y->minor && x->headers.n == y->headers.n && x->chunked == y->chunked &&
           x->expects_continue == y->expects_continue && x->keep_alive == y->keep_alive && x->content_length == y->content_length;
}

#endif
