/* custom.c: the table of operations that are C. Knows nothing of what they do. */
#include "custom/custom.h"

const struct custom *custom_table(size_t *ret_n)
{
    static const struct custom table[] = {
        {STR_INIT("getContract"), custom_contract},
        {STR_INIT("getProblem"), custom_problem},
        {STR_INIT("getIndex"), custom_index},
    };

    *ret_n = sizeof table / sizeof table[0];
    return table;
}
