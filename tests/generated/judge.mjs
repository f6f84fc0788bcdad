// judge.mjs: what an answer must be, whatever was asked, and what it must say of a request that fits or does not.
import assert from 'node:assert/strict';
import { contract } from '../e2e/out/src/service.js';

/** Headers that any answer may carry; all others are declared by the contract. */
const GENERAL = new Set(['date', 'connection', 'content-type', 'content-length', 'transfer-encoding', 'cache-control', 'vary', 'content-language', 'traceparent',
  'server-timing', 'x-content-type-options', 'access-control-allow-origin', 'access-control-expose-headers', 'ratelimit', 'ratelimit-policy', 'preference-applied',
  'content-security-policy', 'www-authenticate', 'allow', 'link', 'referrer-policy']);

/** Of whatever was sent: no fault of the server, a documented status, media type, headers and body, errors as problems that say where. */
export function judgeAny(operation, request, answer) {
  assert.ok(answer.status < 500, `${answer.status}: ${answer.text.slice(0, 300)}`);
  const path = request.path.split('?')[0];
  const violations = contract.violations({ method: operation.method.toUpperCase(), path, status: answer.status, headers: answer.headers, body: answer.text });
  assert.deepEqual(violations, [], `${answer.status} ${answer.text.slice(0, 300)}`);
  const declared = Object.keys(contract.resolve(operation.operation.responses[answer.status] ?? {}).headers ?? {}).map((name) => name.toLowerCase());
  const foreign = [...answer.headers.keys()].filter((name) => !GENERAL.has(name) && !declared.includes(name));
  assert.deepEqual(foreign, [], 'headers that the contract does not declare');
  if (answer.status >= 400) return judgeProblem(answer);
}

function judgeProblem(answer) {
  if (!answer.headers.get('content-type').startsWith('application/problem+json')) return;
  const problem = JSON.parse(answer.text);
  assert.equal(problem.status, answer.status);
  for (const error of problem.errors ?? []) assert.match(error.pointer, /^(\/|$)/);
  return problem;
}

const isReused = (problem) => ['/problems/idempotency-key-reused', '/problems/request-in-progress'].includes(problem?.type);

/** Requests that fit and are refused with 400 or 422 all the same: each exception with its reason. */
const REFUSED_ALL_THE_SAME = [
  { status: 400, why: 'a cursor fits as a text, but is nothing that this service gave', is: (p) => p.type === '/problems/invalid-cursor' },
  { status: 422, why: 'the record with the patch in it does not fit', is: (p, o) => o.method === 'patch' && p.errors?.length },
  { status: 422, why: 'whether a key is sound and where a network ends no schema can say', is: (p) => p.errors?.every(({ keyword }) => ['key', 'network', 'duplicate'].includes(keyword)) },
  { status: 422, why: 'a short Idempotency-Key was used before', is: isReused },
];

export function judgeFitting(operation, request, answer) {
  const problem = judgeAny(operation, request, answer);
  if (answer.status !== 400 && answer.status !== 422) return;
  const excused = REFUSED_ALL_THE_SAME.some((e) => e.status === answer.status && e.is(problem, operation));
  assert.ok(excused, `a request that fits is refused: ${answer.status} ${answer.text}`);
}

const TARGET_MAX = 8192; // path and query, escaped

/** expected: {pointer, keywords (null: any), secret, item (of what is taken one by one)} */
export function judgeBroken(operation, request, answer, expected) {
  const problem = judgeAny(operation, request, answer);
  if (request.path.length > TARGET_MAX) return assert.equal(answer.status, 414);
  if (expected.item) return isReused(problem) || judgeItem(answer, expected);
  assert.ok(answer.status === 400 || answer.status === 422, `a broken request gets ${answer.status}: ${answer.text.slice(0, 300)}`);
  assertNamed(problem.errors ?? [], expected, answer);
  assert.ok(!expected.secret || !saysOf(problem).includes(expected.secret), `it says the bad value again: ${answer.text}`);
}

function assertNamed(errors, { pointer, keywords }, answer) {
  const said = errors.filter((error) => error.pointer === pointer);
  assert.ok(said.length, `${pointer} is not named: ${answer.text.slice(0, 1000)}`);
  if (keywords) assert.ok(said.some((error) => keywords.includes(error.keyword)), `${pointer} is told as ${said.map((error) => error.keyword)}, not ${keywords}`);
}

/** An item that is refused by itself: the others are taken. */
function judgeItem(answer, { item: { index, pointer }, keywords, secret }) {
  assert.equal(answer.status, 201, answer.text.slice(0, 300));
  const row = JSON.parse(answer.text).results[index];
  assert.equal(row.result, 'refused');
  assertNamed(row.errors, { pointer, keywords }, answer);
  assert.ok(!secret || !saysOf(row).includes(secret), `it says the bad value again: ${answer.text}`);
}

/** All that a problem says, but for the pointers: those name members, unknown ones too. */
const saysOf = ({ errors = [], ...problem }) => JSON.stringify([problem, errors.map(({ keyword, detail }) => [keyword, detail])]);
