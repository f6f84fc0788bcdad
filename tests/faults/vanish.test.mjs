// Clients that leave at every byte, that come a thousand at a time, or that drip.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import { readdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { test } from 'node:test';
import { creation, cutAtEachByte, leaveWhileReading, sendAgain } from '../load/cuts.mjs';
import { slowBody, slowClients, slowHead } from '../load/slow.mjs';
import { gauges, memory, settles } from '../load/world.mjs';
import { ask, becomesReady, serve, serveReady, sql, until } from './world.mjs';

const TOKEN = process.env.CPWG_TOKEN_COORDINATOR, PSS_MAX = 60;
const count = (pid, what) => readdirSync(`/proc/${pid}/${what}`).length;
const openTransactions = () => sql("select state from pg_stat_activity where usename = 'cpwg_api' and state <> 'idle'");

test('clients that leave after each byte of a request, or while they read, leave nothing behind, and what they send again is made once', async () => {
  const server = await serveReady(), [port] = server.ports, prefix = `cut ${randomUUID()}`;
  const csv = `GET /v1/organizations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${TOKEN}\r\nAccept: text/csv\r\n\r\n`;
  for (const n of [1, 1000]) await leaveWhileReading(port, csv, n, 'RST'); // connections to the database stay
  await sendAgain(port, Array.from({ length: 32 }, () => creation(TOKEN, 'length', 'before')));
  assert.ok(await settles(server.adminUrl));
  const before = { descriptors: count(server.pid, 'fd'), threads: count(server.pid, 'task') };

  const made = [...await cutAtEachByte(port, () => creation(TOKEN, 'length', prefix), ['FIN', 'RST']), ...await cutAtEachByte(port, () => creation(TOKEN, 'chunked', prefix), ['RST', 'FIN'])];
  for (const n of [1, 100, 1000, 5000]) for (const way of ['FIN', 'RST']) await leaveWhileReading(port, csv, n, way);
  assert.ok(await settles(server.adminUrl), 'nothing is at work or connected');
  assert.deepEqual(await sendAgain(port, made), { 201: made.length });
  assert.deepEqual(sql(`select count(*), count(distinct name) from organization where name like '${prefix} %'`), [[String(made.length), String(made.length)]]);

  assert.ok(await settles(server.adminUrl));
  const now = await gauges(server.adminUrl);
  for (const pool of ['requests', 'streams']) assert.equal(now[`cpwg_db_connections{pool="${pool}",state="in_use"}`], 0);
  assert.deepEqual(openTransactions(), []);
  assert.ok(count(server.pid, 'fd') <= before.descriptors + 8, `${count(server.pid, 'fd')} descriptors, before ${before.descriptors}`); // 8: to the database
  assert.equal(count(server.pid, 'task'), before.threads);
  assert.equal(await server.stop(), 0);
});

/** n requests on as many kept connections, all at once. */
const askAll = (server, agents, path) => Promise.all(agents.map((agent) => ask(server, { path, agent })));

test('a thousand kept connections are all served, within 60 MB', async () => {
  const program = `${process.env.FAULTS_DIR}/few-descriptors`; // as many systems start it; and without the sanitizers' memory
  writeFileSync(program, '#!/bin/sh\nulimit -Sn 512 && exec "$CPWG_RELEASE" "$@"\n', { mode: 0o755 });
  const server = await serve({ CPWG_KEEP_ALIVE_MS: '120000' }, undefined, program);
  await becomesReady(server);
  const agents = Array.from({ length: 1000 }, () => new http.Agent({ keepAlive: true, maxSockets: 1 }));
  for (const path of ['/v1/plan', '/v1/organizations?limit=50', '/v1/organizations?limit=50'])
    for (const { status } of await askAll(server, agents, path)) assert.equal(status, 200);
  let pss;
  await until(`within ${PSS_MAX} MB`, 20000, async () => ({ pss } = memory(server.pid)).pss <= PSS_MAX); // once they wait
  assert.equal((await gauges(server.adminUrl)).cpwg_connections, 1000, 'all are kept');
  agents.forEach((agent) => agent.destroy());
  assert.equal(await server.stop(), 0);
});

test('beside 300 clients that drip their heads and 300 that drip their bodies an honest one is served', async () => {
  const server = await serve({}, undefined, process.env.CPWG_RELEASE), [port] = server.ports;
  await becomesReady(server);
  const crowds = [slowHead(TOKEN), slowBody(TOKEN)].map((begin) => slowClients(port, 300, begin, 'y'));
  for (;;) if ((await gauges(server.adminUrl)).cpwg_connections >= 600) break;
  for (let i = 0; i < 50; i++) assert.equal((await ask(server)).status, 200);
  await Promise.all(crowds.map((crowd) => crowd.stop()));
  assert.ok(await settles(server.adminUrl));
  assert.equal(await server.stop(), 0);
});
