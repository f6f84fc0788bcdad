// overload.mjs: ten times what the service can do.
import { setTimeout as sleep } from 'node:timers/promises';
import { allFine, settles, statuses, summary, tell, tellMemory, memory } from './world.mjs';

const TIMES = 10, BELOW = 0.8, CLIENTS = 2000, RATIO_MAX = 2, EARLY_MS = 250;

const isOk = ({ status }) => status >= 200 && status < 300, isRefused = ({ status }) => status === 503;

async function overload(world, work, { say, must }) {
  const requests = world.bytesOf(work), { seconds } = world, most = await world.saturate(requests);
  say(`${work}: at most ${most.rate.toFixed(0)} requests/s, by ${most.connections} connections, p99 ${most.p99.toFixed(1)} ms\n  ${most.cpu}`);

  const below = await world.load(requests, { connections: CLIENTS, rate: BELOW * most.rate, seconds });
  say(`${work}: ${(100 * BELOW).toFixed(0)} % of that, in open loop: ${tell(summary(below.records, isOk))}\n  ${below.cpu}`);
  must(allFine(below.records), `${work}: below what it can do all is answered: ${JSON.stringify(statuses(below.records))}`);

  const over = await world.load(requests, { connections: CLIENTS, rate: TIMES * most.rate, seconds }), { records } = over;
  const accepted = summary(records, isOk), refused = summary(records, isRefused), sent = (records.at(-1).sent - records[0].sent) / 1e6;
  const ratio = accepted.p99 / Math.max(most.p99, summary(below.records, isOk).p99);
  say(`${work}: ${TIMES} times that (${records.length} requests in ${sent.toFixed(1)} s, ${over.connections} connections): ${JSON.stringify(statuses(records))}\n` +
    `  accepted ${tell(accepted)}, ${(accepted.n / sent / most.rate).toFixed(2)} of the most; p99 ${ratio.toFixed(2)} times that of below\n  refused ${tell(refused)}\n  ${over.cpu}; ${tellMemory(memory(world.pids.ours))}`);
  must(records.every((record) => isOk(record) || isRefused(record)), `${work}: each request is answered or refused: ${JSON.stringify(statuses(records))}`);
  must(ratio <= RATIO_MAX, `${work}: the p99 of what is accepted is ${ratio.toFixed(2)} times that of below`);
  must(refused.p99 <= EARLY_MS, `${work}: who is refused is told early: p99 ${refused.p99?.toFixed(1)} ms`);

  must(await settles(world.admin_url), `${work}: afterwards nothing is at work`);
  await sleep(1500);
  const after = await world.load(requests, { connections: 8, seconds: 2 });
  must(allFine(after.records), `${work}: afterwards all is answered: ${JSON.stringify(statuses(after.records))}`);
  return { most, below: summary(below.records, isOk), accepted, refused, ratio, statuses: statuses(records), cpu: over.cpu };
}

export async function run(world, tools) {
  const figures = {};
  for (const work of ['file', 'complaints']) figures[work] = await overload(world, work, tools);
  return figures;
}
