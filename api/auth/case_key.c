/* case_key.c: case keys as text and as hash. Knows nothing of whose they are. */
#include "auth/case_key.h"

#include "base/crypto.h"

#include <ctype.h>

enum { BASE = 32, DIGIT_BITS = 5, MODULUS = 1021, CHECK_DIGITS = 2, SYMBOLS = CASE_KEY_DIGITS + CHECK_DIGITS, GROUP = 4, VALUE_BYTES = 17 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void case_key_random(struct case_key *ret)
{
    unsigned char bytes[32];

    crypto_random(bytes, sizeof bytes);
    case_key_from_digest(bytes, ret);
}

void case_key_from_digest(const unsigned char digest[32], struct case_key *ret)
{
    for (size_t i = 0; i < CASE_KEY_DIGITS; i++) {
        size_t bit = i * DIGIT_BITS, byte = bit / 8;
        unsigned two = (unsigned)digest[byte] << 8 | digest[byte + 1];
        ret->digits[i] = two >> (16 - DIGIT_BITS - bit % 8) & (BASE - 1);
    }
}

static unsigned check_of(const struct case_key *key)
{
    unsigned rest = 0;

    for (size_t i = 0; i < CASE_KEY_DIGITS; i++)
        rest = (rest * BASE + key->digits[i]) % MODULUS;
    return rest;
}

void case_key_show(const struct case_key *key, char ret[CASE_KEY_TEXT_BYTES + 1])
{
    unsigned check = check_of(key), symbols[SYMBOLS];
    char *at = ret;

    for (size_t i = 0; i < CASE_KEY_DIGITS; i++)
        symbols[i] = key->digits[i];
    symbols[CASE_KEY_DIGITS] = check / BASE;
    symbols[CASE_KEY_DIGITS + 1] = check % BASE;
    for (size_t i = 0; i < SYMBOLS; i++) {
        if (i && i % GROUP == 0)
            *at++ = '-';
        *at++ = alphabet[symbols[i]];
    }
    *at = '\0';
}

/* The digit that a character stands for, or -1. */
static int digit_of(char c)
{
    int upper = toupper((unsigned char)c);
    const char *found;

    if (upper == 'O')
        return 0;
    if (upper == 'I' || upper == 'L')
        return 1;
    found = upper ? strchr(alphabet, upper) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

bool case_key_read(struct str text, struct case_key *ret)
{
    unsigned char symbols[SYMBOLS];
    struct case_key key;
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == ' ' || text.p[i] == '-')
            continue;
        int digit = digit_of(text.p[i]);
        if (digit < 0 || n == SYMBOLS)
            return false;
        symbols[n++] = (unsigned char)digit;
    }
    if (n != SYMBOLS)
        return false;
    memcpy(key.digits, symbols, CASE_KEY_DIGITS);
    if (check_of(&key) != (unsigned)symbols[CASE_KEY_DIGITS] * BASE + symbols[CASE_KEY_DIGITS + 1])
        return false;
    *ret = key;
    return true;
}

struct str case_key_hash(struct arena *a, const struct case_key *key, struct str pepper)
{
    unsigned char value[VALUE_BYTES] = {0}, digest[SHA256_BYTES]; /* big endian, the last 6 bits zero */
    const struct str part = {(const char *)value, sizeof value};

    for (size_t i = 0; i < CASE_KEY_DIGITS; i++) {
        size_t bit = i * DIGIT_BITS, byte = bit / 8;
        unsigned two = (unsigned)key->digits[i] << (16 - DIGIT_BITS - bit % 8);
        value[byte] |= (unsigned char)(two >> 8);
        if (byte + 1 < VALUE_BYTES)
            value[byte + 1] |= (unsigned char)two;
    }
    crypto_hmac(pepper, &part, 1, digest);
    return crypto_hex(a, (struct str){(const char *)digest, sizeof digest});
}
