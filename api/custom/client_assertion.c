/* client_assertion.c: reads assertions and finds the key that signed them. Knows nothing of databases. */
#include "custom/client_assertion.h"

#include "auth/claims.h"
#include "base/signature.h"

static bool refuse(struct error *err)
{
    return error_set(err, ERR_CLIENT, "%s", "");
}

/* What is refused for want of memory says nothing of who the client is. */
static bool refuse_unless_overloaded(struct error *err)
{
    return err->code == ERR_OVERLOADED ? error_refused() : refuse(err);
}

static bool is_known_type(struct str typ)
{
    return !typ.p || str_eq_nocase(typ, STR("JWT")) || str_eq_nocase(typ, STR("client-authentication+jwt"));
}

bool client_assertion_read(struct arena *a, struct str text, const struct assertion_terms *terms, struct client_assertion *ret,
                           struct error *err)
{
    struct client_assertion read = {0};

    if (!jws_parse(a, text, &read.jws, err))
        return refuse_unless_overloaded(err);
    if (read.jws.header.more || read.jws.header.thumbprint || !is_known_type(read.jws.header.typ))
        return refuse(err);
    const struct value *payload = read.jws.payload;
    read.client_id = value_string(value_get(payload, STR("sub")));
    read.jti = value_string(value_get(payload, STR("jti")));
    bool ok = claims_check_times(payload, terms->now_s, &read.expires_s, err) &&
              read.expires_s <= terms->now_s + ASSERTION_LIFETIME_MAX_S + TOKEN_LEEWAY_S &&
              claims_name_audience(payload, terms->audiences, terms->n) && claims_is_plain_text(read.client_id) &&
              claims_is_plain_text(read.jti) && str_eq(value_string(value_get(payload, STR("iss"))), read.client_id);
    if (!ok)
        return refuse(err);
    *ret = read;
    return true;
}

/* As PostgreSQL prints what a client has stored, so that reading it takes as long. */
#define DECOY(members) "[{\"kid\": \"0\", " members "}]"
#define RSA_DECOY \
    DECOY("\"kty\": \"RSA\", \"n\": \"l9rIWEH5iknJrYxnZIaTzPFqKo0TfJCRhamYEMGtDtrV5tNu-9tLvcX1HozxUvMmvn8udfWmiN8Gxf9PdWrGy" \
    "b4hlOActuiyN22dKu1lxluvWqKytmfi988gcPYXs3KWxzQ56VZvHafi9htnGYo4YWFtnYxXoFg2NvCBVt_YFKdqNl7kANbFFZeI4WdzyqAUg0D" \
    "y8RovMMlrc-EdwbVUVhf3IYXCXNKhG7Inf-Ipai8YsFmynPzVhddsnPIPV80T7p9zPxLOuactHa-z_f9clKTlK7wD1fFmBMHa9ADJe9tYBVbRW" \
    "u6VHV6HYRZ7bPtdHYUdA32MiIp-tVqO-usyAQ\", \"e\": \"AQAB\"")

/* What assertions may be signed with, and of each a key whose private part nobody has: what is checked where there is no other. */
static const struct {
    enum signature_algorithm algorithm;
    struct str decoy;
} taken[] = {
    {SIGNATURE_RS256, STR_INIT(RSA_DECOY)},
    {SIGNATURE_PS256, STR_INIT(RSA_DECOY)},
    {SIGNATURE_ES256, STR_INIT(DECOY("\"x\": \"sglqTgKhfUijNKP-sWDgfmtvcRy2wn9uM27uRASYVJA\", \"y\": \"275lIvKBLLA9r4hc2IxbpyiSJcKmxrIh"
                                   "ltBaiDlzxZs\", \"crv\": \"P-256\", \"kty\": \"EC\""))},
    {SIGNATURE_ES384, STR_INIT(DECOY("\"x\": \"IsAjUHFzvegbhDo5p7NBKmYy8JEZLU_olEk28axTsO-8BVlaImiFCwOicZo5oL2M\", \"y\": \"cGzLT8FDNWH"
                                   "fSohG6dfE2O6bpqEftyjiI5I1wwHJgGAP8iJ1H7h3fg8U8Xn_uaOO\", \"crv\": \"P-384\", \"kty\": \"EC\""))},
    {SIGNATURE_EDDSA, STR_INIT(DECOY("\"x\": \"sXvMeSd-G96djTcKNCG8yxsiGPTsK1V9fDBmohayLu4\", \"crv\": \"Ed25519\", \"kty\": \"OKP\""))},
};

/* Ed25519 is the name by RFC 9864 of what EdDSA was with such a key. */
static bool takes(struct str name, enum signature_algorithm *ret)
{
    if (!signature_algorithm_named(str_eq(name, STR("Ed25519")) ? STR("EdDSA") : name, ret))
        return false;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (taken[i].algorithm == *ret)
            return true;
    return false;
}

/* Whether the key is for that algorithm, by its own word where it has one; and, where there is a kid, is the one that it names. */
static bool is_meant(const struct value *jwk, const struct signature_key *key, const struct jose_header *header, enum signature_algorithm algorithm)
{
    struct str alg = value_string(value_get(jwk, STR("alg")));
    enum signature_algorithm own = algorithm;

    return signature_key_fits(key, algorithm) && (!alg.p || (takes(alg, &own) && own == algorithm)) &&
           (!header->kid.p || str_eq(value_string(value_get(jwk, STR("kid"))), header->kid));
}

/* The key of a client's that an assertion means, or NULL; check_api_client.c looked at them before they were stored. End with signature_key_unref. */
static struct signature_key *find(struct arena *a, const struct value *keys, const struct jose_header *header, enum signature_algorithm algorithm,
                                  struct error *err)
{
    struct signature_key *key;

    for (size_t i = 0; keys && keys->type == VALUE_ARRAY && i < keys->array.n; i++) {
        if (!signature_key_read_checked(a, keys->array.v[i], &key, err)) {
            if (err->code == ERR_OVERLOADED)
                return NULL;
            continue;
        }
        if (is_meant(keys->array.v[i], key, header, algorithm))
            return key;
        signature_key_unref(key);
    }
    refuse(err);
    return NULL;
}

/* Nobody's key for that algorithm, found as a client's is. End with signature_key_unref. */
static struct signature_key *decoy(struct arena *a, const struct jose_header *header, enum signature_algorithm algorithm, struct error *err)
{
    struct jose_header any = *header;
    const struct value *keys;

    any.kid.p = NULL;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++)
        if (taken[i].algorithm == algorithm)
            return value_parse(a, taken[i].decoy, VALUE_DEPTH_MAX, &keys, err) ? find(a, keys, &any, algorithm, err) : NULL;
    return NULL;
}

bool client_assertion_is_signed(struct arena *a, const struct client_assertion *assertion, const struct value *keys, struct error *err)
{
    const struct jws *jws = &assertion->jws;
    enum signature_algorithm algorithm;

    if (!takes(jws->header.alg, &algorithm))
        return refuse(err);
    struct signature_key *found = find(a, keys, &jws->header, algorithm, err), *key = found;
    if (!found && err->code != ERR_OVERLOADED)
        key = decoy(a, &jws->header, algorithm, err);
    bool ok = key && signature_verify(key, algorithm, jws->signed_text, jws->signature, err);
    signature_key_unref(key);
    return (ok && found) || refuse_unless_overloaded(err);
}

bool client_assertion_takes_key(struct arena *a, const struct value *jwk, struct error *err)
{
    struct signature_key *key;

    if (!signature_key_read(a, jwk, &key, err))
        return false;
    signature_key_unref(key);
    return true;
}
