/* link.c: hashes one row of the audit. Knows nothing of where rows come from. */
#include "worker/link.h"

#include <stdio.h>

enum { PARTS = 2 + 2 * LINK_FIELDS };

void link_next_of(struct str key, struct link *link, const struct str fields[LINK_FIELDS])
{
    struct str parts[PARTS];
    char position[24];
    size_t n = 0;

    link->position++;
    int digits = snprintf(position, sizeof position, "%lld", (long long)link->position);
    parts[n++] = (struct str){(const char *)link->hash, sizeof link->hash};
    parts[n++] = (struct str){position, (size_t)digits};
    for (size_t i = 0; i < LINK_FIELDS; i++) {
        parts[n++] = fields[i].p ? STR("=") : STR("-");
        parts[n++] = fields[i].p ? fields[i] : STR("");
    }
    unsigned char next[SHA256_BYTES];
    crypto_hmac(key, parts, n, next);
    memcpy(link->hash, next, sizeof next);
}

void link_next(struct str key, struct link *link, const struct db_result *result, int row, int column)
{
    struct str fields[LINK_FIELDS];

    for (int i = 0; i < LINK_FIELDS; i++)
        fields[i] = db_is_null(result, row, column + i) ? (struct str){NULL, 0} : db_value(result, row, column + i);
    link_next_of(key, link, fields);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool link_hash_of(struct str hex, unsigned char ret[SHA256_BYTES])
{
    if (hex.n != (size_t)2 * SHA256_BYTES)
        return false;
    for (size_t i = 0; i < SHA256_BYTES; i++) {
        int high = digit(hex.p[2 * i]), low = digit(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret[i] = (unsigned char)(high * 16 + low);
    }
    return true;
}
