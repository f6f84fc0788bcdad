/* crypto.c: primitives over libsodium, whose digests take no memory: they cannot fail. Knows nothing of tokens or cursors. */
#include "base/crypto.h"

#include <assert.h>
#include <sodium.h>
#include <sys/random.h>

void crypto_random(void *p, size_t n)
{
    unsigned char *at = p;

    while (n) {
        ssize_t got = getrandom(at, n < 256 ? n : 256, 0);
        assert(got > 0);
        at += got;
        n -= (size_t)got;
    }
}

static void write_length(size_t n, unsigned char ret[8])
{
    for (int byte = 0; byte < 8; byte++)
        ret[byte] = (unsigned char)((uint64_t)n >> (56 - 8 * byte));
}

void crypto_hmac(struct str key, const struct str *parts, size_t n_parts, unsigned char ret[SHA256_BYTES])
{
    crypto_auth_hmacsha256_state mac;
    unsigned char length[8];

    crypto_auth_hmacsha256_init(&mac, (const unsigned char *)key.p, key.n);
    for (size_t i = 0; i < n_parts; i++) {
        write_length(parts[i].n, length);
        crypto_auth_hmacsha256_update(&mac, length, sizeof length);
        crypto_auth_hmacsha256_update(&mac, (const unsigned char *)parts[i].p, parts[i].n);
    }
    crypto_auth_hmacsha256_final(&mac, ret);
    sodium_memzero(&mac, sizeof mac);
}

void crypto_mac(struct str key, struct str text, unsigned char ret[SHA256_BYTES])
{
    crypto_auth_hmacsha256_state mac;

    crypto_auth_hmacsha256_init(&mac, (const unsigned char *)key.p, key.n);
    crypto_auth_hmacsha256_update(&mac, (const unsigned char *)text.p, text.n);
    crypto_auth_hmacsha256_final(&mac, ret);
    sodium_memzero(&mac, sizeof mac);
}

void crypto_sha256(struct str text, unsigned char ret[SHA256_BYTES])
{
    crypto_hash_sha256(ret, (const unsigned char *)text.p, text.n);
}

void crypto_digest(struct str text, unsigned char ret[DIGEST_BYTES])
{
    crypto_generichash(ret, DIGEST_BYTES, (const unsigned char *)text.p, text.n, NULL, 0);
}

void crypto_keyed_digest(struct str key, const struct str *parts, size_t n_parts, unsigned char ret[DIGEST_BYTES])
{
    crypto_generichash_state state;
    unsigned char length[8];

    assert(key.n > 0 && key.n <= crypto_generichash_KEYBYTES_MAX);
    crypto_generichash_init(&state, (const unsigned char *)key.p, key.n, DIGEST_BYTES);
    for (size_t i = 0; i < n_parts; i++) {
        write_length(parts[i].n, length);
        crypto_generichash_update(&state, length, sizeof length);
        crypto_generichash_update(&state, (const unsigned char *)parts[i].p, parts[i].n);
    }
    crypto_generichash_final(&state, ret, DIGEST_BYTES);
    sodium_memzero(&state, sizeof state);
}

void crypto_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

bool crypto_is_ed25519_key(const unsigned char key[32])
{
    return crypto_core_ed25519_is_valid_point(key) == 1;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

struct str crypto_base64url(struct arena *a, struct str bytes)
{
    size_t n = (bytes.n * 4 + 2) / 3;
    char *text = arena_alloc(a, n + 1);
    uint32_t bits = 0;
    int held = 0;
    size_t at = 0;

    for (size_t i = 0; i < bytes.n; i++) {
        bits = bits << 8 | (unsigned char)bytes.p[i];
        for (held += 8; held >= 6; held -= 6)
            text[at++] = alphabet[bits >> (held - 6) & 63];
    }
    if (held)
        text[at++] = alphabet[bits << (6 - held) & 63];
    assert(at == n);
    return (struct str){text, n};
}

/* 0 to 63, or -1 for a character that is no digit. */
static int digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool crypto_from_base64url(struct arena *a, struct str text, struct str *ret_bytes)
{
    char *bytes = arena_alloc(a, text.n * 3 / 4 + 1);
    uint32_t bits = 0;
    int held = 0;
    size_t at = 0;

    if (text.n % 4 == 1)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        int digit = digit_value(text.p[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[at++] = (char)(bits >> held & 255);
        }
    }
    if (bits & ((1u << held) - 1)) /* left-over bits must be zero, or one value would have several texts */
        return false;
    *ret_bytes = (struct str){bytes, at};
    return true;
}

struct str crypto_hex(struct arena *a, struct str bytes)
{
    char *text = arena_alloc(a, bytes.n * 2 + 1);
    sodium_bin2hex(text, bytes.n * 2 + 1, (const unsigned char *)bytes.p, bytes.n);
    return (struct str){text, bytes.n * 2};
}

static void write_uuid(const unsigned char bytes[16], unsigned version, char ret[UUID_TEXT_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char b[16];
    char *at = ret;

    memcpy(b, bytes, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | version << 4);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80); /* variant */
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[b[i] >> 4];
        *at++ = digits[b[i] & 15];
    }
    *at = '\0';
}

void crypto_uuid(char ret[UUID_TEXT_BYTES + 1])
{
    unsigned char b[16];

    crypto_random(b, sizeof b);
    write_uuid(b, 4, ret);
}

void crypto_uuid_of(const unsigned char digest[SHA256_BYTES], char ret[UUID_TEXT_BYTES + 1])
{
    write_uuid(digest, 8, ret);
}
