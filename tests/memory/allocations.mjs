// allocations.mjs: the file that fail_alloc.c maps (struct fail_alloc), for one server at a time.
import { openSync, readSync, writeFileSync, writeSync } from 'node:fs';

const FILE = `${process.env.FAULTS_DIR}/allocations-${process.pid}`;
const CALLERS = { from: 32, max: 30, bytes: 64 };

/** Its members, as offsets. */
export const FAIL_AT = 0, GOES_ON = 8, SEEN = 16, LIVE = 24;

/** The environment of a server whose allocations are counted, and fail. */
export const PRELOADED = { LD_PRELOAD: `${process.env.FAULTS_DIR}/fail_alloc.so`, FAIL_ALLOC_FILE: FILE };

writeFileSync(FILE, Buffer.alloc(CALLERS.from + CALLERS.max * CALLERS.bytes));
const file = openSync(FILE, 'r+');

export function set(offset, number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(number));
  writeSync(file, bytes, 0, 8, offset);
}

export function get(offset) {
  const bytes = Buffer.alloc(8);
  readSync(file, bytes, 0, 8, offset);
  return Number(bytes.readBigInt64LE());
}

/** How often each asked for memory so far, by name: the libraries, and the program itself (`ours`). */
export function callers() {
  const bytes = Buffer.alloc(CALLERS.max * CALLERS.bytes), counts = { ours: 0 };
  readSync(file, bytes, 0, bytes.length, CALLERS.from);
  for (let at = 0; at < bytes.length && bytes.readBigInt64LE(at); at += CALLERS.bytes)
    counts[bytes.toString('latin1', at + 8, bytes.indexOf(0, at + 8)) || 'ours'] = Number(bytes.readBigInt64LE(at));
  return counts;
}
