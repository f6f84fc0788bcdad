/* network.h: addresses and networks as they are written. Knows nothing of who calls. */
#ifndef BASE_NETWORK_H
#define BASE_NETWORK_H

#include "base/str.h"

enum { ADDRESS_BYTES = 16, ADDRESS_BITS = 8 * ADDRESS_BYTES, ADDRESS_MAPPED_BYTES = 12 };

/* An IPv6 address; an IPv4 one as ::ffff:a.b.c.d (RFC 4291 2.5.5.2), after its ADDRESS_MAPPED_BYTES. */
struct address {
    unsigned char bytes[ADDRESS_BYTES];
};

struct network {
    struct address first;
    int bits; /* of the 128 */
};

bool address_is_ipv4(const struct address *address);

/* "192.0.2.1", "2001:db8::1". */
bool address_parse(struct str text, struct address *ret);

/* An address or, with the length of its prefix, a network: "10.0.0.0/8". False for all else, and for one with bits behind its prefix: it
 * is not what was meant. */
bool network_parse(struct str text, struct network *ret);

#endif
