// measure.mjs: runs the works on the service, on pgbench, Fastify, nginx or psql in turn, round after round, and reports the medians.
// Reads its settings as JSON from its argument; tests/bench/run makes them.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { cpuBetween, cpuNow } from './cpu.mjs';
import { makeLimit, whileLogging } from './limit.mjs';
import { pushes } from './push.mjs';
import { report } from './report.mjs';
import { makeRowsWorks } from './rows.mjs';
import { makeTokens, makeWorks, wrkFile } from './works.mjs';

const settings = JSON.parse(readFileSync(process.argv[2]));
const { dir, rounds, seconds, pids } = settings;
const WRK_SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url));
const USUAL = ['-n', '10']; // nice's way back from our priority
const HTTP_CONNECTIONS = 32, DB_CONNECTIONS = 8;
const SPAWNS = 15;
const WARM_S = 3; // until statements are prepared and Fastify's code is compiled
const OTHERS_MAX = 0.15; // cores; above that a sample is thrown away and taken again,
const TRIES_MAX = 4; // so often,
let spare_s = 60; // while there is time left for waiting and for trying again
let samples_left = 0;

// Microseconds for each request, and how many cores others used meanwhile.
function cost(used, requests, load_s, trees) {
  const own = trees.reduce((s, name) => s + used.trees[name], 0) + load_s;
  const charged = Object.values(used.trees).reduce((s, t) => s + t, 0) + load_s + used.self + used.interrupts;
  const us = (s) => s * 1e6 / requests;
  const parts = { ...Object.fromEntries(trees.map((name) => [name, us(used.trees[name])])), load: us(load_s), interrupts: us(used.interrupts) };
  return { us: us(own + used.interrupts), parts, others: Math.abs(used.busy - charged) / used.at + used.blur };
}

async function overHttp(work, server, run, lasting_s = seconds) {
  const url = settings.urls[server], file = server === 'nginx' ? 'ours' : server;
  const trees = { postgres: pids.postgres, server: pids[server] };
  const from = cpuNow(trees);
  const load = ['-t1', `-c${HTTP_CONNECTIONS}`, `-d${lasting_s}s`, '--latency', '-s', WRK_SCRIPT];
  const wrk = spawn('nice', [...USUAL, 'wrk', ...load, url, '--', `${dir}/${work}-${file}.requests`, run], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  wrk.stdout.on('data', (text) => { out += text; });
  const [status] = await once(wrk, 'close');
  const used = cpuBetween(from, cpuNow(trees));
  const result = status === 0 && JSON.parse(out.match(/^RESULT (.*)$/m)?.[1] ?? 'null');
  if (!result || result.failed > 0) throw new Error(`${work} on ${server}: ${result ? `${result.failed} requests failed` : out}`);
  return { ...cost(used, result.requests, used.children, ['postgres', 'server']), rps: result.requests / result.seconds, p99_ms: result.p99_ms, max_ms: result.max_ms };
}

// pgbench reports its progress every second. What lies before the first report is start and preparation, and is not counted; it is
// ended while it still runs, so that no backend of it ends between the looks at what they used.
async function onPgbench(work, way) {
  const load = ['-n', '-M', 'prepared', '-c', DB_CONNECTIONS, '-j', 2, '-P', 1, '-T', 3600].map(String);
  const pgbench = spawn('nice', [...USUAL, settings.pgbench, ...load, ...settings.scripts[work][way]],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...settings.pg_env, PGUSER: 'cpwg_api' } });
  const trees = { postgres: pids.postgres, load: pgbench.pid }, seen = [], other = [];
  for await (const line of createInterface(pgbench.stderr)) {
    const progress = line.match(/^progress: .*? s, ([\d.]+) tps, .* (\d+) failed/);
    if (!progress) other.push(line);
    else if (seen.push({ now: cpuNow(trees), tps: Number(progress[1]), failed: Number(progress[2]) }) === seconds + 1) pgbench.kill();
  }
  if (seen.length <= seconds || other.length || seen.some(({ failed }) => failed)) throw new Error(`${work} on pgbench:\n${other.join('\n')}`);
  let transactions = 0;
  for (let i = 1; i <= seconds; i += 1) transactions += seen[i].tps * (seen[i].now.at - seen[i - 1].now.at);
  const used = cpuBetween(seen[0].now, seen[seconds].now);
  return { ...cost(used, transactions, used.trees.load, ['postgres']), rps: transactions / used.at };
}

