// front-end.js: what any front end does: signs a person in at the city's provider (authorization code with PKCE), shows who they are to
// the service and what they may see, and takes their invitation. The token stays in memory: never in a URL, never in storage.
import * as oauth from './oauth4webapi.js';

const words = {
  es: { signIn: 'Iniciar sesión', role: 'Función', code: 'Código de invitación', accept: 'Aceptar', organizations: 'Organizaciones' },
  en: { signIn: 'Sign in', role: 'Role', code: 'Invitation code', accept: 'Accept', organizations: 'Organizations' },
};
const language = navigator.language.startsWith('es') ? 'es' : 'en';
const element = (id) => document.getElementById(id);

const { api, client_id } = await (await fetch('config.json')).json();
const client = { client_id }, redirect_uri = location.origin + location.pathname;
const options = { [oauth.allowInsecureRequests]: new URL(api).hostname === '127.0.0.1' }; // TLS everywhere but on one's own machine
let token;

/** Who signs people in, and what the service is called there: both are the service's to say (RFC 9728). */
async function discover() {
  const url = new URL(api);
  const { resource, authorization_servers } = await oauth.processResourceDiscoveryResponse(url, await oauth.resourceDiscoveryRequest(url, options));
  const issuer = new URL(authorization_servers.find((server) => server !== resource)); // the service itself gives tokens to systems alone
  return { resource, provider: await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options)) };
}

async function signIn() {
  const { provider, resource } = await discover();
  const verifier = oauth.generateRandomCodeVerifier(), state = oauth.generateRandomState();
  sessionStorage.setItem('sign-in', JSON.stringify({ verifier, state }));
  location.assign(`${provider.authorization_endpoint}?${new URLSearchParams({
    client_id, redirect_uri, resource, response_type: 'code', scope: 'openid', state, ui_locales: language,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
  })}`);
}

/** The access token for the code with which the provider sent the person back. */
async function comeBack() {
  const back = new URL(location.href), { verifier, state } = JSON.parse(sessionStorage.getItem('sign-in'));
  sessionStorage.removeItem('sign-in');
  history.replaceState(null, '', location.pathname); // the code is not for the history
  const { provider, resource } = await discover();
  const code = oauth.validateAuthResponse(provider, client, back, state);
  const answer = await oauth.authorizationCodeGrantRequest(provider, client, oauth.None(), code, redirect_uri, verifier, { ...options, additionalParameters: { resource } });
  return (await oauth.processAuthorizationCodeResponse(provider, client, answer)).access_token;
}

/** Asks the service. What it refuses comes as a problem (RFC 9457), in the person's language. */
async function call(method, path, body) {
  const answer = await fetch(api + path, {
    method,
    headers: { 'authorization': `Bearer ${token}`, 'accept-language': language, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const content = await answer.json();
  if (!answer.ok) throw new Error(`${content.title}. ${content.detail}`);
  return content;
}

/** Shows who the person is to the service now, and the organizations, if they may see them. */
async function show() {
  const me = await call('GET', '/v1/me');
  element('role').textContent = me.role;
  document.querySelector('main').hidden = false;
  const { data } = await call('GET', '/v1/organizations');
  element('organizations').replaceChildren(...data.map(({ name }) => Object.assign(document.createElement('li'), { textContent: name })));
}

/** Binds the invitation. It counts within a minute. */
async function accept(invitation_code) {
  const { role } = await call('POST', '/v1/me/invitation', { invitation_code });
  while ((await call('GET', '/v1/me')).role !== role) await new Promise((resolve) => setTimeout(resolve, 1000));
  await show();
}

/** Does it, and shows the person what went wrong. */
async function attempt(action) {
  element('problem').textContent = '';
  await action().catch((error) => (element('problem').textContent = error.error_description ?? error.message));
}

document.documentElement.lang = language;
for (const part of document.querySelectorAll('[data-word]')) part.textContent = words[language][part.dataset.word];
element('sign-in').onclick = () => attempt(signIn);
element('invitation').onsubmit = (event) => {
  event.preventDefault();
  attempt(() => accept(event.target.elements.code.value));
};
if (location.search)
  await attempt(async () => {
    token = await comeBack();
    element('sign-in').hidden = true;
    await show();
  });
