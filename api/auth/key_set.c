/* key_set.c: reads JWKS documents. Knows nothing of where they come from. */
#include "auth/key_set.h"

#include <stdlib.h>

enum { JWKS_DEPTH_MAX = 8 };

struct entry {
    char kid[KEY_ID_BYTES_MAX];
    size_t kid_bytes;
    bool bound; /* to one algorithm, by its own word */
    enum signature_algorithm algorithm;
    struct signature_key *key;
};

struct key_set {
    int users;
    size_t n;
    struct entry entries[];
};

/* RFC 7517 4.2 and 4.3: what says that it is for something else than signatures. */
static bool is_for_signatures(const struct value *jwk)
{
    const struct value *use = value_get(jwk, STR("use")), *operations = value_get(jwk, STR("key_ops"));

    if (use && !str_eq(value_string(use), STR("sig")))
        return false;
    if (!operations)
        return true;
    for (size_t i = 0; operations->type == VALUE_ARRAY && i < operations->array.n; i++)
        if (str_eq(value_string(operations->array.v[i]), STR("verify")))
            return true;
    return false;
}

static struct str kid_of(const struct entry *entry)
{
    return (struct str){entry->kid, entry->kid_bytes};
}

static const struct entry *find(const struct key_set *set, struct str kid)
{
    for (size_t i = 0; set && i < set->n; i++)
        if (str_eq(kid_of(&set->entries[i]), kid))
            return &set->entries[i];
    return NULL;
}

/* Adds a key, or leaves it out. */
static bool add(struct arena *a, const struct value *jwk, struct key_set *set, struct error *err)
{
    struct str kid = value_string(value_get(jwk, STR("kid")));
    const struct value *alg = value_get(jwk, STR("alg"));
    struct entry *entry = &set->entries[set->n];
    struct error refused;

    *entry = (struct entry){.kid_bytes = kid.n, .bound = alg != NULL};
    if (!kid.n || kid.n > KEY_ID_BYTES_MAX || !is_for_signatures(jwk) ||
        (alg && !signature_algorithm_named(value_string(alg), &entry->algorithm)))
        return true;
    if (!signature_key_read(a, jwk, &entry->key, &refused))
        return refused.code == ERR_INVALID || error_set(err, refused.code, "%s", refused.argument);
    memcpy(entry->kid, kid.p, kid.n);
    bool again = find(set, kid) != NULL;
    set->n++; /* what was refused is freed with the rest */
    return !again || error_set(err, ERR_INVALID, "two keys have the same kid");
}

bool key_set_read(struct arena *a, struct str json, struct key_set **ret, struct error *err)
{
    const struct value *document, *keys;

    if (!value_parse(a, json, JWKS_DEPTH_MAX, &document, err))
        return error_set(err, err->code == ERR_SYNTAX ? ERR_INVALID : err->code, "not JSON");
    keys = value_get(document, STR("keys"));
    if (!keys || keys->type != VALUE_ARRAY)
        return error_set(err, ERR_INVALID, "not a JWKS");
    if (keys->array.n > KEY_SET_KEYS_MAX)
        return error_set(err, ERR_INVALID, "more than %d keys", KEY_SET_KEYS_MAX);
    struct key_set *set = calloc(1, sizeof *set + keys->array.n * sizeof set->entries[0]);
    if (!set)
        return error_set(err, ERR_OVERLOADED, "memory");
    set->users = 1;
    bool ok = true;
    for (size_t i = 0; ok && i < keys->array.n; i++)
        ok = add(a, keys->array.v[i], set, err);
    ok = ok && (set->n || error_set(err, ERR_INVALID, "no key of use"));
    if (ok)
        *ret = set;
    else
        key_set_unref(set);
    return ok;
}

struct key_set *key_set_ref(struct key_set *set)
{
    __atomic_add_fetch(&set->users, 1, __ATOMIC_RELAXED);
    return set;
}

void key_set_unref(struct key_set *set)
{
    if (!set || __atomic_sub_fetch(&set->users, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    for (size_t i = 0; i < set->n; i++)
        signature_key_unref(set->entries[i].key);
    free(set);
}

bool key_set_has(const struct key_set *set, struct str kid)
{
    return find(set, kid) != NULL;
}

const struct signature_key *key_set_find(const struct key_set *set, struct str kid, enum signature_algorithm algorithm)
{
    const struct entry *entry = find(set, kid);

    if (!entry || (entry->bound && entry->algorithm != algorithm) || !signature_key_fits(entry->key, algorithm))
        return NULL;
    return entry->key;
}

size_t key_set_count(const struct key_set *set)
{
    return set ? set->n : 0;
}

bool key_set_equal(const struct key_set *a, const struct key_set *b)
{
    bool equal = key_set_count(a) == key_set_count(b);

    for (size_t i = 0; equal && i < key_set_count(a); i++)
        equal = str_eq(kid_of(&a->entries[i]), kid_of(&b->entries[i]));
    return equal;
}
