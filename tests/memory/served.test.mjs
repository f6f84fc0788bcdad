// Memory refused: each allocation that a request makes fails in turn, alone and with all that follow it. The release build, since
// sanitizers have an allocator of their own.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { ask, becomesReady, createOrganization, serve, sql, until } from './world.mjs';

const FILE = `${process.env.FAULTS_DIR}/allocations`, LIBRARY = `${process.env.FAULTS_DIR}/fail_alloc.so`;
const FAIL_AT = 0, GOES_ON = 8, SEEN = 16, LIVE = 24; // offsets in FILE
const ALLOCATIONS_MAX = 2000;
const made = [], filed = []; // keys
let server, file, id, complaints;

const set = (offset, number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(number));
  writeSync(file, bytes, 0, 8, offset);
};
const get = (offset) => {
  const bytes = Buffer.alloc(8);
  readSync(file, bytes, 0, 8, offset);
  return Number(bytes.readBigInt64LE());
};

before(async () => {
  execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', LIBRARY, new URL('fail_alloc.c', import.meta.url).pathname]);
  writeFileSync(FILE, Buffer.alloc(32));
  file = openSync(FILE, 'r+');
  server = await serve({ CPWG_THREADS: '8', CPWG_REQUEST_TIMEOUT_MS: '1000', CPWG_STREAM_TIMEOUT_MS: '1000', LD_PRELOAD: LIBRARY, FAIL_ALLOC_FILE: FILE }, undefined, process.env.CPWG_RELEASE);
  await becomesReady(server);
  id = await createOrganization(server, { name: 'allocation', listed: true });
  complaints = filedSoFar();
});
after(() => closeSync(file));

const filedSoFar = () => Number(sql('select count(*) from complaint')[0][0]);

/** A header with a new key, which becomes one of these. */
function under(keys) {
  keys.push(randomUUID());
  return { 'idempotency-key': keys.at(-1) };
}
const complaint = (text) => ({
  kind: 'complaint', language: 'es', narrative: text, notice_version: '2026-01', complainants: [{ relation: 'victim', race: ['black'] }],
  contact: { name: text, prefers: 'case_key' },
});

/** What is asked, made anew for each try, and what the answer is when nothing fails. */
const REQUESTS = {
  'a public list, from memory': [() => ({ path: '/v1/plan?limit=20', token: false }), 200],
  'a public list that nobody asked for yet': [() => ({ path: `/v1/published-organizations?limit=${1 + Math.floor(Math.random() * 200)}`, token: false }), 200],
  'a record': [() => ({ path: `/v1/organizations/${id}` }), 200],
  'a list': [() => ({ path: '/v1/organizations?limit=50&include=total' }), 200],
  'a list as CSV': [() => ({ path: '/v1/organizations?limit=50', headers: { accept: 'text/csv' } }), 200],
  'sealed text': [() => ({ path: '/v1/complaints?limit=5' }), 200],
  'an id that is none': [() => ({ path: `/v1/organizations/${randomUUID()}` }), 404],
  'many violations': [() => ({ method: 'POST', body: { kind: 7, name: '', languages: ['xx', 'xx'], more: 1, listed: 'no' } }), 422],
  'a broken body': [() => ({ method: 'POST', path: '/oauth/token', token: false, body: { a: 1 } }), 415],
  'a change': [() => ({ method: 'PATCH', path: `/v1/organizations/${id}`, body: { name: 'allocation' }, headers: { 'if-match': '*' } }), 200],
  'a record made under a key': [() => ({ method: 'POST', body: { kind: 'other', name: 'made' }, headers: under(made) }), 201],
  'a complaint filed under a key': [() => ({ method: 'POST', path: '/v1/complaints', token: false, body: complaint('relato'), headers: under(filed) }), 201],
};

/** Asks while the n-th allocation from now on fails; gives the answer, or nothing where the connection was closed without one. */
async function askWithout(n, goesOn, request) {
  set(SEEN, 0);
  set(GOES_ON, goesOn);
  set(FAIL_AT, n);
  const answer = await ask(server, request).catch((error) => (assert.ok(!error.begun, 'an answer that begins is whole'), undefined));
  set(FAIL_AT, 0);
  return answer;
}

function assertTold(answer, expected) {
  if (!answer || answer.status === expected) return;
  assert.ok([500, 503].includes(answer.status), `${answer.status} ${answer.body}`);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(JSON.parse(answer.body).status, answer.status);
}

/** Told to ask again: also while what was broken off is not over yet. */
const isForNow = ({ status, body }) => status === 503 || (status === 409 && body.includes('/problems/request-in-progress'));

/** The n-th allocation of a request fails, and it is asked again until it is served; gives whether there were so many. */
async function failOne(n, goesOn, request, expected) {
  const answer = await askWithout(n, goesOn, request), reached = get(SEEN) >= n;
  let again;
  assertTold(answer, expected);
  await until(`an answer after the failure of allocation ${n}`, 5000, async () => !isForNow(again = await ask(server, request)));
  assert.equal(again.status, expected, `after the failure of allocation ${n}: ${again.body}`);
  return reached;
}

/** Each allocation of a request in turn; gives how many there were. */
async function failEach(make, expected, goesOn) {
  for (let n = 1; n < ALLOCATIONS_MAX; n++)
    if (!(await failOne(n, goesOn, make(), expected))) return n - 1;
  assert.fail(`more than ${ALLOCATIONS_MAX} allocations`);
}

for (const [what, [make, expected]] of Object.entries(REQUESTS))
  test(`memory refused to ${what}: an error or the answer, and the next one is served`, async () => {
    assert.equal((await ask(server, make())).status, expected);
    const counts = [await failEach(make, expected, 0), await failEach(make, expected, 1)];
    console.log(`# ${what}: ${counts.join(' and ')} allocations`);
  });

test('what failed left nothing behind', async () => {
  const rounds = [];
  for (let round = 0; round < 6; round++) {
    for (const [make, expected] of Object.values(REQUESTS))
      for (let n = 1; n <= 12; n++) {
        await failOne(n, 0, make(), expected);
      }
    rounds.push(get(LIVE));
  }
  const grown = rounds.at(-1) - rounds[2];
  assert.ok(grown < 100, `allocations that live, round by round: ${rounds}`);
});

test('whatever failed before it was done was stored once', () => {
  assert.deepEqual(sql("select count(*) from organization where name = 'made'"), [[String(made.length)]]);
  assert.equal(filedSoFar() - complaints, filed.length);
});

test('and the service stops as ever', async () => {
  assert.equal(await server.stop(), 0, server.log().slice(-1000));
});
