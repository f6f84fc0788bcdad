/* write.h: the write pipeline: guard, decide, write, answer; two flushes and one Sync. Internal to api/operation. */
#ifndef OPERATION_WRITE_H
#define OPERATION_WRITE_H

#include "operation/run.h"

/* Answers a write. Success is only told once the database confirmed it. */
bool write_execute(struct run *run, struct reply *reply, struct error *err);

#endif
