// body.test.mjs: bodies that are announced, chunked, slow, cut short, too large, or not wanted.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { READ, READ_BODY, TOKEN, WRITE, answers, assertProblem, assertRefused, head, honest, post, startServer, talk } from './wire.mjs';

const NEXT = head(`GET ${READ}`, 'Connection: close');
const MAX = 1 << 21;

/** Sends pieces, then an honest request; gives the first answer, and asserts that the other follows when the connection stays. */
async function sent(pieces, options) {
  const { text } = await talk([...[pieces].flat(), NEXT], options);
  const [first, next] = answers(text).filter((answer) => answer.status !== 100);
  if (next) assert.equal(next.status, 200);
  await honest(options?.url);
  return first;
}

const assertRead = (answer) => assert.ok(READ_BODY.includes(answer.status), `${answer.status} ${answer.body}`);

test('a body of known length is read, and the connection goes on', async () => {
  const { text } = await talk([post('Content-Length: 2') + '{}', NEXT]);
  const [first, next] = answers(text);
  assertRead(first);
  assert.equal(next.status, 200);
});

test('a body in pieces is read', async () => assertRead(await sent([post('Content-Length: 2') + '{', 50, '}'])));
test('one chunk', async () => assertRead(await sent(post('Transfer-Encoding: chunked') + '2\r\n{}\r\n0\r\n\r\n')));
test('chunks of one byte, in pieces', async () =>
  assertRead(await sent([post('Transfer-Encoding: chunked'), '1\r', '\n{\r\n', 20, '01\r\n}', '\r\n', '0\r\n', '\r\n'])));
test('upper-case sizes', async () => assertRead(await sent(post('Transfer-Encoding: chunked') + `A\r\n{        }\r\n0\r\n\r\n`)));

const badChunks = {
  'a size that is no number': '5x\r\n{}\r\n0\r\n\r\n',
  'a size with a sign': '-2\r\n{}\r\n0\r\n\r\n',
  'a size with 0x': '0x2\r\n{}\r\n0\r\n\r\n',
  'a size beyond 64 bits': 'FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n',
  'a size of 64 bits': 'FFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n',
  'an empty size': '\r\n{}\r\n0\r\n\r\n',
  'a size ended by LF': '2\n{}\n0\n\n',
  'a chunk without CR LF': '2\r\n{}0\r\n\r\n',
  'a chunk longer than its size': '1\r\n{}\r\n0\r\n\r\n',
  'an extension': '2;a=b\r\n{}\r\n0\r\n\r\n',
  'a space after the size': '2 \r\n{}\r\n0\r\n\r\n',
  'a space before the size': ' 2\r\n{}\r\n0\r\n\r\n',
  'a tab after the size': '2\t\r\n{}\r\n0\r\n\r\n',
  'a size with a plus': '+2\r\n{}\r\n0\r\n\r\n',
  'a size with an underscore': '0_2\r\n{}\r\n0\r\n\r\n',
  'a size in quotes': '"2"\r\n{}\r\n0\r\n\r\n',
  'a size in other digits': '\xd9\xa2\r\n{}\r\n0\r\n\r\n',
  'a size in front of NUL': '2\0\r\n{}\r\n0\r\n\r\n',
  'a size behind an empty line': '\r\n2\r\n{}\r\n0\r\n\r\n',
  'a size ended by CR': '2\r{}\r\n0\r\n\r\n',
  'a size ended by CR CR LF': '2\r\r\n{}\r\n0\r\n\r\n',
  'an extension without a name': '2;\r\n{}\r\n0\r\n\r\n',
  'an extension ended by LF': '2;a\n{}\r\n0\r\n\r\n',
  'an extension with a line break in quotes': '2;a="\r\n{}\r\n0\r\n\r\n"\r\n{}\r\n0\r\n\r\n',
  'an extension of the last chunk': '2\r\n{}\r\n0;a=b\r\n\r\n',
  'a chunk ended by LF': '2\r\n{}\n0\r\n\r\n',
  'a chunk ended by CR': '2\r\n{}\r0\r\n\r\n',
  'a chunk shorter than its size': '3\r\n{}\r\n0\r\n\r\n',
  'a last chunk of minus zero': '2\r\n{}\r\n-0\r\n\r\n',
  'a size of many digits': `${'0'.repeat(100)}2\r\n{}\r\n0\r\n\r\n`,
};
for (const [name, chunks] of Object.entries(badChunks))
  test(`refused with 400: ${name}`, () => assertRefused(post('Transfer-Encoding: chunked') + chunks + NEXT, 400));

