// The audit and its chain: nothing is skipped, whatever is killed or comes late; whatever is done to a row behind the service's back shows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  allChained, ask, cluster, createOrganization, page, run, serve, serveReady, session, sql, unchained, until, verified, verify, writers,
} from './world.mjs';

const FAST = { CPWG_AUDIT_CHAIN_MS: '20' };
const events = (server, name) => server.log().split('\n').filter((line) => line.includes(`"event":"${name}"`));

test('a transaction that commits late, with a lower id than others that are chained, is chained after them', async () => {
  const server = await serveReady(FAST), late = session();
  await allChained();
  await late.run("begin; insert into organization (id, kind, name) values (gen_random_uuid(), 'other', 'late')");
  const id = await createOrganization(server);
  const place = (of) => sql(`select c.audit_id, c.position from audit_chain c join organization o on o.id = c.record_id where ${of}`);
  await until('the other one is chained', 10000, async () => place(`o.id = '${id}'`).length === 1);
  await sleep(500); // many sweeps
  await createOrganization(server);
  assert.deepEqual(place("o.name = 'late'"), []);
  await late.run('commit');
  await until('the late one is chained', 10000, async () => place("o.name = 'late'").length === 1);
  const [[lateId, latePosition]] = place("o.name = 'late'"), [[otherId, otherPosition]] = place(`o.id = '${id}'`);
  assert.ok(Number(lateId) < Number(otherId) && Number(latePosition) > Number(otherPosition), `${lateId} ${latePosition} ${otherId} ${otherPosition}`);
  await late.end();
  assert.equal(await server.stop(), 0);
  assert.equal((await verified())[1], '0');
});

test('killed again and again while it chains and writes: another one goes on, nothing is skipped, nothing is chained twice', async () => {
  let server = await serveReady(FAST);
  const writing = writers(server, 4);
  for (let i = 0; i < 12; i++) {
    await sleep(100 + Math.random() * 200);
    server.signal('SIGKILL');
    await server.exited;
    server = await serveReady(FAST, server.ports);
  }
  const other = await serveReady(FAST); // two at it take turns
  await sleep(500);
  await writing.stop();
  await allChained(10000);
  assert.equal(await server.stop(), 0);
  assert.equal(await other.stop(), 0);
  const [rows, waiting] = await verified();
  assert.equal(waiting, '0');
  assert.deepEqual(sql('select count(*), count(distinct audit_id), max(position) from audit_chain'), [[rows, rows, rows]]);
});

test('SIGTERM: what was done until then is chained, and the head is told', async () => {
  const server = await serveReady({ CPWG_AUDIT_CHAIN_MS: '60000' });
  await allChained();
  await createOrganization(server);
  assert.ok(unchained() > 0);
  assert.equal(await server.stop(), 0);
  assert.equal(unchained(), 0);
  const told = /"text":"(\d+:[0-9a-f]{64})"/.exec(events(server, 'audit_head').at(-1))[1];
  assert.equal((await verified(['--head', told]))[2], told);
});

test('while the database is down the worker waits, says so once, and goes on by itself', async () => {
  const server = await serveReady(FAST);
  cluster('stop', 'immediate');
  await sleep(1500);
  const lag = async () => Number(/^cpwg_audit_lag_seconds (\S+)$/m.exec((await page(server, '/metrics')).body)[1]);
  assert.ok((await lag()) > 1);
  cluster('start');
  await until('it goes on', 15000, async () => events(server, 'audit_goes_on').length === 1);
  await until('no lag', 15000, async () => (await lag()) < 1);
  assert.equal(new Set(events(server, 'audit_waits').map((line) => line.slice(line.indexOf('"event"')))).size, events(server, 'audit_waits').length);
  await createOrganization(server);
  await allChained();
  assert.equal(await server.stop(), 0);
  await verified();
});

