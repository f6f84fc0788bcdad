// world.mjs: for each operation somebody who may call it, and records that are there to be called for.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { contract, token } from '../e2e/out/src/service.js';
import { addSource, sql } from '../e2e/out/src/database.js';
import { send } from './client.mjs';
import { inline, wholeOnly } from './schema.mjs';

export const source = addSource({ abuse: 'other', 'Physical Abuse': 'force', 'Verbal Abuse': 'discourtesy' }, { 3: 'southeast' });
export const organization = sql('select id from organization limit 1');
const tokens = new Map();

function tokenOf(role, subject = `${role} ${source}`) {
  if (!tokens.has(subject)) tokens.set(subject, token(role, { subject, source, organization }));
  return tokens.get(subject);
}

/** Those who may do most come first; who handles a complaint does so under a name of their own. */
const PREFERRED = ['case_handler', 'coordinator', 'police_source', 'partner', 'auditor', 'resident'];

function roleFor(security, path) {
  const wanted = path.startsWith('/v1/referrals') ? ['partner'] : path.includes('/complaints/{id}') && !path.includes('/recusals') ? PREFERRED : ['coordinator', ...PREFERRED];
  return wanted.find((role) => security.some((way) => way.token?.every((scope) => contract.document['x-roles'][role].scopes.includes(scope))));
}

export const operations = [...contract.operations()].map((found) => {
  const operation = inline(contract, found.operation);
  const [type, content] = Object.entries(operation.requestBody?.content ?? {}).find(([name]) => name.endsWith('json')) ?? [];
  return {
    ...found, operation, type,
    parameters: operation.parameters ?? [],
    body: content && { schema: content.schema, whole: wholeOnly(content.schema), example: content.example ?? Object.values(content.examples ?? {})[0]?.value },
  };
});
export const byId = Object.fromEntries(operations.map((operation) => [operation.id, operation]));

/** Sends the example of an operation that adds, with members of a test's own; the record. */
async function add(id, params, headers, body) {
  const { path, type, body: { example } } = byId[id];
  const answer = await send({ method: 'POST', path: fill(path, params), headers: { 'idempotency-key': randomUUID(), ...headers, 'content-type': type }, body: JSON.stringify({ ...example, ...body }) });
  assert.equal(answer.status, 201, `${id}: ${answer.text}`);
  return JSON.parse(answer.text);
}

async function move(id, params, headers, to) {
  const { path, type } = byId[id];
  const answer = await send({ method: 'POST', path: fill(path, params), headers: { ...headers, 'content-type': type }, body: JSON.stringify({ to }) });
  assert.equal(answer.status, 200, `${id}: ${answer.text}`);
}

export const fill = (path, params) => path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name]));

const bearer = (role, subject) => ({ authorization: `Bearer ${tokenOf(role, subject)}` });
const coordinator = () => bearer('coordinator');

const CASES = 100; // that somebody handles at once: what is asked of a complaint is asked of all of theirs
let complaints = 0;

async function handled() {
  const { id, case_key: key } = await add('createComplaint', {}, {}, {});
  const subject = `handler ${Math.floor(complaints++ / CASES)} ${source}`;
  await add('assignComplaint', { id }, coordinator(), { subject });
  return { id, key, handler: bearer('case_handler', subject) };
}

/** A batch of one record: the answer. */
const batch = () => add('createPoliceBatch', {}, bearer('police_source'), {
  records: [{ external_id: randomUUID(), received_on: '2026-02-11', category: 'abuse', status: 'open', narrative: 'A text.' }],
});
const policeRecord = async () => (await batch()).results[0].id;

const consent = (at) => add('createConsent', {}, { 'case-key': at.key }, {});

async function referral(at) {
  await consent(at);
  return (await add('referComplaint', at, at.handler, { organization, disclosed: [], copy: null })).id;
}

/** A record of each collection that stands by itself; the id of it. */
const COLLECTIONS = {
  organizations: async () => (await add('createOrganization', {}, coordinator(), {})).id,
  people: async () => (await add('createPerson', {}, coordinator(), person())).id,
  members: async () => (await add('createMember', {}, coordinator(), { person: await COLLECTIONS.people() })).id,
  'api-clients': async () => (await add('createApiClient', {}, coordinator(), system())).id,
  'police-records': policeRecord,
  'police-batches': async () => (await batch()).id,
  referrals: async () => referral(await handled()),
};
export const person = () => ({ email: `${randomUUID()}@example.org`, role: 'member', affiliation: 'resident', organization: null });
export const system = () => ({ role: 'police_source', source, organization: undefined, scopes: ['police_records:push'], address_ranges: [], jwks: undefined });

