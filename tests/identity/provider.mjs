// provider.mjs: oidc-provider as a server on loopback whose keys, answers and life the tests hold; and a person's browser.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import * as jose from 'jose';
import Provider from 'oidc-provider';

export const AUDIENCE = 'urn:example:cpwg';
const CLIENT = { client_id: 'front-end', client_secret: 'a secret of no worth', redirect_uris: ['https://front-end.example.org/back'] };
const BASIC = `Basic ${Buffer.from(`${CLIENT.client_id}:${encodeURIComponent(CLIENT.client_secret)}`).toString('base64')}`;

/** A new private JWK. */
export async function makeKey(alg = 'RS256', kid = randomBytes(6).toString('hex')) {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { ...(await jose.exportJWK(privateKey)), kid, alg, use: 'sig' };
}

export const publicOf = ({ kty, crv, n, e, x, y, kid, alg, use }) => ({ kty, crv, n, e, x, y, kid, alg, use });

/** Which groups an account or client is in; read by the provider for each token. */
export const groups = new Map();

async function application(issuer, keys, alg, clients) {
  const provider = new Provider(issuer, {
    clients: [{ ...CLIENT, grant_types: ['authorization_code', 'client_credentials'] }, ...clients],
    clientBasedCORS: (ctx, origin, client) => client.redirectUris.some((uri) => new URL(uri).origin === origin),
    jwks: { keys },
    cookies: { keys: ['of no worth'] },
    clientDefaults: { id_token_signed_response_alg: alg },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'] },
    findAccount: async (ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    extraTokenClaims: async (ctx, token) => ({ groups: groups.get(token.accountId ?? token.clientId) ?? [], email: 'somebody@example.org' }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, audience) => ({ scope: 'organizations:read', audience, accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg } } }),
      },
    },
  });
  provider.on('server_error', (ctx, error) => console.error(error));
  return provider.callback();
}

/** Starts one, which also knows these clients; with a certificate, by TLS. interfere(request, response): true when it answered in the
 * provider's place. */
export async function startProvider(keys, alg = keys[0].alg, clients = [], certificate = undefined) {
  let handle, server, port = 0;
  const it = { interfere: () => false, asked: [] };
  it.start = () => new Promise((resolve) => {
    server = (certificate ? https : http).createServer(certificate ?? {}, (request, response) => {
      it.asked.push(request.url);
      if (!it.interfere(request, response)) handle(request, response);
    }).listen(port, '127.0.0.1', () => resolve((port = server.address().port)));
  });
  it.stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  it.rotate = async (next, by = next[0].alg) => { handle = await application(it.issuer, next, by, clients); it.keys = next; };
  await it.start();
  it.issuer = `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`;
  await it.rotate(keys, alg);
  return it;
}

async function post(url, form, headers = {}) {
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(form), redirect: 'manual' });
  return answer;
}

async function tokenOf(answer) {
  const body = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(body));
  return body.access_token;
}

/** A system's token, by its client's credentials. */
export const clientToken = async (provider) =>
  tokenOf(await post(`${provider.issuer}/token`, { grant_type: 'client_credentials', resource: AUDIENCE, scope: 'organizations:read' }, { authorization: BASIC }));

/** A person's token: signs in and consents, as a browser would, and gives the front end its code. */
export async function signIn(provider, login) {
  const jar = new Map(), verifier = randomBytes(32).toString('base64url');
  const cookies = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const step = async (url, form) => {
    const headers = { cookie: cookies() };
    const answer = form ? await post(url, form, headers) : await fetch(url, { headers, redirect: 'manual' });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    return answer;
  };
  const query = new URLSearchParams({
    client_id: CLIENT.client_id, redirect_uri: CLIENT.redirect_uris[0], response_type: 'code', scope: 'openid organizations:read', resource: AUDIENCE,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256',
  });
  let url = `${provider.issuer}/auth?${query}`, answer = await step(url);
  for (let steps = 0; steps < 12; steps++) {
    const location = answer.headers.get('location');
    if (location?.startsWith(CLIENT.redirect_uris[0])) {
      const code = new URL(location).searchParams.get('code');
      assert.ok(code, location);
      return tokenOf(await post(`${provider.issuer}/token`, { grant_type: 'authorization_code', code, redirect_uri: CLIENT.redirect_uris[0], code_verifier: verifier, resource: AUDIENCE }, { authorization: BASIC }));
    }
    if (location) {
      answer = await step((url = new URL(location, url).href));
      continue;
    }
    const page = await answer.text(), prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    assert.ok(prompt, `a page without a prompt: ${answer.status} ${page.slice(0, 500)}`);
    answer = await step(url, prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
  }
  return assert.fail('no end of steps');
}

/** A token by a key, whatever the provider does. */
export const mint = (key, { issuer, claims = {}, header = {} }) => {
  const now = Math.floor(Date.now() / 1000);
  return jose.importJWK(key, key.alg).then((imported) =>
    new jose.SignJWT({ iss: issuer, aud: AUDIENCE, sub: 'minted', iat: now, exp: now + 300, groups: ['cpwg-coordinators'], ...claims })
      .setProtectedHeader({ alg: key.alg, typ: 'at+jwt', kid: key.kid, ...header }).sign(imported));
};
