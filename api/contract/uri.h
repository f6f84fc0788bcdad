/* uri.h: the grammar of URIs (RFC 3986 appendix A) and of the addresses in them. Looks, never resolves. */
#ifndef CONTRACT_URI_H
#define CONTRACT_URI_H

#include "base/str.h"

/* Whether text is a URI. */
bool uri_is_absolute(struct str text);

/* Whether text is a URI or a relative reference. */
bool uri_is_reference(struct str text);

/* IPv4address: four numbers of 0 to 255 without leading zeros. */
bool uri_is_ipv4(struct str text);

/* IPv6address, without brackets or zone. */
bool uri_is_ipv6(struct str text);

#endif
