/* pattern_syntax.c: ECMA-262 regular expressions into PCRE2's words. Knows nothing of PCRE2's calls. */
#include "contract/pattern_syntax.h"

/* What \s has beyond ASCII (ECMA-262 22.2.2.9: white space and line ends), and what \S has. A class escape stands at
 * both ends, so that a hyphen beside it in a class is refused as it is in ECMA-262. */
#define SPACES "\\s\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff\\s"
#define NO_SPACES                                                                                                      \
    "\\w\\u0000-\\u0008\\u000e-\\u001f\\u0021-\\u009f\\u00a1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e"     \
    "\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\ufefe\\uff00-\\u{10ffff}\\w"
#define ANY_BUT_LINE_ENDS "[^\\n\\r\\u2028\\u2029]"

enum { GROUPS_MAX = 32 };

struct group {
    bool repeats; /* something in it repeats without bound */
    bool asserts; /* a look-around: nothing to repeat */
};

struct reader {
    struct str rest;
    struct buf *out;
    struct pattern_traits *traits;
    const char *wrong;
    struct group groups[GROUPS_MAX + 1]; /* [0] is the whole */
    int depth;
    bool repeatable;   /* what came last may take a quantifier */
    bool atom_repeats; /* and has a repetition without bound in it */
};

static bool refuse(struct reader *r, const char *reason)
{
    r->wrong = reason;
    return false;
}

/* Copies the next n bytes. */
static void copy(struct reader *r, size_t n)
{
    buf_add(r->out, (struct str){r->rest.p, n});
    r->rest = str_skip(r->rest, n);
}

/* Writes text in place of the next n bytes. */
static void replace(struct reader *r, size_t n, struct str text)
{
    buf_add(r->out, text);
    r->rest = str_skip(r->rest, n);
}

static char at(const struct reader *r, size_t i)
{
    return i < r->rest.n ? r->rest.p[i] : '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The number that n hexadecimal digits from i on say, or -1. */
static int32_t hex(const struct reader *r, size_t i, size_t n)
{
    int32_t number = 0;

    for (size_t end = i + n; i < end; i++) {
        char c = at(r, i);
        char lower = (char)(c | 0x20);
        if (!is_digit(c) && !(lower >= 'a' && lower <= 'f'))
            return -1;
        number = number * 16 + (is_digit(c) ? c - '0' : lower - 'a' + 10);
    }
    return number;
}

/* \uHHHH, two of them that are a surrogate pair, or \u{H...}. */
static bool read_unicode(struct reader *r)
{
    int32_t high = hex(r, 2, 4);
    size_t close = str_find(r->rest, '}');

    if (at(r, 2) == '{') {
        if (at(r, close) != '}' || close < 4 || close > 9 || hex(r, 3, close - 3) < 0)
            return refuse(r, "\\u{...} takes one to six hexadecimal digits");
        copy(r, close + 1);
        return true;
    }
    if (high < 0)
        return refuse(r, "\\u takes four hexadecimal digits");
    int32_t low = at(r, 6) == '\\' && at(r, 7) == 'u' ? hex(r, 8, 4) : -1;
    if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        buf_printf(r->out, "\\u{%x}", (unsigned)(0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00)));
        r->rest = str_skip(r->rest, 12);
        return true;
    }
    copy(r, 6);
    return true;
}

/* \p{...}: general categories have long names in ECMA-262 (table 70) that PCRE2 lacks. */
static bool read_property(struct reader *r)
{
    static const struct {
        struct str name, category;
    } long_names[] = {
        {STR_INIT("Letter"), STR_INIT("L")}, {STR_INIT("Uppercase_Letter"), STR_INIT("Lu")},
        {STR_INIT("Lowercase_Letter"), STR_INIT("Ll")}, {STR_INIT("Titlecase_Letter"), STR_INIT("Lt")},
        {STR_INIT("Modifier_Letter"), STR_INIT("Lm")}, {STR_INIT("Other_Letter"), STR_INIT("Lo")},
        {STR_INIT("Mark"), STR_INIT("M")}, {STR_INIT("Combining_Mark"), STR_INIT("M")},
        {STR_INIT("Number"), STR_INIT("N")}, {STR_INIT("Decimal_Number"), STR_INIT("Nd")},
        {STR_INIT("digit"), STR_INIT("Nd")}, {STR_INIT("Punctuation"), STR_INIT("P")},
        {STR_INIT("punct"), STR_INIT("P")}, {STR_INIT("Symbol"), STR_INIT("S")},
        {STR_INIT("Separator"), STR_INIT("Z")}, {STR_INIT("Space_Separator"), STR_INIT("Zs")},
    };
    size_t close = str_find(r->rest, '}');

    if (at(r, 2) != '{' || close == r->rest.n || at(r, 3) == '^')
        return refuse(r, "\\p and \\P take {a property's name}");
    struct str name = {r->rest.p + 3, close - 3};
    for (size_t i = 0; i < sizeof long_names / sizeof long_names[0]; i++)
        if (str_eq(name, long_names[i].name))
            name = long_names[i].category;
    copy(r, 3);
    replace(r, close - 3, name);
    copy(r, 1);
    return true;
}

