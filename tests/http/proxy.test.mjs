// proxy.test.mjs: the same requests through nginx. However nginx reads them, the server reads as many as nginx has passed on, and whoever
// comes next on the connection between them gets the answer to what they asked.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test, { after, before } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, refused, refusedOtherwise } from './ambiguous.mjs';
import { startProxy } from './proxy.mjs';
import { READ, answers, head, startServer, talk } from './wire.mjs';

let server, proxy;
before(async () => {
  server = await startServer({ CPWG_TRUSTED_PROXIES: '127.0.0.1' });
  proxy = await startProxy(server.url);
});
after(async () => {
  await proxy?.stop();
  assert.equal(await server?.stop(), 0);
});

const served = () => server.log().split('"event":"request"').length - 1;

/** Somebody else, whose answer must be theirs. */
async function victim() {
  const trace = randomBytes(16).toString('hex');
  const { text } = await talk(head(`GET ${READ}?limit=1`, `traceparent: 00-${trace}-${'b'.repeat(16)}-01`, 'Connection: close'), { url: proxy.url });
  const found = answers(text);
  assert.deepEqual(found.map((answer) => answer.status), [200]);
  assert.equal(found[0].headers.get('traceparent').split('-')[1], trace, "somebody else's answer");
}

/** nginx writes its log after the answer. */
async function assertCounted() {
  for (let tries = 0; tries < 40 && proxy.passed() !== served(); tries++) await sleep(25);
  assert.equal(served(), proxy.passed(), 'requests that the server answered, and those that nginx passed on');
}

const rows = [...Object.entries(refused), ...refusedOtherwise.map(([, name, bytes]) => [name, bytes]), ...answered.map(([, name, bytes]) => [name, bytes])];

for (const [name, bytes] of rows)
  test(`through nginx: ${name}`, async () => {
    const { text } = await talk(bytes, { url: proxy.url, idleMs: 300 });
    assert.doesNotMatch(text, /^HTTP\/1\.1 50[02]/m);
    await victim();
    await victim();
    await assertCounted();
  });
