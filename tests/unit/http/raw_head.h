/* raw_head.h: civetweb 1.15's parser in miniature: cuts a head in place, and drops what it drops. */
#ifndef TESTS_HTTP_RAW_HEAD_H
#define TESTS_HTTP_RAW_HEAD_H

#include <stdio.h>

#include "http/gate.h"

static char raw_head_buffer[65536], raw_head_received[65536]; /* where the texts of the last head lie, and as they came */

static inline void cut_word(char **at)
{
    while ((unsigned char)**at > ' ')
        (*at)++;
    while (**at == ' ' || **at == '\r' || **at == '\n')
        *(*at)++ = '\0';
}

/* False at what civetweb would not take for a header. */
static inline bool cut_header(char **at, struct raw_header *ret)
{
    char *p = *at;
    ret->name = p;
    while (*p != ':' && *p >= 33 && *p <= 126)
        p++;
    if (p == *at)
        return false;
    while (*p == ' ')
        *p++ = '\0';
    if (*p != ':')
        return false;
    *p++ = '\0';
    while (*p == ' ' || *p == '\t')
        p++;
    ret->value = p;
    while (*p && *p != '\r' && *p != '\n')
        p++;
    if (*p == '\r')
        *p++ = '\0';
    if (*p && *p != '\n')
        return false;
    if (*p)
        *p++ = '\0';
    *at = p;
    return true;
}

/* Cuts a head with its empty line. False where civetweb would answer 400 by itself. */
static inline bool raw_head_cut(const char *text, struct raw_head *ret)
{
    snprintf(raw_head_buffer, sizeof raw_head_buffer, "%s", text);
    strcpy(raw_head_received, raw_head_buffer);
    *ret = (struct raw_head){.start = raw_head_buffer, .received = str_of(raw_head_received)};
    char *at = raw_head_buffer;
    while (*at == ' ' || *at == '\r' || *at == '\n')
        at++;
    if (!*at)
        return false;
    at[strlen(at) - 1] = '\0';
    ret->method = at;
    cut_word(&at);
    ret->path = at;
    cut_word(&at);
    if (strncmp(at, "HTTP/", strlen("HTTP/")) != 0)
        return false;
    ret->version = at + strlen("HTTP/");
    cut_word(&at);
    while (ret->n <= HEADERS_MAX && *at && *at != '\r' && *at != '\n') {
        if (!cut_header(&at, &ret->headers[ret->n]))
            return false;
        ret->n++;
    }
    char *question = strchr(ret->path, '?');
    if (question) {
        *question = '\0';
        ret->query = question + 1;
    }
    return true;
}

#endif
