/* chunked.c: the chunked coding as a machine of one byte at a time, but for data. Pure; knows nothing of sockets and buffers. */
#include "http/chunked.h"

enum { DIGITS_MAX = 8 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void take_size(struct chunked *chunked, char c)
{
    int digit = hex_digit(c);

    if (digit >= 0 && chunked->digits < DIGITS_MAX) {
        chunked->left = chunked->left * 16 + (size_t)digit;
        chunked->digits++;
    } else {
        chunked->at = c == '\r' && chunked->digits > 0 ? CHUNK_SIZE_LF : CHUNK_MALFORMED;
    }
}

static void end_size(struct chunked *chunked, char c)
{
    if (c != '\n')
        chunked->at = CHUNK_MALFORMED;
    else if (chunked->left > chunked->bytes_max)
        chunked->at = CHUNK_TOO_LARGE;
    else
        chunked->at = chunked->left > 0 ? CHUNK_DATA : CHUNK_LAST_CR;
}

/* A byte outside of data. */
static void take_byte(struct chunked *chunked, char c)
{
    static const struct {
        char expected;
        unsigned char next;
    } ends[] = {
        [CHUNK_CR] = {'\r', CHUNK_LF}, [CHUNK_LF] = {'\n', CHUNK_SIZE}, [CHUNK_LAST_CR] = {'\r', CHUNK_LAST_LF}, [CHUNK_LAST_LF] = {'\n', CHUNK_DONE},
    };

    if (chunked->at == CHUNK_SIZE)
        take_size(chunked, c);
    else if (chunked->at == CHUNK_SIZE_LF)
        end_size(chunked, c);
    else
        chunked->at = c == ends[chunked->at].expected ? ends[chunked->at].next : CHUNK_MALFORMED;
}

static struct str take_data(struct chunked *chunked, struct str *rest)
{
    struct str data = {rest->p, rest->n < chunked->left ? rest->n : chunked->left};

    *rest = str_skip(*rest, data.n);
    chunked->bytes_max -= data.n;
    chunked->left -= data.n;
    if (chunked->left == 0) {
        chunked->digits = 0;
        chunked->at = CHUNK_CR;
    }
    return data;
}

enum chunked_state chunked_next(struct chunked *chunked, struct str *rest, struct str *ret_data)
{
    *ret_data = (struct str){NULL, 0};
    while (rest->n > 0 && chunked->at < CHUNK_DONE) {
        if (chunked->at == CHUNK_DATA) {
            *ret_data = take_data(chunked, rest);
            return CHUNKED_DATA;
        }
        take_byte(chunked, rest->p[0]);
        *rest = str_skip(*rest, 1);
    }
    if (chunked->at == CHUNK_DONE)
        return CHUNKED_DONE;
    if (chunked->at == CHUNK_TOO_LARGE)
        return CHUNKED_TOO_LARGE;
    return chunked->at == CHUNK_MALFORMED ? CHUNKED_MALFORMED : CHUNKED_MORE;
}
