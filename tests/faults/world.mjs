// world.mjs: servers of a test's own, the clusters under them, callers, and the ledger of what was acknowledged.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../lib/ports.mjs';

/** clusterOf('a')('stop', 'fast'): see tests/faults/cluster. */
export const clusterOf = (name) => (...command) =>
  execFileSync(new URL('cluster', import.meta.url).pathname, command, { env: { ...process.env, FAULTS_CLUSTER: name }, stdio: ['ignore', 'ignore', 'inherit'] });
export const cluster = clusterOf('pg');
export const socketOf = (name) => readFileSync(`${process.env.FAULTS_DIR}/${name}.socket`, 'utf8').trim();

export const DATABASE = `host=${socketOf('pg')} dbname=faults`;
export const ORGANIZATIONS = '/v1/organizations';
const psql = (name) => ['-XqAt', '-v', 'ON_ERROR_STOP=1', `host=${socketOf(name)} dbname=faults user=postgres options=-csearch_path=cpwg`];

/** Rows of a query, as the superuser, as arrays of texts. */
export const sql = (text, name = 'pg') => execFileSync('psql', [...psql(name), '-F', '\t', '-c', text], { encoding: 'utf8' }).split('\n').filter(Boolean).map((row) => row.split('\t'));

/** A session of the superuser's; run() gives a statement's rows as text. Ending it rolls back. */
export function session() {
  const child = spawn('psql', [...psql('pg'), '-f', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  let text = '', waiting;
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part;
    if (waiting && text.endsWith('=done=\n')) waiting(text.slice(0, -'=done=\n'.length).trim());
  });
  return {
    run: (statement) => new Promise((resolve) => {
      text = '';
      waiting = resolve;
      child.stdin.write(`${statement};\n\\echo =done=\n`);
    }),
    end: () => (child.stdin.end(), ended),
  };
}

/** Locks an organization's row: what would change it waits until end(). */
export async function lock(id) {
  const holder = session();
  await holder.run(`begin; select from organization where id = '${id}' for update`);
  return holder;
}

const running = new Set();
const killAll = () => running.forEach((child) => child.kill('SIGKILL'));
after(() => {
  killAll(); // those of tests that failed
  setTimeout(() => process.exit(1), 5000).unref(); // and what they left going
});
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** Starts the program, or that one, which may be a list with arguments before these; waits for nothing. */
export function run(args, env = {}, program = process.env.CPWG_BIN) {
  const [command, ...before] = [program].flat(), child = spawn(command, [...before, ...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  running.add(child);
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err += text));
  const exited = new Promise((resolve) => child.on('close', (code, signal) => (running.delete(child), resolve(code ?? signal))));
  return { child, said, exited };
}

/** Starts a server with these settings (CPWG_...) on ports of its own, or on those given; waits for nothing. */
export async function serve(settings = {}, ports, program) {
  const [port, adminPort] = ports ?? freePorts(2);
  const { child, said, exited } = run(['serve', '--config', process.env.CPWG_CONFIG], {
    CPWG_DATABASE: `${DATABASE} user=cpwg_api`, CPWG_LISTEN: `127.0.0.1:${port}`, CPWG_ADMIN_LISTEN: `127.0.0.1:${adminPort}`, ...settings,
  }, program);
  return {
    pid: child.pid, ports: [port, adminPort], url: `http://127.0.0.1:${port}`, adminUrl: `http://127.0.0.1:${adminPort}`, exited,
    log: () => said.err,
    signal: (name) => child.kill(name),
    stop: () => (child.kill('SIGTERM'), exited),
  };
}

/** Starts a server and waits until it is ready. */
export async function serveReady(settings, ports) {
  const server = await serve(settings, ports);
  await becomesReady(server);
  return server;
}

/** One request, its body JSON or, as a text, anything; rejects when the connection ends before the whole answer came (error.begun: in the
 * midst of it; error.trace: what the log calls it). */
export function ask(server, { method = 'GET', path = ORGANIZATIONS, body, headers = {}, agent = false, admin = false, token = true } = {}) {
  const began = Date.now(), trace = randomBytes(16).toString('hex');
  return new Promise((resolve, reject) => {
    const fail = (more) => (error) => reject(Object.assign(error, { trace }, more));
    const request = http.request((admin ? server.adminUrl : server.url) + path, {
      method, agent,
      headers: {
        traceparent: `00-${trace}-00f067aa0ba902b7-01`,
        ...(token && !admin ? { authorization: `Bearer ${process.env.CPWG_TOKEN_COORDINATOR}` } : {}),
        ...(typeof body === 'object' ? { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' } : {}), ...headers,
      },
    }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part) => (text += part));
      answer.on('error', fail({ begun: true }));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text, ms: Date.now() - began }));
    });
    request.on('error', fail());
    request.setTimeout(30000, () => request.destroy(new Error('no answer in 30 s')));
    request.end(typeof body === 'object' ? JSON.stringify(body) : body);
  });
}

