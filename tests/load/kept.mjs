// kept.mjs: 1,000 kept connections are all served, within 60 MB.
import { setTimeout as sleep } from 'node:timers/promises';
import { allFine, memory, raw, statuses, summary, tell, tellMemory } from './world.mjs';

const CONNECTIONS = 1000, EACH = 5, PSS_MAX = 60, BODY_BYTES = 60000;

/** What each connection got. */
export function share(records) {
  const got = new Map();
  for (const { connection, status } of records) if (status >= 200 && status < 300) got.set(connection, (got.get(connection) ?? 0) + 1);
  return got;
}

const padded = (request, i, tokens) => raw({
  method: 'POST', path: '/v1/organizations', token: tokens.coordinator[i % 8].ours, body: JSON.stringify(request.body).padEnd(BODY_BYTES),
});

export async function run(world, { say, must }) {
  const pid = world.pids.ours, figures = { before: memory(pid) };
  const rounds = {
    'one record': world.bytesOf('get'), 'what is public': [raw({ path: '/v1/plan/1.1.4' })], 'a list of 50': world.bytesOf('list'),
    'a record made, durably': world.bytesOf('create'), 'a body of 60 kB': world.works.create.slice(0, 200).map((request, i) => padded(request, i, world.tokens)),
    'a list of 50 again': world.bytesOf('list'),
  };

  say(`before: ${tellMemory(figures.before)}`);
  for (const [name, requests] of Object.entries(rounds)) {
    const load = world.start(requests, { connections: CONNECTIONS, each: EACH, hold: true });
    let peak = { pss: 0 }, over = false;
    const watch = (async () => { for (; !over; await sleep(50)) { const now = memory(pid); if (now.pss > peak.pss) peak = now; } })();
    await load.held();
    over = true;
    await watch;
    await sleep(1000); // idle
    const idle = memory(pid), { records, connections } = await load.records(), got = share(records);
    figures[name] = { peak, idle, ...summary(records), statuses: statuses(records) };
    say(`${name}, ${EACH} times each: ${tell(summary(records))}\n  at work ${tellMemory(peak)}; then, all idle, ${tellMemory(idle)}`);
    must(allFine(records) && got.size === CONNECTIONS && [...got.values()].every((n) => n === EACH), `${name}: each of 1,000 connections gets all its answers: ${JSON.stringify(statuses(records))}, ${got.size} served`);
    must(connections === CONNECTIONS, `${name}: none is closed: ${connections} were made`);
    must(idle.pss <= PSS_MAX, `${name}: within ${PSS_MAX} MB: ${idle.pss.toFixed(1)}`);
  }
  return figures;
}
