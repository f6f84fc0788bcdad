// limit.test.mjs: who is answered 429, when, and what else they can tell from it.
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { READ, TOKEN, answers, assertProblem, get, head, startServer, talk } from './wire.mjs';

const POLICY = 'ratelimit-policy', LEFT = 'ratelimit', HERE = '127.0.0.1', THERE = '127.0.0.2';
const bearer = (token) => `Authorization: Bearer ${token}`;
const OTHER_TOKEN = process.env.CPWG_TOKEN_AUDITOR;

/** One request on a connection of its own; from: the address that it comes from. */
async function ask(server, line, headers = [], { from = HERE, body = '' } = {}) {
  const length = body ? [`Content-Length: ${Buffer.byteLength(body)}`, 'Content-Type: application/json'] : [];
  const { text } = await talk(head(line, ...headers, ...length, 'Connection: close') + body, { url: server.url, from });
  const [answer, ...more] = answers(text, [line.split(' ')[0]]);
  assert.equal(more.length, 0);
  return answer;
}

/** A test with a server of its own under these settings; the log must name nobody. */
function limited(name, settings, run) {
  test(name, async () => {
    const server = await startServer(settings);
    try {
      await run(server);
      assert.doesNotMatch(server.log(), /127\.0\.0\.2|203\.0\.113|198\.51\.100|2001:db8/);
    } finally {
      await server.stop();
    }
  });
}

/** Asks until a request is refused; how many were not. */
async function exhaust(times, request) {
  for (let n = 0; n <= times; n++) {
    const answer = await request();
    if (answer.status === 429) return { n, answer };
  }
  return assert.fail(`more than ${times} were answered`);
}

function assertLimited(answer, policy, q, w) {
  assertProblem(answer, 429);
  assert.equal(answer.headers.get(POLICY), `"${policy}";q=${q};w=${w}`);
  const seconds = Number(answer.headers.get('retry-after'));
  assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= w, `Retry-After: ${seconds}`);
  assert.equal(answer.headers.get(LEFT), `"${policy}";r=0;t=${seconds}`);
  return seconds;
}

limited('an address that asks too much is told how long to wait, and served after it', { CPWG_LIMIT_ANONYMOUS: '60' }, async (server) => {
  const { n, answer } = await exhaust(70, () => ask(server, `GET ${READ}`, ['Accept-Language: en', 'Origin: https://elsewhere.example']));
  assert.ok(n >= 60, `${n} were answered`);
  const seconds = assertLimited(answer, 'anonymous', 60, 60);
  assert.match(answer.headers.get('access-control-expose-headers'), /RateLimit, RateLimit-Policy, Retry-After/);
  assert.equal(JSON.parse(answer.body).title, 'Too many requests');
  const spanish = await ask(server, 'GET /v1/organizations?limit=1', ['Accept-Language: es']);
  assert.equal(JSON.parse(Buffer.from(spanish.body, 'latin1')).title, 'Demasiadas solicitudes');
  await sleep(1000 * seconds);
  assert.equal((await ask(server, `GET ${READ}`)).status, 200);
  const metrics = (await get(`${server.adminUrl}/metrics`)).body;
  assert.match(metrics, /cpwg_limited_total\{policy="anonymous"\} 2\n/);
  assert.match(metrics, /cpwg_problems_total\{type="too-many-requests"\} 2\n/);
});

limited('unknown paths and methods come before limits, limits before credentials', { CPWG_LIMIT_ANONYMOUS: '1' }, async (server) => {
  const closed = 'GET /v1/complaints';
  assertProblem(await ask(server, closed), 401);
  assertProblem(await ask(server, 'GET /v1/nothing-here'), 404);
  assertProblem(await ask(server, `DELETE ${READ}`), 405);
  assertLimited(await ask(server, closed), 'anonymous', 1, 60);
  assertLimited(await ask(server, `${closed}?unknown=1`), 'anonymous', 1, 60);
  assertProblem(await ask(server, closed, [], { from: THERE }), 401); /* another address has its own */
  assert.equal((await ask(server, `GET ${READ}`, [bearer(TOKEN)])).status, 200); /* a client counts as itself, wherever it is */
});

