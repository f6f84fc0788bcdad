/* signature.c: asymmetric keys and signatures over libcrypto. Knows nothing of tokens.
 *
 * A key holds, for each algorithm that it fits, a context that is ready to verify; a check works on a copy of it. That spares each
 * check the search for algorithms (an eighth of the time of RS256), and its locks. */
#include "base/signature.h"

#include "base/crypto.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <stdlib.h>

enum { ED25519_KEY_BYTES = 32, EC_NUMBER_BYTES_MAX = 48, DER_BYTES_MAX = 2 * (EC_NUMBER_BYTES_MAX + 3) + 3 };

enum family { FAMILY_RSA, FAMILY_P256, FAMILY_P384, FAMILY_ED25519 };

static const struct algorithm {
    struct str name;
    enum family family;
    const char *digest; /* NULL: the algorithm's own */
    bool pss;
} algorithms[SIGNATURE_ALGORITHMS] = {
    [SIGNATURE_RS256] = {STR_INIT("RS256"), FAMILY_RSA, "SHA256", false},
    [SIGNATURE_RS384] = {STR_INIT("RS384"), FAMILY_RSA, "SHA384", false},
    [SIGNATURE_RS512] = {STR_INIT("RS512"), FAMILY_RSA, "SHA512", false},
    [SIGNATURE_PS256] = {STR_INIT("PS256"), FAMILY_RSA, "SHA256", true},
    [SIGNATURE_ES256] = {STR_INIT("ES256"), FAMILY_P256, "SHA256", false},
    [SIGNATURE_ES384] = {STR_INIT("ES384"), FAMILY_P384, "SHA384", false},
    [SIGNATURE_EDDSA] = {STR_INIT("EdDSA"), FAMILY_ED25519, NULL, false},
};

struct signature_key {
    int users;
    enum family family;
    EVP_PKEY *key;
    EVP_MD_CTX *ready[SIGNATURE_ALGORITHMS]; /* NULL for algorithms that it does not fit */
};

bool signature_algorithm_named(struct str name, enum signature_algorithm *ret)
{
    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++) {
        if (!str_eq(algorithms[i].name, name))
            continue;
        *ret = (enum signature_algorithm)i;
        return true;
    }
    return false;
}

struct str signature_algorithm_name(enum signature_algorithm algorithm)
{
    return algorithms[algorithm].name;
}

/* --- reading a JWK */

/* The bytes of a member in base64url; false when it is absent or something else. */
static bool read_bytes(struct arena *a, const struct value *jwk, struct str name, struct str *ret)
{
    const struct value *value = value_get(jwk, name);
    return value && value->type == VALUE_STRING && crypto_from_base64url(a, value->string, ret) && ret->n > 0;
}

static BIGNUM *number_of(struct str bytes)
{
    return BN_bin2bn((const unsigned char *)bytes.p, (int)bytes.n, NULL);
}

/* The parameters of an RSA key (RFC 7518 6.3.1). NULL when they do not fit. */
static OSSL_PARAM *rsa_parameters(struct arena *a, const struct value *jwk)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    struct str modulus, exponent;
    BIGNUM *n = NULL, *e = NULL;
    OSSL_PARAM *parameters = NULL;

    bool ok = build && read_bytes(a, jwk, STR("n"), &modulus) && read_bytes(a, jwk, STR("e"), &exponent) &&
              modulus.n <= SIGNATURE_RSA_BITS_MAX / 8 && exponent.n <= 4 && (n = number_of(modulus)) && (e = number_of(exponent)) &&
              BN_num_bits(n) >= SIGNATURE_RSA_BITS_MIN && BN_is_odd(n) && BN_is_odd(e) && !BN_is_one(e);
    if (ok && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e))
        parameters = OSSL_PARAM_BLD_to_param(build);
    BN_free(n);
    BN_free(e);
    OSSL_PARAM_BLD_free(build);
    return parameters;
}

/* Of an EC key (RFC 7518 6.2.1): both coordinates at full length. That the point lies on the curve is seen when the key is made. */
static OSSL_PARAM *ec_parameters(struct arena *a, const struct value *jwk, const char *group, size_t number_bytes)
{
    unsigned char point[1 + 2 * EC_NUMBER_BYTES_MAX] = {POINT_CONVERSION_UNCOMPRESSED};
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    struct str x, y;

    if (build && read_bytes(a, jwk, STR("x"), &x) && read_bytes(a, jwk, STR("y"), &y) && x.n == number_bytes && y.n == number_bytes) {
        memcpy(point + 1, x.p, x.n);
        memcpy(point + 1 + number_bytes, y.p, y.n);
        if (OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) &&
            OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * number_bytes))
            parameters = OSSL_PARAM_BLD_to_param(build);
    }
    OSSL_PARAM_BLD_free(build);
    return parameters;
}

/* Of an Ed25519 key (RFC 8037 2). Nobody's are points of small order, under which one signature fits all texts, and points written in
 * another way than RFC 8032 5.1.2 does: libcrypto takes both. */
