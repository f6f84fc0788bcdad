// More work than the service takes on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, assertUnavailable, change, createOrganization, lock, lockedOut, page, readiness, serveReady } from './world.mjs';

/** Runs work while n requests wait for a row that somebody else holds; then they must all succeed. */
async function whileBusy(server, n, work) {
  const id = await createOrganization(server);
  const holder = await lock(id);
  const waiting = Array.from({ length: n }, () => change(server, id, { languages: ['es'] }));
  try {
    await lockedOut(n);
    await work(id);
  } finally {
    await holder.end();
  }
  for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 200, answer.body);
}

async function assertAtOnce(answering, slugs) {
  const answer = await answering;
  assertUnavailable(answer, slugs);
  assert.ok(answer.ms < 1000, `it took ${answer.ms} ms`);
}

test('with in_flight_max requests at work and no line others get 503 at once, and the operators\' port answers', async () => {
  const server = await serveReady({ CPWG_IN_FLIGHT_MAX: '2', CPWG_IN_FLIGHT_WAIT_MS: '0' });
  await whileBusy(server, 2, async () => {
    for (const path of ['/v1/organizations', '/v1/plan', '/openapi.json']) await assertAtOnce(ask(server, { path }), 'overloaded');
    const agent = new http.Agent({ keepAlive: true }), refused = await ask(server, { method: 'POST', body: { kind: 'other', name: 'refused' }, agent });
    agent.destroy();
    assertUnavailable(refused, 'overloaded');
    assert.equal(refused.headers.connection, undefined, 'whoever is refused may come again by the same connection');
    assert.equal((await page(server, '/livez')).status, 200);
    assert.equal(await readiness(server), 200);
    assert.match((await page(server, '/metrics')).body, /cpwg_/);
  });
  assert.equal((await ask(server)).status, 200);
  assert.equal(await server.stop(), 0);
});

test('a burst waits in line, and all of it is served', async () => {
  const server = await serveReady({ CPWG_IN_FLIGHT_MAX: '2', CPWG_IN_FLIGHT_WAIT_MS: '20000' });
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(server)));
  for (const { status } of answers) assert.equal(status, 200);
  assert.match((await page(server, '/metrics')).body, /^cpwg_requests_waiting 0$/m);
  assert.equal(await server.stop(), 0);
});

test('who waits in a line that stands still gets 503 when in_flight_wait_ms is over, and whoever comes then at once', async () => {
  const server = await serveReady({ CPWG_IN_FLIGHT_MAX: '2', CPWG_IN_FLIGHT_WAIT_MS: '500' });
  await whileBusy(server, 2, async () => {
    const first = await ask(server);
    assertUnavailable(first, 'overloaded');
    assert.ok(first.ms >= 490 && first.ms < 2000, `it took ${first.ms} ms`);
    const next = await ask(server);
    assertUnavailable(next, 'overloaded');
    assert.ok(next.ms < 400, `it took ${next.ms} ms`);
  });
  await sleep(1100);
  for (const { status } of await Promise.all(Array.from({ length: 20 }, () => ask(server)))) assert.equal(status, 200, 'the line is open again');
  assert.equal(await server.stop(), 0);
});

test('with all database connections lent others get 503 when db_wait_ms is over', async () => {
  const server = await serveReady({ CPWG_DB_CONNECTIONS: '2', CPWG_DB_WAIT_MS: '300' });
  await whileBusy(server, 2, async () => {
    const answer = await ask(server);
    assertUnavailable(answer, 'overloaded');
    assert.ok(answer.ms >= 290 && answer.ms < 1500, `it took ${answer.ms} ms`);
    assert.equal((await ask(server, { path: '/openapi.json', token: false })).status, 200, 'what needs no database is served');
    assert.equal((await page(server, '/livez')).status, 200);
  });
  assert.equal(await server.stop(), 0);
});

test('a request that waits for a row longer than request_timeout_ms gets 503, and its backend is free again', async () => {
  const server = await serveReady({ CPWG_DB_CONNECTIONS: '1', CPWG_REQUEST_TIMEOUT_MS: '500' });
  const id = await createOrganization(server, { name: 'before' }), holder = await lock(id);
  const answer = await change(server, id, { name: 'after' });
  assertUnavailable(answer, ['database-timeout', 'outcome-unknown']);
  assert.ok(answer.ms >= 490 && answer.ms < 2000, `it took ${answer.ms} ms`);
  assert.equal((await ask(server)).status, 200);
  await sleep(1500); // client_connection_check_interval
  await holder.end();
  const now = await ask(server, { path: `/v1/organizations/${id}` });
  assert.equal(JSON.parse(now.body).name, 'before', 'what was given up is not done later');
  assert.equal(await server.stop(), 0);
});

test('connections over `connections` get 503 rather than no answer, also while the others are idle', async () => {
  const server = await serveReady({ CPWG_CONNECTIONS: '6', CPWG_DB_CONNECTIONS: '8' }), [port] = server.ports;
  await whileBusy(server, 6, async () => {
    for (const answer of await Promise.all(Array.from({ length: 12 }, () => ask(server)))) assertUnavailable(answer, 'overloaded');
    assert.equal((await page(server, '/livez')).status, 200);
  });
  const idle = Array.from({ length: 6 }, () => net.connect(port, '127.0.0.1'));
  await sleep(200);
  for (const answer of await Promise.all(Array.from({ length: 12 }, () => ask(server)))) assertUnavailable(answer, 'overloaded');
  idle.forEach((socket) => socket.destroy());
  await sleep(200);
  assert.equal((await ask(server)).status, 200);
  assert.equal(await server.stop(), 0);
});

test('six times as many callers as places: each gets its answer or 503, and then all is well', async () => {
  const server = await serveReady({ CPWG_IN_FLIGHT_MAX: '4', CPWG_IN_FLIGHT_WAIT_MS: '0', CPWG_DB_CONNECTIONS: '2' });
  const agent = new http.Agent({ keepAlive: true }), seen = new Map();
  const caller = async () => {
    for (let i = 0; i < 10; i++) {
      const { status } = await ask(server, { agent }).catch((error) => ({ status: error.code }));
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 24 }, caller));
  agent.destroy();
  for (const status of seen.keys()) assert.ok([200, 503].includes(status), `one ended with ${status}: ${JSON.stringify([...seen])}`);
  assert.ok(seen.get(200) > 0 && seen.get(503) > 0, JSON.stringify([...seen]));
  await sleep(100);
  assert.equal((await ask(server)).status, 200);
  assert.equal(await server.stop(), 0);
});

test('without a descriptor for who connects the service waits without turning, and then serves them', async () => {
  const server = await serveReady(), limit = (soft) => execFileSync('prlimit', ['--pid', String(server.pid), `--nofile=${soft}:`]);
  const ticks = () => readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, n) => sum + Number(n), 0);
  limit(3); // not even those that it keeps back
  const waiting = Array.from({ length: 8 }, () => ask(server)), before = ticks();
  await sleep(2000);
  const used = ticks() - before; // hundredths of a second
  limit(1024);
  for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 200, answer.body);
  assert.ok(used < 40, `it used ${used} hundredths of a second in 2 s`);
  assert.equal(await server.stop(), 0);
});
