// load.mjs: what goes on while something is broken: writers with their ledger, and readers of all kinds. Whatever is answered is what was
// asked for or 503 with Retry-After, and within its time.
import assert from 'node:assert/strict';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNAVAILABLE, ask, assertUnavailable, until, writers } from './world.mjs';

/** Settings under which no answer takes long, whatever hangs. */
export const HASTY = { CPWG_REQUEST_TIMEOUT_MS: '2000', CPWG_STREAM_TIMEOUT_MS: '2000', CPWG_DB_WAIT_MS: '1000', CPWG_AUDIT_CHAIN_MS: '20' };
const ANSWER_MS_MAX = 15000; // far over HASTY: machines are shared

const WRITERS = 4;
const READS = [
  { path: '/v1/organizations?limit=20' },
  { path: '/v1/published-organizations?limit=20', token: false },
  { path: '/v1/organizations?kind=school', headers: { accept: 'text/csv' } },
];

/** Starts them. `breaks`: connections may be broken off, since the service is ended, or hangs up on who is slow to ask. */
export function load(server, breaks) {
  const writing = writers(server, WRITERS), seen = new Map(), broken = [], agent = new http.Agent({ keepAlive: true });
  let stopping = false, longest = 0;

  async function read(request, by) {
    const answer = await ask(server, { ...request, agent: by }).catch((error) => ({ error }));
    const stream = request.headers !== undefined;
    if (answer.error && !(stream && answer.error.begun)) broken.push(answer.error); // a stream can only be broken off
    if (answer.error) return void (await sleep(10));
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
    longest = Math.max(longest, answer.ms);
    if (answer.status !== 200) assertUnavailable(answer, UNAVAILABLE);
    await sleep(answer.status === 200 ? 2 : 10);
  }
  const reading = READS.flatMap((request) => [agent, false].map(async (by) => {
    while (!stopping) await read(request, by);
  }));
  return {
    seen: (status) => (seen.get(status) ?? 0) + (writing.seen.get(status) ?? 0),
    broken: () => [...broken, ...writing.lost],

    /** Until each writer has had a record acknowledged that it began after now. */
    async writesAgain(ms) {
      const before = [...writing.done];
      await until('every writer is served again', ms, async () => writing.done.every((n, i) => n > before[i] + 1));
    },

    /** Ends it, whatever came of it. */
    quit: () => ((stopping = true), Promise.allSettled([...reading, writing.stop(undefined)])),

    /** Ends it and compares the ledger with what that cluster has; gives the longest time that an answer took. */
    async stop(name) {
      stopping = true;
      await Promise.all(reading);
      agent.destroy();
      assert.ok((await writing.stop(name)) > WRITERS);
      if (!breaks) assert.deepEqual([...broken, ...writing.lost], [], 'no connection is broken off');
      longest = Math.max(longest, writing.longest.ms);
      assert.ok(longest < ANSWER_MS_MAX, `an answer took ${longest} ms`);
      return longest;
    },
  };
}