static OSSL_PARAM *ed25519_parameters(struct arena *a, const struct value *jwk)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *parameters = NULL;
    struct str x;

    if (build && read_bytes(a, jwk, STR("x"), &x) && x.n == ED25519_KEY_BYTES && crypto_is_ed25519_key((const unsigned char *)x.p) &&
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, x.p, x.n))
        parameters = OSSL_PARAM_BLD_to_param(build);
    OSSL_PARAM_BLD_free(build);
    return parameters;
}

static OSSL_PARAM *parameters_of(struct arena *a, enum family family, const struct value *jwk)
{
    switch (family) {
    case FAMILY_RSA:
        return rsa_parameters(a, jwk);
    case FAMILY_P256:
        return ec_parameters(a, jwk, "P-256", 32);
    case FAMILY_P384:
        return ec_parameters(a, jwk, "P-384", 48);
    case FAMILY_ED25519:
        break;
    }
    return ed25519_parameters(a, jwk);
}

static bool family_of(const struct value *jwk, enum family *ret)
{
    static const struct {
        struct str kty, crv;
        enum family family;
    } rows[] = {
        {STR_INIT("RSA"), {NULL, 0}, FAMILY_RSA},
        {STR_INIT("EC"), STR_INIT("P-256"), FAMILY_P256},
        {STR_INIT("EC"), STR_INIT("P-384"), FAMILY_P384},
        {STR_INIT("OKP"), STR_INIT("Ed25519"), FAMILY_ED25519},
    };
    struct str kty = value_string(value_get(jwk, STR("kty"))), crv = value_string(value_get(jwk, STR("crv")));

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!str_eq(rows[i].kty, kty) || (rows[i].crv.p && !str_eq(rows[i].crv, crv)))
            continue;
        *ret = rows[i].family;
        return true;
    }
    return false;
}

static EVP_PKEY *make(enum family family, OSSL_PARAM *parameters)
{
    static const char *const types[] = {"RSA", "EC", "EC", "ED25519"};
    EVP_PKEY_CTX *making = EVP_PKEY_CTX_new_from_name(NULL, types[family], NULL);
    EVP_PKEY *key = NULL;

    if (!making || EVP_PKEY_fromdata_init(making) != 1 || EVP_PKEY_fromdata(making, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(making);
    return key;
}

/* A point of the right length may still not be one of the curve, and a modulus a prime or of small factors: for RSA that takes milliseconds. */
static bool is_sound(EVP_PKEY *key)
{
    EVP_PKEY_CTX *checking = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool ok = checking && EVP_PKEY_public_check(checking) == 1;

    EVP_PKEY_CTX_free(checking);
    return ok;
}

/* --- keys */

/* A context ready to verify. NULL without memory. */
static EVP_MD_CTX *make_ready(EVP_PKEY *key, const struct algorithm *algorithm)
{
    EVP_MD_CTX *ready = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner;

    bool ok = ready && EVP_DigestVerifyInit_ex(ready, &inner, algorithm->digest, NULL, NULL, key, NULL) == 1 &&
              (!algorithm->pss || (EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING) == 1 &&
                                   EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, RSA_PSS_SALTLEN_DIGEST) == 1));
    if (ok)
        return ready;
    EVP_MD_CTX_free(ready);
    return NULL;
}

/* Takes key over, also when it fails. NULL without memory. */
static struct signature_key *key_new(enum family family, EVP_PKEY *pkey)
{
    struct signature_key *key = calloc(1, sizeof *key);
    bool ok = key && pkey;

    if (!key) {
        EVP_PKEY_free(pkey);
        return NULL;
    }
    *key = (struct signature_key){.users = 1, .family = family, .key = pkey};
    for (int i = 0; ok && i < SIGNATURE_ALGORITHMS; i++)
        if (algorithms[i].family == family)
            ok = (key->ready[i] = make_ready(pkey, &algorithms[i])) != NULL;
    if (ok)
        return key;
    signature_key_unref(key);
    return NULL;
}

/* libcrypto's memory. It tells of what it is refused now as one error, now as another, and where a signature is checked as one that does not
 * match; so that is noted here. */
static _Thread_local bool refused;

static void *note(void *p)
{
    refused |= !p;
    return p;
}

static void *allocate(size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    return n ? note(malloc(n)) : NULL;
}

static void *resize(void *p, size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    if (n)
        return note(realloc(p, n));
    free(p);
    return NULL;
}

static void release(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    free(p);
}

/* Before libcrypto takes any memory, or it would not heed it. */
__attribute__((constructor)) static void watch_memory(void)
{
    CRYPTO_set_mem_functions(allocate, resize, release);
}

static bool refuse(struct error *err, const char *reason)
{
    return refused ? error_set(err, ERR_OVERLOADED, "memory") : error_set(err, ERR_INVALID, "%s", reason);
}

