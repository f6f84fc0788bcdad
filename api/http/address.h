/* address.h: where a request comes from, also through proxies that are trusted. What it gives is for counting alone: it is
 * neither kept nor logged. */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/message.h"
#include "base/network.h"

/* Networks of proxies that are believed. */
struct proxies {
    const struct network *v;
    size_t n;
};

/* From the setting's comma-separated addresses and networks; in a. ERR_STARTUP names the entry that is none (network_parse). */
bool proxies_parse(struct arena *a, struct str list, struct proxies *ret, struct error *err);

/* Who called: the peer or, while that is a trusted proxy, whom it says it was called by: the last entry of X-Forwarded-For or
 * Forwarded (RFC 7239), and so on leftwards. An entry that is no address leaves it at the proxy that passed it on; if there are both
 * headers and they disagree, at the peer. A peer that is no address is ::, one for all such. */
struct address proxies_caller(const struct proxies *proxies, struct str peer, struct headers headers);

/* As RFC 5952 writes it; an IPv4 address as such. In a. */
struct str address_text(struct arena *a, const struct address *address);

/* The part that stands for a subscriber: an IPv4 address whole, of an IPv6 one the first 64 bits. Borrowed. */
struct str address_subscriber(const struct address *address);

#endif
