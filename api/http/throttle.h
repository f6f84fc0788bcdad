/* throttle.h: what a request counts as, and what it is told of that. Whoever has the right token or key is never refused for what
 * others at their address tried: failures count when they are known, and where they are used up they are answered 429 themselves. Keys
 * of 130 and signatures of 256 bits are not guessed at any rate; the limits are against load, and against walking on unnoticed. */
#ifndef HTTP_THROTTLE_H
#define HTTP_THROTTLE_H

#include "http/context.h"

/* Stages. Each false with ERR_LIMIT where too much was asked. */
bool throttle_address(struct context *context); /* finds the caller's address; counts requests without Authorization by it */
bool throttle_client(struct context *context);  /* counts requests with a token that was verified */
bool throttle_filing(struct context *context);  /* looks whether a case without a token may still be filed */

/* After the stages: counts a case that was filed, or a credential that opened nothing. */
void throttle_success(struct context *context);
void throttle_failure(struct context *context);

/* RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10). What is left is told to clients, and to whoever is
 * refused: an address may be shared, and what one there does is not for the others to watch. */
void throttle_headers(const struct context *context, struct buf *head);

#endif
