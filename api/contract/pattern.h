/* pattern.h: regular expressions of the contract, as ECMA-262 means them, run by PCRE2 within limits. */
#ifndef CONTRACT_PATTERN_H
#define CONTRACT_PATTERN_H

#include "base/arena.h"

enum { PATTERN_BYTES_MAX = 8192, PATTERN_REASON_BYTES = 160 };

struct pattern;

/* Compiles into a; the pattern lives as long. False with a reason in words when it is no expression of ECMA-262 that
 * can be run here (look-behind must have a fixed length). */
bool pattern_compile(struct arena *a, struct str text, const struct pattern **ret, char ret_reason[PATTERN_REASON_BYTES]);

/* Makes what all threads match in; false without memory. pattern_fits would make it when first called. */
bool pattern_init(void);

/* Whether the expression matches somewhere in text (UTF-8). Also false when the limits of work or memory are reached:
 * what cannot be shown to fit does not fit. Thread-safe. */
bool pattern_fits(const struct pattern *pattern, struct str text);

/* For those who load a contract: false, with a reason, when hostile text could make matching slow, since the
 * expression refers back, looks behind, or repeats without bound inside a repetition. Also false for what
 * pattern_compile refuses to read. */
bool pattern_is_safe(struct str text, const char **ret_reason);

#endif
