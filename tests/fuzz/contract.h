/* contract.h: the service's contract, for the targets that hold what they are given against it. */
#ifndef TESTS_FUZZ_CONTRACT_H
#define TESTS_FUZZ_CONTRACT_H

#include "contract/contract.h"
#include "tests/fuzz/fuzz.h"

/* Loaded once; lives as long as the program. */
static inline const struct contract *fuzz_contract(void)
{
    static const struct contract *loaded;
    static struct arena arena;
    struct error err;

    expect(loaded || (arena_init(&arena, (size_t)256 << 20) && contract_load(&arena, SOURCE_DIR "/openapi", &loaded, &err)));
    return loaded;
}

#endif
