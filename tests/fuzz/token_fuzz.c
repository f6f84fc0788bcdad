/* token_fuzz.c: a token as it comes is never taken; nor is a header, a line end, and a payload that are signed with the right key,
 * unless they say what a token must. */
#include "auth/token.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "tests/fuzz/fuzz.h"

static const struct token_keys keys = {
    .secret = STR_INIT("0123456789abcdef0123456789abcdef"), .issuer = STR_INIT("urn:cpwg:local"), .audience = STR_INIT("cpwg-api")};

static struct str sign(struct arena *a, struct str header, struct str payload)
{
    unsigned char mac[SHA256_BYTES];
    struct str text = arena_printf(a, "%s.%s", crypto_base64url(a, header).p, crypto_base64url(a, payload).p);

    crypto_mac(keys.secret, text, mac);
    return arena_printf(a, "%s.%s", text.p, crypto_base64url(a, (struct str){(const char *)mac, sizeof mac}).p);
}

/* What holds of every token that is taken, read by nothing of the verifier's. */
static void expect_sound(struct arena *a, struct str header, struct str payload, const struct claims *claims)
{
    const struct value *head, *body, *aud;
    struct error err;

    expect(value_parse(a, header, VALUE_DEPTH_MAX, &head, &err) && value_parse(a, payload, VALUE_DEPTH_MAX, &body, &err));
    expect(str_eq(value_string(value_get(head, STR("alg"))), STR("HS256")));
    expect(!value_get(head, STR("crit")) && !value_get(head, STR("jwk")) && !value_get(head, STR("jku")) && !value_get(head, STR("x5u")));
    expect(str_eq(value_string(value_get(body, STR("iss"))), keys.issuer));
    aud = value_get(body, STR("aud"));
    expect(str_eq(value_string(aud), keys.audience) || (aud && aud->type == VALUE_ARRAY && aud->array.n > 0));
    expect(claims->expires_s > clock_unix_s() - TOKEN_LEEWAY_S && claims->subject.n > 0 && claims->role.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str payload = {(const char *)data, n}, whole = payload, header = fuzz_part(&payload, '\n');
    struct arena *a = fuzz_arena();
    struct claims claims;
    struct error err;

    expect(!token_verify(&keys, a, whole, &claims, &err) && err.code == ERR_TOKEN_INVALID);
    if (token_verify(&keys, a, sign(a, header, payload), &claims, &err))
        expect_sound(a, header, payload, &claims);
    return 0;
}
