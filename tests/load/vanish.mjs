// vanish.mjs: clients that leave at every byte leave nothing behind.
import { randomUUID } from 'node:crypto';
import { creation, cutAtEachByte, leaveWhileReading, sendAgain } from './cuts.mjs';
import { descriptors, gauges, memory, raw, settles, tellMemory, threads } from './world.mjs';

const STREAM_CUTS = [1, 100, 1000, 20000, 100000, 1000000, 4000000], ROUNDS = 3, GROWTH_MAX_MB = 3;

async function round(world, prefix) {
  const { port } = world, token = world.tokens.coordinator[0].ours, made = [];
  for (const ways of [['FIN'], ['RST']]) {
    await cutAtEachByte(port, () => ({ text: raw({ path: '/v1/organizations?limit=50', token }) }), ways);
    for (const way of ['length', 'chunked']) made.push(...await cutAtEachByte(port, () => creation(token, way, prefix), ways));
    for (const bytes of STREAM_CUTS)
      for (const accept of ['text/csv', 'application/x-ndjson']) await leaveWhileReading(port, raw({ path: '/v1/organizations', token, headers: [['Accept', accept]] }), bytes, ways[0]);
  }
  return made;
}

/** What may not have grown. */
async function holdings(world) {
  const pid = world.pids.ours, now = await gauges(world.admin_url);
  return { descriptors: descriptors(pid), threads: threads(pid), inFlight: now.cpwg_requests_in_flight, waiting: now.cpwg_requests_waiting, connections: now.cpwg_connections,
    lent: ['requests', 'streams'].reduce((n, pool) => n + now[`cpwg_db_connections{pool="${pool}",state="in_use"}`], 0), ...memory(pid) };
}

export async function run(world, { say, must }) {
  const seen = [];
  for (let i = 0; i < ROUNDS; i += 1) { // the first makes what stays: connections to the database, what is kept warm
    const prefix = `cut ${randomUUID()}`, made = await round(world, prefix);
    must(await settles(world.admin_url), 'afterwards nothing is at work');
    const again = await sendAgain(world.port, made);
    must(Object.keys(again).join() === '201', `what was cut and is sent again under its key is made, once: ${JSON.stringify(again)}`);
    const stored = world.sql(`select count(*), count(distinct name) from organization where name like '${prefix} %'`)[0].map(Number);
    must(stored[0] === made.length && stored[1] === made.length, `each of ${made.length} is stored once: ${stored}`);
    await settles(world.admin_url);
    seen.push(await holdings(world));
    say(`${made.length} creations cut: sent again ${JSON.stringify(again)}; ${seen.at(-1).descriptors} descriptors, ${seen.at(-1).threads} threads, ${tellMemory(seen.at(-1))}`);
  }
  const [, before] = seen, after = seen.at(-1), open = world.sql("select count(*) from pg_stat_activity where usename = 'cpwg_api' and state not in ('idle')")[0][0];
  must(after.descriptors === before.descriptors && after.threads === before.threads, `descriptors and threads are as before: ${JSON.stringify([before, after])}`);
  must(!after.inFlight && !after.waiting && !after.connections && !after.lent, `nothing is at work, connected or lent: ${JSON.stringify(after)}`);
  must(open === '0', `no transaction is left open: ${open}`);
  must(after.pss - before.pss <= GROWTH_MAX_MB, `memory is as before: ${(after.pss - before.pss).toFixed(1)} MB more`);
  return { seen };
}
