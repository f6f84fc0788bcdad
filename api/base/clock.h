/* clock.h: time. Durations and deadlines by the monotonic clock; the wall clock only to tell people and tokens. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Milliseconds until a deadline of clock_ns(), rounded up, at least 0, at most INT32_MAX: for poll(). */
static inline int clock_ms_until(int64_t deadline_ns)
{
    int64_t left = deadline_ns - clock_ns();
    if (left <= 0)
        return 0;
    left = (left + 999999) / 1000000;
    return left > INT32_MAX ? INT32_MAX : (int)left;
}

/* Seconds since 1970 (wall clock). */
static inline int64_t clock_unix_s(void)
{
    return (int64_t)time(NULL);
}

#endif