export const page = (server, path) => ask(server, { admin: true, path });
export const readiness = async (server) => (await page(server, '/readyz')).status;

/** Waits until that holds; fails with what after so many milliseconds. Gives how long it took. */
export async function until(what, ms, holds) {
  const began = Date.now();
  while (!(await holds())) {
    if (Date.now() - began > ms) assert.fail(`not within ${ms} ms: ${what}`);
    await sleep(20);
  }
  return Date.now() - began;
}

export const becomesReady = (server, ms = 60000) =>
  until(`ready; it said ${server.log().slice(-500)}`, ms, async () => (await readiness(server).catch(() => 0)) === 200);

/** What 503 is called in its problem. */
export const UNAVAILABLE = ['database-unavailable', 'outcome-unknown', 'database-timeout', 'overloaded', 'stopping'];

/** The answer of a service that cannot now: 503, a problem, when to try again. */
export function assertUnavailable(answer, slugs) {
  assert.equal(answer.status, 503, answer.body);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.match(answer.headers['retry-after'], /^[1-9]\d*$/);
  const slug = JSON.parse(answer.body).type.replace('/problems/', '');
  assert.ok([slugs].flat().includes(slug), `${slug}, expected ${slugs}`);
}

export async function createOrganization(server, members = {}) {
  const answer = await ask(server, { method: 'POST', body: { kind: 'other', name: `fault ${randomUUID()}`, ...members } });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body).id;
}

export const change = (server, id, members, more = {}) =>
  ask(server, { method: 'PATCH', path: `${ORGANIZATIONS}/${id}`, body: members, headers: { 'if-match': '*' }, ...more });

/** Waits until n backends of the service wait for a lock. */
export const lockedOut = (n) => until(`${n} backends wait for a lock`, 5000, async () =>
  Number(sql("select count(*) from pg_stat_activity where usename = 'cpwg_api' and wait_event_type = 'Lock'")[0][0]) >= n);

/** Rows of the audit that are not in its chain. */
export const unchained = (name) => Number(sql('select count(*) from audit a where not exists (select from audit_chain c where c.audit_id = a.id)', name)[0][0]);
export const allChained = (ms = 60000, name = 'pg') => until('all is chained', ms, async () => unchained(name) === 0);

/** cpwg audit verify. */
export async function verify(more = [], database = DATABASE) {
  const { said, exited } = run(['audit', 'verify', '--config', process.env.CPWG_CONFIG, ...more], { CPWG_DATABASE: `${database} user=cpwg_api` });
  return { status: await exited, out: said.out.trim(), err: said.err };
}

/** The chain is whole; gives the rows that are in it, those that wait, its head. */
export async function verified(more, database) {
  const { status, out, err } = await verify(more, database);
  assert.equal(status, 0, out + err);
  return /^ok: (\d+) rows chained, (\d+) waiting, head (\d+:[0-9a-f]{64})$/.exec(out).slice(1);
}

/** Writers that create organizations, each under a key that stays the same until the service acknowledges it. done: how many each has
 * had acknowledged. stop() ends them and compares what they were told with what is stored. */
export function writers(server, n) {
  const prefix = `ledger ${randomUUID()}`, ledger = new Map(), seen = new Map(), lost = [], done = Array(n).fill(0), agent = new http.Agent({ keepAlive: true });
  const longest = { ms: 0 };
  let stopping = false;

  async function write(name) {
    const headers = { 'idempotency-key': randomUUID() };
    for (const deadline = Date.now() + 60000; Date.now() < deadline; await sleep(10)) {
      const answer = await ask(server, { method: 'POST', body: { kind: 'other', name }, headers, agent }).catch((error) => ({ status: error.code, error }));
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.error) lost.push(answer.error);
      longest.ms = Math.max(longest.ms, answer.ms ?? 0);
      if (answer.status === 201) return ledger.set(name, JSON.parse(answer.body).id);
      if (answer.status === 503) assertUnavailable(answer, UNAVAILABLE);
      else if (answer.status === 409) assert.match(answer.body, /request-in-progress/);
      else if (!answer.error) assert.fail(`${answer.status} ${answer.body}`);
    }
    assert.fail(`${name} was not acknowledged in 60 s: ${JSON.stringify([...seen])}`);
  }
  const loops = Array.from({ length: n }, async (_, worker) => {
    for (; !stopping; done[worker]++) await write(`${prefix} ${worker}.${done[worker]}`);
  });
  return {
    seen, lost, done, longest,
    async stop(name) {
      stopping = true;
      await Promise.all(loops);
      agent.destroy();
      const stored = sql(`select name, id from organization where name like '${prefix}%'`, name);
      assert.deepEqual(stored.sort(), [...ledger].sort(), 'what is stored is what was acknowledged, each once');
      return ledger.size;
    },
  };
}
