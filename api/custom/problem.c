/* problem.c: getProblem. In C because the catalogue of errors is this program's, and its pages must show when the database is away. */
#include "custom/custom.h"
#include "render/problem.h"

#include <assert.h>

bool custom_problem(const struct surroundings *around, const struct call *call, struct reply *reply, struct error *err)
{
    const struct parameter *slug = operation_parameter(call->operation, PLACE_PATH, STR("slug"));

    (void)around;
    assert(slug);
    enum error_code code = error_by_slug(value_string(call->parameters[slug - call->operation->parameters]));
    if (code == ERR_NONE || problem_code(code) != code)
        return error_set(err, ERR_NOT_FOUND, "%s", "");
    problem_page(code, call->language, reply->body);
    return true;
}
