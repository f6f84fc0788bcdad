/* ports.mjs: ports for servers of a test's own. */
import { execFileSync } from 'node:child_process';

/** So many ports that are free and given to nobody else in this run (tests/lib/free-ports). */
export const freePorts = (n) => execFileSync(new URL('free-ports', import.meta.url).pathname, [String(n)], { encoding: 'utf8' }).trim().split(' ').map(Number);
