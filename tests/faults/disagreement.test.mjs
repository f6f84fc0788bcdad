// Contract, SQL and database that do not agree: the service does not start, and says which file, where in it, and why.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { DATABASE, ask, assertUnavailable, page, run, serve, until } from './world.mjs';

const setting = (name) => new RegExp(`^${name} = (.*)$`, 'm').exec(readFileSync(process.env.CPWG_CONFIG, 'utf8'))[1];
const folder = mkdtempSync(`${process.env.FAULTS_DIR}/agreed-`);
after(() => rmSync(folder, { recursive: true }));

const json = (file, edit) => (dir) => {
  const document = JSON.parse(readFileSync(`${dir}/openapi/${file}`, 'utf8'));
  edit(document);
  writeFileSync(`${dir}/openapi/${file}`, JSON.stringify(document));
};
const text = (file, from, to) => (dir) => {
  const was = readFileSync(`${dir}/${file}`, 'utf8');
  assert.ok(was.includes(from), `${file} has no ${from}`);
  writeFileSync(`${dir}/${file}`, was.replace(from, to));
};
const sqlText = (operation, from, to) => text(`operations/${operation}.sql`, from, to);

/** A copy of contract and SQL with one change, as settings. */
function copyWith(change) {
  const dir = mkdtempSync(`${folder}/copy-`);
  cpSync(setting('contract_dir'), `${dir}/openapi`, { recursive: true });
  cpSync(setting('operations_dir'), `${dir}/operations`, { recursive: true });
  change(dir);
  return { CPWG_CONTRACT_DIR: `${dir}/openapi`, CPWG_OPERATIONS_DIR: `${dir}/operations`, CPWG_DATABASE: `${DATABASE} user=cpwg_api` };
}

const item = (document) => document.paths['/v1/organizations/{id}'];
const AT_ITEM = 'organizations.json#/paths/~1v1~1organizations~1{id}';
const website = (schema) => json('organizations.json', (d) => { d.schemas.Organization.properties.website = schema; });
const AT_WEBSITE = 'organizations.json#/schemas/Organization/properties/website';
const organizations = (edit) => json('organizations.json', edit);
const getOrganization = 'operations/organizations/getOrganization.sql';

async function assertRefused(command, change, told) {
  const { said, exited } = run([command, '--config', process.env.CPWG_CONFIG], copyWith(change));
  assert.equal(await exited, 1, said.out);
  assert.match(said.err, /^error: [^\n]+\n$/);
  assert.ok(said.err.includes(told), said.err);
}

// What is changed, how, and what the one line says.
for (const [what, change, told] of [
  ['an unknown schema keyword', website({ type: 'string', minimumLength: 1 }), `${AT_WEBSITE}/minimumLength: this keyword is not supported`],
  ['a keyword of the wrong type', website({ type: 'string', maxLength: 'long' }), `${AT_WEBSITE}/maxLength: `],
  ['a pattern that cannot be compiled', website({ type: 'string', pattern: '(' }), `${AT_WEBSITE}/pattern: `],
  ['a reference that leads nowhere', organizations((d) => { item(d).get.responses['404'] = { $ref: 'openapi.json#/components/responses/nowhere' }; }), `${AT_ITEM}/get/responses/404/$ref: $ref "openapi.json#/components/responses/nowhere" leads nowhere`],
  ['a reference to a file that is not there', organizations((d) => { item(d).get.responses['404'] = { $ref: 'nowhere.json#/x' }; }), `${AT_ITEM}/get/responses/404/$ref: nowhere.json: cannot be read: No such file`],
  ['an unknown x- key', organizations((d) => { item(d).get['x-magic'] = true; }), `${AT_ITEM}/get/x-magic: unknown member`],
  ['two operations of one name', organizations((d) => { item(d).patch.operationId = 'getOrganization'; }), `${AT_ITEM}/patch: operationId "getOrganization" is also that of GET /v1/organizations/{id}`],
  ['an operation without security', organizations((d) => { delete item(d).get.security; }), `${AT_ITEM}/get: misses "security"`],
  ['an unknown scope', organizations((d) => { item(d).get.security = [{ token: ['organizations:dance'] }]; }), `${AT_ITEM}/get/security/0/token: unknown scope "organizations:dance"`],
  ['a path parameter that is not declared', organizations((d) => { delete item(d).parameters; delete item(d).get.parameters; }), `${AT_ITEM}/get: path parameter {id} is not declared`],
  ['JSON that is none', (dir) => writeFileSync(`${dir}/openapi/plan.json`, '{"paths": {'), 'plan.json: ends too early, line 1, column 11'],
  ['a member twice in an object', (dir) => writeFileSync(`${dir}/openapi/plan.json`, '{"paths": {}, "paths": {}}'), 'plan.json: duplicate member, line 1, column 21'],
  ['a file to which nothing leads', (dir) => writeFileSync(`${dir}/openapi/stray.json`, '{}'), 'stray.json: nothing in openapi.json leads to this file'],
  ['an operation without SQL', (dir) => rmSync(`${dir}/${getOrganization}`), `${getOrganization}: No such file`],
  ['SQL without an operation', (dir) => writeFileSync(`${dir}/operations/plan/danceElement.sql`, 'select 1;\n'), 'operations/plan/danceElement.sql: no operation of that id has this tag in the contract'],
  ['SQL in the folder of another tag', (dir) => cpSync(`${dir}/${getOrganization}`, `${dir}/operations/plan/getOrganization.sql`), 'operations/plan/getOrganization.sql: no operation of that id has this tag in the contract'],
  ['a name in SQL that nobody gives', text(getOrganization, ':id', ':ident'), `${getOrganization}: :ident is no parameter, body member, claim or built-in of getOrganization`],
  ['a quote that is not closed', text(getOrganization, ':id', ":id and name = 'x"), `${getOrganization}:4: unterminated quote`],
  ['SQL that ends the transaction', text(getOrganization, 'select *', 'commit; select *'), `${getOrganization}:2: a statement must select`],
  ['a file without a statement', (dir) => writeFileSync(`${dir}/${getOrganization}`, '-- nothing\n'), `${getOrganization}:2: no statement`],
])
  test(`${what}: the service does not start, and says where and why`, () => assertRefused('serve', change, told));

