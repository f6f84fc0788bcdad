/* server-owned.test.ts: no body of any operation takes what is the service's to say (mass assignment): what the answer has and the
 * body has not, and every column of every table, at whatever depth, is refused by name, and nothing changes. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { handled } from "./complaints.js";
import { addSource, sql } from "./database.js";
import { as, checkedFetch, contract, token } from "./service.js";

type Dict = { [name: string]: any };
const ERRORS_MAX = 32; // that a problem tells
const columns = sql("select distinct column_name from information_schema.columns where table_schema = 'cpwg'").split("\n");

/** Records that a body could change, by the paths they stand at. */
const any = (table: string) => sql(`select id from ${table} limit 1`);
const organization = any("organization"), source = addSource(), { id: complaint, key, handler, at } = await handled();
const { data: allegation } = await handler.POST("/v1/complaints/{id}/allegations", { ...at, body: { category: "other" } });
const { data: referral } = await handler.POST("/v1/complaints/{id}/referrals", { ...at, body: { organization, disclosed: [] } });
const { data: system } = await as.coordinator.POST("/v1/api-clients", { body: { name: "x", role: "police_source", source, scopes: ["police_records:push"], address_ranges: [] } });
const ids: { [collection: string]: string } = {
  "api-clients": system!.id, complaints: complaint, members: any("member"), organizations: organization, people: any("person"),
  "police-records": any("police_record"), referrals: referral!.id,
};
const fill = (path: string) => path.replace(/^\/v1\/([\w-]+)\/\{id\}/, (_, collection) => `/v1/${collection}/${ids[collection]}`).replace("{allegation_id}", allegation!.id);

const tokens: { [role: string]: string } = {};

/** Headers of somebody who may call the operation. */
function caller(security: Dict[]): { [name: string]: string } {
  if (security.some((way) => "caseKey" in way)) return { "case-key": key };
  if (security.some((way) => Object.keys(way).length === 0)) return {};
  const roles = Object.entries(contract.document["x-roles"] as Dict).filter(([role]) => !["public", "case"].includes(role));
  const [role] = roles.find(([, { scopes }]) => security.some((way) => way["token"].every((scope: string) => scopes.includes(scope))))!;
  tokens[role] ??= token(role, { source, organization });
  return { authorization: `Bearer ${tokens[role]}` };
}

/** Every object in a body whose members are told, with its place and schema. Items that are taken one by one are tested below. */
function* objects(schema: Dict, value: unknown, at: string[] = []): Generator<{ at: string[]; schema: Dict }> {
  const resolved = contract.resolve(schema);
  const { "x-each": each, items, properties, ...rest } = (resolved["anyOf"] ?? []).map((way: Dict) => contract.resolve(way)).find((way: Dict) => way["type"] === "object") ?? resolved;
  if (each || typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) return yield* objects(items, value[0], [...at, "0"]);
  yield { at, schema: { properties, ...rest } };
  for (const [name, member] of Object.entries(value)) yield* objects(properties[name], member, [...at, name]);
}

/** A copy of the body with these members in the object at that place. */
function withMembers(body: unknown, at: string[], members: string[], value: unknown) {
  const copy = structuredClone(body) as Dict;
  Object.assign(at.reduce((object, token) => object[token], copy), Object.fromEntries(members.map((name) => [name, value])));
  return copy;
}

/** What all tables hold; the audit's chain grows by itself. */
const everything = () =>
  sql(`select tablename, query_to_xml(format('select md5(string_agg(t::text, '''' order by t::text)) from cpwg.%I t', tablename), false, true, '')
    from pg_tables where schemaname = 'cpwg' and tablename <> 'audit_chain' order by tablename`);
const before = everything();

const chunks = (names: string[], n: number) => Array.from({ length: Math.ceil(names.length / n) }, (_, i) => names.slice(i * n, (i + 1) * n));
const membersOf = (schema: Dict) => Object.keys(contract.resolve(schema)["properties"]);
const send = (method: string, path: string, type: string, body: unknown, headers: { [name: string]: string }) =>
  checkedFetch(path, { method: method.toUpperCase(), body: JSON.stringify(body), headers: { "if-match": "*", "idempotency-key": randomUUID(), "content-type": type, ...headers } });

const withBody = [...contract.operations()].flatMap((o) =>
  Object.entries((o.operation["requestBody"]?.content ?? {}) as Dict).filter(([type]) => type.endsWith("json")).map(([type, content]) => ({ ...o, type, content })));

for (const { id, method, path, operation, type, content } of withBody)
  test(`${id} (${type}) takes no member that is the service's to say`, async () => {
    const headers = caller(operation["security"]);
    const answer = contract.resolve(operation["responses"]["201"] ?? operation["responses"]["200"]);
    const owned = [...membersOf(answer["content"]["application/json"].schema), "revision", "_revision"];
    for (const { at, schema } of objects(content.schema, content.example)) {
      assert.equal(schema["additionalProperties"], false, `/${at.join("/")}`);
      const foreign = (names: string[]) => names.filter((name) => !(name in schema["properties"]));
      for (const members of [...chunks(foreign(owned), 1), ...chunks(foreign(columns), ERRORS_MAX)])
        for (const value of ["x", null]) {
          const response = await send(method, fill(path), type, withMembers(content.example, at, members, value), headers);
          assert.equal(response.status, 422, `${members} in /${at.join("/")}: ${await response.clone().text()}`);
          const { errors } = (await response.json()) as { errors: { in: string; pointer: string; keyword: string }[] };
          assert.deepEqual(errors.map((e) => `${e.in} ${e.pointer} ${e.keyword}`).sort(), members.map((name) => `body /${[...at, name].join("/")} unknown`).sort());
        }
    }
  });

test("none of these requests changed anything", () => assert.equal(everything(), before));

test("a police record takes no member that is the service's to say: the item is refused by name, and no record is kept", async () => {
  const { content, path } = withBody.find(({ id }) => id === "createPoliceBatch")!;
  const item = contract.resolve(contract.resolve(content.schema)["properties"].records.items), [example] = content.example.records;
  const record = contract.resolve(contract.document["components"].schemas.PoliceRecord);
  for (const { at, schema } of objects(item, example)) {
    const names = [...new Set([...membersOf(record), ...columns])].filter((name) => !(name in schema["properties"]));
    const records = names.map((name, i) => ({ ...withMembers(example, at, [name], "x"), external_id: `owned ${i}` }));
    const response = await send("post", path, "application/json", { records }, { authorization: `Bearer ${token("police_source", { source })}` });
    assert.equal(response.status, 201);
    const { results } = (await response.json()) as { results: { result: string; errors: { pointer: string; keyword: string }[] }[] };
    assert.deepEqual(results.map(({ result, errors }) => [result, ...errors.map((e) => `${e.pointer} ${e.keyword}`)]), names.map((name) => ["refused", `/${[...at, name].join("/")} unknown`]));
  }
  assert.equal(sql(`select count(*) from police_record where source_code = '${source}'`), "0");
});