const closing = {
  'a rule refuses it': ['alter table audit add constraint closed check (false) not valid', 'alter table audit drop constraint closed', 'SQLSTATE 23514 closed'],
  'the right is gone': ['revoke insert on audit from cpwg_owner', 'grant insert on audit to cpwg_owner', 'SQLSTATE CW010'],
  'its policy is gone': ['drop policy owner_adds on audit', 'create policy owner_adds on audit for insert to cpwg_owner with check (true)', 'SQLSTATE CW010'],
};
for (const [how, [close, open, reason]] of Object.entries(closing))
  test(`when the audit cannot be written (${how}), nothing is done or read, and 500 says so, and the log why`, async () => {
    const server = await serveReady(FAST), name = `unaudited ${Date.now()}`;
    sql(close);
    try {
      for (const asked of [{ method: 'POST', body: { kind: 'other', name } }, { path: '/v1/people' }]) {
        const answer = await ask(server, asked);
        assert.equal(answer.status, 500, answer.body);
        assert.match(answer.body, /internal-error/);
      }
      const told = () => events(server, 'request').filter((line) => line.includes('"status":500'));
      await until('both are logged', 5000, async () => told().length === 2);
      assert.deepEqual(told().map((line) => /"reason":"([^"]*)"/.exec(line)[1]), [reason, reason]);
    } finally {
      sql(open);
    }
    assert.deepEqual(sql(`select count(*) from organization where name = '${name}'`), [['0']]);
    await createOrganization(server);
    await server.stop();
  });

async function pushed() {
  const { said, exited } = run(['token', 'police_source', '--source', 'demo-police', '--config', process.env.CPWG_CONFIG]);
  await exited;
  return { method: 'POST', path: '/v1/police-batches', headers: { authorization: `Bearer ${said.out.trim()}`, 'idempotency-key': `lacking-${Date.now()}` },
    body: { records: [{ external_id: 'lacking', received_on: '2026-02-11', category: 'x', status: 'open' }] } };
}
for (const [what, right, role, asked] of [
  ['to leave an audit row', 'execute on function audit_row(text, text, uuid)', 'cpwg_coordinator', () => ({ path: '/v1/people' })],
  ['of what a function reads', 'select on source_category', 'cpwg_police_source', pushed],
])
  test(`a right ${what} that the database lacks is no lack of the caller's: 500, and the log says why`, async () => {
    const server = await serveReady(FAST), request = await asked();
    sql(`revoke ${right} from ${role}`);
    try {
      const answer = await ask(server, request);
      assert.equal(answer.status, 500, answer.body);
      await until('it is logged', 5000, async () => events(server, 'request').some((line) => line.includes('"reason":"SQLSTATE CW010"')));
    } finally {
      sql(`grant ${right} to ${role}`);
    }
    assert.ok((await ask(server, request)).status < 300);
    await server.stop();
  });

const SOME = 7; // a position
const tampering = {
  'a chained row is changed': ["update audit_chain set by_subject = 'somebody else' where position = 7", /position 7: it was changed/],
  'a time is changed': ["update audit_chain set at = at + interval '1 microsecond' where position = 7", /position 7: it was changed/],
  'null becomes empty': ["update audit_chain set by_subject = '' where position = 7 and by_subject is null", /position 7: it was changed/],
  'a hash is changed': ["update audit_chain set hash = decode(repeat('ab', 32), 'hex') where position = 7", /position 7: it was changed/],
  'a chained row is removed': ['delete from audit_chain where position = 7', /position 7: it was removed, or moved/],
  'a chained row is removed and the gap closed': ['alter table audit_chain drop constraint audit_chain_pkey; delete from audit_chain where position = 7; update audit_chain set position = position - 1 where position > 7', /position 7: it was changed/],
  'two change places': ['update audit_chain set position = -1 where position = 7; update audit_chain set position = 7 where position = 8; update audit_chain set position = 8 where position = -1', /position 7: it was changed/],
  'a row is put in between': ["alter table audit_chain drop constraint audit_chain_pkey; update audit_chain set position = position + 1 where position >= 7; insert into audit_chain select 7, 0, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id, hash from audit_chain where position = 8", /position 7: it was changed/],
  'a row stands twice': ['alter table audit_chain drop constraint audit_chain_pkey, drop constraint audit_chain_audit_id_key; insert into audit_chain select * from audit_chain where position = 7', /position 7: it stands in the chain twice/],
  'a row stands before the first': ["insert into audit_chain select 0, 0, at, by_subject, by_role, by_affiliation, action, record, record_id, complaint_id, hash from audit_chain where position = 7", /before the first/],
  'the row of a request is changed': ["update audit set by_role = 'nobody' where id = (select audit_id from audit_chain where position = 7)", /position 7: its row of the audit was changed/],
  'the row of a request is removed': ['delete from audit where id = (select audit_id from audit_chain where position = 7)', /position 7: its row of the audit was removed/],
};

