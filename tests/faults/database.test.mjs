// The database away, restarted, frozen, and its backends killed.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ORGANIZATIONS, ask, assertUnavailable, becomesReady, change, cluster, createOrganization, lock, lockedOut, page, readiness,
  serve, serveReady, session, sql, until, writers,
} from './world.mjs';

let server;
before(async () => {
  server = await serveReady();
});
after(() => server.stop());

test('a service that starts before its database lives, says 503 and becomes ready by itself', async () => {
  cluster('stop', 'fast');
  const early = await serve();
  try {
    await until('the operators\' port answers', 10000, async () => (await page(early, '/livez').catch(() => null))?.status === 200);
    const ready = await page(early, '/readyz');
    assert.deepEqual([ready.status, ready.headers['retry-after']], [503, '1']);
    assertUnavailable(await ask(early), 'database-unavailable');
    assertUnavailable(await ask(early, { path: '/v1/plan', token: false }), 'database-unavailable');
    assert.equal((await ask(early, { path: '/openapi.json', token: false })).status, 200, 'what needs no database is served');
    assertUnavailable(await ask(early, { path: '/openapi.json' }), 'database-unavailable'); // whose token it is cannot be known
  } finally {
    cluster('start');
  }
  await becomesReady(early, 5000);
  assert.equal((await ask(early)).status, 200);
  assert.equal(await early.stop(), 0);
});

for (const mode of ['fast', 'immediate'])
  test(`PostgreSQL stopped (${mode}) under load: 503 meanwhile, ready again by itself, every write stored once`, async () => {
    await becomesReady(server);
    const writing = writers(server, 6);
    await sleep(300);
    cluster('stop', mode);
    try {
      await until('not ready', 2000, async () => (await readiness(server)) === 503);
      assert.equal((await page(server, '/livez')).status, 200);
      for (const request of [{}, { headers: { accept: 'text/csv' } }, { method: 'POST', body: { kind: 'other', name: 'never' } }]) {
        const answer = await ask(server, request);
        assertUnavailable(answer, 'database-unavailable');
        assert.ok(answer.ms < 1000, `it took ${answer.ms} ms`);
      }
      await sleep(300);
    } finally {
      cluster('start');
    }
    await becomesReady(server, 5000);
    await sleep(300);
    assert.ok((await writing.stop()) > 20);
    assert.ok(writing.seen.get(503) > 0, 'writers met the outage');
  });

test('PostgreSQL frozen: requests end with 503 by their deadline, writes are stored once, and all is well when it thaws', async () => {
  const hasty = await serveReady({ CPWG_REQUEST_TIMEOUT_MS: '1500', CPWG_DB_CONNECTIONS: '4' });
  const keyed = { method: 'POST', body: { kind: 'other', name: `frozen ${randomUUID()}` }, headers: { 'idempotency-key': randomUUID() } };
  await Promise.all(Array.from({ length: 8 }, () => ask(hasty)));
  cluster('freeze');
  try {
    const answers = await Promise.all([...Array.from({ length: 8 }, () => ask(hasty)), ask(hasty, keyed)]);
    for (const answer of answers) {
      assertUnavailable(answer, ['database-timeout', 'outcome-unknown', 'database-unavailable', 'overloaded']);
      assert.ok(answer.ms < 2500, `it took ${answer.ms} ms`);
    }
    const again = await ask(hasty, keyed);
    assertUnavailable(again, ['database-timeout', 'outcome-unknown', 'database-unavailable', 'overloaded']);
    assert.ok(again.ms < 2500, `it took ${again.ms} ms`);
    assert.equal(await readiness(hasty), 503);
    assert.equal((await page(hasty, '/livez')).status, 200);
  } finally {
    cluster('thaw');
  }
  await becomesReady(hasty, 5000);
  assert.equal((await ask(hasty)).status, 200);
  let answer;
  await until('the write is acknowledged', 5000, async () => (answer = await ask(hasty, keyed)).status === 201);
  assert.deepEqual(sql(`select id from organization where name = '${keyed.body.name}'`), [[JSON.parse(answer.body).id]]);
  assert.equal(await hasty.stop(), 0);
});

test('a backend killed in the midst of a write: 503, nothing is stored, and the next request is fine', async () => {
  await becomesReady(server);
  const id = await createOrganization(server, { name: 'before' });
  const holder = await lock(id);
  const changing = change(server, id, { name: 'after' });
  await lockedOut(1);
  sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cpwg_api' and wait_event_type = 'Lock'");
  assertUnavailable(await changing, ['database-unavailable', 'outcome-unknown']);
  await holder.end();
  const now = await ask(server, { path: `${ORGANIZATIONS}/${id}` });
  assert.deepEqual([now.status, JSON.parse(now.body).name], [200, 'before']);
  assert.equal((await change(server, id, { name: 'after' })).status, 200);
});

test('idle backends all killed: nobody notices', async () => {
  await Promise.all(Array.from({ length: 16 }, () => ask(server)));
  sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cpwg_api'");
  await sleep(200);
  const answers = await Promise.all(Array.from({ length: 16 }, () => ask(server)));
  assert.deepEqual(answers.map((answer) => answer.status), Array(16).fill(200));
});

test('50 backends killed at random under load: every write under a key is stored once', async () => {
  const killer = session(), writing = writers(server, 8), reads = new Map();
  let kills = 0;
  const deadline = Date.now() + 60000;
  const reading = (async () => {
    for (; kills < 50 && Date.now() < deadline; await sleep(5)) {
      const { status } = await ask(server, { headers: { accept: kills % 2 ? 'text/csv' : 'application/json' } }).catch((error) => ({ status: error.begun ? 'broken off' : error.code }));
      reads.set(status, (reads.get(status) ?? 0) + 1);
    }
  })();
  for (; kills < 50 && Date.now() < deadline; await sleep(Math.random() * 40))
    kills += Number(await killer.run("select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity where usename = 'cpwg_api' and state = 'active' order by random() limit 1) as x"));
  await killer.end();
  assert.equal(kills, 50);
  assert.ok((await writing.stop()) > 50);
  await reading;
  assert.ok(writing.seen.get(503) > 0, 'writers met the kills');
  for (const status of reads.keys()) assert.ok([200, 503, 'broken off'].includes(status), `a read ended with ${status}`);
  await becomesReady(server, 2000);
});

test('too many connections to PostgreSQL: 503, and well again when they are gone', async () => {
  const before = await serveReady({ CPWG_DB_CONNECTIONS: '1' });
  sql('alter role cpwg_api connection limit 0');
  try {
    sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cpwg_api'");
    await sleep(200);
    assertUnavailable(await ask(before), 'database-unavailable');
    assert.equal(await readiness(before), 503);
  } finally {
    sql('alter role cpwg_api connection limit -1');
  }
  await becomesReady(before, 5000);
  assert.equal((await ask(before)).status, 200);
  assert.equal(await before.stop(), 0);
});
