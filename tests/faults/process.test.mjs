// The service itself ended: by SIGTERM under load, by SIGKILL, and before it began.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../lib/ports.mjs';
import { ask, assertUnavailable, change, createOrganization, lock, lockedOut, page, readiness, serve, serveReady, until, writers } from './world.mjs';

test('SIGTERM: not ready at once, work that was accepted is finished, new work gets 503 and close, status 0', async () => {
  const server = await serveReady(), agent = new http.Agent({ keepAlive: true });
  const id = await createOrganization(server), holder = await lock(id);
  await ask(server, { agent });
  const accepted = Array.from({ length: 3 }, () => change(server, id, { languages: ['en'] }));
  await lockedOut(3);
  server.signal('SIGTERM');
  await until('not ready', 500, async () => (await readiness(server)) === 503);
  assert.equal((await page(server, '/livez')).status, 200);
  for (const by of [agent, false]) {
    const refused = await ask(server, { agent: by });
    assertUnavailable(refused, 'stopping');
    assert.equal(refused.headers.connection, 'close');
  }
  assert.equal(await Promise.race([server.exited, sleep(500, 'running')]), 'running');
  await holder.end();
  for (const answer of await Promise.all(accepted)) assert.equal(answer.status, 200, answer.body);
  assert.equal(await Promise.race([server.exited, sleep(5000, 'running')]), 0);
  agent.destroy();
});

test('SIGTERM does not wait for work longer than shutdown_ms, and what waits for a place then is not begun', async () => {
  const server = await serveReady({ CPWG_SHUTDOWN_MS: '500', CPWG_REQUEST_TIMEOUT_MS: '3000', CPWG_IN_FLIGHT_MAX: '1', CPWG_IN_FLIGHT_WAIT_MS: '30000' });
  const id = await createOrganization(server), holder = await lock(id);
  const waiting = Array.from({ length: 4 }, () => change(server, id, { languages: ['en'] }).catch((error) => error));
  await lockedOut(1);
  const began = Date.now();
  server.signal('SIGTERM');
  assert.equal(await server.exited, 0);
  assert.ok(Date.now() - began < 5000, `it took ${Date.now() - began} ms`);
  await holder.end();
  await Promise.all(waiting);
});

const TIMES = process.env.CPWG_FULL ? 20 : 3;

test(`SIGTERM under load, another started in its place, ${TIMES} times: whatever was begun is answered, every write is stored once`, async () => {
  let server = await serveReady(), stopping = false;
  const writing = writers(server, 6), agent = new http.Agent({ keepAlive: true }), lost = [], begun = new Map();
  const reading = Array.from({ length: 6 }, async (_, i) => {
    while (!stopping) await ask(server, { agent: i % 2 ? agent : false }).catch((error) => (lost.push(error), sleep(10)));
  });
  for (let i = 0; i < TIMES; i++) {
    await sleep(300);
    assert.equal(await server.stop(), 0);
    for (const line of server.log().split('\n')) begun.set(/"trace_id":"(\w+)"/.exec(line)?.[1], line);
    server = await serveReady({}, server.ports);
  }
  stopping = true;
  await Promise.all(reading);
  agent.destroy();
  assert.ok((await writing.stop()) > 30);
  for (const error of [...lost, ...writing.lost]) {
    assert.ok(!error.begun, `an answer broke off: ${error}`);
    if (begun.has(error.trace)) assert.match(begun.get(error.trace), /"error":"stopping"/, 'what was begun is answered');
  }
  assert.equal(await server.stop(), 0);
});

test('a port that is taken: one line says which, and status 1', async () => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address(), [free] = freePorts(1);
  for (const ports of [[port, free], [free, port]]) {
    const server = await serve({}, ports);
    assert.equal(await server.exited, 1);
    assert.match(server.log(), new RegExp(`^error: cannot listen on 127\\.0\\.0\\.1:${port}: [^\n]+\n$`));
  }
  taken.close();
});

test('settings that cannot be: one line says which, and status 1', async () => {
  for (const [setting, value, told] of [
    ['CPWG_DATABASE', 'no such word', /^error: database: not a libpq connection string\n$/],
    ['CPWG_THREADS', 'many', /^error: CPWG_THREADS: must be a whole number from 1 to 64\n$/],
    ['CPWG_SECRET_FILE', '/no/such/file', /^error: secret_file: [^\n]*\/no\/such\/file[^\n]*\n$/],
    ['CPWG_CONTRACT_DIR', '/no/such/folder', /^error: openapi.json: cannot be read: [^\n]*\n$/],
    ['CPWG_LISTEN', 'nowhere', /^error: cannot listen on nowhere: [^\n]*\n$/],
  ]) {
    const server = await serve({ [setting]: value });
    assert.equal(await server.exited, 1, setting);
    assert.match(server.log(), told);
  }
});
