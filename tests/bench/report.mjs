// report.mjs: medians and ranges as a Markdown table, and everything as JSON. Knows nothing of how samples are taken.
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

const titles = {
  get: 'get one by id', list: 'list of 50, filter and cursor', create: 'create, durable', 'create-key': 'create with Idempotency-Key',
  file: 'file a complaint, two complainants, durable', complaints: 'list 50 of 100,000 complaints, filter and cursor', sums: 'public sums of 100,000 complaints, against nginx',
  'push-new': 'push new police records, a row, against staging and upsert in psql',
  'push-same': 'push unchanged police records, a row, against \\copy into a plain table',
  'rows-get': 'get a complaint', 'rows-page': 'page of 50 complaints, from the start to the middle', 'rows-state': 'page of 50 complaints of a state',
  'rows-neighborhood': 'page of 50 complaints of a neighborhood', 'rows-category': 'page of 50 complaints of a category',
  'rows-open': 'page of 50 complaints that were just received', 'rows-overdue': 'page of 50 complaints that are overdue',
  'rows-received': 'page of 50 complaints of three weeks', 'rows-count': 'page of 50 complaints with their number, which stops at 10,000', 'rows-count-state': 'page of 50 complaints of a state, with their number',
};

function median(numbers) {
  const sorted = numbers.toSorted ? numbers.toSorted((a, b) => a - b) : [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const summary = (numbers) => ({ median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) });
const middle = (samples, field) => median(samples.map((sample) => sample[field]));

// Of what was taken in the same round.
const ratios = (above, below) => summary(above.map((sample, i) => sample.us / below[i].us));

function summarise({ ours, pipelined, nginx, psql, many, separate, fastify }) {
  const limit = pipelined ?? nginx ?? psql ?? many;
  return {
    ours_us: middle(ours, 'us'),
    ours_parts: Object.fromEntries(Object.keys(ours[0].parts).map((name) => [name, median(ours.map(({ parts }) => parts[name]))])),
    limit_us: middle(limit, 'us'),
    limit_parts: Object.fromEntries(Object.keys(limit[0].parts).map((name) => [name, median(limit.map(({ parts }) => parts[name]))])),
    ratio: ratios(limit, ours),
    separate_us: separate && middle(separate, 'us'),
    separate_ratio: separate && ratios(separate, ours),
    fastify_us: fastify && middle(fastify, 'us'),
    times_fastify: fastify && ratios(fastify, ours),
    rps: middle(ours, 'rps'),
    limit_rps: middle(limit, 'rps'),
    fastify_rps: fastify && middle(fastify, 'rps'),
    p99_ms: middle(ours, 'p99_ms'),
    max_ms: Math.max(...ours.map(({ max_ms: ms }) => ms)),
    fastify_p99_ms: fastify && middle(fastify, 'p99_ms'),
  };
}

const whole = (number) => (number === undefined ? '-' : number.toFixed(number < 10 ? 1 : 0));
const fixed = (number, digits) => (number === undefined ? '-' : number.toFixed(digits));
const range = ({ median: m, least, most } = {}, digits = 2) => (m === undefined ? '-' : `${fixed(m, digits)} (${fixed(least, digits)}-${fixed(most, digits)})`);

function table(summaries) {
  return [
    '| work | ours, us | limit, us | ratio (range) | pgbench, a trip each, us | ratio (range) | Fastify, us | x Fastify (range) | requests (rows)/s | p99, ms |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...Object.entries(summaries).map(([work, s]) => `| ${[titles[work], whole(s.ours_us), whole(s.limit_us), range(s.ratio), whole(s.separate_us), range(s.separate_ratio),
      whole(s.fastify_us), range(s.times_fastify, 1), whole(s.rps), fixed(s.p99_ms, 1)].join(' | ')} |`),
  ].join('\n');
}

export function report(results, spawned, { rounds, seconds, json, rows: many, postgres_version: postgres }) {
  const works = Object.fromEntries(Object.entries(results).map(([work, samples]) => [work, summarise(samples)]));
  const all = Object.values(results).flatMap((samples) => Object.values(samples).flat());
  const noisy = all.filter(({ others }) => others > 0.15).length;
  const cpu = readFileSync('/proc/cpuinfo', 'utf8').match(/^model name\s*: (.*)$/m)?.[1] ?? os.arch();
  const machine = { cpu, cores: os.availableParallelism?.() ?? os.cpus().length, kernel: os.release(), postgres };
  console.log(`${table(works)}\n`);
  console.log(`CPU microseconds a request (PostgreSQL, server, load generator and interrupts), medians of ${rounds} rounds of ${seconds} s; ` +
    `ratio: the limit, which is pgbench (the same statements, prepared, one round trip) where nothing else is said, to ours. ${machine.cores} cores (${cpu}), ${postgres}, fsync on.`);
  if (many) console.log(`Ratios of rows-*: how much more it costs in a database of ${many} complaints (limit) than in one of 100,000 (ours).`);
  for (const [work, s] of Object.entries(works)) {
    const parts = (of) => Object.entries(of).map(([name, us]) => `${name} ${whole(us)}`).join(', ');
    console.log(`  ${work}: ours: ${parts(s.ours_parts)}; limit: ${parts(s.limit_parts)}, ${whole(s.limit_rps)}/s; longest answer ${fixed(s.max_ms, 0)} ms`);
  }
  console.log(`  spawn to the first answer out of the database: median ${fixed(median(spawned), 0)} ms (${fixed(Math.min(...spawned), 0)}-${fixed(Math.max(...spawned), 0)}) of ${spawned.length}`);
  if (noisy) console.log(`NOISY: in ${noisy} of ${all.length} samples others used more than 0.15 core (median ${fixed(median(all.map(({ others }) => others)), 2)}).`);
  if (json) writeFileSync(json, `${JSON.stringify({ date: new Date().toISOString(), machine, rounds, seconds, many, noisy, works, spawn_ms: spawned, samples: results }, null, 1)}\n`);
}
