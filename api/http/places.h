/* places.h: how many requests are worked on at once, and the line of those that wait for one of these places. */
#ifndef HTTP_PLACES_H
#define HTTP_PLACES_H

#include <stdbool.h>

struct places;

/* n places, and a line for line_max, in which a request waits for one at most wait_ms. NULL when out of memory. */
struct places *places_new(int n, int line_max, int wait_ms);
void places_free(struct places *places);

/* Takes a place, first come first served. False where none comes free in time; where the line is full, all in it are refused; and
 * whoever finds no place while others were refused within the last second is so at once: what a line bears is a burst, and where more comes
 * than is ever done, waiting only makes all that is done late. */
bool places_take(struct places *places);

/* For who had one, and left it to wait for what was still to come: goes before those who come, and is refused only where none comes free in time. */
bool places_take_again(struct places *places);

void places_leave(struct places *places);

/* Somebody had to be refused who did not get so far as to ask for a place. Where others wait for one, this ends the line: all in it are refused. */
void places_crowded(struct places *places);

/* Refuses all in line, whatever they had, and has nobody wait any more. */
void places_close(struct places *places);

/* Whether others were refused within the last second. */
bool places_are_short(struct places *places);

/* How many wait for a place. */
void places_state(struct places *places, int *ret_waiting);

#endif
