/* walls.test.ts: lists of records that have an organization or a source: what is another's is in none of them, in no format, by no filter,
 * nor counted. (By id, and for changes: access.test.ts.) */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { addSource } from "./database.js";
import { file } from "./cases.js";
import { assign, somebody } from "./complaints.js";
import { as, checkedFetch, client, contract, token } from "./service.js";

type Dict = { [name: string]: any };
type Side = { role: string; options: { [name: string]: string }; record: Dict };

const organization = async (kind: string) => (await as.coordinator.POST("/v1/organizations", { body: { kind, name: `walls ${randomUUID()}` } as never })).data!;
async function bySource(read: (bearer: string, pushed: Dict) => Promise<Dict>): Promise<Side> {
  const source = addSource(), options = { source }, bearer = token("police_source", options);
  const records = [{ external_id: randomUUID(), received_on: "2026-01-02", category: "force", status: "open" }];
  const { data } = await client(bearer).POST("/v1/police-batches", { body: { records } as never, params: { header: { "Idempotency-Key": randomUUID() } } });
  const record = await read(bearer, data as Dict);
  assert.ok(record["id"], JSON.stringify([data, record]));
  return { role: "police_source", options, record };
}
const get = async (path: string, bearer: string) => (await (await checkedFetch(path, { headers: { authorization: `Bearer ${bearer}` } })).json()) as Dict;
const keeper = somebody("coordinator", "keeper of walls");
async function referred(role: string, kind: string): Promise<Side> {
  const { id } = await file(), to = await organization(kind), options = { organization: to.id };
  await assign(id, "keeper of walls");
  const sent = (await keeper.POST("/v1/complaints/{id}/referrals", { params: { path: { id } }, body: { organization: to.id, disclosed: [] } })).data!;
  return { role, options, record: await get(`/v1/referrals/${sent.id}`, token(role, options)) };
}
async function partner(): Promise<Side> {
  const record = await organization("school");
  return { role: "partner", options: { organization: record.id }, record };
}

/** Two sides of each, who do not know of each other. */
const walls: { [list: string]: [Side, Side][] } = {
  listOrganizations: [[await partner(), await partner()]],
  listPoliceBatches: [[await bySource(async (_, pushed) => pushed), await bySource(async (_, pushed) => pushed)]],
  listPoliceRecords: [await Promise.all([1, 2].map(() => bySource((bearer, pushed) => get(`/v1/police-records/${pushed["results"][0].id}`, bearer)))) as [Side, Side]],
  listReferrals: [[await referred("police_staff", "police_department"), await referred("police_staff", "police_department")], [await referred("city", "city_department"), await referred("partner", "school")],
    [await referred("partner", "school"), await referred("city", "city_department")]],
};
/** Lists for the office alone, which sees every side. */
const office = ["listPeople", "listApiClients", "listComplaintReferrals", "listCounterparts"];
const outside = ["partner", "police_staff", "police_source", "city"];

test("every list of records that have a side stands here", async () => {
  const sided = [...contract.operations()].filter(({ operation }) => {
    const schema = contract.document["components"]["schemas"], list = operation["responses"]["200"]?.content?.["application/json"]?.schema;
    const text = JSON.stringify(list ?? {}), name = /schemas\/(\w+)"/.exec(text)?.[1];
    const item = JSON.stringify(schema[name ?? ""]?.properties?.data ?? {}), of = schema[/schemas\/(\w+)"/.exec(item)?.[1] ?? ""];
    return operation["security"].every((s: Dict) => "token" in s) && ["organization", "source"].some((side) => of?.properties?.[side]);
  });
  assert.deepEqual(sided.map(({ id }) => id).filter((id) => !walls[id]).sort(), office.sort());
});

test("what is for the office is told to nobody who stands for an organization or a source", async () => {
  for (const role of outside) {
    const { operations } = await get("/v1/me", token(role, { organization: randomUUID(), source: addSource() }));
    assert.deepEqual(operations.filter((id: string) => office.includes(id)), [], role);
  }
});

for (const [list, sides] of Object.entries(walls))
  for (const [mine, theirs] of sides.flatMap(([a, b]) => [[a, b], [b, a]] as const))
    test(`${list}: ${mine.role} sees nothing of ${theirs.role === mine.role ? "another" : theirs.role}, by no filter and in no format`, async () => {
      const { path, operation } = [...contract.operations()].find(({ id }) => id === list)!;
      const filters = (operation["parameters"] as Dict[]).map((p) => p["name"] as string).filter((name) => theirs.record[name] !== undefined && theirs.record[name] !== null);
      const marks = [theirs.record["id"], theirs.record["external_id"], ...Object.values(theirs.options)].filter(Boolean) as string[];
      const own = token(mine.role, mine.options), nobody = token(mine.role), stranger = token(mine.role, { organization: randomUUID(), source: "nobody" });
      for (const accept of ["application/json", "text/csv", "application/x-ndjson"])
        for (const query of ["limit=200", ...filters.map((name) => `${name}=${encodeURIComponent(String(theirs.record[name]))}`)])
          for (const bearer of [own, nobody, stranger]) {
            const text = await (await checkedFetch(`${path}?${query}`, { headers: { accept, authorization: `Bearer ${bearer}` } })).text();
            for (const mark of marks) assert.ok(!text.includes(mark), `${query} as ${accept}`);
            if (query === "limit=200") assert.equal(text.includes(mine.record["id"]), bearer === own, accept);
          }
      if (!(operation["parameters"] as Dict[]).some((p) => p["name"] === "include")) return;
      const counted = await get(`${path}?include=total`, own);
      assert.equal(counted["total"], counted["data"].length);
    });
