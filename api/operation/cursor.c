/* cursor.c: base64url of a version byte, the values (two bytes of length, big endian, before each), and the first 16
 * bytes of a keyed BLAKE2b over binding and payload. Knows nothing of what the values mean. */
#include "operation/cursor.h"

#include "base/buf.h"
#include "base/crypto.h"

enum { VERSION = 1, MAC_BYTES = 16, BYTES_MAX = CURSOR_TEXT_MAX / 4 * 3 };

static void sign(struct str key, struct str binding, struct str payload, unsigned char ret[DIGEST_BYTES])
{
    crypto_keyed_digest(key, (const struct str[]){binding, payload}, 2, ret);
}

bool cursor_make(struct arena *a, struct str key, struct str binding, const struct cursor *cursor, struct str *ret_text)
{
    char bytes[BYTES_MAX];
    struct buf b = buf_over(bytes, sizeof bytes);
    unsigned char mac[DIGEST_BYTES];

    buf_char(&b, VERSION);
    for (size_t i = 0; i < cursor->n; i++) {
        buf_char(&b, (char)(unsigned char)(cursor->values[i].n >> 8));
        buf_char(&b, (char)(unsigned char)cursor->values[i].n);
        buf_add(&b, cursor->values[i]); /* a value of more than two bytes' length has no room here */
    }
    sign(key, binding, buf_str(&b), mac);
    buf_add(&b, (struct str){(const char *)mac, MAC_BYTES});
    if (b.failed)
        return false;
    *ret_text = crypto_base64url(a, buf_str(&b));
    return true;
}

/* Splits a payload that we signed. */
static bool split(struct arena *a, struct str payload, struct cursor *ret)
{
    ret->n = 0;
    while (payload.n) {
        if (payload.n < 2 || ret->n == CURSOR_VALUES_MAX)
            return false;
        size_t n = (size_t)(unsigned char)payload.p[0] << 8 | (unsigned char)payload.p[1];
        payload = str_skip(payload, 2);
        if (n > payload.n)
            return false;
        ret->values[ret->n++] = arena_copy(a, (struct str){payload.p, n});
        payload = str_skip(payload, n);
    }
    return true;
}

bool cursor_read(struct arena *a, struct str key, struct str binding, struct str text, struct cursor *ret, struct error *err)
{
    unsigned char mac[DIGEST_BYTES];
    struct str bytes;

    if (text.n > CURSOR_TEXT_MAX || !crypto_from_base64url(a, text, &bytes) || bytes.n < 1 + MAC_BYTES)
        return error_set(err, ERR_CURSOR, "%s", "");
    struct str payload = {bytes.p, bytes.n - MAC_BYTES};
    sign(key, binding, payload, mac);
    if (!crypto_equal(mac, payload.p + payload.n, MAC_BYTES) || payload.p[0] != VERSION ||
        !split(a, str_skip(payload, 1), ret))
        return error_set(err, ERR_CURSOR, "%s", "");
    return true;
}
