/* question.c: the texts that calls may send, each once. Knows nothing of what the database says of them. */
#include "operation/question.h"

enum { LIMIT = 51 }; /* of lists: any does */

/* The questions so far, and where those of the statement begin that is being asked about. */
struct asking {
    struct arena *a;
    const struct plan *plan;
    const struct sql_statement *statement;
    struct question *first, **end, **begin;
};

uint64_t question_given(const struct plan *plan, uint64_t given, enum format format)
{
    for (size_t i = 0; i < plan->file.n_names; i++) {
        uint64_t bit = UINT64_C(1) << i;
        if (plan->sources[i].kind != SOURCE_FORMAT)
            continue;
        given = plan->sources[i].index == (size_t)format ? given | bit : given & ~bit;
    }
    return given;
}

static struct question *new_question(struct asking *asking, uint64_t given, bool counts)
{
    const struct plan *plan = asking->plan;
    struct variant variant = {.limit = plan->limit ? LIMIT : 0, .counts = counts};
    struct question *question = arena_new(asking->a, struct question);

    *question = (struct question){.plan = plan, .statement = asking->statement, .given = given, .counts = counts};
    question->text = run_text(asking->a, plan, asking->statement, given, variant, &question->order);
    uint32_t *types = arena_array(asking->a, uint32_t, question->order.n);
    for (size_t i = 0; i < question->order.n; i++)
        types[i] = plan->sources[question->order.names[i]].type;
    question->types = types;
    *asking->end = question;
    asking->end = &question->next;
    return question;
}

/* The statement's question of that text, which may be there already. */
static struct question *find_or_add(struct asking *asking, uint64_t given, bool counts)
{
    for (struct question *question = *asking->begin; question; question = question->next)
        if (question->given == given && question->counts == counts)
            return question;
    return new_question(asking, given, counts);
}

static void ask_variant(struct asking *asking, uint64_t given, enum format format)
{
    const struct plan *plan = asking->plan;
    uint64_t conditions = asking->statement->conditions;
    bool whole = given == conditions;

    given = question_given(plan, given, format) & conditions;
    struct question *question = find_or_add(asking, given, false);
    question->formats |= 1u << format;
    question->whole |= whole;
    if (plan->include && asking->statement == plan->answer)
        find_or_add(asking, given, true)->formats |= 1u << format;
}

static void ask_format(struct asking *asking, enum format format)
{
    uint64_t conditions = asking->statement->conditions;

    ask_variant(asking, 0, format);
    ask_variant(asking, conditions, format);
    for (size_t i = 0; i < asking->plan->file.n_names; i++)
        if (conditions & UINT64_C(1) << i)
            ask_variant(asking, UINT64_C(1) << i, format);
}

static void ask_statement(struct asking *asking)
{
    const struct answer *success = asking->plan->operation->success;

    asking->begin = asking->end;
    if (success->n_media == 0)
        ask_format(asking, AS_JSON);
    for (size_t m = 0; m < success->n_media; m++)
        ask_format(asking, format_of(success->media[m].type));
}

const struct question *questions_of(struct arena *a, const struct plan *plans, size_t n)
{
    struct asking asking = {.a = a};

    asking.end = &asking.first;
    for (size_t i = 0; i < n; i++) {
        asking.plan = &plans[i];
        for (size_t s = 0; s < plans[i].file.n; s++) { /* none where C stands instead of SQL */
            asking.statement = &plans[i].file.statements[s];
            ask_statement(&asking);
        }
    }
    return asking.first;
}
