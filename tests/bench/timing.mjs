// timing.mjs: sends pairs of requests in random order over one connection and compares answers and how long they took (see tests/bench/timing).
// Knows nothing of what the requests are.
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { control, makeWorld, pairs } from './timing_pairs.mjs';

const CROPS = [0.25, 0.5, 0.9], T_MAX = 4.5; // chosen before
const WARM = 1000; // of each class, not counted: statements are prepared, code is compiled
const settings = JSON.parse(readFileSync(process.argv[2]));

// One connection, one request at a time: what it answers, and after how many nanoseconds.
function connect(port) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '', began, done;
  socket.on('data', (part) => {
    const now = process.hrtime.bigint();
    text += part.latin1Slice();
    const head = text.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = /\r\nContent-Length: (\d+)\r\n/.exec(text);
    if (text.length < head + 4 + Number(length[1])) return;
    done({ text, ns: Number(now - began) });
  });
  socket.on('close', () => { throw new Error(`the server closed the connection: ${text}`); });
  return {
    ask: (bytes) => new Promise((resolve) => {
      text = '';
      done = resolve;
      began = process.hrtime.bigint();
      socket.write(bytes);
    }),
    end: () => socket.removeAllListeners('close').destroy(),
  };
}

// An answer without what differs each time.
const comparable = (text) => text.replace(/^(Date|traceparent): .*\r\n/gm, '').replace(/^(RateLimit: .*;)r=\d+;t=\d+/m, '$1').replace(/\b[ad][pb]p?;dur=[\d.]+/g, '');

async function sample(port, classes, samples) {
  const connection = connect(port), durations = [new Float64Array(samples), new Float64Array(samples)], answers = [new Map(), new Map()];
  const requests = classes.map((list) => list.map((one) => Buffer.from(one)));
  for (let i = -WARM; i < samples; i += 1) {
    const first = Math.random() < 0.5 ? 0 : 1;
    for (const which of [first, 1 - first]) {
      const { text, ns } = await connection.ask(requests[which][Math.floor(Math.random() * requests[which].length)]);
      const seen = comparable(text);
      answers[which].set(seen, (answers[which].get(seen) ?? 0) + 1);
      if (i >= 0) durations[which][i] = ns;
    }
  }
  connection.end();
  return { durations, answers };
}

function moments(values) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return { n: values.length, mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1) };
}

// Welch 1947, of what lies below each percentile of both classes together: where a machine is busy, the quickest answers tell most. The
// largest t, and the least difference that some percentile would have shown.
function compare(durations) {
  const both = Float64Array.from([...durations[0], ...durations[1]]).sort();
  const found = CROPS.map((crop) => {
    const [a, b] = durations.map((values) => moments(values.filter((x) => x <= both[Math.floor(crop * both.length)])));
    const error = Math.sqrt(a.variance / a.n + b.variance / b.n);
    return { crop, t: (b.mean - a.mean) / error, difference_ns: b.mean - a.mean, sharpness_ns: T_MAX * error };
  });
  return { ...found.reduce((most, one) => (Math.abs(one.t) > Math.abs(most.t) ? one : most)), sharpness_ns: Math.min(...found.map((one) => one.sharpness_ns)), crops: found };
}

const median = (values) => Float64Array.from(values).sort()[values.length >> 1];

// What differs between the answers of the classes; nothing where each gives the same one, always.
function difference([a, b]) {
  if (a.size === 1 && b.size === 1 && a.has([...b.keys()][0])) return null;
  const lines = [...b.keys()][0].split('\r\n'), others = [...a.keys()][0].split('\r\n');
  const at = lines.findIndex((line, i) => line !== others[i]);
  return at < 0 ? `${a.size} and ${b.size} different answers` : `"${others[at]}" and "${lines[at]}"`;
}

async function measure(name, [first, firstRequests, second, secondRequests]) {
  const { durations, answers } = await sample(settings.port, [firstRequests, secondRequests], settings.samples);
  const [status] = answers[0].keys().next().value.match(/\d{3}/);
  const result = { name, classes: [first, second], status: Number(status), samples: settings.samples, medians_us: durations.map((values) => median(values) / 1000),
    ...compare(durations), differ: difference(answers) };
  result.tells_time = [...answers[0].keys(), ...answers[1].keys()].some((text) => /^Server-Timing:/m.test(text));
  return result;
}

const faults = (r) => [...(r.differ ? [`answers differ: ${r.differ}`] : []), ...(Math.abs(r.t) < T_MAX ? [] : ['told apart by time']),
  ...(r.tells_time ? ['Server-Timing tells the time'] : [])];

function row(r, verdict) {
  const [a, b] = r.medians_us.map((us) => us.toFixed(1));
  console.log(`| ${[r.name, `${r.classes[0]} / ${r.classes[1]}`, r.status, `${a} / ${b}`, r.difference_ns.toFixed(0), r.sharpness_ns.toFixed(0), r.crop, r.t.toFixed(2), verdict].join(' | ')} |`);
}

const world = makeWorld(settings), results = [];
let failed = 0;
console.log('| pair | classes | status | medians, us | difference of cropped means, ns | seen from, ns | crop | t | verdict |\n|---|---|---|---|---|---|---|---|---|');
for (const name of settings.pairs ? settings.pairs.split(',') : Object.keys(pairs)) {
  const result = await measure(name, await pairs[name](world)), wrong = faults(result);
  failed += wrong.length > 0;
  results.push(result);
  row(result, wrong.join('; ') || 'the same');
}
const seen = await measure('control', control(world)), blind = !(Math.abs(seen.t) >= T_MAX && seen.differ);
row(seen, blind ? 'NOT SEEN: nothing was measured' : 'told apart, as it must be');
console.log(`\n${settings.samples} requests of each class; the largest Welch's t of what lies below the percentiles ${CROPS.join(', ')} of both; the same: less than ${T_MAX}.`);
if (settings.json) writeFileSync(settings.json, `${JSON.stringify({ date: new Date().toISOString(), crops: CROPS, t_max: T_MAX, results: [...results, seen] }, null, 1)}\n`);
process.exitCode = failed || blind ? 1 : 0;
