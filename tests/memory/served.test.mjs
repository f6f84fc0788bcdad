// Memory refused to a server: each allocation that a request makes fails in turn, alone and with all that follow it. The release build,
// as it is served.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { ask, becomesReady, createOrganization, readiness, run, serve, sql, until } from '../faults/world.mjs';
import { FAIL_AT, get, GOES_ON, LIVE, PRELOADED, SEEN, set } from './allocations.mjs';
import { bearing, key, provider, records, system } from './callers.mjs';

const ALLOCATIONS_MAX = 2000;
const made = [], filed = []; // keys
let server, id, complaints, people, police, caseKey, etag;

before(async () => {
  people = await provider();
  server = await serve({
    CPWG_REQUEST_TIMEOUT_MS: '1000', CPWG_STREAM_TIMEOUT_MS: '1000', ...PRELOADED, ...people.settings,
  }, undefined, process.env.CPWG_RELEASE);
  await becomesReady(server);
  police = await system(server);
  caseKey = JSON.parse((await ask(server, { method: 'POST', path: '/v1/complaints', token: false, body: complaint('relato') })).body).case_key;
  etag = (await ask(server, { path: '/openapi.json', token: false })).headers.etag;
  id = await createOrganization(server, { name: 'allocation', listed: true });
  complaints = filedSoFar();
});

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

const systemToken = async () => JSON.parse((await ask(server, police.request())).body).access_token;

/** What is asked, made anew for each try, what the answer is when nothing fails, and how many ask it at once, when more than one. */
const REQUESTS = {
  'a public list, from memory': [() => ({ path: '/v1/plan?limit=20', token: false }), 200],
  'a public list that nobody asked for yet': [() => ({ path: `/v1/published-organizations?limit=${1 + Math.floor(Math.random() * 200)}`, token: false }), 200],
  'a public list that several wait for': [() => ({ path: `/v1/published-complaints?limit=${1 + Math.floor(Math.random() * 200)}`, token: false }), 200, 3],
  'a record': [() => ({ path: `/v1/organizations/${id}` }), 200],
  'a list': [() => ({ path: '/v1/organizations?limit=50&include=total' }), 200],
  'a list as CSV': [() => ({ path: '/v1/organizations?limit=50', headers: { accept: 'text/csv' } }), 200],
  'a stream of records': [() => ({ path: '/v1/plan?kind=strategy', token: false, headers: { accept: 'application/x-ndjson' } }), 200],
  'a map': [() => ({ path: '/v1/neighborhoods', token: false, headers: { accept: 'application/geo+json' } }), 200],
  'the contract': [() => ({ path: '/openapi.json', token: false }), 200],
  'the contract as it is known': [() => ({ path: '/openapi.json', token: false, headers: { 'if-none-match': etag } }), 304],
  'the keys of our own': [() => ({ path: '/.well-known/jwks.json', token: false }), 200],
  'what a caller may do': [() => ({ path: '/v1/me' }), 200],
  'a caller whose provider signed a new token': [() => ({ path: `/v1/organizations/${id}`, headers: bearing(people.token()) }), 200],
  'a token that nobody signed': [() => ({ path: `/v1/organizations/${id}`, headers: bearing(`${people.token()}A`) }), 401],
  'a system that shows its key': [() => police.request(), 200],
  'a push of a system with a new token': [async () => ({ method: 'POST', path: '/v1/police-batches', body: { records: records(20) }, headers: { ...bearing(await systemToken()), ...under([]) } }), 201],
  'a new system': [() => ({ method: 'POST', path: '/v1/api-clients', body: { name: 'x', role: 'police_source', source: 'demo-police', scopes: ['police_records:push'], jwks: { keys: [key()] } }, headers: under([]) }), 201],
  'a case': [() => ({ path: '/v1/case', token: false, headers: { 'case-key': caseKey } }), 200],
  'sealed text': [() => ({ path: '/v1/complaints?limit=5' }), 200],
  'an id that is none': [() => ({ path: `/v1/organizations/${randomUUID()}` }), 404],
  'many violations': [() => ({ method: 'POST', body: { kind: 7, name: '', languages: ['xx', 'xx'], more: 1, listed: 'no' } }), 422],
  'more violations than are told': [() => ({ method: 'POST', body: { kind: 'other', name: 'x', languages: Array.from({ length: 60 }, (_, n) => n) } }), 422],
  'a broken body': [() => ({ method: 'POST', path: '/oauth/token', token: false, body: { a: 1 } }), 415],
  'a change': [() => ({ method: 'PATCH', path: `/v1/organizations/${id}`, body: { name: 'allocation' }, headers: { 'if-match': '*' } }), 200],
  'a record made under a key': [() => ({ method: 'POST', body: { kind: 'other', name: 'made' }, headers: under(made) }), 201],
  'a complaint filed under a key': [() => ({ method: 'POST', path: '/v1/complaints', token: false, body: complaint('relato'), headers: under(filed) }), 201],
};

