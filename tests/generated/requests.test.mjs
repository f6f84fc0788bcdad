// requests.test.mjs: for every operation, requests that fit and requests that do not, made from the served contract. What fails is
// shrunk; CPWG_SEED and CPWG_PATH, as the report names them, make it again.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import test, { after, describe } from 'node:test';
import { send, sent } from './client.mjs';
import { judgeAny, judgeBroken, judgeFitting } from './judge.mjs';
import { breakIt, fitting, toSend } from './requests.mjs';
import { NAUGHTY } from './values.mjs';
import { byId, operations, references, scene } from './world.mjs';

const TOTAL = Number(process.env.CPWG_REQUESTS ?? (process.env.CPWG_FULL ? 220000 : 6000));
const SEED = Number(process.env.CPWG_SEED ?? 20260101);
const USES = 40; // of a scene

const FORM = 'createToken'; // its body is a form, and no schema is held against it

/** Bodies have most to break. */
const weightOf = ({ body, parameters }) => (body ? 6 : 1) + parameters.length / 4;
const weights = operations.reduce((sum, operation) => sum + weightOf(operation), 0);
const runsOf = (operation) => Math.ceil((TOTAL * weightOf(operation)) / weights / 2);

/** The scene of an operation, made anew when it was used so often. */
function scenes(operation) {
  let now, uses = 0;
  const most = operation.method === 'delete' ? 4 : USES;
  return async () => {
    if (uses++ % most === 0) now = { ...(await scene(operation)), references: await references(operation.id) };
    return now;
  };
}

const replay = { seed: SEED, ...(process.env.CPWG_PATH && { path: process.env.CPWG_PATH, endOnFailure: true }) };

async function property(operation, arbitrary, judge) {
  const next = scenes(operation);
  const found = await fc.check(fc.asyncProperty(arbitrary, async (made) => judge(made, await next())), { numRuns: runsOf(operation), ...replay });
  if (!found.failed) return;
  const { errorInstance, seed, counterexamplePath, counterexample } = found;
  throw new Error(`${errorInstance?.message ?? 'nothing could be made'}\nCPWG_SEED=${seed} CPWG_PATH=${counterexamplePath}\n${fc.stringify(counterexample).slice(0, 1500)}`);
}

/** Sends a request and has the answer judged; what is wrong is told with what was sent. */
async function ask(operation, request, at, judge, expected) {
  const sending = toSend(operation, request, at, at.references);
  const answer = await send(sending);
  try {
    judge(operation, sending, answer, expected);
  } catch (error) {
    error.message += `\n${sending.method} ${sending.path} ${JSON.stringify(request.headers)} ${sending.body?.slice(0, 1000) ?? ''}${expected ? `\nexpected ${JSON.stringify(expected)}` : ''}`;
    throw error;
  }
}

describe('generated requests', { concurrency: 8 }, () => {
  for (const operation of operations) {
    if (operation.id === FORM) continue;
    test(`${operation.id} takes what fits`, () =>
      property(operation, fitting(operation), (request, at) => ask(operation, request, at, judgeFitting)));
    test(`${operation.id} refuses what does not fit`, () =>
      property(operation, fc.tuple(fitting(operation), fc.record({ body: fc.boolean(), where: fc.nat(), which: fc.nat() })), async ([request, choice], at) => {
        const made = breakIt(operation, request, choice);
        if (made) await ask(operation, made.request, at, judgeBroken, made.expected);
      }));
  }
});

test(`${FORM} is not harmed by forms`, async () => {
  const operation = byId[FORM], text = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom(...NAUGHTY, 'client_credentials', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'));
  const name = fc.oneof(fc.constantFrom('grant_type', 'scope', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type', 'resource'), text);
  const form = fc.array(fc.tuple(name, text), { maxLength: 8 }).map((pairs) => new URLSearchParams(pairs).toString());
  const broken = fc.string({ unit: 'binary', maxLength: 200 });
  await property(operation, fc.tuple(fc.oneof(form, broken), fc.constantFrom(undefined, 'Basic ', 'Basic YTpi', `Basic ${'A'.repeat(4000)}`)), async ([body, authorization]) => {
    const request = { method: 'POST', path: operation.path, headers: { 'content-type': 'application/x-www-form-urlencoded', ...(authorization && { authorization }) }, body };
    const answer = await send(request);
    judgeAny(operation, request, answer);
    assert.ok(answer.status >= 400, `${answer.status}`);
  });
});

after(() => console.log(`# ${sent.requests} requests, by status: ${JSON.stringify(sent.byStatus)}`));