/* An escape that means the same inside and outside of a class. */
static bool read_character_escape(struct reader *r)
{
    char c = at(r, 1);

    switch (c) {
    case 'd': case 'D': case 'w': case 'W': case 't': case 'n': case 'r': case 'f':
        copy(r, 2);
        return true;
    case 'v': /* a class of its own in PCRE2 */
        replace(r, 2, STR("\\x0b"));
        return true;
    case '0':
        if (is_digit(at(r, 2)))
            return refuse(r, "octal escapes are not in ECMA-262");
        replace(r, 2, STR("\\x00"));
        return true;
    case 'c':
        if (!is_letter(at(r, 2)))
            return refuse(r, "\\c takes a letter");
        copy(r, 3);
        return true;
    case 'x':
        if (hex(r, 2, 2) < 0)
            return refuse(r, "\\x takes two hexadecimal digits");
        copy(r, 4);
        return true;
    case 'u':
        return read_unicode(r);
    case 'p': case 'P':
        return read_property(r);
    default:
        if (c <= ' ' || c == 0x7f || is_letter(c) || is_digit(c)) /* also bytes over 0x7f where char is signed */
            return refuse(r, "this escape is not in ECMA-262");
        copy(r, 2);
        return true;
    }
}

/* \1 and \k<name>; PCRE2 would take \10 for octal where there are fewer groups. */
static bool read_back_reference(struct reader *r)
{
    size_t n = 1, close = str_find(r->rest, '>');

    r->traits->refers_back = true;
    if (at(r, 1) == 'k') {
        if (at(r, 2) != '<' || close == r->rest.n)
            return refuse(r, "\\k takes <a group's name>");
        copy(r, close + 1);
        return true;
    }
    while (is_digit(at(r, n)))
        n++;
    buf_printf(r->out, "\\g{%.*s}", (int)(n - 1), r->rest.p + 1);
    r->rest = str_skip(r->rest, n);
    return true;
}

static bool read_escape(struct reader *r)
{
    char c = at(r, 1);

    r->repeatable = c != 'b' && c != 'B';
    r->atom_repeats = false;
    if (!r->repeatable)
        copy(r, 2);
    else if (c == 's')
        replace(r, 2, STR("[" SPACES "]"));
    else if (c == 'S')
        replace(r, 2, STR("[^" SPACES "]"));
    else if (c == 'k' || (c >= '1' && c <= '9'))
        return read_back_reference(r);
    else
        return read_character_escape(r);
    return true;
}

static bool read_class_escape(struct reader *r)
{
    char c = at(r, 1);

    if (c == 's')
        replace(r, 2, STR(SPACES));
    else if (c == 'S')
        replace(r, 2, STR(NO_SPACES));
    else if (c == 'b')
        copy(r, 2);
    else
        return read_character_escape(r);
    return true;
}

static bool read_class(struct reader *r)
{
    copy(r, at(r, 1) == '^' ? 2 : 1);
    while (r->rest.n && at(r, 0) != ']') {
        if (at(r, 0) == '[') /* else [:alpha:] would be a name */
            replace(r, 1, STR("\\["));
        else if (at(r, 0) != '\\')
            copy(r, 1);
        else if (!read_class_escape(r))
            return false;
    }
    if (!r->rest.n)
        return refuse(r, "a class lacks its ]");
    copy(r, 1);
    r->repeatable = true;
    r->atom_repeats = false;
    return true;
}

