/* reply.c: the reply's headers. Knows nothing of which ones there are. */
#include "operation/call.h"

#include <assert.h>

void reply_header(struct reply *reply, struct str name, struct str value)
{
    assert(reply->n_headers < REPLY_HEADERS_MAX);
    reply->headers[reply->n_headers++] = (struct header){name, value};
}
