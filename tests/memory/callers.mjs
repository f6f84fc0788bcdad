// callers.mjs: callers whose tokens are verified anew at each request: people of a provider's, and systems that show themselves by a key.
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { after } from 'node:test';
import { ask } from '../faults/world.mjs';

const AUDIENCE = 'urn:example:cpwg', BASE = 'https://api.example.org';
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nowS = () => Math.floor(Date.now() / 1000);

function signed(key, header, claims) {
  const text = `${encode(header)}.${encode(claims)}`;
  const signature = sign(header.alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** A provider on loopback that has but keys. settings: what a server needs to take its tokens; token(role): a new one. */
export async function provider() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] });
  const server = http.createServer((_, answer) => answer.setHeader('content-type', 'application/json').end(jwks));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  const issuer = `http://127.0.0.1:${server.address().port}`, file = `${process.env.FAULTS_DIR}/issuers.json`;
  writeFileSync(file, JSON.stringify({ issuers: [{
    issuer, jwks_uri: `${issuer}/jwks`, audiences: [AUDIENCE], scopes: 'role', role: { claim: '/group', map: [{ from: 'coordinators', to: 'coordinator' }] },
  }] }));
  return {
    settings: { CPWG_ISSUERS_FILE: file, CPWG_OUTGOING_REACH: 'sandbox', CPWG_BASE_URL: BASE },
    token: (group = 'coordinators') => signed(privateKey, { alg: 'RS256', typ: 'at+jwt', kid: 'one' },
      { iss: issuer, aud: AUDIENCE, sub: 'somebody', exp: nowS() + 600, iat: nowS(), jti: randomUUID(), group }),
  };
}

/** A police system of the demo source, known by its key. request(): a request for a token, under a new assertion, which counts once;
 * again(): another one. */
export async function system(server) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = {
    name: `system ${randomUUID()}`, role: 'police_source', source: 'demo-police', scopes: ['police_records:push'],
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' }] },
  };
  const answer = await ask(server, { method: 'POST', path: '/v1/api-clients', body, headers: { 'idempotency-key': randomUUID() } });
  assert.equal(answer.status, 201, answer.body);
  const { id } = JSON.parse(answer.body);
  const assertion = () => signed(privateKey, { alg: 'ES256', kid: 'one' },
    { iss: id, sub: id, aud: BASE, exp: nowS() + 200, iat: nowS(), jti: randomUUID() });
  const request = () => ({
    again: request, method: 'POST', path: '/oauth/token', token: false, headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion(),
    }).toString(),
  });
  return { id, request };
}

/** A public key of a new system's. */
export const key = () => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: randomUUID() });

/** A header with that token. */
export const bearing = (token) => ({ authorization: `Bearer ${token}` });

/** Records of a push, each new. */
export const records = (n) => Array.from({ length: n }, () => ({
  external_id: randomUUID(), received_on: '2026-02-11', category: 'Physical Abuse', district: '3', status: 'open',
}));
