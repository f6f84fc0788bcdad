// bounds.test.mjs: what the contract allows at each of its limits the database takes: every member of every body at both of its ends, the
// others as in the example.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import test, { describe } from 'node:test';
import { send } from './client.mjs';
import { fitting } from './formats.mjs';
import { judgeFitting } from './judge.mjs';
import { toSend } from './requests.mjs';
import { alternatives, fits, places, pointerOf, typesOf, withValue } from './schema.mjs';
import { valueOf } from './values.mjs';
import { fill, operations, references, scene } from './world.mjs';

const SEED = 20260101;
const HEADERS = { 'If-Match': () => '*', 'Idempotency-Key': () => crypto.randomUUID() };
const NOT_HERE = {
  acceptInvitation: 'its code is right or wrong',
  createCounterpart: 'it names a record, and says nothing else',
};

const some = (schema, n = 1, example) => fc.sample(valueOf(schema, example), { seed: SEED, numRuns: n });

/** A text of n signs, of the pattern's own if it has one; of two bytes each where it may be. */
function grown(schema, n) {
  const signs = schema.pattern ? [...some(schema)[0]] : ['ñ'];
  const text = Array.from({ length: n }, (_, i) => signs[Math.min(i, signs.length - 1)]).join('');
  return fits(schema, text) ? [text] : [];
}

function texts(schema) {
  if (schema.format) return fc.sample(fitting[schema.format].filter((text) => fits(schema, text)), { seed: SEED, numRuns: 3 });
  return [schema.minLength ?? 0, schema.maxLength].flatMap((n) => grown(schema, n));
}

/** Lists of the example's first item where the same may stand twice, else of different ones. */
function lists({ items, minItems = 0, maxItems, uniqueItems }, example) {
  if (!uniqueItems && example?.[0]) return [minItems, maxItems].map((n) => Array(n).fill(example[0]));
  const different = items.enum ?? [...new Map(some(items, maxItems * 4, example?.[0]).map((item) => [JSON.stringify(item), item])).values()];
  return [different.slice(0, minItems), different.slice(0, maxItems)];
}

/** The values at the ends of what a schema allows; null where it may be. */
function ends(schema, example) {
  if ('const' in schema) return [schema.const];
  if (schema.enum) return schema.enum;
  if (schema.anyOf || schema.oneOf) return alternatives(schema).flatMap((way) => ends(way, example));
  return typesOf(schema).flatMap((type) => {
    switch (type) {
      case 'null': return [null];
      case 'boolean': return [false, true];
      case 'integer': return [schema.minimum, schema.maximum];
      case 'string': return texts(schema);
      case 'array': return lists(schema, example);
      default: return some(schema, 1, example);
    }
  });
}

/** The example with one member at one of its ends, and which. */
function* extremes({ schema, whole, example }) {
  for (const { path, schema: at, value } of places(schema, example))
    for (const [name, member] of Object.entries((typeof value === 'object' && value && at.properties) || {}))
      for (const end of ends(member, value[name])) {
        const body = withValue(example, [...path, name], end);
        if (fits(whole, body) && fits(schema, body)) yield { body, what: pointerOf([...path, name]), end };
      }
}

/** What else the body needs at this scene: records that are there, a state that is open. */
async function fitScene(operation, { params, headers }) {
  if (!('to' in operation.body.example)) return references(operation.id);
  const read = byPath(operation.path.replace(/\/(transitions|answer)$/, ''));
  const { next } = JSON.parse((await send({ method: 'GET', path: fill(read.path, params), headers })).text);
  return { to: next[0] };
}

const byPath = (path) => operations.find((other) => other.path === path && other.method === 'get');

async function ask(operation, { body, what }) {
  const at = await scene(operation), { [what.slice(1)]: _, ...given } = await fitScene(operation, at);
  const headers = Object.fromEntries(operation.parameters.filter(({ name }) => name in HEADERS).map(({ name }) => [name, HEADERS[name]()]));
  const sending = toSend(operation, { path: {}, query: {}, headers, type: operation.type, body }, at, given);
  const answer = await send(sending);
  judgeFitting(operation, sending, answer);
  for (const { errors } of JSON.parse(answer.text || '{}').results ?? [])
    assert.ok(errors.every(({ keyword }) => ['reference', 'duplicate', 'conflict'].includes(keyword)), JSON.stringify(errors));
  return answer.status < 300;
}

describe('bounds', { concurrency: 8 }, () => {
  for (const operation of operations.filter(({ id, body }) => Object.keys(body?.schema.properties ?? {}).length && !(id in NOT_HERE)))
    test(`the database takes what ${operation.id} may be sent at its limits`, async () => {
      let taken = 0;
      for (const extreme of extremes(operation.body))
        try {
          taken += await ask(operation, extreme);
        } catch (error) {
          throw new Error(`${extreme.what} = ${JSON.stringify(extreme.end).slice(0, 200)}: ${error.message}`);
        }
      assert.ok(taken > 0, 'nothing was taken');
    });
});
