// connection.test.mjs: connections kept, pipelined, crowded, abandoned, and the end of a server.
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { READ, READ_BODY, answers, assertProblem, get, head, honest, post, startServer, talk } from './wire.mjs';

const LAST = head(`GET ${READ}`, 'Connection: close');

test('pipelined requests are answered in order', async () => {
  const { text } = await talk(head(`GET ${READ}`) + head('GET /v1/nothing-here') + head(`HEAD ${READ}`) + post('Content-Length: 2') + '{}' + LAST);
  const statuses = answers(text, ['GET', 'GET', 'HEAD', 'POST', 'GET']).map((answer) => answer.status);
  assert.deepEqual([...statuses.slice(0, 3), statuses[4]], [200, 404, 200, 200]);
  assert.ok(READ_BODY.includes(statuses[3]));
});

const MIXED = head(`GET ${READ}`) + post('Content-Length: 2') + '[]' + head('GET /v1/nothing-here') + post('Transfer-Encoding: chunked') + '1\r\n[\r\n1\r\n]\r\n0\r\n\r\n';
const MIXED_STATUSES = [200, 422, 404, 422];

test('pipelined requests are the same wherever their bytes are parted', async () => {
  for (const size of [1, 2, 3, 7, 64]) {
    const pieces = (MIXED + LAST).match(new RegExp(`[^]{1,${size}}`, 'g'));
    const { text } = await talk(pieces.flatMap((piece) => [piece, 0]));
    assert.deepEqual(answers(text).map((answer) => answer.status), [...MIXED_STATUSES, 200], `in pieces of ${size}`);
  }
});

test('behind a bad request nothing is answered, before it all', async () => {
  for (const [bytes, status] of [
    [head(`GET ${READ}`, 'Host: b'), 400], [`GET ${READ} HTTP/1.1\nHost: a\n\n`, 400], ['\0', 400], [head(`BREW ${READ}`), 501], [post('Content-Length: 99999999'), 413],
    [post('Transfer-Encoding: chunked') + 'x\r\n', 400], [head(`GET ${READ}`, 'Content-Length: 5') + 'GET /', 400], [`PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`, 400],
  ])
    for (const end of [false, true]) {
      const { text, closed } = await talk(MIXED + bytes + MIXED + LAST, { end });
      assert.deepEqual(answers(text).map((answer) => answer.status), [...MIXED_STATUSES, status], JSON.stringify(bytes.slice(0, 60)));
      assert.ok(closed);
    }
  await honest();
});

test('an empty line between requests is ignored', async () => {
  const { text } = await talk(head(`GET ${READ}`) + '\r\n' + LAST);
  assert.deepEqual(answers(text).map((answer) => answer.status), [200, 200]);
});

test('the connection goes on after errors that read everything', async () => {
  const { text } = await talk([head('GET /v1/nothing-here'), 50, head(`DELETE ${READ}`), 50, head(`GET ${READ}?unknown=1`), 50, LAST]);
  const found = answers(text);
  assert.deepEqual(found.map((answer) => answer.status), [404, 405, 400, 200]);
  for (const answer of found.slice(0, 3)) assertProblem(answer, answer.status);
});

test('HTTP/1.0 closes, and is kept where it asks for it', async () => {
  const once = await talk(`GET ${READ} HTTP/1.0\r\nHost: a\r\n\r\n`);
  assert.ok(once.closed);
  assert.equal(answers(once.text)[0].headers.get('connection'), 'close');
  const twice = await talk(`GET ${READ} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n` + LAST);
  const found = answers(twice.text);
  assert.equal(found.length, 2);
  assert.equal(found[0].headers.get('connection'), 'keep-alive');
});

test('an upgrade is not made, and nothing behind it is read', async () => {
  const { text, closed } = await talk(head(`GET ${READ}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: YQ==') + LAST);
  const found = answers(text);
  assert.ok(closed);
  assert.deepEqual(found.map((answer) => answer.status), [200]);
  assert.equal(found[0].headers.get('connection'), 'close');
});

test('a client that leaves at any byte harms nobody', async () => {
  const bytes = post('Content-Length: 2') + '{}';
  const { hostname, port } = new URL(process.env.CPWG_URL);
  for (let n = 0; n <= bytes.length; n += 7)
    await new Promise((resolve) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(bytes.slice(0, n), () => { socket.resetAndDestroy(); resolve(); }));
      socket.on('error', resolve);
    });
  await honest();
});

test('when there are too many connections, others are told so', async () => {
  const server = await startServer({ CPWG_CONNECTIONS: '6', CPWG_KEEP_ALIVE_MS: '5000' });
  const { hostname, port } = new URL(server.url);
  const idle = Array.from({ length: 6 }, () => net.connect(Number(port), hostname).on('error', () => {}));
  await sleep(300);
  const { text, closed } = await talk(head(`GET ${READ}`), { url: server.url });
  const [answer] = answers(text);
  assertProblem(answer, 503);
  assert.equal(answer.headers.get('retry-after'), '1');
  assert.equal(answer.headers.get('connection'), 'close');
  assert.ok(closed);
  idle.forEach((socket) => socket.destroy());
  await sleep(300);
  await honest(server.url);
  assert.equal(await server.stop(), 0);
});

test('answers that nobody reads hold no place of those who are quick, and few are made', async () => {
  const server = await startServer({ CPWG_IN_FLIGHT_MAX: '4', CPWG_IN_FLIGHT_WAIT_MS: '500' });
  const { hostname, port } = new URL(server.url);
  const deaf = Array.from({ length: 8 }, () => net.connect(Number(port), hostname).on('error', () => {}).pause());
  try {
    for (const socket of deaf) socket.write(head('GET /openapi.json').repeat(100)); // more than the system takes for them
    await sleep(1000);
    for (let i = 0; i < 5; i++) await honest(server.url);
    assert.ok(server.log().split('"route":"/openapi.json"').length - 1 <= deaf.length, 'what nobody reads stays here');
  } finally {
    deaf.forEach((socket) => socket.destroy());
    assert.equal(await server.stop(), 0);
  }
});

test('a server that ends says so, answers what is at work, and exits with 0', async () => {
  const server = await startServer({ CPWG_SHUTDOWN_MS: '5000' });
  const slow = talk([post('Content-Length: 2', 'Connection: close') + '{', 800, '}'], { url: server.url });
  await sleep(200);
  server.term();
  await sleep(200);
  const ready = await get(`${server.adminUrl}/readyz`);
  const live = await get(`${server.adminUrl}/livez`);
  const refused = await talk(head(`GET ${READ}`), { url: server.url });
  assert.equal(ready.status, 503);
  assert.equal(live.status, 200);
  const [answer] = answers(refused.text);
  assertProblem(answer, 503);
  assert.equal(answer.headers.get('connection'), 'close');
  assert.ok(READ_BODY.includes(answers((await slow).text)[0].status));
  assert.equal(await server.exited, 0);
});

test('a taken port is told in one line', async () => {
  const { host } = new URL(process.env.CPWG_URL);
  await assert.rejects(startServer({ CPWG_LISTEN: host, CPWG_ADMIN_LISTEN: '127.0.0.1:1' }), /cannot listen on 127\.0\.0\.1/);
});