test('whatever a superuser does to the chain without the service shows, and where', async (t) => {
  const server = await serveReady(FAST);
  for (let i = 0; i < SOME + 3; i++) await createOrganization(server);
  await allChained();
  await server.stop();
  sql('drop table if exists saved_chain, saved_audit; create table saved_chain as select * from audit_chain; create table saved_audit as select * from audit');
  const [rows, , head] = await verified(), [, middle] = /^(.*)$/.exec(sql(`select position || ':' || encode(hash, 'hex') from audit_chain where position = ${SOME}`)[0][0]);
  const restore = () => sql(`set session_replication_role = replica; truncate audit_chain, audit; insert into audit overriding system value select * from saved_audit;
    insert into audit_chain select * from saved_chain;
    do $$ begin
      if to_regclass('audit_chain_pkey') is null then alter table audit_chain add constraint audit_chain_pkey primary key (position); end if;
      if to_regclass('audit_chain_audit_id_key') is null then alter table audit_chain add constraint audit_chain_audit_id_key unique (audit_id); end if;
    end $$`);
  for (const [name, [how, says]] of Object.entries(tampering))
    await t.test(name, async () => {
      sql(`set session_replication_role = replica; ${how}`);
      const { status, out } = await verify();
      restore();
      assert.equal(status, 1, out);
      assert.match(out, says);
    });
  await t.test('the end is cut off: only who knows a head sees it', async () => {
    sql(`set session_replication_role = replica; delete from audit using audit_chain c where c.audit_id = audit.id and position > ${SOME}; delete from audit_chain where position > ${SOME}`);
    const alone = await verify(), known = await verify(['--head', head]), shorter = await verify(['--head', middle]);
    restore();
    assert.deepEqual([alone.status, known.status, shorter.status], [0, 1, 0], alone.out + known.out + shorter.out);
    assert.match(known.out, /does not pass the head/);
  });
  await t.test('under another key nothing holds', async () => {
    sql(`set session_replication_role = replica; update audit_chain set hash = sha256(hash)`);
    const { out } = await verify();
    restore();
    assert.match(out, /position 1: it was changed/);
  });
  assert.deepEqual(await verified(['--head', middle]), [rows, '0', head]);
  assert.equal((await verify(['--head', 'x'])).status, 2);
  assert.equal((await verify(['--head', `${SOME}:${'0'.repeat(64)}`])).status, 1);
  sql('drop table saved_chain, saved_audit');
});

test('two services: a chain that was cut behind the back of one that runs is told by it', async () => {
  const server = await serve(FAST);
  await until('it has told a head', 30000, async () => events(server, 'audit_head').length > 0);
  sql('begin; set local session_replication_role = replica; delete from audit using audit_chain c where c.audit_id = audit.id and position = (select max(position) from audit_chain); delete from audit_chain where position = (select max(position) from audit_chain); commit');
  await until('it says so', 10000, async () => events(server, 'audit_cut').length === 1);
  await server.stop();
  await verified();
});

test('a backlog of more rows than one step or window takes, with a gap in its ids as wide as a hundred, is chained in the order of its ids', async () => {
  const add = (n) => sql(`insert into audit (at, action, record) select now(), 'create', 'organization' from generate_series(1, ${n})`);
  const [[chained]] = sql('select coalesce(max(position), 0) from audit_chain');
  add(12000);
  sql("select setval(pg_get_serial_sequence('cpwg.audit', 'id'), (select max(id) + 1000000 from audit))");
  add(3000);
  const server = await serveReady(FAST);
  await allChained();
  add(1000); // exactly what one step takes
  await allChained();
  assert.equal(await server.stop(), 0);
  const found = sql(`select count(*), count(*) filter (where audit_id < before) from (select audit_id, lag(audit_id) over (order by position) as before from audit_chain where position > ${chained}) as c`);
  assert.ok(Number(found[0][0]) >= 16000, `${found[0][0]} rows`);
  assert.equal(found[0][1], '0');
  await verified();
});

test('where its plans were made while the tables were empty, what the chain reads grows with the rows, not with their square', async () => {
  const ROWS = 3000, read = () => Number(sql("select sum(idx_tup_read) from pg_stat_user_indexes where relname in ('audit', 'audit_chain')")[0][0]);
  sql('set session_replication_role = replica; truncate audit, audit_chain');
  sql('vacuum analyze audit');
  sql('vacuum analyze audit_chain');
  const server = await serveReady(FAST), before = read();
  await sleep(500); // many sweeps, of nothing
  sql(`insert into audit (at, action, record) select now(), 'create', 'organization' from generate_series(1, ${ROWS})`);
  await allChained();
  assert.equal(await server.stop(), 0); // a backend that ends tells its figures
  await until('the figures are told', 10000, async () => read() - before >= ROWS);
  await sleep(500);
  assert.ok(read() - before < 100 * ROWS, `${read() - before} rows were read`);
});
