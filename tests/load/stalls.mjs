// stalls.mjs: what the longest of many requests waited for. Ten runs of gets, lists and creates at 60 % of what the service can do; each request that
// took longer than 100 ms is looked up in the service's log, PostgreSQL's, and what threads that only sleep, or only write, saw of the machine.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { NUMBER, allFine, percentile, raw, statuses, summary, tell } from './world.mjs';

const RUNS = 10, SHARE = 0.6, CONNECTIONS = 200, LONG_MS = 100, LATE_MS = 5, TOLD = 20;

/** Gets, lists and creates in turn, each with a trace of its own: half of it the run's, half its number. */
function mixed(world, run) {
  const { get, list, create } = world.works, works = [get, list, get, create];
  return Array.from({ length: 4000 }, (_, i) => {
    const request = works[i % 4][i >> 2], of = world.tokens[request.role];
    return raw({ method: request.method, path: request.ours, token: of[i % of.length].ours, body: request.body, headers: [['traceparent', `00-${run}${NUMBER}-00f067aa0ba902b7-01`]] });
  });
}

/** Notes when the machine woke a sleeping thread late, or its disk took long: {from, to} in microseconds of the same clock as the records. */
function listenToPulse({ pulse, dir }) {
  const child = spawn(pulse, [String(LATE_MS), `${dir}/pulse`], { stdio: ['pipe', 'pipe', 'inherit'] }), late = { sleep: [], disk: [] };
  createInterface(child.stdout).on('line', (line) => { const [what, from, to] = line.split('\t'); late[what].push({ from: Number(from), to: Number(to) }); });
  return { late, stop: () => child.stdin.end() };
}

const appended = (path, from) => readFileSync(path).subarray(from).toString('utf8');

/** What the service wrote of a run's requests, by number. */
function logged(text, run) {
  const lines = new Map();
  for (const line of text.split('\n')) {
    const at = line.indexOf(`"trace_id":"${run}`);
    if (at >= 0) lines.set(parseInt(line.slice(at + 12 + 1 + 16, at + 12 + 1 + 32), 16), JSON.parse(line));
  }
  return lines;
}

/** PostgreSQL's lines that tell of a wait or of work in the background, between two times. */
function waitsBetween(text, from, to) {
  return text.split('\n').filter((line) => /still waiting|acquired|checkpoint|automatic (vacuum|analyze)/.test(line)).filter((line) => {
    const at = Date.parse(line.slice(0, 23).replace(' ', 'T') + 'Z');
    return at >= from - 1000 && at <= to + 1000;
  }).map((line) => line.slice(24, 150));
}

/** Who had most of a long request's time: the machine, its disk, PostgreSQL's autovacuum (if its log tells of any at that time), the generator, PostgreSQL,
 * the service at work, or what lies before it (the socket, a thread's wake-up). The first that fits. */
function explain(record, line, late, postgres, offset) {
  const meanwhile = (times) => times.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, record.done) - Math.max(from, record.due)), 0) / 1000;
  const waits = waitsBetween(postgres, (record.due + offset) / 1000, (record.done + offset) / 1000);
  const parts = { machine: meanwhile(late.sleep), disk: meanwhile(late.disk), unsent: (record.sent - record.due) / 1000, database: line?.db_ms, service: line?.duration_ms };
  const causes = [['the machine', parts.machine], ['the disk', parts.disk], ['autovacuum', waits.some((wait) => wait.includes('automatic')) && record.ms],
    ['the generator', parts.unsent], ['the database', parts.database], ['the service', parts.service], ['before the service', record.ms]];
  const [cause] = causes.find(([, ms]) => ms >= record.ms / 2);
  return { ms: record.ms, ...parts, operation: line?.operation, cause, postgres: waits };
}

function lateness(times) {
  const late = times.map(({ from, to }) => (to - from) / 1000).sort((a, b) => a - b);
  return { times: late.length, max: late.at(-1) ?? 0, p50: percentile(late, 0.5) ?? 0 };
}

async function once(world, i, rate) {
  const run = randomBytes(8).toString('hex'), pulse = listenToPulse(world);
  const [ours, theirs] = [world.log, world.postgres_log].map((path) => statSync(path).size);
  const offset = Date.now() * 1000 - Number(process.hrtime.bigint() / 1000n); // from the records' clock to that of logs
  const { records, cpu } = await world.load(mixed(world, run), { connections: CONNECTIONS, rate, seconds: world.seconds });
  pulse.stop();
  await sleep(200);
  const long = records.filter(({ ms }) => ms > LONG_MS).sort((a, b) => b.ms - a.ms), lines = long.length ? logged(appended(world.log, ours), run) : new Map();
  const explained = long.map((record) => explain(record, lines.get(record.number), pulse.late, long.length ? appended(world.postgres_log, theirs) : '', offset));
  return { ...summary(records), statuses: statuses(records), fine: allFine(records), cpu, explained, machine: lateness(pulse.late.sleep), disk: lateness(pulse.late.disk) };
}

export async function run(world, { say, must }) {
  const most = await world.saturate(mixed(world, randomBytes(8).toString('hex'))), runs = [];
  say(`gets, lists, creates: at most ${most.rate.toFixed(0)} requests/s\n  ${most.cpu}`);
  for (let i = 0; i < RUNS; i += 1) {
    const one = await once(world, i, SHARE * most.rate);
    runs.push(one);
    say(`run ${i + 1}: ${tell(one)}; over ${LONG_MS} ms: ${one.explained.length}; a sleeping thread woke over ${LATE_MS} ms late ${one.machine.times} times, at most ${one.machine.max.toFixed(1)} ms, the disk took over ${LATE_MS} ms ${one.disk.times} times, at most ${one.disk.max.toFixed(1)} ms\n  ${one.cpu}`);
    must(one.fine, `run ${i + 1}: all is answered: ${JSON.stringify(one.statuses)}`);
  }
  const all = runs.flatMap((one) => one.explained).sort((a, b) => b.ms - a.ms), causes = {};
  for (const { cause } of all) causes[cause] = (causes[cause] ?? 0) + 1;
  say(`p99.9 from ${Math.min(...runs.map((one) => one['p99.9'])).toFixed(1)} to ${Math.max(...runs.map((one) => one['p99.9'])).toFixed(1)} ms, maximum ${Math.max(...runs.map((one) => one.max)).toFixed(1)} ms; over ${LONG_MS} ms, by cause: ${JSON.stringify(causes)}`);
  for (const one of all.slice(0, TOLD)) say(`  ${JSON.stringify(one)}`);
  const ours = all.filter(({ cause }) => cause === 'the service' || cause === 'before the service');
  must(ours.length === 0, `no request waits over ${LONG_MS} ms for what is ours: ${ours.length} do`);
  return { most, causes, runs: runs.map(({ explained, ...one }) => ({ ...one, longest: explained.slice(0, TOLD) })) };
}
