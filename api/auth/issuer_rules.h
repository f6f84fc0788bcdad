/* issuer_rules.h: the providers whose tokens are taken, as the issuers file says. Knows nothing of their keys. */
#ifndef AUTH_ISSUER_RULES_H
#define AUTH_ISSUER_RULES_H

#include "auth/claim_map.h"
#include "auth/fetch.h"
#include "base/signature.h"

enum { ISSUERS_MAX = 16, ISSUER_AUDIENCES_MAX = 16, CLAIM_VALUES_MAX = 256, ISSUERS_FILE_BYTES_MAX = 256 * 1024 };

/* Immutable. */
struct issuer_rules {
    struct str issuer;   /* its URL: the claim iss */
    struct str host;     /* of that URL, with its port */
    struct str jwks_uri; /* empty: it is discovered */
    struct str audiences[ISSUER_AUDIENCES_MAX];
    size_t n_audiences;
    bool algorithms[SIGNATURE_ALGORITHMS];
    bool takes_at_jwt, takes_jwt; /* types of tokens: at+jwt (RFC 9068), JWT */
    struct claim_maps maps;
};

struct issuer_list {
    const struct issuer_rules *v;
    size_t n;
};

/* Reads the file, strictly: {"issuers": [issuer, ...]}, each with
 *   issuer      its URL, exactly as its tokens and its discovery document have it
 *   audiences   what tokens for this service name in aud, one at least
 *   role        {"claim": pointer, "map": [{"from": text, "to": role}, ...], "default": role}; all may be left out; default: resident
 *   affiliation the same with affiliations; where nothing fits and there is no default, the role's of the contract
 *   scopes      "claim" (the token's scope claim narrows what the role may have; the default) or "role" (all of that)
 *   jwks_uri    where its keys are; otherwise that is discovered
 *   algorithms  those of enum signature_algorithm by name; default: all
 *   types       "at+jwt" (the default), "JWT"
 * Maps are lists, since their order decides and members of objects have none (RFC 8259 4).
 * ERR_STARTUP: "path#/pointer: reason". All memory from a. */
bool issuer_rules_read(struct arena *a, const char *path, enum fetch_reach reach, const struct contract *contract,
                       struct issuer_list *ret, struct error *err);

#endif