limited('answers that caches keep carry no limits, others do not tell what neighbours do', {}, async (server) => {
  const kept = await ask(server, `GET ${READ}`);
  assert.match(kept.headers.get('cache-control'), /^public/);
  assert.ok(!kept.headers.has(POLICY) && !kept.headers.has(LEFT));
  const refused = await ask(server, `GET ${READ}?unknown=1`);
  assert.match(refused.headers.get(POLICY), /^"anonymous";q=\d+;w=60$/);
  assert.ok(!refused.headers.has(LEFT));
});

limited('each client has its own, and is told what is left', { CPWG_LIMIT_CLIENT: '3' }, async (server) => {
  const one = () => ask(server, `GET ${READ}`, [bearer(TOKEN)]);
  for (const left of [2, 1, 0]) {
    const answer = await one();
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get(POLICY), '"client";q=3;w=60');
    assert.match(answer.headers.get(LEFT), new RegExp(`^"client";r=${left};t=(20|19)$`));
  }
  assertLimited(await one(), 'client', 3, 60);
  assertLimited(await ask(server, `GET ${READ}`, [bearer(TOKEN)], { from: THERE }), 'client', 3, 60);
  assert.equal((await ask(server, `GET ${READ}`, [bearer(OTHER_TOKEN)])).status, 200);
});

limited('tokens that are refused are used up, for whoever has a right one they are not', { CPWG_LIMIT_CREDENTIALS: '3' }, async (server) => {
  const wrong = (options) => ask(server, `GET ${READ}`, [bearer(`${TOKEN.slice(0, -4)}AAAA`)], options);
  for (let i = 0; i < 3; i++) assertProblem(await wrong(), 401);
  assertLimited(await wrong(), 'credentials', 3, 60);
  assertLimited(await ask(server, 'GET /v1/complaints', ['Authorization: Basic YTpi']), 'credentials', 3, 60);
  assertProblem(await wrong({ from: THERE }), 401);
  assert.equal((await ask(server, `GET ${READ}`, [bearer(TOKEN)])).status, 200);
  assert.equal((await ask(server, `GET ${READ}`)).status, 200);
});

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A key that is well-formed and opens nothing. */
function unknownKey() {
  const digits = [...randomBytes(26)].map((byte) => byte % 32);
  const check = Number(digits.reduce((n, digit) => n * 32n + BigInt(digit), 0n) % 1021n);
  return [...digits, check >> 5, check & 31].map((digit) => DIGITS[digit]).join('');
}

const complaint = JSON.stringify({ kind: 'complaint', language: 'es', narrative: 'x', notice_version: '2026-01', allegations: ['other'] });
const file = (server, { key = randomUUID(), headers = [], body = complaint, from } = {}) =>
  ask(server, 'POST /v1/complaints', [`Idempotency-Key: ${key}`, ...headers], { body, from });
const limitsOf = (answer) => [...answer.headers].filter(([name]) => name.startsWith('ratelimit'));

limited('case keys that open nothing are used up, and the right one still opens its case', { CPWG_LIMIT_CASE_KEY: '4' }, async (server) => {
  const filed = await file(server);
  assert.equal(filed.status, 201);
  const look = (key, path = '/v1/case') => ask(server, `GET ${path}`, [`Case-Key: ${key}`]);
  const right = JSON.parse(filed.body).case_key, mistyped = right.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  const hit = await look(right);
  assert.equal(hit.status, 200);
  const misses = [await look(mistyped), await look(unknownKey()), await look(unknownKey(), '/v1/case/messages'), await look(right, `/v1/case/messages/${randomUUID()}`)];
  assert.deepEqual(misses.map((answer) => answer.status), [401, 404, 404, 404]);
  for (const miss of misses) assert.deepEqual(limitsOf(miss), limitsOf(hit), 'a hit and a miss tell the same of limits');
  for (const [key, path] of [[mistyped], [unknownKey()], [unknownKey(), '/v1/case/consents'], [right, `/v1/case/messages/${randomUUID()}`]])
    assertLimited(await look(key, path), 'case_key', 4, 60);
  assert.equal((await look(right)).status, 200);
  assert.deepEqual(limitsOf(await look(right)), limitsOf(hit));
});

