// Several instances, each of which keeps what the public was answered: what one publishes the others must not keep from anybody.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, assertUnavailable, change, cluster, createOrganization, page, serveReady, sql, until } from './world.mjs';

let one, other, id;
const path = () => `/v1/published-organizations/${id}`;
const read = (server) => ask(server, { path: path(), token: false });
const name = async (server) => JSON.parse((await read(server)).body).name;
const found = async (server) => Number(/^cpwg_answers_found_total (\d+)$/m.exec((await page(server, '/metrics')).body)[1]);
const ears = () => sql("select pid from pg_stat_activity where query = 'listen cpwg_published'").length;

/** Until it keeps what it is asked: the second time costs no query. */
const keeps = (server) => until('it keeps what it is asked', 15000, async () => {
  const before = await found(server);
  await read(server);
  await read(server);
  return (await found(server)) > before;
});

before(async () => {
  [one, other] = [await serveReady(), await serveReady()];
  id = await createOrganization(one, { name: 'first', listed: true });
});
after(() => Promise.all([one.stop(), other.stop()]));

test('what the public was answered is given again from memory, also as 304', async () => {
  await keeps(one);
  const [before, known] = [await found(one), await read(one)];
  const same = await ask(one, { path: path(), token: false, headers: { 'if-none-match': known.headers.etag } });
  assert.deepEqual([same.status, same.body, same.headers.etag], [304, '', known.headers.etag]);
  assert.equal(await found(one), before + 2);
});

const FORMATS = ['application/json', 'text/csv', 'application/x-ndjson', 'application/geo+json'];
const lists = { '/v1/complaint-statistics': FORMATS.slice(0, 3), '/v1/published-complaints?limit=20': FORMATS.slice(0, 3), '/v1/neighborhoods': FORMATS.slice(0, 1).concat('application/geo+json') };
for (const [list, formats] of Object.entries(lists))
  for (const accept of formats)
    test(`${list} comes from memory as ${accept}, whole, with its ETag if it has one, and is made anew once something is published`, async () => {
      const get = (headers = {}, method = 'GET') => ask(one, { path: list, method, token: false, headers: { accept, ...headers } });
      await keeps(one);
      const streamed = await ask(one, { path: list, headers: { accept } });
      const made = await get(), before = await found(one), given = await get();
      assert.equal(await found(one), before + 1);
      assert.equal(given.headers['transfer-encoding'], undefined);
      for (const answer of [made, given]) assert.deepEqual([answer.status, answer.body, answer.headers.etag, answer.headers['content-type']], [200, streamed.body, made.headers.etag, streamed.headers['content-type']]);
      if (made.headers.etag) assert.equal((await get({ 'if-none-match': made.headers.etag })).status, 304);
      assert.equal((await get({}, 'HEAD')).body, '');
      assert.equal((await get()).body, given.body, 'HEAD has left nothing');
      assert.equal((await change(one, id, { name: `of ${accept} ${list}` })).status, 200);
      const then = await found(one);
      assert.equal((await get()).body, given.body);
      assert.equal(await found(one), then);
    });

test('with a token nothing comes from memory', async () => {
  await keeps(one);
  const before = await found(one);
  assert.equal((await ask(one, { path: path() })).status, 200);
  assert.equal(await found(one), before);
});

test('what one instance publishes it shows at once, and another within a second', async () => {
  for (let i = 0; i < 20; i++) {
    await Promise.all([keeps(one), keeps(other)]);
    assert.equal((await change(one, id, { name: `change ${i}` })).status, 200);
    assert.equal(await name(one), `change ${i}`);
    await until('the other shows it', 1000, async () => (await name(other)) === `change ${i}`);
  }
});

test('what is published by SQL shows within a second', async () => {
  await Promise.all([keeps(one), keeps(other)]);
  sql(`update organization set name = 'by SQL', revision = revision + 1 where id = '${id}'`);
  await until('both show it', 1000, async () => (await name(one)) === 'by SQL' && (await name(other)) === 'by SQL');
});

test('an instance that hears nothing keeps nothing, until it hears again', async () => {
  await Promise.all([keeps(one), keeps(other)]);
  for (let i = 0; i < 5; i++) {
    sql("select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen cpwg_published'");
    sql(`update organization set name = 'unheard ${i}', revision = revision + 1 where id = '${id}'`);
    await until('both show it', 1000, async () => (await name(one)) === `unheard ${i}` && (await name(other)) === `unheard ${i}`);
    await Promise.all([keeps(one), keeps(other)]);
  }
  assert.equal(ears(), 2);
});

test('with its database gone it says 503 rather than what it remembers, and keeps again once it is back', async () => {
  await keeps(one);
  cluster('stop', 'immediate');
  try {
    await until('it is 503', 2000, async () => (await read(one)).status === 503);
    assertUnavailable(await read(one), 'database-unavailable');
  } finally {
    cluster('start');
  }
  await Promise.all([keeps(one), keeps(other)]);
  assert.equal((await change(one, id, { name: 'after' })).status, 200);
  await until('both show it', 1000, async () => (await name(one)) === 'after' && (await name(other)) === 'after');
});

test('a list that is too large to be kept goes on as a stream, whole, and is kept nowhere', async () => {
  const small = await serveReady({ CPWG_ANSWERS_MB: '1' }), path = '/v1/published-organizations', largest = 65536; // a sixteenth
  sql("insert into organization (id, kind, name, listed) select gen_random_uuid(), 'other', 'many ' || n, true from generate_series(1, 1000) as n");
  await keeps(small);
  const get = () => ask(small, { path, token: false, headers: { accept: 'application/x-ndjson' } });
  const known = await ask(small, { path, headers: { accept: 'application/x-ndjson' } }), before = await found(small);
  assert.ok(known.body.length > largest, `${known.body.length}`);
  for (const answer of await Promise.all([get(), get(), get(), get()])) assert.deepEqual([answer.status, answer.headers['transfer-encoding'], answer.body], [200, 'chunked', known.body]);
  assert.equal(await found(small), before);
  await small.stop();
});
