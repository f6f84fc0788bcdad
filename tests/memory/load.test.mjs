// What looks at memory and threads while a server is under load, its database is restarted and it is stopped in the midst.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { becomesReady, cluster, serve } from '../faults/world.mjs';
import { provider } from './callers.mjs';
import { load } from './load.mjs';

const SECONDS = Number(process.env.LOAD_SECONDS ?? 60), HERE = new URL('.', import.meta.url).pathname;

/** Everything is slower there. */
const PATIENT = {
  CPWG_REQUEST_TIMEOUT_MS: '60000', CPWG_STREAM_TIMEOUT_MS: '60000', CPWG_BODY_TIMEOUT_MS: '30000', CPWG_DB_WAIT_MS: '30000',
  CPWG_SHUTDOWN_MS: '60000',
};

/** A server that runs so, under load; gives what was answered, its status and what it wrote. */
async function underLoad(program, env = {}) {
  const people = await provider(), server = await serve({ ...PATIENT, ...people.settings, ...env }, undefined, program);
  await becomesReady(server, 120000);
  const callers = await load(server, people);
  await sleep(SECONDS * 500);
  cluster('stop', 'fast');
  await sleep(1000);
  cluster('start');
  await sleep(SECONDS * 500);
  const stopped = server.stop(); // while they go on calling
  await sleep(300);
  const [answers, status] = await Promise.all([callers.stop(), stopped]);
  console.log(`# ${JSON.stringify(answers.done)}\n# ${JSON.stringify(answers.other)}`);
  return { answers, status, log: server.log() };
}

/** It was stopped as ever, and what was asked of it was really done. */
function assertServed({ answers, status, log }) {
  assert.equal(status, 0, log.slice(-2000));
  assert.deepEqual(answers.missing, [], JSON.stringify(answers.other));
  assert.deepEqual(Object.keys(answers.other).filter((what) => what.endsWith(' 500')), []);
}

test('the thread sanitizer reports nothing of a server under load', { skip: !process.env.TSAN_BIN }, async () => {
  const options = 'halt_on_error=0:exitcode=66:history_size=4';
  const served = await underLoad(process.env.TSAN_BIN, { TSAN_OPTIONS: options }), { log } = served;
  assert.doesNotMatch(log, /ThreadSanitizer/, log.slice(log.indexOf('WARNING: ThreadSanitizer'), log.indexOf('WARNING: ThreadSanitizer') + 6000));
  assertServed(served);
});

test('valgrind finds no wrong access, no use of what was never set and nothing lost, in a server under load', { skip: !process.env.VALGRIND }, async () => {
  const report = `${process.env.FAULTS_DIR}/valgrind`;
  const served = await underLoad(['valgrind', '--quiet', '--fair-sched=yes', '--error-exitcode=99', '--leak-check=full', '--show-leak-kinds=definite',
    '--errors-for-leak-kinds=definite', `--suppressions=${HERE}valgrind.supp`, `--log-file=${report}`, '--num-callers=30', process.env.CPWG_RELEASE]);
  assert.equal(readFileSync(report, 'utf8').slice(0, 8000), '');
  assertServed(served);
});
