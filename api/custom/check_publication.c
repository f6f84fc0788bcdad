/* check_publication.c: derives :findings of checkPublication. In C because SQL cannot read what is sealed: what would be published is compared with
 * what private_side() gives this caller, and what is found is told by place, never by word; of what nobody may read not even by place. */
#include "custom/custom.h"
#include "custom/reveals.h"

#include "base/value.h"

enum { MEMBERS = 4, TEXT_BYTES_MAX = 1 << 20, LOOK_BYTES = 16 << 20 };
enum { SCRATCH_BYTES = TEXT_BYTES_MAX * (VALUE_BYTES_FACTOR + 1 + WORDS_BYTES_FACTOR + 2) };

/* What of the guard is looked at, and what of it is private: all words that would be published; a row for each text that somebody wrote. */
static const struct {
    struct str column, pointer;
} published[MEMBERS] = {
    {STR_INIT("summary.es"), STR_INIT("/summary/es")},
    {STR_INIT("summary.en"), STR_INIT("/summary/en")},
    {STR_INIT("resolution.es"), STR_INIT("/resolution/es")},
    {STR_INIT("resolution.en"), STR_INIT("/resolution/en")},
};
static const struct str private_columns[] = {
    STR_INIT("narrative"), STR_INIT("place"), STR_INIT("officer_described"), STR_INIT("contact"), STR_INIT("text"),
};

struct check {
    struct looked looked[MEMBERS];
    struct looked withheld[MEMBERS]; /* the same texts, compared with what nobody may read by itself */
    struct arena scratch; /* for one private text at a time */
};

static void compare(struct check *check, struct looked *looked, struct str member, const struct value *value)
{
    if (value->type == VALUE_OBJECT) /* a contact */
        for (size_t i = 0; i < value->object.n; i++)
            compare(check, looked, value->object.v[i].name, value->object.v[i].value);
    if (value->type != VALUE_STRING)
        return;
    struct words words = words_of(&check->scratch, value->string);
    for (size_t i = 0; i < MEMBERS; i++)
        look_for_private(&looked[i], member, &words);
}

/* Whether nobody may read the row's texts by themselves, of the group. */
static bool is_withheld(const struct guarded *guard, int row, bool *ret_withheld, struct error *err)
{
    struct buf text;

    buf_init(&text, TEXT_BYTES_MAX);
    bool ok = guarded_text(guard, row, STR("withheld"), &text, err);
    *ret_withheld = ok && !str_eq(buf_str(&text), STR("f")); /* null: there is no private text */
    buf_done(&text);
    return ok;
}

/* Compares one private column of a row, if something is in it. */
static bool compare_column(struct check *check, struct looked *looked, const struct guarded *guard, int row, struct str column, struct error *err)
{
    const struct value *value;
    struct buf text;

    buf_init(&text, TEXT_BYTES_MAX);
    bool ok = guarded_text(guard, row, column, &text, err);
    if (ok && text.n) {
        arena_reset(&check->scratch, 0);
        ok = value_parse(&check->scratch, buf_str(&text), VALUE_DEPTH_MAX, &value, err);
        if (ok)
            compare(check, looked, column, value);
    }
    buf_done(&text);
    return ok;
}

static bool compare_rows(struct check *check, const struct guarded *guard, struct error *err)
{
    for (int row = 0; row < guarded_rows(guard); row++) {
        bool withheld;
        if (!is_withheld(guard, row, &withheld, err))
            return false;
        struct looked *looked = withheld ? check->withheld : check->looked;
        for (size_t i = 0; i < sizeof private_columns / sizeof private_columns[0]; i++)
            if (!compare_column(check, looked, guard, row, private_columns[i], err))
                return false;
    }
    return true;
}

static bool look_at_words(struct check *check, struct arena *a, const struct guarded *guard, struct error *err)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        struct buf text;
        buf_init(&text, TEXT_BYTES_MAX);
        bool ok = guarded_text(guard, 0, published[i].column, &text, err);
        if (ok)
            check->looked[i] = look_at(a, arena_copy(a, buf_str(&text)));
        buf_done(&text);
        if (!ok)
            return false;
        check->withheld[i] = look_again(a, &check->looked[i]);
        look_for_patterns(&check->looked[i]);
    }
    return true;
}

bool derive_findings(const struct guarded *guard, struct buf *ret_json, struct error *err)
{
    struct check check;
    struct arena a;

    if (!arena_init(&a, LOOK_BYTES))
        return error_set(err, ERR_INTERNAL, "out of memory");
    bool ok = arena_init(&check.scratch, SCRATCH_BYTES) || error_set(err, ERR_INTERNAL, "out of memory");
    if (ok) {
        ok = look_at_words(&check, &a, guard, err) && compare_rows(&check, guard, err);
        arena_done(&check.scratch);
    }
    buf_char(ret_json, '[');
    for (size_t i = 0; ok && i < MEMBERS; i++) {
        look_report(&check.looked[i], published[i].pointer, ret_json);
        look_report_withheld(&check.withheld[i], published[i].pointer, ret_json);
    }
    buf_char(ret_json, ']');
    arena_done(&a);
    return ok;
}