// Those that only the database can tell.
const unknownColumn = text(getOrganization, 'where  id', 'where  ident');
for (const [what, change, told] of [
  ['a column that the table does not have', unknownColumn, 'getOrganization.sql:2: SQLSTATE 42703: column "ident" does not exist'],
  ['SQL that is none', text(getOrganization, 'where', 'wehre'), 'getOrganization.sql:2: SQLSTATE 42601: syntax error at or near "id"'],
  ['a member without a column', sqlText('plan/getPlanElement', 'e.en_status,', ''), 'getPlanElement.sql:2: column en_status: missing, but required'],
  ['a column that is no member', sqlText('plan/getPlanElement', 'e.en_status', 'e.en_status, e.sort_key'), 'getPlanElement.sql:2: column sort_key: no such member in the contract'],
  ['a column of another type', sqlText('plan/getPlanElement', 'e.position,', 'e.text_en as position,'), 'getPlanElement.sql:2: column position: '],
  ['a parameter of another type', text(getOrganization, 'id = :id', 'listed = :id'), 'getOrganization.sql:2: SQLSTATE 42883: operator does not exist: boolean = uuid'],
  ['a guard without a revision', sqlText('plan/listPlanElements', '"_revision"', '"_version"'), 'listPlanElements.sql:3: the guard has no column _revision'],
  ['a cursor whose column is not selected', sqlText('plan/listPlanElements', 'sort_key as "_sort_key"', 'sort_key as "_key"'), 'listPlanElements.sql:5: the cursor\'s column sort_key is not selected'],
  ['an optional line that is wrong alone', sqlText('plan/listPlanElements', 'and      parent_code = :parent', 'and      parent = :parent'), 'listPlanElements.sql:5: SQLSTATE 42703: column "parent" does not exist'],
  ['a CSV header that is not the example\'s', organizations((d) => {
    const csv = d.paths['/v1/organizations'].get.responses['200'].content['text/csv'];
    csv.example = csv.example.replace('name', 'nombre');
  }), 'listOrganizations.sql:6: the CSV header is id,kind,name,'],
])
  test(`${what}: check refuses it, and says where and why`, () => assertRefused('check', change, told));

test('what only the database can tell keeps the service from ever being ready, and its log says why', async () => {
  const server = await serve(copyWith(unknownColumn));
  await until('it is not ready', 10000, async () => (await page(server, '/readyz').catch(() => null))?.status === 503 && server.log().includes('not_ready'));
  assertUnavailable(await ask(server), 'database-unavailable');
  assert.match(server.log(), /"event":"not_ready","text":"contract-error: getOrganization\.sql:2: /);
  assert.equal(await server.stop(), 0);
});