static bool open_group(struct reader *r)
{
    static const struct {
        struct str opening;
        bool asserts, behind;
    } kinds[] = {
        {STR_INIT("(?:"), false, false}, {STR_INIT("(?="), true, false}, {STR_INIT("(?!"), true, false},
        {STR_INIT("(?<="), true, true},  {STR_INIT("(?<!"), true, true}, {STR_INIT("(?<"), false, false},
    };
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    size_t kind = 0;

    if (r->depth == GROUPS_MAX)
        return refuse(r, "groups nest too deep");
    while (kind < KINDS && !str_starts(r->rest, kinds[kind].opening))
        kind++;
    if (kind == KINDS && at(r, 1) == '?')
        return refuse(r, "this kind of group is not in ECMA-262");
    r->groups[++r->depth] = (struct group){.asserts = kind < KINDS && kinds[kind].asserts};
    r->traits->looks_behind |= kind < KINDS && kinds[kind].behind;
    copy(r, kind < KINDS ? kinds[kind].opening.n : 1);
    r->repeatable = false;
    return true;
}

static bool close_group(struct reader *r)
{
    if (r->depth == 0)
        return refuse(r, "a ) too many");
    struct group closed = r->groups[r->depth--];
    r->groups[r->depth].repeats |= closed.repeats;
    r->repeatable = !closed.asserts;
    r->atom_repeats = closed.repeats;
    copy(r, 1);
    return true;
}

/* {n}, {n,}, {n,m} at the front of rest: its length, or 0. *ret_most is 2 for all that is over 1. */
static size_t braces(struct str rest, int *ret_most, bool *ret_bounded)
{
    size_t close = str_find(rest, '}'), comma = str_find(rest, ',');
    struct str least, most;

    if (close == rest.n || close < 2)
        return 0;
    comma = comma < close ? comma : close;
    least = (struct str){rest.p + 1, comma - 1};
    most = comma < close ? (struct str){rest.p + comma + 1, close - comma - 1} : least;
    int64_t number = 2;
    if (least.n == 0)
        return 0;
    for (size_t i = 0; i < least.n + most.n; i++)
        if (!is_digit(i < least.n ? least.p[i] : most.p[i - least.n]))
            return 0;
    *ret_bounded = most.n > 0;
    *ret_most = str_to_i64(most, &number) && number < 2 ? (int)number : 2;
    return close + 1;
}

static bool read_quantifier(struct reader *r)
{
    int most = at(r, 0) == '?' ? 1 : 2;
    bool bounded = at(r, 0) == '?';
    size_t n = at(r, 0) == '{' ? braces(r->rest, &most, &bounded) : 1;

    if (n == 0)
        return refuse(r, "a { that is no quantifier wants a backslash");
    if (!r->repeatable)
        return refuse(r, "a quantifier has nothing to repeat");
    copy(r, n);
    if (at(r, 0) == '?')
        copy(r, 1);
    r->traits->nests |= r->atom_repeats && most > 1;
    r->groups[r->depth].repeats |= !bounded;
    r->repeatable = false;
    return true;
}

static bool read_item(struct reader *r)
{
    char c = at(r, 0);

    switch (c) {
    case '\\':
        return read_escape(r);
    case '[':
        return read_class(r);
    case '(':
        return open_group(r);
    case ')':
        return close_group(r);
    case '*': case '+': case '?': case '{':
        return read_quantifier(r);
    case '.':
        replace(r, 1, STR(ANY_BUT_LINE_ENDS));
        break;
    default:
        copy(r, 1);
    }
    r->repeatable = c != '^' && c != '$' && c != '|';
    r->atom_repeats = false;
    return true;
}

bool pattern_translate(struct str pattern, struct buf *out, struct pattern_traits *ret_traits, const char **ret_reason)
{
    struct reader r = {.rest = pattern, .out = out, .traits = ret_traits};

    *ret_traits = (struct pattern_traits){0};
    while (r.rest.n && !r.wrong)
        read_item(&r);
    if (!r.wrong && r.depth)
        r.wrong = "a group lacks its )";
    if (!r.wrong && out->failed)
        r.wrong = "too long";
    *ret_reason = r.wrong;
    return !r.wrong;
}
