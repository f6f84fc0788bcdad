/* pattern_syntax.h: reads regular expressions as ECMA-262 means them (22.2.1, with the u flag's strictness). */
#ifndef CONTRACT_PATTERN_SYNTAX_H
#define CONTRACT_PATTERN_SYNTAX_H

#include "base/buf.h"

/* What makes an expression slow to run on hostile text. */
struct pattern_traits {
    bool refers_back;  /* \1, \k<name> */
    bool looks_behind; /* (?<=...), (?<!...) */
    bool nests;        /* a repetition without bound inside another repetition: (a+)* */
};

/* Appends to out the expression in PCRE2's words (for the options of pattern.c), so that it means there what it means
 * in ECMA-262. False, with a reason in words, for what ECMA-262 lacks: \A, (?>, (?i), a++ and the like. */
bool pattern_translate(struct str pattern, struct buf *out, struct pattern_traits *ret_traits, const char **ret_reason);

#endif
