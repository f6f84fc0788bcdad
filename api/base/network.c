/* network.c: addresses and networks. Knows nothing of what they are for. */
#include "base/network.h"

#include <arpa/inet.h>
#include <string.h>

static const unsigned char mapped[ADDRESS_MAPPED_BYTES] = {[10] = 0xff, [11] = 0xff};

bool address_is_ipv4(const struct address *address)
{
    return memcmp(address->bytes, mapped, ADDRESS_MAPPED_BYTES) == 0;
}

bool address_parse(struct str text, struct address *ret)
{
    char z[INET6_ADDRSTRLEN];
    struct address address;

    if (text.n == 0 || text.n >= sizeof z)
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    memcpy(address.bytes, mapped, ADDRESS_MAPPED_BYTES);
    if (strlen(z) != text.n || (inet_pton(AF_INET, z, address.bytes + ADDRESS_MAPPED_BYTES) != 1 && inet_pton(AF_INET6, z, address.bytes) != 1))
        return false;
    *ret = address;
    return true;
}

static bool has_bits_behind(const struct network *network)
{
    for (int i = network->bits; i < ADDRESS_BITS; i++)
        if (network->first.bytes[i / 8] & 0x80 >> i % 8)
            return true;
    return false;
}

bool network_parse(struct str text, struct network *ret)
{
    size_t slash = str_find(text, '/');
    struct str prefix = str_skip(text, slash + 1);
    int64_t bits;

    if (!address_parse((struct str){text.p, slash}, &ret->first))
        return false;
    int64_t before = str_find(text, ':') == text.n ? ADDRESS_BITS - 32 : 0; /* an IPv4 network counts its own 32 bits */
    if (slash == text.n)
        bits = ADDRESS_BITS - before;
    else if (!str_to_i64(prefix, &bits) || bits < 0 || bits > ADDRESS_BITS - before)
        return false;
    ret->bits = (int)(bits + before);
    return !has_bits_behind(ret);
}