/** Asks so many times at once while the n-th allocation from now on fails; gives the answers, nothing for a connection that was closed
 * without one. */
async function askWithout(n, goesOn, request, together) {
  set(SEEN, 0);
  set(GOES_ON, goesOn);
  set(FAIL_AT, n);
  const answers = await Promise.all(Array.from({ length: together }, () =>
    ask(server, request).catch((error) => (assert.ok(!error.begun, 'an answer that begins is whole'), undefined))));
  set(FAIL_AT, 0);
  return answers;
}

function assertTold(answer, expected, what) {
  if (!answer || answer.status === expected) return;
  assert.ok([500, 503].includes(answer.status), `${what}: ${answer.status} ${answer.body}`);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(JSON.parse(answer.body).status, answer.status);
}

/** Told to ask again: also while what was broken off is not over yet. */
const isForNow = ({ status, body }) => status === 503 || (status === 409 && body.includes('/problems/request-in-progress'));

/** The n-th allocation of a request fails, and it is asked again until it is served; gives whether there were so many. */
async function failOne(n, goesOn, request, [, expected, together = 1]) {
  const answers = await askWithout(n, goesOn, request, together), reached = get(SEEN) >= n;
  let again;
  for (const answer of answers) assertTold(answer, expected, `allocation ${n}`);
  await until(`an answer after the failure of allocation ${n}`, 5000, async () =>
    !isForNow(again = await ask(server, request.again?.() ?? request)));
  assert.equal(again.status, expected, `after the failure of allocation ${n}: ${again.body}`);
  return reached;
}

/** Each allocation of a request in turn; gives how many there were. */
async function failEach(row, goesOn) {
  for (let n = 1; n < ALLOCATIONS_MAX; n++)
    if (!(await failOne(n, goesOn, await row[0](), row))) return n - 1;
  assert.fail(`more than ${ALLOCATIONS_MAX} allocations`);
}

for (const [what, row] of Object.entries(REQUESTS))
  test(`memory refused to ${what}: an error or the answer, and the next one is served`, async () => {
    const answer = await ask(server, await row[0]());
    assert.equal(answer.status, row[1], answer.body);
    const counts = [await failEach(row, 0), await failEach(row, 1)];
    console.log(`# ${what}: ${counts.join(' and ')} allocations`);
  });

/** What is kept for a while if nothing fails, new each time: tokens that were verified, answers of lists that were not asked for before. */
const KEPT = /token|several wait|nobody asked/;

test('what failed left nothing behind', async () => {
  const rounds = [], rows = Object.entries(REQUESTS).filter(([what]) => !KEPT.test(what)).map(([, row]) => row);
  for (let round = 0; round < 6; round++) {
    for (const row of rows)
      for (let n = 1; n <= 12; n++) await failOne(n, 0, await row[0](), row);
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

/** Which allocation comes after the n-th: steps are longer the further it is. */
const next = (n) => (n < 16 ? n + 1 : n + Math.floor(n / 4));

/** Starts something again and again while its n-th allocation fails, and all after it where that goes on, until it makes fewer; gives how
 * often. */
async function refuseStart(goesOn, start) {
  let times = 0;
  for (let n = 1; n < 1e8; n = next(n), times++) {
    set(SEEN, 0);
    set(GOES_ON, goesOn);
    set(FAIL_AT, n);
    await start(n);
    set(FAIL_AT, 0);
    if (get(SEEN) < n) return times;
  }
  assert.fail('it never ends');
}

test('memory refused to a check of contract and SQL: it says so and ends', async () => {
  const check = async (n) => {
    const { said, exited } = run(['check', '--offline', '--config', process.env.CPWG_CONFIG], PRELOADED, process.env.CPWG_RELEASE);
    const status = await exited;
    assert.ok([0, 1].includes(status), `allocation ${n}: ${status} ${said.err}`);
    assert.ok(status === 0 || said.err.startsWith('error: '), `allocation ${n}: ${said.err}`);
  };
  console.log(`# ${await refuseStart(0, check)} and ${await refuseStart(1, check)} times`);
});

test('memory refused to a server that starts: it says so and ends, or serves after all', async () => {
  const times = await refuseStart(0, async (n) => {
    const started = await serve({ ...PRELOADED, ...people.settings }, undefined, process.env.CPWG_RELEASE);
    let status;
    started.exited.then((code) => (status = code));
    await until(`allocation ${n}: ready or ended`, 20000, async () => status !== undefined || (await readiness(started).catch(() => 0)) === 200);
    status ??= await started.stop();
    assert.ok([0, 1].includes(status), `allocation ${n}: ${status} ${started.log().slice(-1000)}`);
  });
  console.log(`# ${times} times`);
});
