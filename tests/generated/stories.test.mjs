// stories.test.mjs: what becomes of every record that can be made, from generated bodies, along the contract's own links: made, made
// again under the same key, read, found in its list, changed, changed again too late, moved or taken away.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import test, { after, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { send, sent } from './client.mjs';
import { judgeAny, judgeFitting } from './judge.mjs';
import { valueOf } from './values.mjs';
import { byId, caller, fill, operations, references, scene } from './world.mjs';

const RUNS = Number(process.env.CPWG_STORIES ?? (process.env.CPWG_FULL ? 60 : 2));
const SEED = Number(process.env.CPWG_SEED ?? 20260101);
const SECRETS = ['case_key', 'invitation_code', 'client_secret']; // shown once

const listAt = (path) => operations.find((other) => other.path === path && other.method === 'get' && other.parameters.some(({ name }) => name === 'cursor'));

const stories = operations.flatMap((create) =>
  Object.values(create.operation.responses['201']?.links ?? {}).map(({ operationId, parameters = {} }) => {
    const read = byId[operationId], on = (path, method) => operations.find((other) => other.path === path && other.method === method);
    return { create, parameters, read, list: listAt(create.path), change: on(read.path, 'patch'), remove: on(read.path, 'delete'), move: on(`${read.path}/transitions`, 'post') };
  }));

