// demo.mjs CONTRACT: with demo data and the tokens that deploy/local prints, every list shows somebody who tries it something. Prints a line
// `ok NAME` or `not ok NAME` for each list and role. Of cases there is no key to print: who tries those files one first.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const { CPWG_URL: url, CPWG_BIN: bin, CPWG_CONFIG: config, CPWG_SOURCE: source, CPWG_FILTER: filter = '' } = process.env;
const contract = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const resolve = (value) => (value.$ref ? value.$ref.slice(2).split('/').reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], contract) : value);

/** Lists that show nothing to a role, and why. */
const NOTHING = {
  'listRecusals case_handler': 'they see their own alone, and are then kept from the complaint',
};

function token(role) {
  const options = execFileSync('bash', ['-c', '. "$0/deploy/lib/service.sh" && service_demo_options "$0/db/seed/demo" "$1"', source, role], { encoding: 'utf8' });
  return execFileSync(bin, ['token', role, '--config', config, ...options.split('\n').filter(Boolean)], { encoding: 'utf8' }).trim();
}

async function page(path, bearer) {
  const answer = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}limit=200`, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
  const text = await answer.text();
  if (answer.status !== 200 && answer.status !== 404) throw new Error(`${path}: ${answer.status} ${text}`);
  return answer.status === 200 ? JSON.parse(text).data : [];
}

const HANDLED = '/v1/complaints?assignee=demo-';

/** Lists whose ids stand in a path: of the publications of whoever drafts or approves, of the complaints that somebody handles, of what was
 * sent from them. */
async function parents(path, role, bearer) {
  if (path.includes('/publication/')) return ['/v1/publications'];
  const handled = HANDLED + (role === 'auditor' ? 'coordinator' : role);
  if (path.startsWith('/v1/complaints/')) return [handled];
  if (path.startsWith('/v1/referrals/') && ['auditor', 'coordinator', 'case_handler'].includes(role))
    return (await page(handled, bearer)).map(({ id }) => `/v1/complaints/${id}/referrals`);
  return [path.slice(0, path.indexOf('/{'))];
}

async function shows(path, role, bearer) {
  if (!path.includes('{')) return (await page(path, bearer)).length > 0;
  for (const parent of await parents(path, role, bearer))
    for (const { id } of await page(parent, bearer)) if ((await page(path.replace(/\{\w+\}/, id), bearer)).length) return true;
  return false;
}

const lists = Object.entries(contract.paths).flatMap(([path, { get, parameters = [] }]) =>
  get && [...parameters, ...(get.parameters ?? [])].some((parameter) => resolve(parameter).name === 'cursor') ? [{ path, ...get }] : []);
const roles = Object.entries(contract['x-roles']).filter(([name]) => !['public', 'case'].includes(name));
const bearers = Object.fromEntries(roles.map(([role]) => [role, token(role)]));

for (const { path, operationId, security } of lists)
  for (const [role, { scopes }] of security.some((way) => !Object.keys(way).length) ? [['anybody', { scopes: [] }]] : roles) {
    const name = `demo data: ${operationId} shows ${role} something`;
    const admitted = role === 'anybody' || security.some((way) => way.token?.every((scope) => scopes.includes(scope)));
    if (!admitted || !name.includes(filter)) continue;
    const found = await shows(path, role, bearers[role]).catch((error) => console.log(String(error)));
    console.log(`${found === !(`${operationId} ${role}` in NOTHING) ? 'ok' : 'not ok'} ${name}`);
  }
