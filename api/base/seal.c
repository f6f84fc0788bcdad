/* seal.c: seals and opens texts with the keys of one file. Knows nothing of members or records. */
#include "base/seal.h"

#include "base/crypto.h"
#include "base/file.h"

#include <assert.h>
#include <sodium.h>

enum {
    VERSION = 1, ID_BYTES = 4, NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES, HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES, BLOCK_BYTES = 64,
    LINE_BYTES_MAX = 2 * SEAL_KEY_BYTES + 2, FILE_BYTES_MAX = SEAL_KEYS_MAX * LINE_BYTES_MAX,
    ARENA_BYTES = 64 * 1024,
};
static_assert(SEAL_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "a key is a key");
static_assert(SEAL_TEXT_BYTES(0) == 2 + 2 * (HEAD_BYTES + BLOCK_BYTES + TAG_BYTES), "the header says how long it gets");

struct seal {
    struct {
        unsigned char id[ID_BYTES], key[SEAL_KEY_BYTES];
    } keys[SEAL_KEYS_MAX];
    size_t n;
    unsigned char derived[SEAL_PURPOSES][SHA256_BYTES];
};

/* One line of the file. */
static bool add_key(struct seal *seal, struct str line, struct error *err)
{
    unsigned char id[SHA256_BYTES];
    size_t n = 0;

    if (seal->n == SEAL_KEYS_MAX)
        return error_set(err, ERR_STARTUP, "more than %d keys", SEAL_KEYS_MAX);
    unsigned char *key = seal->keys[seal->n].key;
    if (line.n != (size_t)2 * SEAL_KEY_BYTES ||
        sodium_hex2bin(key, SEAL_KEY_BYTES, line.p, line.n, NULL, &n, NULL) != 0 || n != SEAL_KEY_BYTES)
        return error_set(err, ERR_STARTUP, "line %zu is not %d hexadecimal digits", seal->n + 1, 2 * SEAL_KEY_BYTES);
    crypto_sha256((struct str){(const char *)key, SEAL_KEY_BYTES}, id);
    memcpy(seal->keys[seal->n].id, id, ID_BYTES);
    for (size_t i = 0; i < seal->n; i++)
        if (memcmp(seal->keys[i].id, id, ID_BYTES) == 0)
            return error_set(err, ERR_STARTUP, "lines %zu and %zu are the same key", i + 1, seal->n + 1);
    seal->n++;
    return true;
}

static bool read_keys(struct seal *seal, struct str text, struct error *err)
{
    struct str line;

    while (str_next(&text, '\n', &line)) {
        if (str_ends(line, STR("\r")))
            line.n--;
        if (!text.n && !line.n)
            break; /* after the last line's end */
        if (!add_key(seal, line, err))
            return false;
    }
    return seal->n > 0 || error_set(err, ERR_STARTUP, "holds no key");
}

static void derive(struct seal *seal)
{
    static const struct str purposes[SEAL_PURPOSES] = {
        [SEAL_CASE_KEY_PEPPER] = STR_INIT("case-key-pepper"),
        [SEAL_INVITATION_CODE_PEPPER] = STR_INIT("invitation-code-pepper"),
        [SEAL_CLIENT_SECRET_PEPPER] = STR_INIT("client-secret-pepper"),
        [SEAL_SECRET_DERIVATION] = STR_INIT("secret-derivation"),
        [SEAL_RECORD_HASH] = STR_INIT("record-hash"),
        [SEAL_AUDIT_CHAIN] = STR_INIT("audit-chain"),
        [SEAL_TOKEN_SIGNING] = STR_INIT("token-signing"),
        [SEAL_SUBJECT] = STR_INIT("subject"),
    };
    const struct str last = {(const char *)seal->keys[seal->n - 1].key, SEAL_KEY_BYTES};

    for (size_t i = 0; i < SEAL_PURPOSES; i++)
        crypto_hmac(last, &purposes[i], 1, seal->derived[i]);
}

static bool read_file(struct arena *a, const char *path, struct seal *seal, struct error *err)
{
    struct error why;
    struct str text;
    unsigned mode;

    if (!file_read(a, path, FILE_BYTES_MAX, &text, &mode, err))
        return false;
    if (mode & 077)
        return error_set(err, ERR_STARTUP, "%s: others may read it; make it mode 0600", path);
    if (!read_keys(seal, text, &why))
        return error_set(err, ERR_STARTUP, "%s: %s", path, why.argument);
    derive(seal);
    return true;
}

