// wire.mjs: raw sockets, answers taken apart strictly, and servers of a test's own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../lib/ports.mjs';

export const READ = process.env.CPWG_HTTP_READ ?? '/v1/vocabularies';
export const WRITE = process.env.CPWG_HTTP_WRITE ?? '/v1/organizations';
export const TOKEN = process.env.CPWG_TOKEN_COORDINATOR ?? 'good';
export const URL_OF_SERVER = process.env.CPWG_URL;

/** Sends pieces (strings, or numbers: milliseconds to wait) and gives what came until the server closed, or idleMs passed
 * without a byte after everything was sent. from: the address to call from, of this machine. */
export function talk(pieces, { url = URL_OF_SERVER, idleMs = 3000, end = false, from } = {}) {
  const { hostname, port } = new URL(url);
  const began = Date.now();
  return new Promise((resolve, reject) => {
    const chunks = [];
    let closed = false, idle, sent = false;
    const socket = net.connect({ port: Number(port), host: hostname, localAddress: from });
    const done = () => {
      clearTimeout(idle);
      socket.destroy();
      resolve({ text: Buffer.concat(chunks).toString('latin1'), closed, ms: Date.now() - began });
    };
    const rest = () => {
      clearTimeout(idle);
      if (sent) idle = setTimeout(done, idleMs);
    };
    socket.setNoDelay(true);
    socket.on('data', (chunk) => { chunks.push(chunk); rest(); });
    socket.on('end', () => { closed = true; done(); });
    socket.on('close', () => { closed = true; done(); });
    socket.on('error', (error) => (error.code === 'ECONNREFUSED' ? reject(error) : (closed = true)));
    socket.on('connect', async () => {
      for (const piece of [pieces].flat()) {
        if (closed) break;
        if (typeof piece === 'number') await sleep(piece);
        else socket.write(Buffer.from(piece, 'latin1'));
      }
      if (end && !closed) socket.end();
      sent = true;
      rest();
    });
  });
}

function unchunk(text) {
  let body = '', at = 0;
  for (;;) {
    const line = text.indexOf('\r\n', at);
    assert.notEqual(line, -1, 'a chunk without its size');
    const size = text.slice(at, line);
    assert.match(size, /^[0-9a-f]+$/);
    const n = parseInt(size, 16), data = line + 2;
    assert.equal(text.slice(data + n, data + n + 2), '\r\n', 'a chunk without its end');
    if (n === 0) return { body, rest: text.slice(data + 2) };
    body += text.slice(data, data + n);
    at = data + n + 2;
  }
}

/** Takes a stream of answers apart; methods says which requests they answer, since HEAD has no body. */
export function answers(text, methods = []) {
  const found = [];
  while (text) {
    const end = text.indexOf('\r\n\r\n');
    assert.notEqual(end, -1, `no end of head in: ${text.slice(0, 200)}`);
    const [start, ...lines] = text.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(start)?.[1]);
    assert.ok(status, `no status line: ${start}`);
    const headers = new Map();
    for (const line of lines) {
      const [, name, value] = /^([A-Za-z-]+): ([^\r\n]*)$/.exec(line) ?? assert.fail(`bad header: ${line}`);
      assert.ok(!headers.has(name.toLowerCase()), `twice: ${name}`);
      headers.set(name.toLowerCase(), value);
    }
    text = text.slice(end + 4);
    let body = '';
    const method = status === 100 ? '' : methods[found.filter((a) => a.status !== 100).length];
    if (status === 100 || status === 204 || status === 304 || method === 'HEAD') body = '';
    else if (headers.get('transfer-encoding') === 'chunked') ({ body, rest: text } = unchunk(text));
    else {
      const n = Number(headers.get('content-length') ?? text.length);
      assert.ok(text.length >= n, 'the body is shorter than its Content-Length');
      body = text.slice(0, n);
      text = text.slice(n);
    }
    found.push({ status, headers, body });
  }
  return found;
}

/** Asserts that an answer is a problem (RFC 9457) with one of these statuses. */
export function assertProblem(answer, statuses) {
  assert.ok([statuses].flat().includes(answer.status), `status ${answer.status}, expected ${statuses}: ${answer.body}`);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const problem = JSON.parse(Buffer.from(answer.body, 'latin1').toString('utf8'));
  assert.equal(problem.status, answer.status);
  assert.match(problem.type, /\/problems\/[a-z-]+$/);
  assert.match(problem.trace_id, /^[0-9a-f]{32}$/);
  assert.ok(problem.title && problem.detail);
  return problem;
}

export async function honest(url = URL_OF_SERVER) {
  const { text } = await talk(`GET ${READ} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, { url });
  const [answer, ...more] = answers(text);
  assert.equal(answer?.status, 200, 'the next honest request');
  assert.equal(more.length, 0);
}

/** The bytes get one problem with one of the statuses and the end of the connection, or only its end where status is null
 * among them; nothing behind the request is answered, and the next honest request is. */
export async function assertRefused(pieces, statuses, options = {}) {
  const { text, closed, ms } = await talk(pieces, options);
  const found = answers(text);
  assert.ok(closed, `the connection stayed open: ${text.slice(0, 300)}`);
  if (found.length || ![statuses].flat().includes(null)) {
    assert.equal(found.length, 1, `${found.length} answers: ${found.map((a) => a.status)}`);
    assertProblem(found[0], statuses);
    assert.equal(found[0].headers.get('connection'), 'close');
  }
  await honest(options.url);
  return { answer: found[0], ms };
}

export const head = (line, ...headers) => [`${line} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');

/** A POST to the operation that takes a body, with a token and a key of its own. */
export const post = (...headers) =>
  head(`POST ${WRITE}`, `Authorization: Bearer ${TOKEN}`, 'Content-Type: application/json',
    `Idempotency-Key: ${randomUUID()}`, ...headers);

/** A body that the service reads: it answers 201, or 422 where the contract wants more than an empty object. */
export const READ_BODY = [201, 422];

export function get(url) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => resolve({ status: answer.statusCode, body, headers: answer.headers }));
    }).on('error', reject);
  });
}

/** Starts a server with these settings (CPWG_LISTEN where its port must be known before); stop() ends it by SIGTERM and gives its exit code. */
export async function startServer(settings) {
  assert.ok(process.env.CPWG_BIN, 'CPWG_BIN names the program');
  const [port, adminPort] = freePorts(2), listen = settings.CPWG_LISTEN ?? `127.0.0.1:${port}`;
  const args = process.env.CPWG_CONFIG ? ['serve', '--config', process.env.CPWG_CONFIG] : ['serve'];
  const child = spawn(process.env.CPWG_BIN, args, {
    env: { ...process.env, CPWG_LISTEN: listen, CPWG_ADMIN_LISTEN: `127.0.0.1:${adminPort}`, ...settings },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  const exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
  const server = {
    url: `http://${listen}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    log: () => log,
    term: () => child.kill('SIGTERM'),
    exited,
    stop: () => (child.kill('SIGTERM'), exited),
  };
  for (let tries = 0; tries < 300; tries++) {
    const ready = await get(`${server.adminUrl}/readyz`).catch(() => null);
    if (ready?.status === 200) return server;
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the server did not become ready: ${log}`);
}
