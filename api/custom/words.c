/* words.c: takes a text apart into words and folds them. Knows nothing of what they mean. */
#include "custom/words.h"

enum sign { SIGN_GAP, SIGN_LETTER, SIGN_DIGIT, SIGN_APOSTROPHE, SIGN_UNSEEN };

/* One character as it is read: what it is, and what it is folded to. */
struct glyph {
    enum sign sign;
    uint32_t folded;
    bool capital;
    size_t bytes;
};

static uint32_t decode(struct str text, size_t at, size_t *ret_bytes)
{
    unsigned char first = (unsigned char)text.p[at];
    size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    uint32_t c = n == 1 ? first : first & (0xffu >> (n + 1));

    for (size_t i = 1; i < n && at + i < text.n; i++)
        c = c << 6 | ((unsigned char)text.p[at + i] & 0x3fu);
    *ret_bytes = n;
    return c;
}

/* Unicode 15, Latin-1 Supplement from U+00C0 and Latin Extended-A: the letter without its accent; * is no letter. */
static const char latin[] =
    "aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo*ouuuuypy"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrsssssssstttttt"
    "uuuuuuuuuuuuwwyyyzzzzzzs";
_Static_assert(sizeof latin - 1 == 0x180 - 0xc0, "a letter for each code point");

/* Capitals alternate with their small letters; where the row changes step. */
static bool is_latin_capital(uint32_t c)
{
    if (c < 0xdf)
        return true;
    bool odd = (c >= 0x139 && c <= 0x148) || c >= 0x179;
    return c >= 0x100 && c != 0x138 && c != 0x149 && c != 0x17f && (c == 0x178 || (c & 1) == odd);
}

/* What is no letter beyond Latin: from, to. The marks are dropped, the others part words. */
static const struct {
    uint32_t from, to;
    enum sign sign;
} ranges[] = {
    {0x0080, 0x00a9, SIGN_GAP},    {0x00ab, 0x00ac, SIGN_GAP},    {0x00ad, 0x00ad, SIGN_UNSEEN}, {0x00ae, 0x00b4, SIGN_GAP},
    {0x00b6, 0x00b9, SIGN_GAP},    {0x00bb, 0x00bf, SIGN_GAP},    {0x02bc, 0x02bc, SIGN_APOSTROPHE}, {0x0300, 0x036f, SIGN_UNSEEN},
    {0x200b, 0x200f, SIGN_UNSEEN}, {0x2019, 0x2019, SIGN_APOSTROPHE}, {0x202a, 0x202e, SIGN_UNSEEN}, {0x2060, 0x206f, SIGN_UNSEEN},
    {0x2000, 0x206f, SIGN_GAP},    {0x20a0, 0x20cf, SIGN_GAP},    {0x2100, 0x2bff, SIGN_GAP},    {0x3000, 0x303f, SIGN_GAP},
    {0xfe00, 0xfe0f, SIGN_UNSEEN}, {0xfeff, 0xfeff, SIGN_UNSEEN}, {0x1f000, 0x1ffff, SIGN_GAP},
};

static struct glyph ascii(uint32_t c)
{
    if (c >= 'A' && c <= 'Z')
        return (struct glyph){.sign = SIGN_LETTER, .folded = c + 32, .capital = true};
    if (c >= 'a' && c <= 'z')
        return (struct glyph){.sign = SIGN_LETTER, .folded = c};
    if (c >= '0' && c <= '9')
        return (struct glyph){.sign = SIGN_DIGIT, .folded = c};
    return (struct glyph){.sign = c == '\'' || c == '`' ? SIGN_APOSTROPHE : SIGN_GAP};
}