bool seal_read(const char *path, struct seal **ret, struct error *err)
{
    struct arena a;

    if (sodium_init() < 0 || !arena_init(&a, ARENA_BYTES))
        return error_set(err, ERR_STARTUP, "no memory for keys, or no randomness");
    struct seal *seal = sodium_malloc(sizeof *seal);
    if (seal)
        memset(seal, 0, sizeof *seal);
    bool ok = seal ? read_file(&a, path, seal, err) : error_set(err, ERR_STARTUP, "no memory for keys");
    sodium_memzero(a.base, a.used);
    arena_done(&a);
    if (ok && sodium_mprotect_readonly(seal) == 0) {
        *ret = seal;
        return true;
    }
    seal_free(seal);
    return ok ? error_set(err, ERR_STARTUP, "the system does not protect memory") : false;
}

void seal_free(struct seal *seal)
{
    sodium_free(seal);
}

struct str seal_close(const struct seal *seal, struct arena *a, struct str label, struct str text)
{
    size_t padded = text.n, room = (text.n / BLOCK_BYTES + 1) * BLOCK_BYTES, n = HEAD_BYTES + room + TAG_BYTES;
    unsigned char *bytes = arena_alloc(a, n);
    unsigned char *nonce = bytes + 1 + ID_BYTES, *body = bytes + HEAD_BYTES;
    char *hex = arena_alloc(a, 2 * n + 3);
    unsigned long long written;

    bytes[0] = VERSION;
    memcpy(bytes + 1, seal->keys[0].id, ID_BYTES);
    randombytes_buf(nonce, NONCE_BYTES);
    if (text.n)
        memcpy(body, text.p, text.n);
    int failed = sodium_pad(&padded, body, text.n, BLOCK_BYTES, room);
    assert(!failed && padded == room);
    failed = crypto_aead_xchacha20poly1305_ietf_encrypt(body, &written, body, room, (const unsigned char *)label.p, label.n, NULL,
                                                        nonce, seal->keys[0].key);
    assert(!failed && written == room + TAG_BYTES);
    hex[0] = '\\';
    hex[1] = 'x';
    sodium_bin2hex(hex + 2, 2 * n + 1, bytes, n);
    return (struct str){hex, 2 * n + 2};
}

static const unsigned char *find_key(const struct seal *seal, const unsigned char id[ID_BYTES])
{
    for (size_t i = 0; i < seal->n; i++)
        if (memcmp(seal->keys[i].id, id, ID_BYTES) == 0)
            return seal->keys[i].key;
    return NULL;
}

/* Opens the n bytes in place. Gives where the text starts, or NULL. */
static const char *open_bytes(const struct seal *seal, struct str label, unsigned char *bytes, size_t n, size_t *ret_n)
{
    unsigned char *nonce = bytes + 1 + ID_BYTES, *body = bytes + HEAD_BYTES;
    unsigned long long opened;

    if (n < HEAD_BYTES + BLOCK_BYTES + TAG_BYTES || bytes[0] != VERSION)
        return NULL;
    const unsigned char *key = find_key(seal, bytes + 1);
    if (!key || crypto_aead_xchacha20poly1305_ietf_decrypt(body, &opened, NULL, body, n - HEAD_BYTES, (const unsigned char *)label.p,
                                                           label.n, nonce, key) != 0)
        return NULL;
    if (sodium_unpad(ret_n, body, opened, BLOCK_BYTES) != 0)
        return NULL;
    return (const char *)body;
}

bool seal_open(const struct seal *seal, struct str label, struct str sealed, struct buf *b)
{
    size_t at = b->n, n = 0, text_n = 0;
    struct str hex = str_skip(sealed, 2);
    char *room = seal && str_starts(sealed, STR("\\x")) ? buf_reserve(b, hex.n / 2 + 1) : NULL;

    if (!room)
        return false;
    unsigned char *bytes = (unsigned char *)room;
    const char *text = NULL;
    if (sodium_hex2bin(bytes, hex.n / 2 + 1, hex.p, hex.n, NULL, &n, NULL) == 0 && n * 2 == hex.n)
        text = open_bytes(seal, label, bytes, n, &text_n);
    if (!text)
        return false;
    memmove(b->p + at, text, text_n); /* it was opened where it will stand, but for its head */
    b->n = at + text_n;
    return true;
}

struct str seal_key(const struct seal *seal, enum seal_purpose purpose)
{
    return (struct str){(const char *)seal->derived[purpose], SHA256_BYTES};
}
