// requests.test.mjs: for every operation, requests that fit and requests that do not, made from the served contract. What fails is
// shrunk; CPWG_SEED and CPWG_PATH, as the report names them, make it again.
import fc from 'fast-check';
import test, { after, describe } from 'node:test';
import { send, sent } from './client.mjs';
import { judgeBroken, judgeFitting } from './judge.mjs';
import { breakIt, fitting, toSend } from './requests.mjs';
import { operations, references, scene } from './world.mjs';

const TOTAL = Number(process.env.CPWG_REQUESTS ?? (process.env.CPWG_FULL ? 220000 : 6000));
const SEED = Number(process.env.CPWG_SEED ?? 20260101);
const USES = 40; // of a scene

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
    if (operation.id === 'createToken') continue; // its body is a form, and no schema is held against it
    test(`${operation.id} takes what fits`, () =>
      property(operation, fitting(operation), (request, at) => ask(operation, request, at, judgeFitting)));
    test(`${operation.id} refuses what does not fit`, () =>
      property(operation, fc.tuple(fitting(operation), fc.record({ body: fc.boolean(), where: fc.nat(), which: fc.nat() })), async ([request, choice], at) => {
        const made = breakIt(operation, request, choice);
        if (made) await ask(operation, made.request, at, judgeBroken, made.expected);
      }));
  }
});

after(() => console.log(`# ${sent.requests} requests, by status: ${JSON.stringify(sent.byStatus)}`));
