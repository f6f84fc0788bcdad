// identity.test.mjs: who comes with a provider's token, and what happens when the provider fails.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { AUDIENCE, clientToken, groups, makeKey, mint, publicOf, signIn } from './provider.mjs';
import { atEnd, folder, provide, service, trusted } from './world.mjs';

const PRIVATE = '/v1/organizations', PUBLIC = '/v1/published-organizations';
groups.set('front-end', ['cpwg-coordinators']);

async function ask(server, token, at = PRIVATE) {
  const began = Date.now();
  const answer = await fetch(server.url + at, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  return { status: answer.status, headers: answer.headers, body: await answer.text(), ms: Date.now() - began };
}

async function assertTaken(server, token) {
  const answer = await ask(server, token);
  assert.equal(answer.status, 200, answer.body);
}

function assertProblem(answer, status, slug) {
  assert.equal(answer.status, status, answer.body);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.equal(JSON.parse(answer.body).type, `/problems/${slug}`);
}

async function assertInvalid(server, token) {
  const answer = await ask(server, token);
  assertProblem(answer, 401, 'invalid-token');
  assert.match(answer.headers.get('www-authenticate'), /^Bearer realm="cpwg", error="invalid_token", resource_metadata="https:\/\/api\.example\.org\/\.well-known\/oauth-protected-resource"$/);
  return JSON.parse(answer.body).detail;
}

async function assertUnavailable(server, token, within = 2500) {
  const answer = await ask(server, token);
  assertProblem(answer, 503, 'issuer-unavailable');
  assert.equal(answer.headers.get('retry-after'), '1');
  assert.ok(answer.ms < within, `${answer.ms} ms`);
}

test('a person signs in at the provider and is who their groups say', async () => {
  const provider = await provide([await makeKey()]), server = await service([trusted(provider)]);
  const marker = `canary-${randomUUID()}`;
  groups.set('ana', ['something', 'cpwg-members', 'cpwg-coordinators']).set('ben', ['cpwg-members']).set(marker, ['other']);
  await assertTaken(server, await signIn(provider, 'ana'));
  await assertTaken(server, await signIn(provider, 'ben'));
  assertProblem(await ask(server, await signIn(provider, 'ben'), '/v1/complaints'), 403, 'insufficient-scope');
  const resident = await signIn(provider, marker), answer = await ask(server, resident);
  assertProblem(answer, 403, 'insufficient-scope');
  assert.match(answer.headers.get('www-authenticate'), /scope="organizations:read"/);
  const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text();
  for (const text of [server.log(), metrics, answer.body]) assert.ok(!text.includes(marker), 'the provider\'s sub stays with the provider');
});

test('where scopes come from the claim they narrow what the role may have', async () => {
  const provider = await provide([await makeKey()]), server = await service([trusted(provider, { scopes: 'claim' })]);
  groups.set('ana', ['cpwg-coordinators']);
  const token = await signIn(provider, 'ana'); // organizations:read
  await assertTaken(server, token);
  assertProblem(await ask(server, token, '/v1/complaints'), 403, 'insufficient-scope');
});

test('tokens of every algorithm that the provider can sign with are taken', async () => {
  const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];
  const providers = await Promise.all(algorithms.map(async (alg) => provide([await makeKey('RS256'), ...(alg === 'RS256' ? [] : [await makeKey(alg)])], alg)));
  const server = await service(providers.map((provider) => trusted(provider)));
  for (const [i, provider] of providers.entries()) {
    const token = await clientToken(provider);
    assert.equal(JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).alg, algorithms[i]);
    await assertTaken(server, token);
  }
});

test('metadata tell whose tokens are taken, and a 401 leads there', async () => {
  const provider = await provide([await makeKey()]), server = await service([trusted(provider)]);
  const answer = await ask(server);
  assertProblem(answer, 401, 'authentication-required');
  assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="cpwg", resource_metadata="https://api.example.org/.well-known/oauth-protected-resource"');
  const get = async (at) => {
    const found = await ask(server, undefined, at);
    assert.equal(found.status, 200);
    assert.match(found.headers.get('cache-control'), /^public, max-age=/);
    return JSON.parse(found.body);
  };
  const resource = await get('/.well-known/oauth-protected-resource');
  assert.equal(resource.resource, 'https://api.example.org');
  assert.deepEqual(resource.authorization_servers, ['https://api.example.org', provider.issuer]);
  assert.ok(resource.scopes_supported.includes('organizations:read'));
  assert.equal(new Set(resource.scopes_supported).size, resource.scopes_supported.length);
  const authorization = await get('/.well-known/oauth-authorization-server');
  assert.equal(authorization.issuer, 'https://api.example.org');
  assert.equal(authorization.token_endpoint, 'https://api.example.org/oauth/token');
  const { keys } = await get(new URL(authorization.jwks_uri).pathname);
  assert.equal(keys.length, 3);
  for (const key of keys) assert.ok(key.kid && key.alg === 'EdDSA' && !key.d);
});