static struct glyph beyond_ascii(uint32_t c)
{
    if (c >= 0xc0 && c < 0x180)
        return latin[c - 0xc0] == '*' ? (struct glyph){.sign = SIGN_GAP}
                                      : (struct glyph){.sign = SIGN_LETTER, .folded = (unsigned char)latin[c - 0xc0], .capital = is_latin_capital(c)};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return (struct glyph){.sign = ranges[i].sign};
    if ((c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
        return (struct glyph){.sign = SIGN_LETTER, .folded = c + 32, .capital = true};
    if (c >= 0x400 && c <= 0x40f)
        return (struct glyph){.sign = SIGN_LETTER, .folded = c + 80, .capital = true};
    return (struct glyph){.sign = SIGN_LETTER, .folded = c == 0xaa ? 'a' : c == 0xba ? 'o' : c};
}

static struct glyph glyph_at(struct str text, size_t at)
{
    size_t bytes;
    uint32_t c = decode(text, at, &bytes);

    if (c >= 0xff01 && c <= 0xff5e) /* full-width forms of ASCII */
        c -= 0xfee0;
    struct glyph glyph = c < 0x80 ? ascii(c) : beyond_ascii(c);
    glyph.bytes = bytes;
    return glyph;
}

/* Whether the apostrophe at `at` stands inside a word: letters follow, and not the s of a possessive alone. */
static bool joins(struct str text, size_t at, size_t bytes)
{
    size_t next = at + bytes;
    struct glyph first = next < text.n ? glyph_at(text, next) : (struct glyph){0};

    if (first.sign != SIGN_LETTER)
        return false;
    next += first.bytes;
    struct glyph second = next < text.n ? glyph_at(text, next) : (struct glyph){0};
    return first.folded != 's' || second.sign == SIGN_LETTER;
}

/* Folded text is never longer than what it came from: two bytes hold every letter of two or three. */
static void append(char *to, size_t *n, uint32_t c)
{
    if (c < 0x80) {
        to[(*n)++] = (char)c;
    } else if (c < 0x800) {
        to[(*n)++] = (char)(0xc0 | c >> 6);
        to[(*n)++] = (char)(0x80 | (c & 0x3f));
    } else {
        if (c >= 0x10000)
            to[(*n)++] = (char)(0xf0 | c >> 18);
        to[(*n)++] = (char)(c >= 0x10000 ? 0x80 | (c >> 12 & 0x3f) : 0xe0 | c >> 12);
        to[(*n)++] = (char)(0x80 | (c >> 6 & 0x3f));
        to[(*n)++] = (char)(0x80 | (c & 0x3f));
    }
}

/* Reads the word at *at, of which the first character is known to be a letter or digit. */
static struct word read_word(struct str text, size_t *at, uint32_t *offset, char *room)
{
    struct word word = {.offset = *offset, .upper = true, .number = true};
    size_t n = 0;

    for (bool first = true; *at < text.n; first = false) {
        struct glyph glyph = glyph_at(text, *at);
        if (glyph.sign == SIGN_GAP || (glyph.sign == SIGN_APOSTROPHE && (word.number || !joins(text, *at, glyph.bytes))))
            break;
        if (glyph.sign == SIGN_LETTER || glyph.sign == SIGN_DIGIT)
            append(room, &n, glyph.folded);
        word.capital |= first && glyph.capital;
        word.upper &= glyph.capital || glyph.sign != SIGN_LETTER;
        word.number &= glyph.sign != SIGN_LETTER;
        word.digit |= glyph.sign == SIGN_DIGIT;
        *at += glyph.bytes;
        ++*offset;
    }
    word.upper &= !word.number;
    word.length = *offset - word.offset;
    word.folded = (struct str){room, n};
    word.hash = (uint32_t)str_hash(word.folded);
    return word;
}

struct words words_of(struct arena *a, struct str text)
{
    struct word *words = arena_array(a, struct word, text.n / 2 + 1);
    char *room = arena_alloc(a, text.n + 1);
    size_t n = 0, gap = 0;
    uint32_t offset = 0;

    for (size_t at = 0; at < text.n;) {
        struct glyph glyph = glyph_at(text, at);
        if (glyph.sign != SIGN_LETTER && glyph.sign != SIGN_DIGIT) {
            at += glyph.bytes;
            offset++;
            continue;
        }
        struct str before = {text.p + gap, at - gap};
        words[n] = read_word(text, &at, &offset, room);
        words[n].gap = before;
        words[n].starts = n == 0 || gap_has(&words[n], ".!?:\n");
        room += words[n++].folded.n;
        gap = at;
    }
    return (struct words){words, n};
}

bool word_is(const struct word *word, const struct word *other)
{
    return word->hash == other->hash && str_eq(word->folded, other->folded);
}

bool word_in(const struct word *word, const char *list)
{
    struct str rest = str_of(list), part;

    while (str_next(&rest, ' ', &part))
        if (str_eq(part, word->folded))
            return true;
    return false;
}

bool gap_has(const struct word *word, const char *bytes)
{
    for (size_t i = 0; i < word->gap.n; i++)
        if (word->gap.p[i] != '\0' && strchr(bytes, word->gap.p[i]))
            return true;
    return false;
}

bool gap_only(const struct word *word, const char *bytes)
{
    for (size_t i = 0; i < word->gap.n; i++)
        if (word->gap.p[i] == '\0' || !strchr(bytes, word->gap.p[i]))
            return false;
    return true;
}
