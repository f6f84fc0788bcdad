/* access.h: the table of who may do what, as the contract says it. */
#ifndef OPS_ACCESS_H
#define OPS_ACCESS_H

#include "contract/contract.h"

/* Writes to the stream (a FILE *) a Markdown table with a line per operation, by record: method and path, the scopes it asks for
 * (alternatives with "or"), the roles that come in with them, and whether anybody does. */
void access_markdown(const struct contract *contract, void *file_stream);

#endif
