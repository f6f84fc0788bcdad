/* link.h: one link of the audit's chain: what is hashed, and how. */
#ifndef WORKER_LINK_H
#define WORKER_LINK_H

#include "base/crypto.h"
#include "base/seal.h"
#include "db/db.h"

/* The columns of an audit row that are hashed, in this order, as SQL: texts, or null. a: the table's alias, `id`: its column of that. The time is in microseconds since 1970, so that
 * no setting of a session changes it. */
#define LINK_COLUMNS(a, id)                                                                                            \
    a id "::text, (extract(epoch from " a "at) * 1000000)::bigint::text, " a "by_subject, " a "by_role, " a "by_affiliation, "  \
      a "action::text, " a "record, " a "record_id::text, " a "complaint_id::text"
enum { LINK_FIELDS = 9 };

/* A place in the chain. Position 0: before the first, all zero. */
struct link {
    int64_t position;
    unsigned char hash[SHA256_BYTES];
};

/* The key that only the service has. */
static inline struct str link_key(const struct seal *seal)
{
    return seal_key(seal, SEAL_AUDIT_CHAIN);
}

/* Moves on to the next position, with a row whose LINK_COLUMNS begin at `column` of the result: HMAC-SHA256 under key of the hash before,
 * the position in decimal, and each field, "-" for null and "=" before a text. */
void link_next(struct str key, struct link *link, const struct db_result *result, int row, int column);

/* The same of texts, NULL being null. */
void link_next_of(struct str key, struct link *link, const struct str fields[LINK_FIELDS]);

/* Reads 64 hexadecimal digits. */
bool link_hash_of(struct str hex, unsigned char ret[SHA256_BYTES]);

#endif
