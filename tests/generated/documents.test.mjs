// documents.test.mjs: every operation that takes JSON refuses what is none, in place of the whole, of a value and deep within, and
// takes what is, however it is written; and the big list of naughty strings in every text of every body.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test, { after, describe } from 'node:test';
import { brokenTexts, brokenValues, sameTexts } from './documents.mjs';
import { send, sent } from './client.mjs';
import { judgeAny, judgeFitting } from './judge.mjs';
import { Raw, fits, places, withValue, write } from './schema.mjs';
import { NAUGHTY } from './values.mjs';
import { fill, operations, references, scene } from './world.mjs';

const EVERY = process.env.CPWG_FULL ? 1 : 17; // of the strings,
const DEEP = process.env.CPWG_FULL ? 1 : 5; // and of the documents, here and there

const taking = operations.filter((operation) => operation.body);
const headersOf = ({ type }, { headers }) => ({ ...headers, 'content-type': type, 'if-match': '*', 'idempotency-key': randomUUID() });
const post = (operation, at, body) =>
  ({ method: operation.method.toUpperCase(), path: fill(operation.path, at.params), headers: headersOf(operation, at), body: typeof body === 'string' ? Buffer.from(body, 'latin1') : body });
const utf8 = (value) => Buffer.from(JSON.stringify(value)).toString('latin1');

async function sceneOf(operation) {
  const at = await scene(operation);
  return { ...at, example: { ...operation.body.example, ...(await references(operation.id)) } };
}

async function refused(operation, at, body, name) {
  const request = post(operation, at, body), answer = await send(request);
  const problem = judgeAny(operation, request, answer);
  assert.equal(answer.status, 400, `${name}: ${answer.text}`);
  assert.equal(problem.type, '/problems/malformed-json', name);
  assert.ok(!/\p{Cc}/u.test(problem.detail), name);
}

describe('JSON', { concurrency: 6 }, () => {
  for (const [n, operation] of taking.entries()) {
    test(`${operation.id} takes no text that is no JSON`, async () => {
      const at = await sceneOf(operation);
      for (const [name, make] of Object.entries(brokenTexts)) {
        const text = make(utf8(at.example));
        if (text || operation.operation.requestBody.required) await refused(operation, at, text, name);
      }
      for (const [i, [name, value]] of Object.entries(brokenValues).entries()) {
        if ((i + n) % DEEP) continue;
        await refused(operation, at, value, name);
        await refused(operation, at, `{"a":[${value}]}`, `${name}, within`);
      }
    });
    test(`${operation.id} takes JSON however it is written`, async () => {
      for (const [name, make] of Object.entries(sameTexts)) {
        const at = await sceneOf(operation), request = post(operation, at, make(utf8(at.example)));
        const answer = await send(request);
        judgeFitting(operation, request, answer);
        assert.notEqual(answer.status, 422, name);
      }
    });
  }
});

/** Ways to write a number that reads as n. */
const waysOf = (n) => [`${n}`, `${n}.0`, `${n}.${'0'.repeat(300)}`, `${n}e0`, `${n}E+00`, ...(n === 0 ? ['-0', '-0.0', '0e999', '0E-999'] : [`${n}0e-1`, `${n}00E-02`, `0.${n}e${`${n}`.length}`])];

const integers = taking.flatMap((operation) => [...places(operation.body.schema, operation.body.example)].filter(({ schema }) => schema.type === 'integer').map((place) => ({ operation, ...place })));
test('there are numbers in bodies', () => assert.ok(integers.length));
for (const { operation, path, schema: { minimum, maximum } } of integers)
  test(`${operation.id} takes ${path.join('/')} however it is written, and nothing beyond its bounds`, async () => {
    const ask = async (text) => {
      const at = await sceneOf(operation), request = post(operation, at, Buffer.from(write(withValue(at.example, path, new Raw(text)))));
      const answer = await send(request);
      judgeAny(operation, request, answer);
      return answer.status;
    };
    for (const text of [minimum, maximum].flatMap(waysOf)) assert.equal(await ask(text), 201, text);
    for (const text of [`${minimum - 1}`, `${maximum + 1}`, `${maximum}.5`, `${maximum}.0000000000001`, '1e18', '9223372036854775807', '-9223372036854775808', '9007199254740993', '0.1', '1e308']) assert.equal(await ask(text), 422, text);
    for (const text of ['1e400', '-1e400', '9223372036854775808', '1'.repeat(1000)]) assert.equal(await ask(text), 400, text);
  });

describe('naughty strings', { concurrency: 6 }, () => {
  for (const [n, operation] of taking.entries())
    test(`${operation.id} is not harmed by naughty strings`, async () => {
      const at = await sceneOf(operation), { schema } = operation.body;
      const texts = [...places(schema, at.example)].filter(({ value }) => typeof value === 'string');
      for (const [i, text] of NAUGHTY.entries()) {
        if ((i + n) % EVERY) continue;
        const { path, outer } = texts[Math.floor(i / EVERY) % (texts.length || 1)] ?? {};
        if (!path) return;
        const request = post(operation, at, Buffer.from(JSON.stringify(withValue(at.example, path, text))));
        const answer = await send(request);
        if (outer.format || !fits(outer, text)) judgeAny(operation, request, answer);
        else judgeFitting(operation, request, answer);
      }
    });
});

after(() => console.log(`# ${sent.requests} requests, by status: ${JSON.stringify(sent.byStatus)}`));
