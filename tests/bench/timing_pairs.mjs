// timing_pairs.mjs: pairs of requests that must not be told apart: {name: [what the one is, its requests, what the other is, its requests]}.
// Of each class thousands, of records of their own, all over the tables: what few of them have in common, such as their places in an index
// page, would stand for all. Knows nothing of how they are sent.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomInt, randomUUID, sign } from 'node:crypto';
import { PARTNER, idOf } from './works.mjs';

const POOL = 2000; // of what the service makes, one by one
const IDS = 20000;
const repeat = (make, n = POOL) => Array.from({ length: n }, (_, i) => make(i));

/** What could be a case key, an invitation's code, a client's secret, and is none: 26 random digits of base 32, then their number modulo 1021. */
function unknownSecret() {
  const digits = Array.from({ length: 26 }, () => randomInt(32));
  const check = digits.reduce((rest, digit) => (rest * 32 + digit) % 1021, 0);
  return [...digits, check >> 5, check % 32].map((digit) => '0123456789ABCDEFGHJKMNPQRSTVWXYZ'[digit]).join('').replace(/(.{4})(?=.)/g, '$1-');
}

// A request as it goes over the wire. One trace for all, or answers would differ by it.
const request = (method, path, headers, body) => [`${method} ${path} HTTP/1.1`, 'Host: a', `traceparent: 00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []), '', body ?? ''].join('\r\n');

/** What is asked for before anything is measured. */
function makeWorld({ port, program, config, database }) {
  const token = (role, ...options) => execFileSync(program, ['token', role, '--config', config, ...options]).toString().trim();
  const bearer = (role, ...options) => ({ Authorization: `Bearer ${token(role, ...options)}` });
  async function call(method, path, headers, body) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { ...headers, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${method} ${path} answers ${answer.status}`);
    return answer.status === 204 ? null : answer.json();
  }
  const sql = (text) => execFileSync('psql', ['-XAtq', database, '-v', 'ON_ERROR_STOP=1', '-c', `set search_path = cpwg; ${text}`], { maxBuffer: 1 << 26 }).toString().trim().split('\n');
  return { bearer, call, sql, coordinator: bearer('coordinator') };
}

async function all(n, make) {
  const made = [];
  for (let i = 0; i < n; i += 1) made.push(await make(i));
  return made;
}

const file = (world) => world.call('POST', '/v1/complaints', {}, { kind: 'complaint', language: 'es', narrative: 'Me hablaron a gritos.', notice_version: '2026-01' });

/** What was made just now lies together in its table; in the order of its hashes nothing does. */
const spread = (world, table) => world.sql(`create index spread on ${table} (hash); cluster ${table} using spread; drop index spread; analyze ${table}`);

async function revokedKeys(world) {
  const keys = await all(POOL, () => revokedKey(world));
  spread(world, 'case_key');
  return keys;
}

/** A key of a case that was revoked since. */
async function revokedKey(world) {
  const { case_key: own } = await file(world);
  const { id, case_key: key } = await world.call('POST', '/v1/case/keys', { 'Case-Key': own }, { holder: 'complainant' });
  await world.call('DELETE', `/v1/case/keys/${id}`, { 'Case-Key': own });
  return key;
}

const readCase = (key) => request('GET', '/v1/case', { 'Case-Key': key });

/** An id that is nobody's, beside one that is somebody's: made-up ids lie together, and what is found far from them costs less or more. A digit
 * stays a digit, a letter a letter: reading them takes not the same time, and the ids of organizations here have no letters. */
const besides = (id) => id.slice(0, -6) + id.slice(-6).replace(/\d/g, () => randomInt(10)).replace(/[a-f]/g, () => 'abcdef'[randomInt(6)]);

// Reads by id, as somebody who may not see them: those of `existing` (SQL), and of ids that are nobody's.
function byId(world, path, headers, existing) {
  const ids = world.sql(`select id from (${existing}) as x order by md5(id::text) limit ${2 * IDS}`), half = Math.floor(ids.length / 2), known = new Set(ids);
  assert.ok(half >= POOL, `${ids.length} of ${existing}`);
  const read = (id) => request('GET', path.replace('{id}', id), headers);
  return ['missing', ids.slice(half).map(besides).filter((id) => !known.has(id)).map(read), 'another\'s', ids.slice(0, half).map(read)];
}

