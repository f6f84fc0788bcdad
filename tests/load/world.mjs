// world.mjs: what cases share: requests as bytes, the generator, what it wrote down, and what the service and its database hold.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuBetween, cpuNow } from '../bench/cpu.mjs';
import { makeTokens, makeWorks } from '../bench/works.mjs';

export const NUMBER = '@'.repeat(16); // what the generator puts a request's number in the place of

/** A request as it is sent. headers: more of them, as pairs; body: a text or what is to be JSON. */
export function raw({ method = 'GET', path, token, body = '', headers = [] }) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return [
    `${method} ${path} HTTP/1.1`, 'Host: load', ...(token ? [`Authorization: Bearer ${token}`] : []),
    ...(text ? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`] : []), ...headers.map((pair) => pair.join(': ')), '', text,
  ].join('\r\n');
}

export const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
export const median = (values) => percentile([...values].sort((a, b) => a - b), 0.5);

/** What came of requests, of those with one of the statuses: how many, and milliseconds from when they were due. */
export function summary(records, fits = () => true) {
  const ms = records.filter(fits).map((record) => record.ms).sort((a, b) => a - b);
  return ms.length ? { n: ms.length, p50: percentile(ms, 0.5), p99: percentile(ms, 0.99), 'p99.9': percentile(ms, 0.999), max: ms.at(-1) } : { n: 0 };
}
export const tell = (s) => (s.n ? `${s.n}: p50 ${s.p50.toFixed(1)}, p99 ${s.p99.toFixed(1)}, p99.9 ${s['p99.9'].toFixed(1)}, max ${s.max.toFixed(1)} ms` : 'none');

/** How often each status came: 200, 503 or `no answer`, `late`, `not sent`. */
export function statuses(records) {
  const names = { 0: 'no answer', '-1': 'late', '-2': 'not sent' }, seen = {};
  for (const { status } of records) seen[names[status] ?? status] = (seen[names[status] ?? status] ?? 0) + 1;
  return seen;
}

const isFine = (status) => status >= 200 && status < 300;
export const allFine = (records) => records.length > 0 && records.every(({ status }) => isFine(status));

const readRecords = (path) => readFileSync(path, 'utf8').split('\n').filter(Boolean).map((line, number) => {
  const [due, sent, done, status, connection] = line.split('\t').map(Number);
  return { number, due, sent, done, status, connection, ms: (done - due) / 1000 };
});

/** Memory of a process in MB: its share of all (PSS), the stacks of its threads, and what else is its own. */
export function memory(pid) {
  const kB = (text, name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)[1]);
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  let stacks = 0;
  for (const map of readFileSync(`/proc/${pid}/smaps`, 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    if (/^Size:\s+2048 kB/m.test(map) && /rw-p 00000000 00:00 0\s*\n/.test(map)) stacks += kB(map, 'Pss'); // STACK_BYTES
  }
  return { pss: kB(rollup, 'Pss') / 1024, stacks: stacks / 1024, private: (kB(rollup, 'Private_Dirty') + kB(rollup, 'Private_Clean')) / 1024 };
}
export const tellMemory = ({ pss, stacks }) => `PSS ${pss.toFixed(1)} MB, ${stacks.toFixed(1)} of it stacks`;

export const descriptors = (pid) => readdirSync(`/proc/${pid}/fd`).length;
export const threads = (pid) => readdirSync(`/proc/${pid}/task`).length;

export async function gauges(adminUrl) {
  const text = await (await fetch(`${adminUrl}/metrics`)).text();
  return Object.fromEntries(text.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

/** Waits until nothing is at work or connected; false when that did not come in ms. */
export async function settles(adminUrl, ms = 20000) {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(50)) {
    const now = await gauges(adminUrl);
    if (!now.cpwg_requests_in_flight && !now.cpwg_connections && !now.cpwg_requests_waiting) return true;
  }
  return false;
}

export async function makeWorld(settings) {
  const tokens = makeTokens(settings.program, settings.config, 'none');
  const works = await makeWorks(settings.url, tokens);
  const psql = ['-XAtq', settings.database, '-v', 'ON_ERROR_STOP=1', '-F', '\t'];
  let files = 0;

  const bytesOf = (work) => works[work].map((request, i) => raw({
    method: request.method, path: request.ours, token: tokens[request.role]?.[Math.floor(i / 5) % tokens[request.role].length].ours, body: request.body,
  }));

  /** Starts the generator; started.records() waits for its end. */
  function start(requests, options = {}, port = settings.port) {
    const path = `${settings.dir}/load-${files += 1}`;
    writeFileSync(`${path}.requests`, requests.map((text) => `${Buffer.byteLength(text)}\n${text}`).join(''));
    const args = Object.entries(options).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, String(value)]));
    const child = spawn(settings.generator, [port, `${path}.requests`, `${path}.records`, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    const ended = once(child, 'close');
    return {
      async held() { while (!out.includes('held\n')) await sleep(5); },
      async records() {
        child.stdin.end();
        const [code] = await ended;
        if (code !== 0) throw new Error(`the generator ended with ${code}`);
        return { records: readRecords(`${path}.records`), ...JSON.parse(out.replace('held\n', '')) };
      },
    };
  }

  /** Runs the generator, and tells who used the processors meanwhile. */
  async function load(requests, options) {
    const trees = { postgres: settings.pids.postgres, server: settings.pids.ours }, from = cpuNow(trees);
    const result = await start(requests, options).records();
    const used = cpuBetween(from, cpuNow(trees)), share = (s) => `${Math.round(100 * s / used.at)} %`;
    const others = used.busy - used.trees.postgres - used.trees.server - result.cpu_s - used.self;
    const cpu = `CPU of a core: service ${share(used.trees.server)}, PostgreSQL ${share(used.trees.postgres)}, generator ${share(result.cpu_s)}, others ${share(Math.max(0, others))}`;
    return { ...result, cpu };
  }

  return {
    ...settings, tokens, works, bytesOf, start, load,
    sql: (text) => execFileSync('psql', [...psql, '-c', `set search_path = cpwg; ${text}`], { encoding: 'utf8' }).split('\n').filter(Boolean).map((row) => row.split('\t')),
    token: (role, ...options) => execFileSync(settings.program, ['token', role, '--config', settings.config, ...options], { encoding: 'utf8' }).trim(),
    /** What the service does a second at most: the best of 32, 64 and 128 connections that never wait. */
    async saturate(requests) {
      let best = { rate: 0 };
      for (const connections of [32, 64, 128]) {
        const { records, cpu } = await load(requests, { connections, seconds: Math.min(settings.seconds, 5) });
        if (!allFine(records)) throw new Error(`while it was looked for what the service can do: ${JSON.stringify(statuses(records))}`);
        const rate = records.length / ((Math.max(...[0, -1].map((i) => records.at(i).done)) - records[0].due) / 1e6);
        if (rate > best.rate) best = { rate, connections, p99: summary(records).p99, cpu };
      }
      return best;
    },
  };
}
