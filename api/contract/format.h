/* format.h: the formats that the contract asserts. */
#ifndef CONTRACT_FORMAT_H
#define CONTRACT_FORMAT_H

#include "contract/schema.h"

/* The format of that name ("date-time"), or FORMAT_NONE when it is not one of ours. */
enum schema_format format_by_name(struct str name);

/* Whether text has the format: date, date-time and time by RFC 3339 (a leap second only at 23:59:60 UTC, the days that
 * the month has), uuid by RFC 9562 (any version, either case), email by RFC 5321 Mailbox with its lengths, uri and
 * uri-reference by RFC 3986. FORMAT_NONE fits all. */
bool format_fits(enum schema_format format, struct str text);

#endif
