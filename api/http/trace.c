/* trace.c: reads and makes traceparent. Knows nothing of logs. */
#include "http/trace.h"

#include "base/crypto.h"

#include <stdio.h>

static bool is_lower_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= '0' && s.p[i] <= '9') && !(s.p[i] >= 'a' && s.p[i] <= 'f'))
            return false;
    return true;
}

static bool is_zero(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '0')
            return false;
    return true;
}

/* 00-<32>-<16>-<2>, lower-case hexadecimal; neither id all zeros. */
static bool is_valid(struct str s)
{
    if (s.n != TRACEPARENT_CHARS || !str_starts(s, STR("00-")) || s.p[35] != '-' || s.p[52] != '-')
        return false;
    struct str id = {s.p + 3, TRACE_ID_CHARS}, span = {s.p + 36, SPAN_ID_CHARS}, flags = str_skip(s, 53);
    return is_lower_hex(id) && is_lower_hex(span) && is_lower_hex(flags) && !is_zero(id) && !is_zero(span);
}

/* The one traceparent, or {NULL, 0}; several are as good as none. */
static struct str only_parent(struct headers headers)
{
    struct str found = {NULL, 0};

    for (size_t i = 0; i < headers.n; i++) {
        if (!str_eq_nocase(headers.v[i].name, STR("traceparent")))
            continue;
        if (found.p)
            return (struct str){NULL, 0};
        found = headers.v[i].value;
    }
    return found;
}

/* Drawn many at a time: a request takes up to three, and each draw is a system call. */
static uint64_t random_id(void)
{
    static _Thread_local uint64_t drawn[32];
    static _Thread_local size_t left;

    if (left == 0) {
        crypto_random(drawn, sizeof drawn);
        left = sizeof drawn / sizeof drawn[0];
    }
    uint64_t id = drawn[--left];
    return id ? id : 1;
}

void trace_start(struct headers headers, struct trace *ret)
{
    struct str parent = only_parent(headers);
    const char *flags = "00";

    if (is_valid(parent)) {
        memcpy(ret->id, parent.p + 3, TRACE_ID_CHARS);
        ret->id[TRACE_ID_CHARS] = '\0';
        flags = parent.p + TRACEPARENT_CHARS - 2;
    } else {
        snprintf(ret->id, sizeof ret->id, "%016llx%016llx", (unsigned long long)random_id(), (unsigned long long)random_id());
    }
    snprintf(ret->parent, sizeof ret->parent, "00-%s-%016llx-%.2s", ret->id, (unsigned long long)random_id(), flags);
}
