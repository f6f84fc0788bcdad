// framing.test.mjs: requests that two servers could read in two ways get one refusal and the end of the connection; what can be read in one
// way only is answered so, and nothing behind it that nobody sent.
import assert from 'node:assert/strict';
import test from 'node:test';
import { answered, refused, refusedOtherwise } from './ambiguous.mjs';
import { READ, answers, assertProblem, assertRefused, head, honest, talk } from './wire.mjs';

for (const [name, bytes] of Object.entries(refused))
  test(`refused with 400: ${name}`, () => assertRefused(bytes, 400));

for (const [statuses, name, bytes] of refusedOtherwise)
  test(`refused with ${[statuses].flat().map((status) => status ?? 'the end')}: ${name}`, () => assertRefused(bytes, statuses));

for (const [statuses, name, bytes] of answered)
  test(`answered once: ${name}`, async () => {
    const { text, closed } = await talk(bytes), found = answers(text, [bytes.split(' ')[0]]);
    assert.ok(closed, 'the connection stayed open');
    assert.deepEqual(found.map((answer) => answer.status), statuses);
    for (const answer of found) if (answer.status >= 400 && answer.body) assertProblem(answer, answer.status);
    await honest();
  });

test('a client that has said all and listens on is answered', async () => {
  const { text } = await talk(head(`GET ${READ}`), { end: true });
  assert.deepEqual(answers(text).map((answer) => answer.status), [200]);
});