/** What a runtime expression of a link gives (OpenAPI 3.1, 4.8.20.4). */
const given = (expression, record) => record[/^\$response\.body#\/(\w+)$/.exec(expression)[1]];

/** Calls an operation at a record; everything that comes back is held against the contract. */
async function call(operation, at, { headers = {}, body, query = '' } = {}) {
  const request = {
    method: operation.method.toUpperCase(), path: fill(operation.path, at.params) + query, body: body && JSON.stringify(body),
    headers: { ...caller(operation, at), ...(body && { 'content-type': operation.type }), ...headers },
  };
  const answer = await send(request);
  judgeAny(operation, request, answer);
  return { ...answer, request, etag: answer.headers.get('etag'), record: answer.text && JSON.parse(answer.text) };
}

const without = (record, names) => Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/** Makes a record, and makes it again; undefined where the database has a reason against it. */
async function made({ create, parameters, read }, at, body) {
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const first = await call(create, at, { body, headers });
  if (first.status !== 201) {
    judgeFitting(create, first.request, first);
    assert.ok([403, 409, 422].includes(first.status), first.text);
    return undefined;
  }
  const again = await call(create, at, { body, headers });
  assert.deepEqual([again.status, again.headers.get('location'), again.headers.get('idempotency-replayed')], [201, first.headers.get('location'), 'true']);
  assert.deepEqual(again.record, first.record);
  const params = Object.fromEntries(Object.entries(parameters).map(([name, expression]) => [name, given(expression, first.record)]));
  assert.equal(first.headers.get('location'), fill(read.path, params), 'Location and link lead to the same');
  return { record: first.record, etag: first.etag, at: { ...at, params: { ...at.params, ...params }, key: at.key ?? first.record.case_key } };
}

/** The same members of both are the same. */
function assertSame(shown, wanted, what) {
  for (const [name, value] of Object.entries(without(wanted, SECRETS))) if (name in shown) assert.deepEqual(shown[name], value, `${what}: ${name}`);
}

/** The record in its list; records still being written hold back those behind them, so it may take a moment. */
async function listed({ list }, { record, at }) {
  const since = list.parameters.some(({ name }) => name === 'updated_since') && record.updated_at;
  for (let tries = 0; tries < 100; tries++, await sleep(50)) {
    let query = `?limit=200${since ? `&updated_since=${encodeURIComponent(since)}` : ''}`;
    for (let next = null, pages = 0; pages < 100; pages++) {
      const { status, record: page } = await call(list, at, { query: query + (next ? `&cursor=${encodeURIComponent(next)}` : '') });
      assert.equal(status, 200);
      const found = page.data.find(({ id }) => id === record.id);
      if (found) return found;
      if (!(next = page.next)) break;
    }
  }
  assert.fail(`${record.id} is not in its list`);
}

/** With the ETag that was read it changes (or there is a reason why not), with the one before no more. */
async function changed({ change, read }, { at }, patch) {
  const { etag } = await call(read, at);
  const stale = async () => assert.equal((await call(change, at, { body: patch, headers: { 'if-match': etag } })).status, 412, 'a stale If-Match');
  assert.equal((await call(change, at, { body: patch })).status, 428, 'without If-Match');
  const answer = await call(change, at, { body: patch, headers: { 'if-match': etag } });
  assert.ok([200, 403, 404, 409, 422].includes(answer.status), answer.text);
  if (answer.status !== 200) return;
  const after = await call(read, at);
  assertSame(after.record, answer.record, 'read after the change');
  if (after.etag !== etag) await stale();
}

/** Along each state that is open, as far as it goes. */
async function moved({ move, read, change }, { at, record }, patch) {
  for (let { state, next } = record, steps = 0; next?.length && steps < 8; steps++) {
    const { etag } = await call(read, at), to = next[steps % next.length];
    const answer = await call(move, at, { body: { to, ...('reason' in move.body.schema.properties && { reason: 'Because.' }) }, headers: { 'idempotency-key': crypto.randomUUID() } });
    assert.ok([200, 403, 404, 409].includes(answer.status), answer.text);
    if (answer.status !== 200) return;
    assert.notEqual(answer.record.state, state);
    ({ state, next } = answer.record);
    if (!change || !etag) continue;
    const late = (await call(change, at, { body: patch, headers: { 'if-match': etag } })).status;
    assert.ok([404, 409, 412].includes(late), 'a change of what has moved on');
  }
}

async function removed({ remove, read }, { at }) {
  assert.equal((await call(remove, at)).status, 204);
  const then = await call(read, at), again = await call(remove, at);
  assert.ok(then.status === 404 || then.status === 200, `${then.status}`);
  assert.ok([204, 404, 409].includes(again.status), `${again.status}`);
}

let told = 0;

async function tell(story, [body, patch]) {
  const at = await scene(story.create);
  const refers = await references(story.create.id), free = Object.keys(refers).filter((name) => name !== 'source' || body.source);
  const thing = await made(story, at, { ...body, ...Object.fromEntries(free.map((name) => [name, refers[name]])) });
  if (!thing) return;
  told++;
  const read = await call(story.read, thing.at);
  assert.equal(read.status, 200, read.text);
  assertSame(read.record, thing.record, 'read');
  if (story.list) assertSame(await listed(story, thing), without(read.record, ['updated_at', 'next']), 'listed');
  if (story.change) await changed(story, thing, patch);
  if (story.move) await moved(story, { ...thing, record: (await call(story.read, thing.at)).record }, patch);
  if (story.remove) await removed(story, thing);
}

describe('stories', { concurrency: 4 }, () => {
  for (const story of stories)
    test(`what ${story.create.id} makes is read, listed, changed and ended`, async () => {
      const of = (operation) => (operation ? valueOf(operation.body.schema, operation.body.example) : fc.constant(undefined));
      const before = told;
      const found = await fc.check(fc.asyncProperty(fc.tuple(of(story.create), of(story.change)), (bodies) => tell(story, bodies)), { numRuns: RUNS, seed: SEED, endOnFailure: true });
      if (found.failed) throw new Error(`${found.errorInstance?.stack}\nCPWG_SEED=${found.seed} ${fc.stringify(found.counterexample).slice(0, 1500)}`);
      if (told === before) await tell(story, [story.create.body.example, story.change?.body.example]);
    });
});

after(() => console.log(`# ${told} stories, ${sent.requests} requests, by status: ${JSON.stringify(sent.byStatus)}`));
