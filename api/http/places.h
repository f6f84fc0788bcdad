/* places.h: how many requests are worked on at once, and the line of those that wait for one of these places. */
#ifndef HTTP_PLACES_H
#define HTTP_PLACES_H

#include <stdbool.h>

struct places;

/* n places; a request waits for one at most wait_ms, and calls rest once that takes long. NULL when out of memory. */
struct places *places_new(int n, int wait_ms, void (*rest)(void));
void places_free(struct places *places);

/* Takes a place, first come first served. False where none comes free in time; and at once while others were refused within the last
 * second: what a line bears is a burst, and where more comes than is ever done, waiting only makes all that is done late. */
bool places_take(struct places *places);

void places_leave(struct places *places);

/* Somebody had to be refused who did not get so far as to ask for a place. Where others wait for one, this ends the line: all in it are refused. */
void places_crowded(struct places *places);

/* Whether others were refused within the last second. */
bool places_are_short(struct places *places);

/* How many wait for a place. */
void places_state(struct places *places, int *ret_waiting);

#endif
