/* each.c: tells the items that fit from those that do not. Knows nothing of what becomes of either. */
#include "operation/each.h"

#include "base/canonical.h"
#include "base/crypto.h"
#include "operation/conceal.h"
#include "render/sentence.h"

/* The work on one array; the buffers are malloc's, since they grow. */
struct splitting {
    const struct call *call;
    const struct seal *seal;
    const struct schema *items;
    struct buf taken, refused, scratch;
    struct violations violations;
    bool short_of_memory;
};

static void add_hash(struct splitting *s, const struct value *item)
{
    unsigned char digest[DIGEST_BYTES];

    buf_clear(&s->scratch, SIZE_MAX);
    canonical_write(s->call->arena, &s->scratch, item);
    s->short_of_memory |= s->scratch.failed;
    const struct str part = buf_str(&s->scratch);
    crypto_keyed_digest(seal_key(s->seal, SEAL_RECORD_HASH), &part, 1, digest);
    buf_hex(&s->taken, digest, sizeof digest);
}

static void take(struct splitting *s, size_t index, const struct value *item)
{
    buf_printf(&s->taken, "%s{\"index\":%zu,\"hash\":\"", s->taken.n > 1 ? "," : "", index);
    add_hash(s, item);
    buf_add(&s->taken, STR("\",\"record\":"));
    value_write(&s->taken, conceal_members(s->call->arena, s->seal, s->items, item));
    buf_char(&s->taken, '}');
}

static void add_error(struct splitting *s, const struct violation *violation)
{
    buf_clear(&s->scratch, SIZE_MAX);
    sentence_violation(violation, s->call->language, &s->scratch);
    buf_add(&s->refused, STR("{\"pointer\":"));
    buf_json_string(&s->refused, violation->pointer);
    buf_add(&s->refused, STR(",\"keyword\":"));
    buf_json_string(&s->refused, violation->keyword);
    buf_add(&s->refused, STR(",\"detail\":"));
    buf_json_string(&s->refused, buf_str(&s->scratch));
    buf_char(&s->refused, '}');
}

static void refuse(struct splitting *s, size_t index)
{
    buf_printf(&s->refused, "%s{\"index\":%zu,\"errors\":[", s->refused.n > 1 ? "," : "", index);
    for (size_t i = 0; i < s->violations.n && i < EACH_ERRORS_MAX; i++) {
        if (i)
            buf_char(&s->refused, ',');
        add_error(s, &s->violations.v[i]);
    }
    buf_add(&s->refused, STR("]}"));
}

struct each each_split(const struct call *call, const struct seal *seal, const struct schema *items, const struct value *array)
{
    struct splitting s = {.call = call, .seal = seal, .items = items};

    buf_init(&s.taken, SIZE_MAX / 4); /* the items were bounded as the body was */
    buf_init(&s.refused, SIZE_MAX / 4);
    buf_init(&s.scratch, SIZE_MAX / 4);
    s.violations = violations_new(call->arena);
    buf_char(&s.taken, '[');
    buf_char(&s.refused, '[');
    for (size_t i = 0; i < array->array.n; i++) {
        s.violations.n = 0;
        s.violations.more = false;
        if (schema_validate(items, array->array.v[i], (struct str){NULL, 0}, s.refused.n < EACH_REFUSED_BYTES ? &s.violations : NULL))
            take(&s, i, array->array.v[i]);
        else
            refuse(&s, i);
    }
    buf_char(&s.taken, ']');
    buf_char(&s.refused, ']');
    bool whole = !s.taken.failed && !s.refused.failed && !s.short_of_memory; /* else the database is to refuse it: no JSON */
    struct each each = {
        whole ? arena_copy(call->arena, buf_str(&s.taken)).p : "out of memory",
        whole ? arena_copy(call->arena, buf_str(&s.refused)).p : "out of memory",
    };
    buf_done(&s.taken);
    buf_done(&s.refused);
    buf_done(&s.scratch);
    return each;
}