limited('what is used up of a day waits longer', { CPWG_LIMIT_CASE_KEY_DAY: '1', CPWG_LIMIT_CASE_KEY: '1' }, async (server) => {
  assertProblem(await ask(server, 'GET /v1/case', ['Case-Key: nonsense']), 401);
  assert.ok(assertLimited(await ask(server, 'GET /v1/case', ['Case-Key: nonsense']), 'case_key_day', 1, 86400) > 86000);
});

limited('cases that were filed are counted by address, and what was filed before is not', { CPWG_LIMIT_FILING: '2' }, async (server) => {
  const key = randomUUID();
  const first = await file(server, { key }), again = await file(server, { key });
  assert.deepEqual([first.status, again.status], [201, 201]);
  assert.equal(JSON.parse(again.body).case_key, JSON.parse(first.body).case_key);
  assertProblem(await file(server, { body: '{}' }), 422);
  assert.equal((await file(server)).status, 201);
  assertLimited(await file(server), 'filing', 2, 3600);
  assert.equal((await file(server, { from: THERE })).status, 201);
  assert.equal((await file(server, { headers: [bearer(TOKEN)] })).status, 201);
});

const via = (server, from, ...headers) => ask(server, `GET ${READ}`, headers, { from });

limited('whoever is no trusted proxy is not believed about where a request comes from', { CPWG_LIMIT_ANONYMOUS: '2' }, async (server) => {
  const statuses = [];
  for (let i = 1; i <= 4; i++) statuses.push((await via(server, HERE, `X-Forwarded-For: 203.0.113.${i}`, `Forwarded: for=203.0.113.${i}`)).status);
  assert.deepEqual(statuses, [200, 200, 429, 429]);
});

limited('behind a trusted proxy each caller has its own, whatever it sends', { CPWG_LIMIT_ANONYMOUS: '1', CPWG_TRUSTED_PROXIES: '127.0.0.1' }, async (server) => {
  for (const [status, from, ...headers] of [
    [200, HERE, 'X-Forwarded-For: 203.0.113.1'],
    [429, HERE, 'X-Forwarded-For: 203.0.113.1'],
    [429, HERE, 'X-Forwarded-For: 198.51.100.7, 203.0.113.1'],
    [429, HERE, 'X-Forwarded-For: 198.51.100.7', 'X-Forwarded-For: 203.0.113.1'],
    [429, HERE, 'Forwarded: for=198.51.100.7, for=203.0.113.1'],
    [429, HERE, 'X-Forwarded-For: ::ffff:203.0.113.1'],
    [200, HERE, 'X-Forwarded-For: 2001:db8::1'],
    [429, HERE, 'X-Forwarded-For: 2001:db8::2'],
    [200, HERE, 'X-Forwarded-For: nonsense'], /* the proxy's own address */
    [429, HERE],
    [429, HERE, 'X-Forwarded-For: 203.0.113.3', 'Forwarded: for=203.0.113.4'],
    [200, HERE, 'X-Forwarded-For: 203.0.113.3'],
    [200, THERE, 'X-Forwarded-For: 203.0.113.5'],
    [429, THERE, 'X-Forwarded-For: 203.0.113.6'],
  ]) assert.equal((await via(server, from, ...headers)).status, status, `${from} ${headers}`);
});

test('a proxy that cannot be meant is refused at the start', async () => {
  await assert.rejects(startServer({ CPWG_TRUSTED_PROXIES: '10.0.0.1/8' }), /trusted_proxies: "10\.0\.0\.1\/8" is neither an address nor a network/);
});
