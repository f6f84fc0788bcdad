// Complaints being filed while backends and the service itself are killed: a resident who tries again under the same key gets
// the same complaint and the same case key, and nothing is lost or doubled.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { UNAVAILABLE, ask, assertUnavailable, serveReady, session, sql } from './world.mjs';

const FILERS = 6, SERVICE_KILLS = 40, BACKEND_KILLS_BETWEEN = 4; // 200 kills in all

const complaint = (text) => ({
  kind: 'complaint', language: 'es', narrative: text, notice_version: '2026-01',
  complainants: [{ relation: 'victim', race: ['black'] }, { relation: 'witness', race: [] }],
  contact: { name: text, prefers: 'case_key' },
});

const file = (server, { key, text }, agent = false) =>
  ask(server, { method: 'POST', path: '/v1/complaints', token: false, agent, body: complaint(text), headers: { 'idempotency-key': key } });

/** Filers that each file one complaint after another, trying each again under its key until it is acknowledged. */
function filers(target) {
  const filed = [], seen = new Map(), agent = new http.Agent({ keepAlive: true });
  let stopping = false;

  async function fileOne() {
    const filing = { key: randomUUID(), text: `relato ${randomUUID()}` };
    for (const deadline = Date.now() + 30000; Date.now() < deadline; await sleep(5)) {
      const answer = await file(target.server, filing, agent).catch((error) => ({ status: error.code }));
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.status === 201) return filed.push({ ...filing, answer: JSON.parse(answer.body), replayed: answer.headers['idempotency-replayed'] });
      if (answer.status === 503) assertUnavailable(answer, UNAVAILABLE);
      else if (answer.status === 409) assert.match(answer.body, /request-in-progress/);
      else if (typeof answer.status === 'number') assert.fail(`${answer.status} ${answer.body}`);
    }
    assert.fail(`not acknowledged in 30 s: ${JSON.stringify([...seen])}`);
  }
  const loops = Array.from({ length: FILERS }, async () => {
    while (!stopping) await fileOne();
  });
  return { filed, seen, stop: async () => ((stopping = true), await Promise.all(loops), agent.destroy()) };
}

test('200 kills of backends and of the service while complaints are filed: each stored once, the same case key again, nothing lost', async () => {
  const before = new Set(sql('select public_reference from complaint').flat());
  const target = { server: await serveReady() }, filing = filers(target), admin = session();

  for (let i = 0; i < SERVICE_KILLS; i++) {
    for (let n = 0; n < BACKEND_KILLS_BETWEEN; n++) {
      await sleep(Math.random() * 40);
      await admin.run("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'cpwg_api' order by random() limit 1");
    }
    await sleep(Math.random() * 40);
    target.server.signal('SIGKILL');
    assert.equal(await target.server.exited, 'SIGKILL');
    target.server = await serveReady({}, target.server.ports);
  }
  await filing.stop();
  await admin.end();

  const { filed, seen } = filing;
  assert.ok(filed.length >= SERVICE_KILLS, `${filed.length} filed`);
  assert.ok([...seen.keys()].some((status) => status !== 201), 'filers met the kills');
  assert.ok(filed.some(({ replayed }) => replayed), 'some answer was lost after its commit, and given again');
  assert.equal(new Set(filed.map(({ answer }) => answer.case_key)).size, filed.length, 'no two complaints share a key');

  const stored = sql(`select public_reference, (select count(*) from complainant n where n.complaint_id = c.id),
    (select count(*) from complaint_private p where p.complaint_id = c.id), (select count(*) from case_key k where k.complaint_id = c.id)
    from complaint c order by public_reference collate "C"`).filter(([reference]) => !before.has(reference));
  assert.deepEqual(stored, filed.map(({ answer }) => [answer.public_reference, '2', '1', '1']).sort(), 'each is there once, whole, and no other');

  for (const one of filed) {
    const again = await file(target.server, one);
    assert.equal(again.status, 201, again.body);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    const { case_key: key, public_reference: reference } = JSON.parse(again.body);
    assert.deepEqual([key, reference], [one.answer.case_key, one.answer.public_reference]);
    const own = await ask(target.server, { path: '/v1/case', token: false, headers: { 'case-key': key } });
    assert.equal(own.status, 200, own.body);
    assert.equal(JSON.parse(own.body).narrative, one.text);
  }
  assert.equal(await target.server.stop(), 0);
});
