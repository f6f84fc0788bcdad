// slow.mjs: an honest client beside 300 that drip their heads, or their bodies.
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { allFine, raw, statuses, summary, tell } from './world.mjs';

const CLIENTS = 300, DRIP_MS = 500, RATIO_MAX = 2;

/** Clients that send `begin` and then a byte from time to time, again and again. stop() ends them; answers: what they were told. */
export function slowClients(port, n, begin, drip) {
  const answers = {};
  let stopped = false;
  async function one(i) {
    await sleep((i * DRIP_MS) / n);
    while (!stopped) {
      const socket = net.connect(port, '127.0.0.1');
      let text = '', open = true;
      socket.setNoDelay(true).on('error', () => {}).on('close', () => { open = false; }).on('data', (part) => { text += part; });
      socket.write(begin(i));
      while (open && !stopped) {
        await sleep(DRIP_MS);
        if (open) socket.write(drip);
      }
      socket.destroy();
      if (!stopped) answers[text.slice(9, 12) || 'none'] = (answers[text.slice(9, 12) || 'none'] ?? 0) + 1;
    }
  }
  const all = Promise.all(Array.from({ length: n }, (_, i) => one(i)));
  return { answers, stop: () => { stopped = true; return all; } };
}

export const slowHead = (token) => () => `GET /v1/organizations HTTP/1.1\r\nHost: load\r\nAuthorization: Bearer ${token}\r\nX-Slow: `;
export const slowBody = (token) => () => raw({ method: 'POST', path: '/v1/organizations', token, headers: [['Content-Type', 'application/json'], ['Content-Length', '1000']] });

export async function run(world, { say, must }) {
  const token = world.tokens.coordinator[0].ours, honest = { connections: 4, pause: 2, seconds: world.seconds }, figures = {};
  const crowds = { alone: null, 'with 300 slow heads': slowHead(token), 'with 300 slow bodies': slowBody(token), 'alone again': null };

  await world.load(world.bytesOf('get'), { connections: 4, seconds: 2 }); // until statements are prepared
  for (const [name, begin] of Object.entries(crowds)) {
    const slow = begin && slowClients(world.port, CLIENTS, begin, 'y');
    await sleep(begin ? 2000 : 0);
    const { records, cpu } = await world.load(world.bytesOf('get'), honest);
    await slow?.stop();
    figures[name] = { ...summary(records), told: slow?.answers };
    say(`${name}: ${tell(summary(records))}${slow ? `; the slow ones were told ${JSON.stringify(slow.answers)}` : ''}\n  ${cpu}`);
    must(allFine(records), `${name}: the honest client is served: ${JSON.stringify(statuses(records))}`);
  }
  const alone = Math.max(figures.alone.p99, figures['alone again'].p99);
  for (const name of Object.keys(crowds).filter((one) => crowds[one])) {
    figures[name].ratio = figures[name].p99 / alone;
    say(`p99 ${name}: ${figures[name].ratio.toFixed(2)} times as long as alone`);
    must(figures[name].ratio <= RATIO_MAX, `p99 ${name} is ${figures[name].ratio.toFixed(2)} times that of alone`);
  }
  return figures;
}