test('keys rotate under load without a lost request', async () => {
  const old = await makeKey(), provider = await provide([old]), server = await service([trusted(provider)]);
  const statuses = new Map();
  let stopping = false, afterRotation = 0, rotated = false;
  const workers = Array.from({ length: 8 }, async () => {
    while (!stopping) {
      const fresh = rotated;
      const answer = await ask(server, await clientToken(provider)); // each token is new, so that none is known
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status !== 200) statuses.set(answer.body, 1);
      afterRotation += fresh;
    }
  });
  await sleep(1000);
  await provider.rotate([await makeKey(), old]);
  rotated = true;
  await sleep(1500);
  stopping = true;
  await Promise.all(workers);
  assert.deepEqual([...statuses.keys()], [200], JSON.stringify([...statuses]));
  assert.ok(afterRotation > 20, `${afterRotation} after the rotation`);
  const fetches = provider.asked.filter((url) => url === '/jwks').length;
  assert.equal(fetches, 2, 'one fetch at the start, one for all who came with the new key');
});

test('while the provider is down its old keys go on, and new ones come when it is back', async () => {
  const key = await makeKey(), provider = await provide([key]), server = await service([trusted(provider)]);
  await assertTaken(server, await clientToken(provider));
  await provider.stop();
  const next = await makeKey();
  await assertUnavailable(server, await mint(next, provider));
  await assertTaken(server, await mint(key, { ...provider, claims: { sub: randomUUID() } }));
  assert.equal((await ask(server, undefined, PUBLIC)).status, 200);
  assert.match(server.log(), /"event":"issuer_keys","text":"127\.0\.0\.1:\d+: keys: no connection; the 1 keys from before stay"/);
  await provider.rotate([next]);
  await provider.start();
  const began = Date.now();
  while ((await ask(server, await mint(next, provider))).status !== 200) {
    assert.ok(Date.now() - began < 15000, 'the new key is taken soon');
    await sleep(200);
  }
  await assertInvalid(server, await mint(key, { ...provider, claims: { sub: randomUUID() } })); // which the provider has withdrawn
  const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text();
  assert.match(metrics, /cpwg_issuer_fetches_total\{issuer="127\.0\.0\.1:\d+",outcome="failed"\} [1-9]/);
  assert.match(metrics, /cpwg_issuer_keys\{issuer="127\.0\.0\.1:\d+"\} 1\n/);
});

test('the service starts while a provider is down, and serves all others', async () => {
  const key = await makeKey(), provider = await provide([key]), other = await provide([await makeKey()]);
  await provider.stop();
  const server = await service([trusted(provider), trusted(other)]);
  await assertUnavailable(server, await mint(key, provider));
  await assertTaken(server, await clientToken(other));
  await assertTaken(server, process.env.CPWG_TOKEN_COORDINATOR);
  await provider.start();
  const began = Date.now();
  while ((await ask(server, await mint(key, provider))).status !== 200) {
    assert.ok(Date.now() - began < 15000, 'it is asked again by itself');
    await sleep(200);
  }
});

test('keys that are garbage, huge, slow or elsewhere leave the old ones', async () => {
  const key = await makeKey(), stranger = await makeKey(), providers = {};
  const ways = {
    garbage: (response) => response.end('<!doctype html>'),
    'no keys': (response) => response.end('{"keys":[]}'),
    huge: (response) => response.end(`{"keys":[${'{"kty":"oct"},'.repeat(30000)}{}]}`),
    'many keys': (response) => response.end(JSON.stringify({ keys: Array.from({ length: 65 }, (_, i) => ({ ...publicOf(key), kid: `${i}` })) })),
    slow: () => {},
    error: (response) => { response.statusCode = 500; response.end('{}'); },
    elsewhere: (response) => { response.writeHead(302, { location: 'http://127.0.0.1:1/' }); response.end(); },
    'cut short': (response) => { response.writeHead(200, { 'content-length': 1000 }); response.write('{"keys":['); setTimeout(() => response.destroy(), 50); },
  };
  for (const name of Object.keys(ways)) providers[name] = await provide([key]);
  const server = await service(Object.values(providers).map((provider) => trusted(provider)));
  for (const [name, provider] of Object.entries(providers)) {
    await assertTaken(server, await mint(key, provider));
    provider.interfere = (request, response) => request.url === '/jwks' && (ways[name](response), true);
    await assertUnavailable(server, await mint(stranger, provider));
    await assertTaken(server, await mint(key, { ...provider, claims: { sub: name } }));
  }
  assert.equal(await server.stop(), 0); // also while one is waited for
});

