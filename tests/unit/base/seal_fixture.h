/* seal_fixture.h: keys to seal with, in tests. */
#ifndef TESTS_SEAL_FIXTURE_H
#define TESTS_SEAL_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/seal.h"

/* The ring of one key, all of whose digits are `digit`. End with seal_free. */
static inline struct seal *seal_fixture(char digit)
{
    char path[] = "/tmp/cpwg_seal_fixture_XXXXXX";
    struct seal *seal = NULL;
    struct error err;
    int fd = mkstemp(path); /* mode 0600 */

    for (int i = 0; i < 64; i++)
        dprintf(fd, "%c", digit);
    close(fd);
    if (!seal_read(path, &seal, &err))
        fprintf(stderr, "%s\n", err.argument);
    unlink(path);
    return seal;
}

#endif