// What is told by a command that ends by itself, until the audit's chain, which the service alone has, has all that came of it.
async function byCommand(work, part, run) {
  const to = { dir, url: settings.urls.ours, token: tokens.police_source[0].ours, database: settings.plain_database };
  const { command, rows, check } = pushes[work][part](to, run);
  const trees = { postgres: pids.postgres, ...(part === 'ours' ? { server: pids.ours } : {}) };
  const from = cpuNow(trees), began = performance.now();
  const child = spawn('nice', [...USUAL, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (text) => { out += text; });
  const [status] = await once(child, 'close'), ended = performance.now();
  await sleep(50); // for its backend to end
  while (part === 'ours' && !(await lag_s() < (performance.now() - ended) / 1000)) await sleep(100);
  const used = cpuBetween(from, cpuNow(trees));
  if (status !== 0) throw new Error(`${work} by ${part} ends with ${status}: ${out}`);
  const times = check(out).sort((a, b) => a - b);
  return { ...cost(used, rows, used.children, Object.keys(trees)), rps: rows * 1000 / (ended - began),
    p99_ms: 1000 * times[Math.ceil(0.99 * times.length) - 1], max_ms: 1000 * times.at(-1) };
}

const lag_s = async () => Number((await (await fetch(`${settings.urls.admin}/metrics`)).text()).match(/^cpwg_audit_lag_seconds (.*)$/m)[1]);

const parts = {
  ours: (work, run, lasting_s) => (pushes[work] ? byCommand(work, 'ours', run) : overHttp(work, 'ours', run, lasting_s)),
  psql: (work, run) => byCommand(work, 'psql', run),
  pipelined: (work) => onPgbench(work, 'pipelined'),
  separate: (work) => onPgbench(work, 'separate'),
  fastify: (work, run, lasting_s) => overHttp(work, 'fastify', run, lasting_s),
  nginx: (work, run, lasting_s) => overHttp(work, 'nginx', run, lasting_s),
  many: (work, run, lasting_s) => overHttp(work, 'many', run, lasting_s),
};
function partsOf(work) {
  if (pushes[work]) return ['ours', 'psql'];
  if (work === 'sums') return ['ours', 'nginx'];
  if (works[work][0].many) return ['ours', 'many'];
  return works[work][0].fastify && work !== 'create-key' ? ['ours', 'pipelined', 'separate', 'fastify'] : ['ours', 'pipelined'];
}

// What anybody may read comes from memory: nginx gives the same bytes from files.
async function giveToNginx(requests) {
  for (const path of new Set(requests.map(({ ours }) => ours))) {
    writeFileSync(`${dir}/static/${new URL(path, settings.urls.ours).searchParams.get('by')}.json`, await (await fetch(settings.urls.ours + path)).text());
  }
}

// Milliseconds from the start of a service to its first answer out of the database.
async function spawnOnce() {
  const began = performance.now();
  const child = spawn(settings.program, ['serve', '--config', settings.config], { stdio: 'ignore',
    env: { ...process.env, CPWG_LISTEN: settings.spawn.listen, CPWG_ADMIN_LISTEN: settings.spawn.admin_listen } });
  for (;;) {
    const answer = await fetch(`http://${settings.spawn.listen}/v1/vocabularies`).catch(() => null);
    if (answer?.ok) break;
    if (performance.now() - began > 20000) throw new Error('the service that was spawned gives no answer');
    await sleep(1);
  }
  const took = performance.now() - began;
  child.kill();
  await once(child, 'exit');
  return took;
}

async function spawnOften(n) {
  const took = [];
  for (let i = 0; i < n; i += 1) took.push(await spawnOnce());
  return took;
}

// Waits for the others to be quiet.
async function quiet(until) {
  while (performance.now() < until) {
    const from = cpuNow({});
    await sleep(250);
    const used = cpuBetween(from, cpuNow({}));
    if (used.busy - used.self < OTHERS_MAX * used.at) return;
  }
}

// The quietest of several samples, the first that is quiet enough. A noisy place gets no more than thrice its share of the spare time.
async function sample(work, part, round) {
  const began = performance.now(), until = began + 3000 * spare_s / samples_left;
  let best, took;
  for (let tries = 1; ; tries += 1) {
    await quiet(until);
    const start = performance.now();
    const taken = await parts[part](work, `${work}-${round}-${tries}`);
    took = performance.now() - start;
    if (!best || taken.others < best.others) best = taken;
    if (best.others <= OTHERS_MAX || tries === TRIES_MAX || performance.now() + took > until) break;
  }
  spare_s = Math.max(0, spare_s - (performance.now() - began - took) / 1000);
  samples_left -= 1;
  return best;
}

// What autovacuum would do, between the samples. Plans that were made while a table was empty are made anew after it.
const tidy = () => execFileSync('psql', ['-XAtq', settings.database, '-c', 'vacuum (analyze, skip_locked)', '-c', 'checkpoint']);

async function measure(work, order) {
  const samples = Object.fromEntries(order.map((part) => [part, []]));
  for (let round = 0; round < rounds; round += 1) {
    tidy();
    for (let i = 0; i < order.length; i += 1) {
      const part = order[(i + round) % order.length];
      samples[part].push(await sample(work, part, round));
    }
    process.stderr.write(`${work}: round ${round + 1} of ${rounds}\n`);
  }
  return samples;
}

// The two servers must say the same: else one does not do the work of the other.
async function compare(work, request, tokens) {
  const answers = [];
  for (const server of ['ours', 'fastify']) {
    const headers = { Authorization: `Bearer ${tokens[request.role][0][server]}`, 'Content-Type': 'application/json' };
    const answer = await fetch(settings.urls[server] + request[server],
      { method: request.method, headers, body: request.body && JSON.stringify(request.body) });
    const { next, id, created_at, updated_at, ...rest } = await answer.json();
    const record = request.method === 'POST' ? rest : { ...rest, id, created_at, updated_at };
    answers.push({ status: answer.status, record: rest.data ? { data: rest.data, more: next !== null } : { ...record, next } });
  }
  if (answers[0].status >= 300 || !isDeepStrictEqual(answers[0], answers[1])) {
    throw new Error(`${work}: the servers answer differently: ${JSON.stringify(answers, null, 1)}`);
  }
}

try {
  os.setPriority(-10); // so that looks at what was used come in time; what is measured runs as usual
} catch {
  USUAL.length = 0; // not for everybody
  USUAL.push('-n', '0');
}
const tokens = makeTokens(settings.program, settings.config, settings.fastify_secret);
const names = settings.works.split(',');
const all = { ...await makeWorks(settings.urls.ours, tokens), ...(settings.rows ? await makeRowsWorks(names, settings.urls, tokens, settings.rows) : {}) };
const works = Object.fromEntries(names.filter((name) => !pushes[name]).map((name) => [name, all[name]]));
settings.scripts = {};
await whileLogging(settings.database, async () => {
  for (const [work, requests] of Object.entries(works).filter(([name]) => partsOf(name).includes('pipelined'))) settings.scripts[work] = await makeLimit(work, requests, { ...settings, url: settings.urls.ours, tokens });
});
for (const [work, requests] of Object.entries(works)) {
  for (const server of ['ours', 'fastify', 'many'].filter((one) => requests[0][one])) writeFileSync(`${dir}/${work}-${server}.requests`, `${wrkFile(requests, tokens, server)}\n`);
  if (partsOf(work).includes('fastify')) await compare(work, requests[0], tokens);
}
if (works.sums) await giveToNginx(works.sums);
const results = {};
samples_left = rounds * names.reduce((n, work) => n + partsOf(work).length, 0);
for (const work of names) {
  for (const part of ['ours', 'fastify', 'nginx', 'psql', 'many'].filter((one) => partsOf(work).includes(one))) await parts[part](work, `${work}-first`, WARM_S);
  results[work] = await measure(work, partsOf(work));
}
report(results, await spawnOften(SPAWNS), settings);