test('a provider whose certificate nobody vouches for is not believed', async () => {
  const key = await makeKey(), files = ['cert', 'key'].map((name) => path.join(folder, `${name}.pem`));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-out', files[0], '-keyout', files[1]], { stdio: 'ignore' });
  let asked = 0;
  const fake = https.createServer({ cert: readFileSync(files[0]), key: readFileSync(files[1]) }, (request, response) => { asked++; response.end(); });
  await new Promise((resolve) => fake.listen(0, '127.0.0.1', resolve));
  atEnd(async () => fake.close());
  const issuer = `https://localhost:${fake.address().port}`, server = await service([trusted({ issuer })]);
  await assertUnavailable(server, await mint(key, { issuer }));
  assert.match(server.log(), /discovery: its certificate is not trusted/);
  assert.equal(asked, 0);
});

test('without a sandbox nothing on this machine is called', async () => {
  const server = await service([trusted({ issuer: 'https://localhost:1' })], { CPWG_OUTGOING_REACH: 'private' }), key = await makeKey();
  await assertUnavailable(server, await mint(key, { issuer: 'https://localhost:1' }));
  assert.match(server.log(), /its address is out of reach/);
});

test('a bad token is 401 whatever is wrong with it, and the next request is served', async () => {
  const key = await makeKey(), provider = await provide([key]), server = await service([trusted(provider)]);
  const good = await mint(key, provider), [header, payload, signature] = good.split('.');
  const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
  const pem = createPublicKey({ key: publicOf(key), format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const hmac = (head) => { const text = `${part(head)}.${payload}`; return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`; };
  const now = Math.floor(Date.now() / 1000), foreign = { ...(await makeKey()), kid: key.kid };
  const claims = (value) => mint(key, { ...provider, claims: value }), headers = (value) => mint(key, { ...provider, header: value });
  const bad = {
    none: `${part({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    'none with a signature': `${part({ alg: 'none', typ: 'at+jwt', kid: key.kid })}.${payload}.${signature}`,
    'HS256 by the public key': hmac({ alg: 'HS256', typ: 'at+jwt', kid: key.kid }),
    'HS256 by the public key, as a local token': hmac({ alg: 'HS256', typ: 'JWT', kid: 'local' }),
    'another key': await mint(foreign, provider),
    'an unknown kid': await headers({ kid: 'other' }),
    'a kid of 10 kB': await headers({ kid: 'k'.repeat(10000) }),
    'a kid that is a path': await headers({ kid: '../../../dev/null' }),
    'no kid': await headers({ kid: undefined }),
    'a nested header': `${part('['.repeat(2000))}.${payload}.${signature}`,
    'a nested payload': `${header}.${part('[{"a":'.repeat(400))}.${signature}`,
    'its own key': await headers({ jwk: { kty: 'RSA' } }),
    jku: await headers({ jku: `${provider.issuer}/jwks` }),
    x5u: await headers({ x5u: `${provider.issuer}/jwks` }),
    x5c: await headers({ x5c: ['AAAA'] }),
    'duplicate claims': `${header}.${part(`{"iss":"${provider.issuer}","sub":"a","sub":"b"}`)}.${signature}`,
    'duplicate header members': `${part(`{"alg":"RS256","alg":"RS256","typ":"at+jwt","kid":"${key.kid}"}`)}.${payload}.${signature}`,
    'exp as text': await claims({ exp: `${now + 300}` }),
    'no exp': await claims({ exp: undefined }),
    expired: await claims({ exp: now - 31 }),
    'not yet valid': await claims({ nbf: now + 60 }),
    'issued in the future': await claims({ iat: now + 60 }),
    'another issuer': await claims({ iss: 'https://example.org' }),
    'no issuer': await claims({ iss: undefined }),
    'another audience': await claims({ aud: 'urn:example:other' }),
    'other audiences': await claims({ aud: ['urn:example:other', 'cpwg-api'] }),
    'no audience': await claims({ aud: undefined }),
    'another type': await headers({ typ: 'JWT' }),
    'no type': await headers({ typ: undefined }),
    'no subject': await claims({ sub: undefined }),
    '14 kB': `${header}.${part('x'.repeat(5000))}.${'A'.repeat(7000)}`,
    'RS384 told as RS256': `${header}.${payload}.${(await mint({ ...key, alg: 'RS384' }, provider)).split('.')[2]}`,
    'PS256 by its key': await mint({ ...key, alg: 'PS256' }, provider),
    'half a signature': `${header}.${payload}.${signature.slice(0, 171)}`,
    'no signature': `${header}.${payload}.`,
    encrypted: `${header}.${payload}.${signature}.${payload}.${signature}`,
    'not a token': 'abc',
    'an ID token\'s client as audience': await claims({ aud: 'front-end' }),
  };
  for (const [name, token] of Object.entries(bad)) {
    for (const at of [PRIVATE, PUBLIC]) {
      const answer = await ask(server, token, at);
      assert.equal(answer.status, 401, `${name}: ${answer.status} ${answer.body}`);
      assert.equal(JSON.parse(answer.body).type, '/problems/invalid-token', name);
    }
    await assertInvalid(server, token);
  }
  for (const at of [PRIVATE, PUBLIC]) {
    const huge = await ask(server, `${header}.${part('x'.repeat(75000))}.${signature}`, at); // 100 kB: larger than any head may be
    assert.equal(huge.status, 401, huge.body);
  }
  await assertTaken(server, good);
  await assertTaken(server, await claims({ aud: ['urn:example:other', AUDIENCE] }));
});

test('what the issuers file may not say keeps the service from starting', async () => {
  const file = path.join(folder, 'bad.json');
  const check = (content, settings = {}) => {
    writeFileSync(file, content);
    try {
      execFileSync(process.env.CPWG_BIN, ['check', '--offline', '--config', process.env.CPWG_CONFIG], { env: { ...process.env, CPWG_ISSUERS_FILE: file, ...settings }, stdio: ['ignore', 'ignore', 'pipe'] });
    } catch (error) {
      return error.stderr.toString();
    }
    return assert.fail('it was taken');
  };
  assert.match(check('{"issuers":[{"issuer":"https://a","audiences":["x"],"role":{"default":"king"}}]}'), /issuers_file: .*bad\.json#\/issuers\/0\/role\/default: is no role/);
  assert.match(check('{"issuers":[{"issuer":"http://a","audiences":["x"]}]}'), /must be an https URL/);
  assert.match(check('{"issuers":[{"issuer":"https://a","audiences":["x"]}]}', { CPWG_BASE_URL: 'https://a' }), /is the name of tokens of our own/);
  assert.match(check('{}', { CPWG_OUTGOING_REACH: 'galaxy' }), /outgoing_reach: must be public, private or sandbox/);
});

/** A certificate authority of one's own, and what it says of 127.0.0.1. */
function authority(name) {
  const at = (file) => path.join(folder, `${name}-${file}.pem`);
  const make = (file, subject, ...more) => execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2',
    '-subj', `/CN=${subject}`, '-keyout', at(`${file}-key`), '-out', at(file), ...more], { stdio: 'pipe' });
  make('ca', 'City');
  make('server', 'Login', '-CA', at('ca'), '-CAkey', at('ca-key'), '-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE');
  return { file: at('ca'), certificate: { key: readFileSync(at('server-key')), cert: readFileSync(at('server')) } };
}

test("a provider inside a city's network is reached where who vouches for it is trusted, and nowhere else", async () => {
  const city = authority('city'), other = authority('other'), key = await makeKey();
  const provider = await provide([key], key.alg, [], city.certificate), token = await mint(key, { issuer: provider.issuer });
  await assertTaken(await service([trusted(provider)], { CPWG_OUTGOING_CA_FILE: city.file }), token);
  for (const settings of [{}, { CPWG_OUTGOING_CA_FILE: other.file }, { CPWG_OUTGOING_CA_FILE: path.join(folder, 'none.pem') }])
    await assertUnavailable(await service([trusted(provider)], settings), token);
});
