// works.mjs: the works that are measured, as requests: callers in several roles, existing ids, cursors, new records.
// Knows nothing of how they are sent.
import { createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';

export const ORGANIZATIONS = 100000;
export const idOf = (i) => {
  const n = String(100000000000000n + BigInt(i) * 7919234567n); // as in data.sql
  return `7b0c1c9e-3f52-4a86-8${n.slice(0, 3)}-${n.slice(3)}`;
};
export const PARTNER = idOf(4711);

const SUBJECTS = 8; // callers of each role
const REQUESTS = 4000;
const PAGES_MAX = 60; // whose cursors are taken, of each filter

const readers = ['coordinator', 'member', 'auditor', 'city'];
const kinds = { coordinator: 'community_organization', member: 'business', auditor: 'faith_organization', city: 'school' };

// Tokens of ours, the same for the service with many rows, and of the same callers under Fastify's secret.
export function makeTokens(program, config, fastifySecret) {
  const tokens = {};
  for (const role of [...readers, 'partner', 'police_source']) {
    tokens[role] = Array.from({ length: SUBJECTS }, (_, i) => {
      const own = { partner: ['--organization', PARTNER], police_source: ['--source', 'bench'] }[role] ?? [];
      const ours = execFileSync(program, ['token', role, '--subject', `${role}-${i}`, ...own, '--config', config]).toString().trim();
      const signed = ours.split('.').slice(0, 2).join('.');
      return { ours, many: ours, fastify: `${signed}.${createHmac('sha256', fastifySecret).update(signed).digest('base64url')}` };
    });
  }
  return tokens;
}

// A generator that gives the same numbers each time (Lehmer 1951, modulus 2^31 - 1).
let seed = 20240229;
const random = (n) => (seed = (seed * 48271) % 2147483647) % n;

async function walk(url, token, list) {
  const cursors = [];
  for (let page = { next: '' }; cursors.length < PAGES_MAX && page.next !== null;) {
    const answer = await fetch(`${url}${list}&limit=200${page.next && `&cursor=${page.next}`}`,
      { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`listing answers ${answer.status}: ${await answer.text()}`);
    page = await answer.json();
    if (page.next && page.data.length === 200) {
      const { updated_at: at, id } = page.data.at(-1);
      cursors.push({ ours: page.next, fastify: Buffer.from(JSON.stringify([at, id])).toString('base64url') });
    }
  }
  return cursors.slice(0, -1); // full pages follow
}

const newOrganization = (i) => ({
  kind: 'school',
  name: `Escuela Nocturna del Río ${i}`,
  description: { es: 'Cursos gratuitos de noche.', en: 'Free evening courses.' },
  website: 'https://escuela-rio.example.org/',
  contact_email: 'hola@escuela-rio.example.org',
  languages: ['es', 'en'],
  neighborhood: 'sunnyside',
  listed: false,
});

const newComplaint = (i) => ({
  kind: 'complaint',
  language: i % 2 ? 'es' : 'en',
  narrative: `Me pararon en la calle y nadie me dijo por qué. Pregunté varias veces; había otras personas delante. ${i}`,
  notice_version: '2026-01',
  neighborhood: 'sunnyside',
  complainants: [{ relation: 'victim', race: ['hispanic'], sex: 'female', age_band: '25_34' }, { relation: 'witness', race: ['black'] }],
  allegations: ['discourtesy'],
  contact: { name: `Vecina ${i}`, phone: '717-555-0100', prefers: 'phone' },
});

const repeat = (make) => Array.from({ length: REQUESTS }, (_, i) => make(i));

// name -> requests: each {role, method, path by server (ours, fastify), body}; public ones have no token
export async function makeWorks(url, tokens) {
  const cursors = {};
  for (const role of readers) cursors[role] = await walk(url, tokens[role][0].ours, `/v1/organizations?kind=${kinds[role]}`);
  const office = ['coordinator', 'auditor'], complaints = '/v1/complaints?state=closed', cases = {};
  for (const role of office) cases[role] = await walk(url, tokens[role][0].ours, complaints);
  const list = (role, cursor) => `/v1/organizations?kind=${kinds[role]}&limit=50&cursor=${cursor}`;
  const create = (i) => ({ role: 'coordinator', method: 'POST', ours: '/v1/organizations', fastify: '/v1/organizations', body: newOrganization(i) });
  const both = (path) => ({ ours: path, fastify: path });
  return {
    get: repeat((i) => {
      const role = [...readers, 'partner'][i % 5];
      return { role, method: 'GET', ...both(`/v1/organizations/${role === 'partner' ? PARTNER : idOf(1 + random(ORGANIZATIONS))}`) };
    }),
    list: repeat((i) => {
      const role = readers[i % 4], cursor = cursors[role][random(cursors[role].length)];
      return { role, method: 'GET', ours: list(role, cursor.ours), fastify: list(role, cursor.fastify) };
    }),
    create: repeat(create),
    'create-key': repeat((i) => ({ ...create(i), key: true })),
    file: repeat((i) => ({ role: 'public', method: 'POST', ours: '/v1/complaints', body: newComplaint(i) })),
    complaints: repeat((i) => {
      const role = office[i % 2];
      return { role, method: 'GET', ours: `${complaints}&limit=50&cursor=${cases[role][random(cases[role].length)].ours}` };
    }),
    sums: repeat((i) => ({ role: 'public', method: 'GET', ours: `/v1/complaint-statistics?series=filed&by=${['category', 'neighborhood'][i % 2]}` })),
  };
}

// The file that wrk.lua reads.
export const wrkFile = (requests, tokens, server) => requests.map((request, i) => [
  request.method, request[server], tokens[request.role]?.[Math.floor(i / 5) % SUBJECTS][server] ?? '-', request.body ? JSON.stringify(request.body) : '',
  request.key ? 'key' : '',
].join('\t')).join('\n');