const expired = async (world) => {
  const codes = await all(POOL, async (i) => (await world.call('POST', '/v1/people', world.coordinator,
    { name: `Ana ${i}`, email: `ana-${i}@example.org`, language: 'es', role: 'member', affiliation: 'resident' })).invitation_code);
  world.sql('update invitation set expires_at = now()');
  spread(world, 'invitation');
  return codes;
};

function invitation(world) {
  const headers = { ...world.bearer('resident', '--subject', 'somebody'), 'Content-Type': 'application/json' };
  return (code) => request('POST', '/v1/me/invitation', headers, JSON.stringify({ invitation_code: code }));
}

const getToken = (id, secret) => request('POST', '/oauth/token',
  { Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`, 'Content-Type': 'application/x-www-form-urlencoded' }, 'grant_type=client_credentials');

const addClient = (world) => world.call('POST', '/v1/api-clients', world.coordinator, { name: 'Records', role: 'police_source', source: 'bench-1', scopes: ['police_records:push'] });

async function revokedClient(world) {
  const client = await addClient(world);
  await world.call('POST', `/v1/api-clients/${client.id}/transitions`, world.coordinator, { to: 'revoked', reason: 'Over.' });
  return client;
}

/** What a client would show that signs for itself, signed by another. */
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
function signed(id) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000), claims = { iss: id, sub: id, aud: 'urn:cpwg:local', exp: now + 320, jti: randomUUID() };
  const text = `${encode({ alg: 'ES256' })}.${encode(claims)}`;
  const signature = sign('sha256', Buffer.from(text), { key: stranger, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return request('POST', '/oauth/token', { 'Content-Type': 'application/x-www-form-urlencoded' },
    `grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=${text}.${signature}`);
}

/** All with one kind of key: of which kind somebody's is does show, and whether it is theirs or another's must not. */
const addSigner = (world) => world.call('POST', '/v1/api-clients', world.coordinator, { name: 'Records', role: 'police_source', source: 'bench-1',
  scopes: ['police_records:push'], jwks: { keys: [{ kid: 'a', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) }] } });

const unknownClients = () => repeat(() => getToken(randomUUID(), unknownSecret()));

export const pairs = {
  case_key: async (world) => ['unknown key', repeat(() => readCase(unknownSecret())), 'revoked key', (await revokedKeys(world)).map(readCase)],
  case_message: async (world) => byId(world, '/v1/case/messages/{id}', { 'Case-Key': (await file(world)).case_key }, 'select id from complaint_message'),
  complaint: (world) => byId(world, '/v1/complaints/{id}', world.bearer('case_handler', '--subject', 'handler-0'),
    "select complaint_id as id from assignment where subject <> 'handler-0'"),
  complaint_private: (world) => byId(world, '/v1/complaints/{id}/private', world.bearer('case_handler', '--subject', 'handler-0'),
    "select complaint_id as id from assignment where subject <> 'handler-0'"),
  organization: (world) => byId(world, '/v1/organizations/{id}', world.bearer('partner', '--organization', PARTNER), `select id from organization where id <> '${PARTNER}'`),
  police_record: (world) => byId(world, '/v1/police-records/{id}', world.bearer('police_source', '--source', 'bench-1'), "select id from police_record where source_code = 'bench-2'"),
  referral: (world) => byId(world, '/v1/referrals/{id}', world.bearer('partner', '--organization', idOf(1)), `select id from referral where organization_id <> '${idOf(1)}'`),
  invitation: async (world) => {
    const show = invitation(world); // with one token, or each were another caller
    return ['unknown code', repeat(() => show(unknownSecret())), 'expired code', (await expired(world)).map(show)];
  },
  client_secret: async (world) => ['unknown client', unknownClients(), 'wrong secret', (await all(POOL, () => addClient(world))).map(({ id }) => getToken(id, unknownSecret()))],
  client_keys: async (world) => {
    const clients = await all(POOL, () => addSigner(world));
    return ['unknown client', repeat(() => signed(randomUUID())), 'wrong signature', clients.map(({ id }) => signed(id))];
  },
  client_revoked: async (world) => ['unknown client', unknownClients(), 'revoked client', (await all(POOL, () => revokedClient(world))).map(({ id, client_secret: secret }) => getToken(id, secret))],
};

/** What must be told apart, or nothing is measured here. */
export const control = (world) => {
  const headers = world.bearer('partner', '--organization', PARTNER);
  const read = (id) => request('GET', `/v1/organizations/${id}`, headers);
  return ['missing', repeat(() => read(randomUUID())), 'own', repeat(() => read(PARTNER))];
};

export { makeWorld };
