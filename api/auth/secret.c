/* secret.c: secrets as text and as hash. Knows nothing of whose they are. */
#include "auth/secret.h"

#include "base/crypto.h"

#include <ctype.h>

enum { BASE = 32, DIGIT_BITS = 5, MODULUS = 1021, CHECK_DIGITS = 2, SYMBOLS = SECRET_DIGITS + CHECK_DIGITS, GROUP = 4, VALUE_BYTES = 17 };

static const struct {
    struct str name;
    enum seal_purpose pepper;
} kinds[SECRET_KINDS] = {
    [SECRET_CASE_KEY] = {STR_INIT("case_key"), SEAL_CASE_KEY_PEPPER},
    [SECRET_INVITATION_CODE] = {STR_INIT("invitation_code"), SEAL_INVITATION_CODE_PEPPER},
    [SECRET_CLIENT_SECRET] = {STR_INIT("client_secret"), SEAL_CLIENT_SECRET_PEPPER},
};

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct str secret_name(enum secret_kind kind)
{
    return kinds[kind].name;
}

void secret_random(struct secret *ret)
{
    unsigned char bytes[32];

    crypto_random(bytes, sizeof bytes);
    secret_from_digest(bytes, ret);
}

void secret_from_digest(const unsigned char digest[32], struct secret *ret)
{
    for (size_t i = 0; i < SECRET_DIGITS; i++) {
        size_t bit = i * DIGIT_BITS, byte = bit / 8;
        unsigned two = (unsigned)digest[byte] << 8 | digest[byte + 1];
        ret->digits[i] = two >> (16 - DIGIT_BITS - bit % 8) & (BASE - 1);
    }
}

static unsigned check_of(const struct secret *secret)
{
    unsigned rest = 0;

    for (size_t i = 0; i < SECRET_DIGITS; i++)
        rest = (rest * BASE + secret->digits[i]) % MODULUS;
    return rest;
}

void secret_show(const struct secret *secret, char ret[SECRET_TEXT_BYTES + 1])
{
    unsigned check = check_of(secret), symbols[SYMBOLS];
    char *at = ret;

    for (size_t i = 0; i < SECRET_DIGITS; i++)
        symbols[i] = secret->digits[i];
    symbols[SECRET_DIGITS] = check / BASE;
    symbols[SECRET_DIGITS + 1] = check % BASE;
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

bool secret_read(struct str text, struct secret *ret)
{
    unsigned char symbols[SYMBOLS];
    struct secret key;
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
    memcpy(key.digits, symbols, SECRET_DIGITS);
    if (check_of(&key) != (unsigned)symbols[SECRET_DIGITS] * BASE + symbols[SECRET_DIGITS + 1])
        return false;
    *ret = key;
    return true;
}

struct str secret_hash(struct arena *a, const struct seal *seal, enum secret_kind kind, const struct secret *secret)
{
    unsigned char value[VALUE_BYTES] = {0}, digest[SHA256_BYTES]; /* big endian, the last 6 bits zero */
    const struct str part = {(const char *)value, sizeof value};

    for (size_t i = 0; i < SECRET_DIGITS; i++) {
        size_t bit = i * DIGIT_BITS, byte = bit / 8;
        unsigned two = (unsigned)secret->digits[i] << (16 - DIGIT_BITS - bit % 8);
        value[byte] |= (unsigned char)(two >> 8);
        if (byte + 1 < VALUE_BYTES)
            value[byte + 1] |= (unsigned char)two;
    }
    crypto_hmac(seal_key(seal, kinds[kind].pepper), &part, 1, digest);
    return crypto_hex(a, (struct str){(const char *)digest, sizeof digest});
}