/** Records below a complaint, by the parameter that names them. */
const BELOW = {
  assignment_id: async (at) => (await add('assignComplaint', at, coordinator(), { subject: randomUUID() })).id,
  recusal_id: async (at) => (await add('recuse', at, coordinator(), { subject: randomUUID() })).id,
  allegation_id: async (at) => (await add('createAllegation', at, at.handler, {})).id,
  note_id: async (at) => (await add('createComplaintNote', at, at.handler, {})).id,
  message_id: async (at) => (await add('createComplaintMessage', at, at.handler, {})).id,
  resolution_id: async (at) => (await add('createResolution', at, at.handler, {})).id,
  link_id: async (at) => (await add('createComplaintLink', at, at.handler, {})).id,
  referral_id: referral,
  counterpart_id: async (at) => (await add('createCounterpart', at, at.handler, { police_record_id: await policeRecord() })).id,
  check_id: async (at) => {
    await add('createPublication', at, at.handler, {});
    return (await add('checkPublication', at, at.handler, {})).id;
  },
};

/** Records of a case, by their collection. */
const OF_CASE = {
  messages: async (key) => (await add('createCaseMessage', {}, { 'case-key': key }, {})).id,
  consents: async (key) => (await add('createConsent', {}, { 'case-key': key }, {})).id,
  keys: async (key) => (await add('createCaseKey', {}, { 'case-key': key }, {})).id,
  'resolution-answers': async (key, at) => {
    await add('createResolution', at, at.handler, {});
    return (await add('createResolutionAnswer', {}, { 'case-key': key }, {})).id;
  },
};

/** What the public may read, of the demo data. */
const PUBLISHED = Object.fromEntries([['published-organizations', 'id from organization where listed'], ['published-members', 'id from member where listed'],
  ['complaint', 'public_reference from published_complaint']].map(([name, what]) => [name, sql(`select ${what} limit 1`)]));

/** What the public may read by other names than ids. */
const CODES = {
  '/v1/plan/{code}': '1.1.4', '/v1/neighborhoods/{code}': 'southeast', '/v1/vocabularies/{code}': 'en_status', '/v1/lifecycles/{record}': 'organization',
  '/problems/{slug}': 'not-found', '/v1/notices/{version}': '2026-01',
};

/** Headers of somebody who may call it, at a complaint: its case key, and who handles it. */
export function caller({ path, operation: { security } }, { key, handler } = {}) {
  if (security.some((way) => 'caseKey' in way)) return { 'case-key': key };
  const role = roleFor(security, path);
  if (role === 'case_handler' && handler) return handler;
  return security.some((way) => !Object.keys(way).length) || !role ? {} : bearer(role);
}

/** Who calls an operation, with which parameters of its path. Made anew, since what is sent may use them up. */
export async function scene(operation) {
  const { path } = operation;
  if (path.includes('/complaints/{id}') || path.startsWith('/v1/case')) return ofComplaint(operation);
  if (operation.id === 'getPoliceRecordNarrative') return ofNarrative();
  const headers = caller(operation), collection = /^\/v1\/([\w-]+)\/\{id\}/.exec(path)?.[1];
  if (path in CODES) return { headers, params: Object.fromEntries([[/\{(\w+)\}/.exec(path)[1], CODES[path]]]) };
  const params = { id: PUBLISHED[collection] ?? (await COLLECTIONS[collection]?.()), public_reference: PUBLISHED.complaint };
  if (operation.id === 'answerReferral') await move('transitionReferral', params, headers, 'acknowledged');
  if (path.includes('{credential_id}')) params.credential_id = (await add('createApiClientSecret', params, coordinator(), {})).id;
  return { headers, params };
}

async function ofComplaint(operation) {
  const { path, id: name } = operation, at = await handled(), headers = caller(operation, at);
  const below = /\{(\w+_id)\}/.exec(path)?.[1], ofCase = /^\/v1\/case\/([\w-]+)\/\{id\}/.exec(path)?.[1];
  if (path.startsWith('/v1/case')) {
    if (name === 'createResolutionAnswer') await add('createResolution', at, at.handler, {});
    return { ...at, headers, params: { id: ofCase && (await OF_CASE[ofCase](at.key, at)) } };
  }
  if (/publication/.test(path) && !below && name !== 'createPublication') await add('createPublication', at, at.handler, {});
  if (name === 'transitionPublication') await add('checkPublication', at, at.handler, {});
  if (name === 'referComplaint') await consent(at);
  return { ...at, headers, params: { id: at.id, ...(below && { [below]: await BELOW[below](at) }) } };
}

/** A police record that whoever handles its counterpart may read. */
async function ofNarrative() {
  const at = await handled(), id = await policeRecord();
  await add('createCounterpart', at, at.handler, { police_record_id: id });
  return { headers: at.handler, params: { id } };
}

/** What bodies refer to, by operation. */
const REFERENCES = {
  createMember: async () => ({ person: await COLLECTIONS.people() }),
  createCounterpart: async () => ({ police_record_id: await policeRecord() }),
  referComplaint: async () => ({ organization }),
  createApiClient: async () => ({ source }),
  recuse: async () => ({ subject: randomUUID() }),
};
export const references = (id) => REFERENCES[id]?.() ?? {};