const trailers = ['X: y', 'Content-Length: 5', 'Host: b', 'Transfer-Encoding: chunked', 'Authorization: Bearer x', 'X: y\r\n z', 'X : y', 'nonsense', 'X: y\nZ: z', '\0: y', '\xe4: y'];
for (const lines of trailers)
  test(`nothing behind a chunked body is taken for a request: the trailer ${JSON.stringify(lines)}`, async () => {
    const { text, closed } = await talk(`${post('Transfer-Encoding: chunked')}2\r\n{}\r\n0\r\n${lines}\r\n\r\n${NEXT}`);
    const found = answers(text);
    assert.ok(closed);
    assert.equal(found.length, 1);
    assert.ok(found[0].status < 500, `${found[0].status}`);
    assert.equal(found[0].headers.get('connection'), 'close');
    await honest();
  });

test('a length over the bound is refused before the body comes', async () => {
  const { ms } = await assertRefused(post(`Content-Length: ${MAX + 1}`), 413);
  assert.ok(ms < 2000, `${ms} ms`);
});
test('a length beyond all numbers is refused', () => assertRefused(post('Content-Length: 99999999999999999999'), 413));
test('a body over the bound that is sent all the same gets its answer', () =>
  assertRefused([post(`Content-Length: ${1.5 * MAX}`), ...Array(24).fill('y'.repeat(MAX / 16))], 413));
test('a chunked body over the bound is refused once it is', () =>
  assertRefused([post('Transfer-Encoding: chunked'), ...Array(MAX / 0x10000 + 4).fill(`10000\r\n${'y'.repeat(0x10000)}\r\n`)], 413));
test('a body of exactly the bound is read', async () =>
  assertRead(await sent(post(`Content-Length: ${MAX}`) + `{${' '.repeat(MAX - 2)}}`)));

test('a chunked body of exactly the bound is read, one byte more is refused', async () => {
  const chunks = (n) => `${n.toString(16)}\r\n{${' '.repeat(n - 2)}}\r\n0\r\n\r\n`;
  assertRead(await sent(post('Transfer-Encoding: chunked') + chunks(MAX)));
  await assertRefused(post('Transfer-Encoding: chunked') + chunks(MAX + 1), 413);
});

test('a body cut short by the client', async () => {
  const { text } = await talk(post('Content-Length: 10') + '{}', { end: true });
  for (const answer of answers(text)) assertProblem(answer, 400);
  await honest();
});

test('a body cut short, or a head, is told at once, and a client that has said all is not kept', async () => {
  for (const bytes of [post('Content-Length: 10') + '{}', `GET ${READ} HTTP/1.1\r\nHos`]) {
    const { text, ms } = await talk(bytes, { end: true });
    assertProblem(answers(text)[0], 400);
    assert.ok(ms < 2000, `${ms} ms`);
  }
  const { text, ms, closed } = await talk(head(`GET ${READ}`), { end: true });
  assert.equal(answers(text)[0].status, 200);
  assert.ok(closed && ms < 2000, `${ms} ms`);
});

test('an empty body where one is needed is 400', async () => {
  assertProblem(await sent(post('Content-Length: 0')), 400);
  assertProblem(await sent(post()), 400);
  assertProblem(await sent(post('Transfer-Encoding: chunked') + '0\r\n\r\n'), 400);
});

test('what is no JSON is 400', async () => {
  for (const body of ['{', '{"a":1,"a":2}', '\xff', '{}x', '"\\u0000"', '['.repeat(100)])
    assertProblem(await sent(post(`Content-Length: ${body.length}`) + body), 400);
});

test('a body that does not fit is 422, and the connection goes on', async () => {
  const { text } = await talk([post('Content-Length: 2') + '[]', NEXT]);
  const [first, next] = answers(text);
  assertProblem(first, 422);
  assert.equal(next.status, 200);
});

test('a body where none is taken is refused', async () => {
  await assertRefused(head(`GET ${READ}`, 'Content-Length: 2') + '{}' + NEXT, 400);
  await assertRefused(head(`GET ${READ}`, 'Transfer-Encoding: chunked') + '0\r\n\r\n' + NEXT, 400);
});

