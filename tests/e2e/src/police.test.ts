/* police.test.ts: a police department's system sends its records, again, corrected, with bad rows among good ones; what others see of it. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { addComplaint, addSource, sql } from "./database.js";
import { anybody, as, checkedFetch, client, token } from "./service.js";
import type { components } from "../client/schema.js";

type Sent = components["schemas"]["PoliceRecordSent"];
const add = () => addSource({ "Physical Abuse": "force", "Verbal Abuse": "discourtesy" }, { "12": "southeast", UNK: null });
const source = add(), small = add(); // the first sends more than a page
const department = client(token("police_source", { source })), smaller = client(token("police_source", { source: small }));
const other = client(token("police_source", { source: addSource() }));

const record = (external_id: string, more: Partial<Sent> = {}): Sent => ({ external_id, received_on: "2026-02-11", category: " PHYSICAL ABUSE", district: "12", status: "open", ...more });
const full = (external_id: string) =>
  record(external_id, {
    occurred_on: "2026-02-09",
    narrative: "canary-narrative: was pushed \"against\" a car\nñ",
    complainants: [{ race: ["black", "white"], sex: "female", age_band: "25_34", how_known: "recorded" }, {}],
    allegations: [{ category: "Verbal Abuse", finding: "sustained", finding_status: "pending", decided_by: "police", outcome: "pending", officer_race: ["white"], officer_sex: "male" }, { category: "force" }, { category: "force" }],
  });

async function push(records: Sent[], { by = department, key = randomUUID(), language = "en" } = {}) {
  const { data, response } = await by.POST("/v1/police-batches", { body: { records }, params: { header: { "Idempotency-Key": key, "Accept-Language": language } } });
  assert.equal(response.status, 201);
  return { ...data!, response, became: data!.results.map((row) => row.result) };
}
async function read(id: string, by = department) {
  const { data, response } = await by.GET("/v1/police-records/{id}", { params: { path: { id } } });
  return { record: data, etag: response.headers.get("etag"), status: response.status };
}

test("a department sends a record, and reads it back without its narrative", async () => {
  const { results, response, id: batch, ...rest } = await push([full("26-1")]);
  assert.deepEqual([rest.received, rest.created, rest.source], [1, 1, source]);
  assert.deepEqual(results, [{ index: 0, external_id: "26-1", result: "created", id: results[0]!.id, errors: [] }]);
  assert.equal(response.headers.get("location"), `/v1/police-batches/${batch}`);
  const { record: stored } = await read(results[0]!.id!);
  assert.deepEqual([stored!.category, stored!.category_sent, stored!.neighborhood, stored!.demo], ["force", " PHYSICAL ABUSE", "southeast", false]);
  assert.deepEqual(stored!.complainants, [{ race: ["black", "white"], sex: "female", age_band: "25_34", how_known: "recorded" }, { race: [] }]);
  assert.deepEqual(stored!.allegations.map((a) => a.category), ["discourtesy", "force", "force"]);
  assert.ok(!JSON.stringify(stored).includes("canary"));
  const again = await department.GET("/v1/police-batches/{id}", { params: { path: { id: batch } } });
  assert.deepEqual(again.data!.results, results);
});

test("the same records again change nothing; a corrected one changes itself", async () => {
  const first = await push([full("26-2"), record("26-3")]);
  const before = await read(first.results[0]!.id!);
  const second = await push([full("26-2"), record("26-3")]);
  assert.deepEqual(second.became, ["unchanged", "unchanged"]);
  assert.deepEqual(await read(first.results[0]!.id!), before);
  const shuffled = JSON.parse(JSON.stringify(full("26-2")), (_, value) => (value && typeof value === "object" && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).reverse()) : value));
  assert.deepEqual((await push([shuffled])).became, ["unchanged"], "whatever the order of members");
  const allegations = [{ category: "Verbal Abuse", finding: "sustained" as const, finding_status: "final" as const, outcome: "discipline" as const }];
  const third = await push([{ ...full("26-2"), status: "closed", closed_on: "2026-05-01", allegations }, record("26-3")]);
  assert.deepEqual(third.became, ["updated", "unchanged"]);
  const after = await read(first.results[0]!.id!);
  assert.notEqual(after.etag, before.etag);
  assert.deepEqual([after.record!.status, after.record!.closed_on, after.record!.allegations.length], ["closed", "2026-05-01", 1]);
  assert.equal(after.record!.created_at, before.record!.created_at);
});

test("one bad row among good ones is refused by itself, with pointer and reason, and no value", async () => {
  const bad = [
    { ...record("26-12"), complainants: [{ sex: "canary-W" }] },
    { ...record("26-13"), complainants: [{ initials: "canary-JM" }] },
    { ...record("26-14"), officer: { name: "canary", badge: "canary" } },
    record("26-15", { category: "canary" }),
    record("26-16", { district: "canary" }),
    record("26-17", { allegations: [{ category: "force" }, { category: "canary" }] }),
    record("26-18", { allegations: [{ finding: "sustained" }] }),
    record("26-19", { received_on: "2026-02-30" }),
    record("26-11"),
    { external_id: "canary" },
    "canary",
  ] as Sent[];
  const { results, became } = await push([record("26-10", { district: "UNK" }), record("26-11"), ...bad, record("26-20")]);
  assert.deepEqual(became, ["created", "created", ...bad.map(() => "refused"), "created"]);
  assert.deepEqual(results.map((row) => row.index), results.map((_, n) => n));
  assert.deepEqual(results.slice(2, -1).map((row) => [row.id, ...row.errors.slice(0, 1).map((e) => `${e.pointer} ${e.keyword}`)]), [
    [null, "/complainants/0/sex enum"],
    [null, "/complainants/0/initials unknown"],
    [null, "/officer unknown"],
    [null, "/category reference"],
    [null, "/district reference"],
    [null, "/allegations/1/category reference"],
    [null, "/allegations/0/finding_status dependentRequired"],
    [null, "/received_on format"],
    [null, "/external_id duplicate"],
    [null, "/received_on required"],
    [null, " type"],
  ].map(([id, error]) => [id, (error as string).trim() === "type" ? " type" : error]));
  assert.ok(!JSON.stringify(results).includes("canary"));
  assert.match((await push([record("26-15", { category: "canary" })], { language: "es" })).results[0]!.errors[0]!.detail, /^No es una categoría/);
});

test("an answer that was lost is given again: nothing is stored twice", async () => {
  const key = randomUUID();
  const first = await push([record("26-30")], { key });
  const again = await push([record("26-30")], { key });
  assert.equal(again.response.headers.get("idempotency-replayed"), "true");
  assert.deepEqual([again.id, again.results], [first.id, first.results]);
  const { response, error } = await department.POST("/v1/police-batches", { body: { records: [record("26-31")] }, params: { header: { "Idempotency-Key": key } } });
  assert.equal(response.status, 422);
  assert.equal(error!.type, "/problems/idempotency-key-reused");
});

test("a key that was used for one source is not used for another", async () => {
  const key = randomUUID(), subject = randomUUID(), records = [record("26-32")];
  const [first, second] = [source, small].map((of) => client(token("police_source", { source: of, subject }))), params = { header: { "Idempotency-Key": key } };
  assert.equal((await first!.POST("/v1/police-batches", { body: { records }, params })).response.status, 201);
  const { response, error } = await second!.POST("/v1/police-batches", { body: { records }, params });
  assert.deepEqual([response.status, error!.type], [422, "/problems/idempotency-key-reused"]);
  assert.equal((await first!.POST("/v1/police-batches", { body: { records }, params })).response.headers.get("idempotency-replayed"), "true");
});

test("a call needs a key, from 1 to 500 records, and a source that is known", async () => {
  const post = (records: unknown, headers: Record<string, string>, bearer = token("police_source", { source })) =>
    checkedFetch("/v1/police-batches", { method: "POST", body: JSON.stringify({ records }), headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...headers } });
  const key = { "idempotency-key": randomUUID() };
  assert.equal((await post([record("x")], {})).status, 400);
  assert.equal((await post([], key)).status, 422);
  assert.equal((await post(Array.from({ length: 501 }, (_, n) => record(`x${n}`)), key)).status, 422);
  assert.equal((await post([record("x")], key, token("police_source", { source: "nobody" }))).status, 409);
  assert.equal((await post([record("x")], key, token("police_source"))).status, 409);
});

test("500 records of 2,300 characters are one call", async () => {
  const records = Array.from({ length: 500 }, (_, n) => ({ ...full(`big-${n}`), narrative: "x".repeat(2300) }));
  assert.deepEqual(new Set((await push(records)).became), new Set(["created"]));
  assert.deepEqual(new Set((await push(records)).became), new Set(["unchanged"]));
});

test("two calls at once with the same records make each once", async () => {
  const records = Array.from({ length: 50 }, (_, n) => record(`race-${n}`));
  const answers = await Promise.all([1, 2, 3, 4].map(() => push(records)));
  assert.equal(answers.reduce((sum, answer) => sum + answer.created, 0), 50);
  assert.equal(answers.reduce((sum, answer) => sum + answer.unchanged, 0), 150);
});

test("another source sees nothing of it, and its own record of the same id is another", async () => {
  const mine = (await push([record("26-40")], { by: smaller })).results[0]!.id!;
  const theirs = (await push([record("26-40", { category: "force", district: undefined } as Partial<Sent>)], { by: other })).results[0]!.id!;
  assert.notEqual(mine, theirs);
  assert.equal((await read(mine, other)).status, 404);
  const list = async (by: typeof other) => (await by.GET("/v1/police-records", { params: { query: { limit: 200 } } })).data!.data.map((row) => row.source);
  assert.deepEqual(new Set(await list(smaller)), new Set([small]));
  assert.ok(!(await list(other)).includes(small));
  const { data } = await as.auditor.GET("/v1/police-records", { params: { query: { source: small, status: "open", category: "force", neighborhood: "southeast", limit: 200 } } });
  assert.ok(data!.data.some((row) => row.id === mine) && !data!.data.some((row) => row.id === theirs));
  assert.equal((await checkedFetch(`/v1/police-records/${mine}`)).status, 401);
});

test("a mirror follows what changes", async () => {
  const first = await push([record("26-50"), record("26-51")], { by: smaller });
  const { data } = await as.coordinator.GET("/v1/police-records", { params: { query: { source: small, limit: 200 } } });
  const since = data!.data.find((row) => row.id === first.results[1]!.id)!.updated_at;
  await push([record("26-50", { status: "closed" })], { by: smaller });
  const changed = await as.coordinator.GET("/v1/police-records", { params: { query: { source: small, updated_since: since } } });
  assert.deepEqual(changed.data!.data.map((row) => row.external_id), ["26-51", "26-50"]);
});

test("a withdrawn record keeps its reason alone, and does not come back", async () => {
  const id = (await push([full("26-60")])).results[0]!.id!;
  const withdraw = (by = department) => by.POST("/v1/police-records/{id}/withdrawal", { body: { reason: "expunged" }, params: { path: { id } } });
  assert.equal((await withdraw(other)).response.status, 404);
  const { data, response } = await withdraw();
  assert.equal(response.status, 200);
  assert.deepEqual([data!.withdrawn_as, data!.received_on, data!.category, data!.complainants, data!.allegations], ["expunged", null, null, [], []]);
  assert.equal((await withdraw()).response.status, 409);
  const again = await push([full("26-60")]);
  assert.deepEqual(again.results[0]!.errors.map((e) => `${e.pointer} ${e.keyword}`), ["/external_id withdrawn"]);
});

test("who handles a complaint confirms its counterpart, and then reads the narrative; nobody of the police does", async () => {
  const id = (await push([full("26-70")])).results[0]!.id!, subject = randomUUID(), complaint = addComplaint(subject);
  const handler = client(token("case_handler", { subject })), sergeant = client(token("case_handler", { subject, affiliation: "police" }));
  const narrative = (by: typeof handler) => by.GET("/v1/police-records/{id}/narrative", { params: { path: { id } } });
  assert.equal((await narrative(handler)).response.status, 404);
  const path = { id: complaint };
  const { data, response } = await handler.POST("/v1/complaints/{id}/counterparts", { body: { police_record_id: id }, params: { path } });
  assert.deepEqual([response.status, data!.external_id, data!.by_subject], [201, "26-70", subject]);
  assert.equal(response.headers.get("location"), `/v1/complaints/${complaint}/counterparts/${data!.id}`);
  assert.deepEqual((await narrative(handler)).data, { id, narrative: full("26-70").narrative });
  assert.equal(sql(`select count(*) || ' ' || min(by_subject) from audit where record = 'police_record_private' and record_id = '${id}'`), `1 ${subject}`);
  assert.equal((await narrative(sergeant)).response.status, 403);
  assert.equal((await narrative(as.coordinator)).response.status, 404);
  const second = await checkedFetch(`/v1/complaints/${addComplaint(subject)}/counterparts`, {
    method: "POST", body: JSON.stringify({ police_record_id: id }), headers: { "content-type": "application/json", "accept-language": "es", authorization: `Bearer ${token("case_handler", { subject })}` },
  });
  assert.deepEqual([second.status, ((await second.json()) as { detail: string }).detail], [409, "Este registro no se puede vincular con la queja."], "of whom it is already tells nobody");
  assert.equal((await handler.POST("/v1/complaints/{id}/counterparts", { body: { police_record_id: randomUUID() }, params: { path: { id: addComplaint(subject) } } })).response.status, 409);
  assert.deepEqual((await handler.GET("/v1/complaints/{id}/counterparts", { params: { path } })).data!.data, [data]);
  const one = { id: complaint, counterpart_id: data!.id };
  assert.deepEqual((await as.auditor.GET("/v1/complaints/{id}/counterparts/{counterpart_id}", { params: { path: one } })).data, data);
  assert.equal((await handler.DELETE("/v1/complaints/{id}/counterparts/{counterpart_id}", { params: { path: one } })).response.status, 204);
  assert.equal((await handler.DELETE("/v1/complaints/{id}/counterparts/{counterpart_id}", { params: { path: one } })).response.status, 404);
  assert.equal((await narrative(handler)).response.status, 404);
});

test("sums show what was sent to anybody, in every format, and no few by category", async () => {
  const month = (year: number, n: number) => `${year}-${String(1 + (n % 12)).padStart(2, "0")}-15`;
  await push(Array.from({ length: 120 }, (_, n) => record(`sum-${n}`, { received_on: month(2001, n), category: n < 110 ? "force" : "drugs", status: "closed", closed_on: "2002-01-31" })));
  const query = { series: "reported", by: "category", from: "2000-Q1", to: "2002-Q4" } as const;
  const { data } = await anybody.GET("/v1/complaint-statistics", { params: { query } });
  assert.ok(data!.data.every((row) => row.n === 0 || row.n >= 11));
  assert.equal(data!.data.reduce((sum, row) => sum + row.n, 0), 120);
  const none = await anybody.GET("/v1/complaint-statistics", { params: { query: { ...query, by: "none", from: "2001-Q2", to: "2001-Q3" } } });
  assert.deepEqual(none.data!.data.map((row) => [row.period, row.time_rung, row.n, row.status]), [["2001", "year", 120, "final"], ["2001-Q2", "quarter", 30, "final"], ["2001-Q3", "quarter", 30, "final"]]);
  const text = async (accept: string) => (await checkedFetch(`/v1/complaint-statistics?${new URLSearchParams(query)}`, { headers: { accept } })).text();
  const lines = (await text("application/x-ndjson")).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines, data!.data);
  assert.equal((await text("text/csv")).split("\r\n")[0], "series,by,value,period,time_rung,place_rung,n,median_days,status,demo");
  assert.equal((await anybody.GET("/v1/complaint-statistics", { params: { query: { from: "2001-Q5" } } })).response.status, 400);
});
