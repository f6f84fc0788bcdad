/* keys.h: keys to sign with, their JWKs, and signatures as JWSs have them, made by libcrypto apart from the code that is tested. */
#ifndef TESTS_KEYS_H
#define TESTS_KEYS_H

#include "base/crypto.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>

/* Ends a test; a program of no test's, whole. */
static inline void keys_fail(void)
{
#ifdef CMOCKA_H_
    fail();
#else
    abort();
#endif
}

/* A key of a kind: "RSA" of so many bits, "P-256", "P-384", "ED25519". End with EVP_PKEY_free. */
static inline EVP_PKEY *keys_make(const char *kind, size_t bits)
{
    EVP_PKEY *key = strcmp(kind, "RSA") == 0       ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits)
                    : strcmp(kind, "ED25519") == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")
                                                   : EVP_PKEY_Q_keygen(NULL, NULL, "EC", kind);
    if (!key)
        keys_fail();
    return key;
}

static inline const char *keys_number(struct arena *a, const EVP_PKEY *key, const char *name, size_t bytes)
{
    unsigned char *raw = arena_alloc(a, 2048);
    BIGNUM *n = NULL;

    if (!EVP_PKEY_get_bn_param(key, name, &n))
        keys_fail();
    size_t length = bytes ? bytes : (size_t)BN_num_bytes(n);
    BN_bn2binpad(n, raw, (int)length);
    BN_free(n);
    return crypto_base64url(a, (struct str){(const char *)raw, length}).p;
}

/* Its public JWK, with `more` (members, each after a comma) at the end. */
static inline struct str keys_jwk(struct arena *a, const EVP_PKEY *key, const char *more)
{
    unsigned char raw[32];
    size_t n = sizeof raw;

    if (EVP_PKEY_is_a(key, "RSA"))
        return arena_printf(a, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}", keys_number(a, key, OSSL_PKEY_PARAM_RSA_N, 0),
                            keys_number(a, key, OSSL_PKEY_PARAM_RSA_E, 0), more);
    if (EVP_PKEY_is_a(key, "ED25519")) {
        EVP_PKEY_get_raw_public_key(key, raw, &n);
        return arena_printf(a, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"%s}",
                            crypto_base64url(a, (struct str){(const char *)raw, n}).p, more);
    }
    size_t bytes = EVP_PKEY_get_bits(key) == 256 ? 32 : 48;
    return arena_printf(a, "{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"%s}", bytes == 32 ? "P-256" : "P-384",
                        keys_number(a, key, OSSL_PKEY_PARAM_EC_PUB_X, bytes), keys_number(a, key, OSSL_PKEY_PARAM_EC_PUB_Y, bytes), more);
}

/* DER made R and S. */
static inline struct str keys_raw_ec(struct arena *a, const unsigned char *der, size_t n, size_t bytes)
{
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);
    unsigned char *raw = arena_alloc(a, 2 * bytes);

    if (!pair)
        keys_fail();
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw, (int)bytes);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw + bytes, (int)bytes);
    ECDSA_SIG_free(pair);
    return (struct str){(const char *)raw, 2 * bytes};
}

/* The signature of data, for "RS256", "PS256", "ES384" and so on. */
static inline struct str keys_sign(struct arena *a, EVP_PKEY *key, const char *alg, struct str data)
{
    unsigned char *out = arena_alloc(a, 2048);
    EVP_MD_CTX *signing = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner;
    char digest[16];
    size_t n = 2048;

    snprintf(digest, sizeof digest, "SHA%s", alg + 2);
    int ok = signing && EVP_DigestSignInit_ex(signing, &inner, strcmp(alg, "EdDSA") == 0 ? NULL : digest, NULL, NULL, key, NULL);
    if (alg[0] == 'P')
        ok = ok && EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING) && EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, RSA_PSS_SALTLEN_DIGEST);
    if (!ok || !EVP_DigestSign(signing, out, &n, (const unsigned char *)data.p, data.n))
        keys_fail();
    EVP_MD_CTX_free(signing);
    return alg[0] == 'E' && alg[1] == 'S' ? keys_raw_ec(a, out, n, alg[2] == '2' ? 32 : 48) : (struct str){(const char *)out, n};
}

#endif
