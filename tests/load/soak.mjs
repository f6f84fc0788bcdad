// soak.mjs: everything at once, for long: no growth. What counts is the median of the run's last quarter against that of its second: the first
// makes what stays (connections, prepared statements, memory that is kept warm).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { NUMBER, descriptors, gauges, median, memory, raw, settles, statuses, summary, tell, threads } from './world.mjs';

const RATE = 150, SEGMENT_S = 30, SAMPLE_S = 5;
const BOUNDS = { pss: 1.05, private: 1.05, stacks: 1.1, descriptors: 1, threads: 1, backends: 1, backendsMemory: 1.1 };
const SLACK = { pss: 2, private: 2, stacks: 2, descriptors: 4, threads: 0, backends: 2, backendsMemory: 20 }; // in the same units

/** A client of the service's own, for token requests. */
async function client(world) {
  const answer = await fetch(`${world.url}/v1/api-clients`, {
    method: 'POST', headers: { authorization: `Bearer ${world.tokens.coordinator[0].ours}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Soak', role: 'partner', organization: world.partner, scopes: ['organizations:read'] }),
  });
  if (answer.status !== 201) throw new Error(`no client: ${answer.status} ${await answer.text()}`);
  const { id, client_secret: secret } = await answer.json();
  return Buffer.from(`${id}:${secret}`).toString('base64');
}

/** Requests of one segment, and the status that each must get; tokens are new each time. */
function segment(world, basic, n) {
  const coordinator = world.token('coordinator', '--subject', `soak-${n}`), auditor = world.token('auditor', '--subject', `soak-${n}`);
  const of = (name, token, every = 1, first = 0) => (i) => { // every, first: of those whose cursors were the role's
    const request = world.works[name][(i * every + first) % 4000];
    return { ...request, path: request.ours, token };
  };
  const key = { headers: [['Idempotency-Key', `soak-${n}-${NUMBER}`]] }, csv = { headers: [['Accept', 'text/csv']] };
  const kinds = [
    [30, 200, of('get', coordinator)], [12, 200, of('list', coordinator, 4)], [8, 200, of('complaints', auditor, 2, 1)], [4, 200, of('sums')],
    [8, 200, () => ({ path: '/v1/plan/1.1.4' })], [6, 201, of('create', coordinator)], [4, 201, (i) => ({ ...of('create', coordinator)(i), ...key })],
    [6, 201, of('file')], [1, 200, () => ({ path: '/v1/organizations?kind=health_provider', token: coordinator, ...csv })],
    [4, 401, () => ({ path: '/v1/organizations', token: `${coordinator.slice(0, -6)}broken` })], [4, 403, () => ({ ...of('create', auditor)(0) })],
    [4, 422, () => ({ method: 'POST', path: '/v1/organizations', token: coordinator, body: { kind: 'none' } })], [4, 404, () => ({ path: '/v1/nothing' })],
    [4, 400, () => ({ method: 'POST', path: '/v1/organizations', token: coordinator, body: '{"kind":' })],
    [1, 200, () => ({ method: 'POST', path: '/oauth/token', form: 'grant_type=client_credentials', headers: [['Authorization', `Basic ${basic}`]] })],
  ];
  const chosen = kinds.flatMap(([times, status, make]) => Array.from({ length: times * 10 }, (_, i) => ({ status, text: make(i * 7 + n) })));
  const mixed = chosen.map((one, i) => chosen[(i * 389) % chosen.length]); // 389 and the length (1,000) have no divisor in common
  return { requests: mixed.map(({ text: { form, ...request } }) => (form
    ? raw({ ...request, headers: [...request.headers, ['Content-Type', 'application/x-www-form-urlencoded'], ['Content-Length', form.length]] }) + form : raw(request))), expected: mixed.map(({ status }) => status) };
}

const children = (pid) => execFileSync('ps', ['--ppid', pid, '-o', 'pid=,cmd='], { encoding: 'utf8' }).split('\n').filter((line) => line.includes('cpwg_api')).map((line) => Number(line.trim().split(/\s+/)[0]));
const own = (pid) => { try { return Number(/^Private_Dirty:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) / 1024; } catch { return 0; } }; // it has ended

async function sample(world, began) {
  const pid = world.pids.ours, backends = children(world.pids.postgres);
  return { s: (Date.now() - began) / 1000, ...memory(pid), descriptors: descriptors(pid) - (await gauges(world.admin_url)).cpwg_connections, threads: threads(pid), backends: backends.length, backendsMemory: backends.reduce((sum, one) => sum + own(one), 0) };
}

export async function run(world, { say, must }) {
  const seconds = world.minutes * 60, began = Date.now(), samples = [], all = [], wrong = {}, basic = await client({ ...world, partner: world.works.get[4].ours.split('/').at(-1) });
  let over = false;

  await world.load(world.bytesOf('list'), { connections: 1000, each: 2 }); // each thread has served once: what it keeps from then on is no growth
  const watch = (async () => { for (; !over; await sleep(SAMPLE_S * 1000)) samples.push(await sample(world, began)); })();
  for (let n = 0; (Date.now() - began) / 1000 < seconds; n += 1) {
    const { requests, expected } = segment(world, basic, n);
    const { records, cpu } = await world.load(requests, { connections: 200, rate: RATE, seconds: Math.min(SEGMENT_S, seconds) });
    for (const record of records) {
      all.push({ ms: record.ms, status: record.status });
      const must_be = expected[record.number % expected.length];
      if (record.status !== must_be) wrong[`${record.status} for ${must_be}`] = (wrong[`${record.status} for ${must_be}`] ?? 0) + 1;
    }
    if (n % 10 === 0) say(`${((Date.now() - began) / 60000).toFixed(1)} min: ${JSON.stringify(samples.at(-1), (_, value) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value))}\n  ${cpu}`);
  }
  over = true;
  await watch;
  say(`${tell(summary(all))}; ${JSON.stringify(statuses(all))}`);
  must(Object.keys(wrong).length === 0, `each request gets its status: ${JSON.stringify(wrong)}`);
  const quarter = (i) => samples.slice(Math.floor((samples.length * (i - 1)) / 4), Math.floor((samples.length * i) / 4)), growth = {};
  for (const [name, bound] of Object.entries(BOUNDS)) {
    const [second, last] = [2, 4].map((i) => median(quarter(i).map((one) => one[name])));
    growth[name] = { second, last };
    say(`${name}: ${second.toFixed(1)} in the second quarter, ${last.toFixed(1)} in the last`);
    must(last <= second * bound + SLACK[name], `${name} does not grow: from ${second.toFixed(1)} to ${last.toFixed(1)}`);
  }
  must(await settles(world.admin_url), 'afterwards nothing is at work');
  return { growth, statuses: statuses(all), samples, ...summary(all) };
}