static bool read_jwk(struct arena *a, const struct value *jwk, bool was_checked, struct signature_key **ret, struct error *err)
{
    enum family family;

    refused = false;
    if (!family_of(jwk, &family))
        return error_set(err, ERR_INVALID, "another kind of key");
    if (value_get(jwk, STR("d")))
        return error_set(err, ERR_INVALID, "its private part is with it");
    OSSL_PARAM *parameters = parameters_of(a, family, jwk);
    EVP_PKEY *pkey = parameters ? make(family, parameters) : NULL;
    OSSL_PARAM_free(parameters);
    if (!pkey || !(was_checked || is_sound(pkey))) {
        EVP_PKEY_free(pkey);
        return refuse(err, "malformed, too short or too long");
    }
    *ret = key_new(family, pkey);
    return *ret || error_set(err, ERR_OVERLOADED, "memory");
}

bool signature_key_read(struct arena *a, const struct value *jwk, struct signature_key **ret, struct error *err)
{
    return read_jwk(a, jwk, false, ret, err);
}

bool signature_key_read_checked(struct arena *a, const struct value *jwk, struct signature_key **ret, struct error *err)
{
    return read_jwk(a, jwk, true, ret, err);
}

struct signature_key *signature_key_ed25519(const unsigned char seed[ED25519_SEED_BYTES])
{
    return key_new(FAMILY_ED25519, EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed, ED25519_SEED_BYTES));
}

struct signature_key *signature_key_ref(struct signature_key *key)
{
    __atomic_add_fetch(&key->users, 1, __ATOMIC_RELAXED);
    return key;
}

void signature_key_unref(struct signature_key *key)
{
    if (!key || __atomic_sub_fetch(&key->users, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    for (int i = 0; i < SIGNATURE_ALGORITHMS; i++)
        EVP_MD_CTX_free(key->ready[i]);
    EVP_PKEY_free(key->key);
    free(key);
}

bool signature_key_fits(const struct signature_key *key, enum signature_algorithm algorithm)
{
    return key->ready[algorithm] != NULL;
}

/* --- signatures */

/* R and S (RFC 7518 3.4) as the DER that libcrypto reads (RFC 3279 2.2.3). 0 when they are not of their length. */
static size_t ec_signature(struct str signature, size_t number_bytes, unsigned char ret[DER_BYTES_MAX])
{
    const unsigned char *raw = (const unsigned char *)signature.p;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    unsigned char *to = ret;
    int n = 0;

    if (pair && signature.n == 2 * number_bytes) {
        BIGNUM *r = BN_bin2bn(raw, (int)number_bytes, NULL), *s = BN_bin2bn(raw + number_bytes, (int)number_bytes, NULL);
        if (r && s && ECDSA_SIG_set0(pair, r, s)) {
            n = i2d_ECDSA_SIG(pair, &to);
        } else {
            BN_free(r);
            BN_free(s);
        }
    }
    ECDSA_SIG_free(pair);
    return n > 0 ? (size_t)n : 0;
}

bool signature_verify(const struct signature_key *key, enum signature_algorithm algorithm, struct str data, struct str signature, struct error *err)
{
    const unsigned char *bytes = (const unsigned char *)signature.p;
    unsigned char der[DER_BYTES_MAX];
    size_t n = signature.n;

    refused = false;
    if (!key->ready[algorithm])
        return refuse(err, "the key is of another algorithm");
    if (key->family == FAMILY_P256 || key->family == FAMILY_P384) {
        n = ec_signature(signature, key->family == FAMILY_P256 ? 32 : 48, der);
        bytes = der;
    }
    EVP_MD_CTX *working = n ? EVP_MD_CTX_new() : NULL;
    bool ok = working && EVP_MD_CTX_copy_ex(working, key->ready[algorithm]) == 1 &&
              EVP_DigestVerify(working, bytes, n, (const unsigned char *)data.p, data.n) == 1;
    EVP_MD_CTX_free(working);
    return ok || refuse(err, "it does not match");
}

bool signature_sign(const struct signature_key *key, struct str data, unsigned char ret[ED25519_SIGNATURE_BYTES])
{
    EVP_MD_CTX *working = EVP_MD_CTX_new();
    size_t n = ED25519_SIGNATURE_BYTES;

    assert(key->family == FAMILY_ED25519);
    bool ok = working && EVP_DigestSignInit_ex(working, NULL, NULL, NULL, NULL, key->key, NULL) == 1 &&
              EVP_DigestSign(working, ret, &n, (const unsigned char *)data.p, data.n) == 1;
    EVP_MD_CTX_free(working);
    return ok && n == ED25519_SIGNATURE_BYTES;
}

struct str signature_key_jwk(struct arena *a, const struct signature_key *key)
{
    unsigned char x[ED25519_KEY_BYTES];
    size_t n = sizeof x;

    assert(key->family == FAMILY_ED25519);
    if (EVP_PKEY_get_raw_public_key(key->key, x, &n) != 1)
        return (struct str){NULL, 0};
    return arena_printf(a, "\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%s\"", crypto_base64url(a, (struct str){(const char *)x, n}).p);
}
