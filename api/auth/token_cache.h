/* token_cache.h: tokens verified within the last minute, with what our records said of who carries them, so that a caller's next
 * request need not ask again. */
#ifndef AUTH_TOKEN_CACHE_H
#define AUTH_TOKEN_CACHE_H

#include "auth/identity.h"
#include "auth/token.h"

/* At most TOKEN_CACHE_SETS * TOKEN_CACHE_WAYS tokens, each of 1.2 kB and the text of its claims. */
enum { TOKEN_CACHE_SETS = 256, TOKEN_CACHE_WAYS = 4, TOKEN_CACHE_AGE_MAX_S = 60 };

/* The claims as records have made them (identity_apply), and whose they are. */
struct known {
    struct claims claims;
    struct person person;
};

/* Of one set of keys: what was verified under others must not be found here. For any number of threads. */
struct token_cache;

/* NULL without memory. */
struct token_cache *token_cache_new(void);

/* No thread uses it any more. NULL is fine. */
void token_cache_free(struct token_cache *cache);

/* What is known of exactly this token, copied into a, when it was kept less than TOKEN_CACHE_AGE_MAX_S before now_s (Unix
 * time) and has not expired. False for all else, which says nothing of the token. */
bool token_cache_find(struct token_cache *cache, struct arena *a, struct str token, int64_t now_s, struct known *ret);

/* Keeps what was found of a token from now_s on, which is before it was verified and records were asked, and the token's SHA-256, never
 * the token. Where its set is full, in place of one that is of no use any more, or else of the oldest. Without memory it is not kept. */
void token_cache_keep(struct token_cache *cache, struct str token, int64_t now_s, const struct known *known);

/* Forgets all that was kept, and all that is kept of what was asked until now_s: records have changed, which are then committed. */
void token_cache_forget(struct token_cache *cache, int64_t now_s);

#endif
