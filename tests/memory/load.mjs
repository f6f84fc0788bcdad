// load.mjs: everything at once at one server: reads from memory and not, streams, changes, publications, pushes, cases, tokens that are new,
// what is refused, callers that go away in the midst.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, change, createOrganization, page } from '../faults/world.mjs';
import { bearing, records, system } from './callers.mjs';

const any = (n) => Math.floor(Math.random() * n);
const complaint = {
  kind: 'complaint', language: 'es', narrative: 'relato', notice_version: '2026-01', complainants: [{ relation: 'victim', race: ['black'] }],
  contact: { name: 'nombre', prefers: 'case_key' },
};
const under = () => ({ 'idempotency-key': randomUUID() });
const stream = (path, accept, token) => ({ path, headers: { accept }, token });

/** A caller that goes away in the midst of its request, or before it has read the answer. */
function goAway(server) {
  const text = `POST /v1/organizations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n{"kind":"other"`;
  const whole = 'GET /v1/plan HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n';
  return new Promise((resolve) => {
    const socket = net.connect(server.ports[0], '127.0.0.1', () => {
      socket.write(any(2) ? text.slice(0, 1 + any(text.length - 1)) : whole);
      setTimeout(() => (socket.destroy(), resolve({ status: 'gone' })), any(20));
    });
    socket.on('error', () => resolve({ status: 'gone' }));
  });
}

/** What callers do, by name. Each gives the answer of its last request. */
function works(server, people, police, organizations, agent) {
  const one = () => organizations[any(organizations.length)], get = (path, more = {}) => ask(server, { path, agent, ...more });
  let caseKey;
  return {
    known: () => get(`/v1/plan?limit=${1 + any(4)}`, { token: false }),
    published: () => get(`/v1/published-organizations?limit=${1 + any(40)}`, { token: false }),
    record: () => get(`/v1/organizations/${one()}`),
    list: () => get(`/v1/organizations?limit=${1 + any(100)}&include=total`),
    complaints: () => get('/v1/complaints?limit=20'),
    csv: () => ask(server, { ...stream('/v1/organizations', 'text/csv'), agent }),
    ndjson: () => ask(server, { ...stream('/v1/plan', 'application/x-ndjson', false), agent }),
    map: () => ask(server, { ...stream('/v1/neighborhoods', 'application/geo+json', false), agent }),
    contract: () => get('/openapi.json', { token: false }),
    metrics: () => page(server, '/metrics'),
    create: () => ask(server, { method: 'POST', body: { kind: 'other', name: `load ${randomUUID()}` }, headers: under(), agent }),
    change: () => change(server, one(), { listed: any(2) === 1, description: { es: `n ${any(1000)}`, en: 'n' } }, { agent }),
    file: async () => {
      const answer = await ask(server, { method: 'POST', path: '/v1/complaints', body: complaint, headers: under(), token: false, agent });
      if (answer.status === 201) caseKey = JSON.parse(answer.body).case_key;
      return answer;
    },
    case: () => (caseKey ? get('/v1/case', { token: false, headers: { 'case-key': caseKey } }) : sleep(20).then(() => ({ status: 'later' }))),
    person: () => get(`/v1/organizations/${one()}`, { headers: bearing(people.token()) }),
    push: async () => {
      const told = await ask(server, { ...police.request(), agent });
      if (told.status !== 200) return told;
      const headers = { ...bearing(JSON.parse(told.body).access_token), ...under() };
      return ask(server, { method: 'POST', path: '/v1/police-batches', body: { records: records(1 + any(20)) }, headers, agent });
    },
    nobody: () => get('/v1/organizations', { headers: bearing(`${people.token()}A`) }),
    nowhere: () => get('/v1/nothing'),
    invalid: () => ask(server, { method: 'POST', body: { kind: 7, languages: Array.from({ length: 40 }, (_, n) => n) }, agent }),
    gone: () => goAway(server),
  };
}

/** What each comes to when nothing is in its way; else 200. */
const EXPECTED = { create: 201, file: 201, push: 201, nobody: 401, nowhere: 404, invalid: 422, gone: 'gone' };

/** Two callers of every kind, until stop(), which gives how often each came to what it should, what else was answered, and which never did. */
export async function load(server, people) {
  const police = await system(server), organizations = [], agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  for (let i = 0; i < 8; i++) organizations.push(await createOrganization(server, { listed: true }));
  const all = works(server, people, police, organizations, agent), done = {}, other = new Map();
  let stopping = false;

  async function repeat(name, work) {
    while (!stopping) {
      const { status } = await work().catch((error) => ({ status: error.code ?? error.message }));
      if (status === (EXPECTED[name] ?? 200)) done[name] = (done[name] ?? 0) + 1;
      else other.set(`${name} ${status}`, (other.get(`${name} ${status}`) ?? 0) + 1);
      if (typeof status !== 'number') await sleep(5);
    }
  }
  const loops = Object.entries(all).flatMap(([name, work]) => [repeat(name, work), repeat(name, work)]);
  return {
    async stop() {
      stopping = true;
      await Promise.all(loops);
      agent.destroy();
      return { done, other: Object.fromEntries(other), missing: Object.keys(all).filter((name) => !done[name]) };
    },
  };
}