const typed = (...headers) => head(`POST ${WRITE}`, `Authorization: Bearer ${TOKEN}`, 'Content-Length: 2', ...headers) + '{}';
test('other media types, charsets and codings are 415', async () => {
  await assertRefused(typed('Content-Type: text/plain'), 415);
  await assertRefused(typed(), 415);
  await assertRefused(typed('Content-Type: application/json; charset=latin1'), 415);
  await assertRefused(typed('Content-Type: application/json', 'Content-Encoding: gzip'), 415);
  await assertRefused(typed('Content-Type: application/json, text/plain'), 415);
});

test('100 Continue is said before the body, once', async () => {
  const { text } = await talk([post('Content-Length: 2', 'Expect: 100-continue', 'Connection: close'), 200, '{}']);
  assert.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 (201|422) /);
});
test('100 Continue is said, too, where all is here already, and nothing of it is lost', async () => {
  const expecting = (framing) => post(framing, 'Expect: 100-continue');
  for (const bytes of [expecting('Content-Length: 2') + '{}', expecting('Transfer-Encoding: chunked') + '2\r\n{}\r\n0\r\n\r\n']) {
    const { text } = await talk(bytes + NEXT);
    const [invited, first, next, ...more] = answers(text);
    assert.deepEqual([invited.status, next.status, more.length], [100, 200, 0]);
    assertRead(first);
  }
  const { text, closed } = await talk(expecting('Transfer-Encoding: chunked') + 'x\r\n' + NEXT);
  assert.deepEqual(answers(text).map((answer) => answer.status), [100, 400]);
  assert.ok(closed);
});
test('100 Continue is not said to a request that is refused', async () => {
  const { text, closed } = await talk(post(`Content-Length: ${MAX + 1}`, 'Expect: 100-continue'));
  assert.ok(closed);
  assertProblem(answers(text)[0], 413);
  assert.equal(answers(text).length, 1);
});

// --- slow clients, with a server of small limits
let slow;
before(async () => { slow = await startServer({ CPWG_BODY_TIMEOUT_MS: '700', CPWG_KEEP_ALIVE_MS: '3000', CPWG_IN_FLIGHT_MAX: '4' }); });
after(async () => assert.equal(await slow?.stop(), 0));

const drip = (n, ms) => Array.from({ length: n }, () => ['y', ms]).flat();

test('a body that never comes is 408', async () => {
  const { ms } = await assertRefused(post('Content-Length: 100'), 408, { url: slow.url });
  assert.ok(ms >= 600 && ms < 3000, `${ms} ms`);
});
test('a body that drips is 408 at the same time', async () => {
  const { ms } = await assertRefused([post('Content-Length: 100'), ...drip(30, 100)], 408, { url: slow.url });
  assert.ok(ms < 5000, `${ms} ms`);
});
test('chunks that drip are 408', () =>
  assertRefused([post('Transfer-Encoding: chunked'), ...Array(30).fill(['1\r\n \r\n', 100]).flat()], 408, { url: slow.url }));
test('a last chunk without its end is 408', () => assertRefused(post('Transfer-Encoding: chunked') + '2\r\n{}\r\n0\r\n', 408, { url: slow.url }));
test('a head that drips is 408', async () => {
  const { ms } = await assertRefused(['GET / HTTP/1.1\r\nHost: a\r\nX: ', ...drip(30, 100)], 408, { url: slow.url });
  assert.ok(ms < 5000, `${ms} ms`);
});
test('a connection that says nothing is closed without a word', async () => {
  const { text, closed } = await talk([], { url: slow.url });
  assert.ok(closed);
  assert.equal(text, '');
});
test('a connection is kept for as long after a body as after none', async () => {
  for (const first of [post('Content-Length: 2') + '{}', head(`GET ${READ}`)]) {
    const { text } = await talk([first, 1500, NEXT], { url: slow.url });
    assert.equal(answers(text).at(-1).status, 200, text);
    assert.equal(answers(text).length, 2);
  }
});
test('slow bodies hold no place of those who are quick', async () => {
  const dripping = [];
  for (let i = 0; i < 12; i++) { // one by one: each holds a place until its body is waited for
    dripping.push(talk([post('Content-Length: 100'), ...drip(5, 100)], { url: slow.url }));
    await honest(slow.url);
  }
  for (const { text } of await Promise.all(dripping)) assertProblem(answers(text)[0], 408);
});
