// browser.test.mjs: a person with a browser (Chromium, headless) at a front end of another origin (front-end/) signs in at the
// provider by code with PKCE, sees what they may, and gets in by invitation.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { freePorts } from '../lib/ports.mjs';
import { makeKey } from './provider.mjs';
import { atEnd, provide, service, trusted } from './world.mjs';

const here = (file) => new URL(`front-end/${file}`, import.meta.url), library = createRequire(import.meta.url).resolve('oauth4webapi');
const [port, apiPort, otherPort] = freePorts(3);
const api = `http://127.0.0.1:${apiPort}`, other = `http://127.0.0.1:${otherPort}`, origin = `http://127.0.0.1:${port}`;
const files = {
  '/': ['text/html', () => readFileSync(here('index.html'))],
  '/front-end.js': ['text/javascript', () => readFileSync(here('front-end.js'))],
  '/oauth4webapi.js': ['text/javascript', () => readFileSync(library)],
  '/config.json': ['application/json', () => JSON.stringify({ api, client_id: 'browser' })],
};
const pages = http.createServer((request, response) => {
  const [type, read] = files[new URL(request.url, origin).pathname] ?? [];
  response.writeHead(type ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(read?.());
});
await new Promise((resolve) => pages.listen(port, resolve)); // by each of the machine's names
atEnd(async () => { pages.close(); pages.closeAllConnections(); });

const client = { client_id: 'browser', token_endpoint_auth_method: 'none', redirect_uris: [`${origin}/`], grant_types: ['authorization_code'] };
const provider = await provide([await makeKey()], undefined, [client]);
const serve = (url) => service([trusted(provider, { audiences: [url] })], { CPWG_LISTEN: new URL(url).host, CPWG_BASE_URL: url, CPWG_CORS_ORIGINS: origin });
const server = await serve(api);
const browser = await chromium.launch({ executablePath: execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim() });
atEnd(() => browser.close());

/** A browser of somebody's own, in their language. asked: what it sent to the service. */
async function visit(locale) {
  const context = await browser.newContext({ locale }), page = await context.newPage();
  page.setDefaultTimeout(20000);
  const asked = [];
  page.on('request', (request) => request.url().startsWith(api) && asked.push(request));
  await page.goto(origin);
  return { page, asked };
}

/** Signs in as a browser's owner does; gives the answer of the provider to the code. */
async function signIn(page, login) {
  const answered = page.waitForResponse((response) => response.url() === `${provider.issuer}/token` && response.request().method() === 'POST');
  await page.click('#sign-in');
  await page.fill('[name=login]', login);
  await page.fill('[name=password]', 'any');
  await page.click('[type=submit]'); // login
  await page.click('[type=submit]'); // consent
  const answer = await answered;
  return { status: answer.status(), ...(await answer.json()) };
}

const shown = (page, id, text) => page.locator(`#${id}`, { hasText: text }).waitFor();

/** What a page's script reads of an answer, or the kind of error that the browser gives it instead. */
const read = (page, url, token) => page.evaluate(([url, authorization]) =>
  fetch(url, authorization ? { headers: { authorization } } : {}).then(
    async (answer) => ({ status: answer.status, challenge: answer.headers.get('www-authenticate'), body: await answer.text() }), (error) => error.name), [url, token && `Bearer ${token}`]);

async function invite(name) {
  const answer = await fetch(`${api}/v1/people`, {
    method: 'POST', headers: { authorization: `Bearer ${process.env.CPWG_TOKEN_COORDINATOR}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: 'ana@example.org', language: 'es', role: 'member', affiliation: 'resident' }),
  });
  assert.equal(answer.status, 201);
  return (await answer.json()).invitation_code;
}

test('a resident signs in by browser, is refused in Spanish, takes an invitation and is a member within a minute', async () => {
  const { page, asked } = await visit('es-US');
  assert.equal((await signIn(page, 'ana')).status, 200);
  await shown(page, 'role', 'resident');
  await shown(page, 'problem', 'Permiso insuficiente. Esta operación necesita el permiso organizations:read.');
  assert.equal(page.url(), `${origin}/`, 'no code stays in the address');
  await page.fill('[name=code]', await invite('Ana'));
  const began = Date.now();
  await page.click('#invitation button');
  await page.locator('#role', { hasText: 'member' }).waitFor({ timeout: 65000 }); // 60 s, and until the page asks again
  console.log(`# the invitation counted after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await page.locator('#organizations li').first().waitFor();
  assert.equal(await page.locator('#problem').textContent(), '');
  for (const request of asked) assert.doesNotMatch(request.url(), /eyJ/);
});

test('the same page refuses in English whoever reads English', async () => {
  const { page } = await visit('en-US');
  await signIn(page, 'ben');
  await shown(page, 'problem', 'Insufficient scope. This operation needs the scope organizations:read.');
});

test('whoever has a code and not its verifier gets no token', async () => {
  const { page, asked } = await visit('en-US');
  await page.addInitScript((key) => sessionStorage.getItem(key) &&
    sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), verifier: 'x'.repeat(43) })), 'sign-in');
  const answer = await signIn(page, 'carla');
  assert.deepEqual([answer.status, answer.error, answer.access_token], [400, 'invalid_grant', undefined]);
  await shown(page, 'problem', 'grant request is invalid');
  assert.ok(await page.locator('main').isHidden());
  assert.ok(asked.every((request) => !request.headers().authorization), 'nothing private is asked for');
});

test('a token for another service of the same provider gets nothing, nor does one in a URL, nor another origin\'s page', async () => {
  const { page } = await visit('en-US'), { access_token: token } = await signIn(page, 'dora');
  await shown(page, 'role', 'resident');
  await serve(other);
  const refused = await read(page, `${other}/v1/me`, token);
  assert.deepEqual([refused.status, JSON.parse(refused.body).type], [401, '/problems/invalid-token']);
  assert.ok(refused.challenge.includes(`resource_metadata="${other}/.well-known/oauth-protected-resource"`), refused.challenge);

  for (const url of [`${api}/v1/me?access_token=${token}`, `${api}/v1/organizations?access_token=${token}`, `${api}/v1/organizations/${token}`, `${api}/${token}`]) {
    const answer = await read(page, url);
    assert.ok([400, 401, 404].includes(answer.status), `${answer.status}`);
    assert.ok(!answer.body.includes(token));
  }
  for (const log of [server.log(), readFileSync(process.env.CPWG_POSTGRES_LOG, 'utf8')])
    for (const part of token.split('.')) assert.ok(!log.includes(part));

  await page.goto(origin.replace('127.0.0.1', 'localhost'));
  assert.equal((await read(page, `${api}/v1/plan/1.1`)).status, 200, 'what is public is for every page');
  assert.equal(await read(page, `${api}/v1/me`, token), 'TypeError', 'what is not is for those of the settings');
});
