/* organizations.test.ts: the life of a record: added, read, changed, moved, published; safe to repeat, safe to race. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { anybody, as, checkedFetch, client, token, url } from "./service.js";
import type { components } from "../client/schema.js";

type New = components["schemas"]["NewOrganization"];
const body = (more: Partial<New> = {}): New => ({ kind: "school", name: `Escuela ${randomUUID().slice(0, 8)}`, ...more });

async function create(more: Partial<New> = {}) {
  const { data, response } = await as.coordinator.POST("/v1/organizations", { body: body(more) });
  assert.equal(response.status, 201);
  return { record: data!, etag: response.headers.get("etag")!, response };
}

test("a new organization is answered with its record, its place and its ETag", async () => {
  const sent = body({ description: { es: "Ñandú \"comillas\"\n", en: "a, b; c" }, languages: ["es", "en"], website: "https://x.example.org/?a=1&b=ü".replace("ü", "u"), contact_email: "a@example.org", neighborhood: "southeast", listed: true });
  const { data, response } = await as.coordinator.POST("/v1/organizations", { body: sent });
  const { id, state, next, demo, created_at, updated_at, ...rest } = data!;
  assert.deepEqual(rest, sent);
  assert.equal(state, "active");
  assert.deepEqual([...next].sort(), ["retired", "suspended"]);
  assert.equal(demo, false);
  assert.equal(created_at, updated_at);
  assert.equal(new URL(response.headers.get("location")!, url).pathname, `/v1/organizations/${id}`);
  const read = await as.coordinator.GET("/v1/organizations/{id}", { params: { path: { id } } });
  assert.deepEqual(read.data, data);
  assert.equal(read.response.headers.get("etag"), response.headers.get("etag"));
});

test("what was not given has the contract's default", async () => {
  const { record } = await create();
  assert.deepEqual([record.listed, record.languages, record.description, record.website, record.contact_email, record.neighborhood], [false, [], null, null, null, null]);
});

test("return=minimal gives the place and no body", async () => {
  const made = await as.coordinator.POST("/v1/organizations", { body: body(), params: { header: { Prefer: "return=minimal" } } });
  assert.equal(made.response.status, 201);
  assert.equal(made.response.headers.get("preference-applied"), "return=minimal");
  assert.ok(made.response.headers.get("location") && made.response.headers.get("etag"));
});

test("the same key and body give the same record once, another body is refused", async () => {
  const key = randomUUID(), sent = body();
  const post = (b: New, c = as.coordinator) => c.POST("/v1/organizations", { body: b, params: { header: { "Idempotency-Key": key } } });
  const first = await post(sent);
  const again = await post(sent);
  assert.equal(again.response.status, 201);
  assert.equal(again.response.headers.get("idempotency-replayed"), "true");
  assert.equal(again.response.headers.get("location"), first.response.headers.get("location"));
  assert.deepEqual(again.data, first.data);
  const other = await post(body());
  assert.equal(other.response.status, 422);
  assert.equal(other.error!.type, "/problems/idempotency-key-reused");
  const stranger = client(token("coordinator", { subject: "another-coordinator" }));
  assert.notEqual((await post(sent, stranger)).data!.id, first.data!.id);
});

test("a replay gives the record as it is now", async () => {
  const key = randomUUID(), sent = body();
  const post = () => as.coordinator.POST("/v1/organizations", { body: sent, params: { header: { "Idempotency-Key": key } } });
  const { data, response } = await post();
  await as.coordinator.PATCH("/v1/organizations/{id}", { params: { path: { id: data!.id }, header: { "If-Match": response.headers.get("etag")! } }, body: { name: "Changed since" } });
  assert.equal((await post()).data!.name, "Changed since");
});

test("a replay is no problem, neither in the metrics nor in the log", async () => {
  const problems = async () => /cpwg_problems_total\{type="replay"\} (\d+)/.exec(await (await fetch(`${process.env["CPWG_ADMIN_URL"]}/metrics`)).text())?.[1];
  const key = randomUUID(), sent = body(), before = await problems();
  for (const replayed of [null, "true"]) {
    const { response } = await as.coordinator.POST("/v1/organizations", { body: sent, params: { header: { "Idempotency-Key": key } } });
    assert.equal(response.headers.get("idempotency-replayed"), replayed);
  }
  assert.equal(await problems(), before);
});

test("twenty racing requests with one key make one record", async () => {
  const key = randomUUID(), sent = body();
  const answers = await Promise.all(Array.from({ length: 20 }, () => as.coordinator.POST("/v1/organizations", { body: sent, params: { header: { "Idempotency-Key": key } } })));
  const made = answers.filter((a) => a.response.status === 201);
  assert.ok(made.length >= 1 && answers.every((a) => a.response.status === 201 || a.error!.type === "/problems/request-in-progress"));
  assert.equal(new Set(made.map((a) => a.data!.id)).size, 1);
});

test("a request that was refused leaves its key free", async () => {
  const key = randomUUID();
  const post = (b: New) => as.coordinator.POST("/v1/organizations", { body: b, params: { header: { "Idempotency-Key": key } } });
  assert.equal((await post(body({ neighborhood: "nowhere" }))).response.status, 409);
  assert.equal((await post(body())).response.status, 201);
});

test("a change needs the ETag that was read, and only the latest", async () => {
  const { record, etag } = await create();
  const patch = (headers: Record<string, string>, path = `/v1/organizations/${record.id}`) =>
    checkedFetch(path, { method: "PATCH", body: JSON.stringify({ name: "Nueva" }), headers: { "content-type": "application/merge-patch+json", authorization: `Bearer ${token("coordinator")}`, ...headers } });
  assert.equal((await patch({})).status, 428);
  assert.equal((await patch({}, `/v1/organizations/${randomUUID()}`)).status, 404);
  assert.equal((await patch({ "if-match": '"999-json-coordinator"' })).status, 412);
  assert.equal((await patch({ "if-match": `W/${etag}` })).status, 412);
  const changed = await patch({ "if-match": etag });
  assert.equal(changed.status, 200);
  assert.equal(((await changed.json()) as { name: string }).name, "Nueva");
  assert.equal((await patch({ "if-match": etag })).status, 412);
  assert.equal((await patch({ "if-match": changed.headers.get("etag")! })).status, 200);
});

test("twenty racing changes on one ETag let one through", async () => {
  const { record, etag } = await create();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => as.coordinator.PATCH("/v1/organizations/{id}", { params: { path: { id: record.id }, header: { "If-Match": etag } }, body: { name: `n ${i}` } })),
  );
  assert.deepEqual(answers.map((a) => a.response.status).sort(), [200, ...Array(19).fill(412)]);
});

test("a patch leaves what it does not name, and null empties", async () => {
  const { record, etag } = await create({ website: "https://a.example.org/", contact_email: "a@example.org", description: { es: "uno", en: "one" }, languages: ["es"] });
  const { data, response } = await as.coordinator.PATCH("/v1/organizations/{id}", { params: { path: { id: record.id }, header: { "If-Match": etag } }, body: { website: null } });
  assert.equal(response.status, 200);
  assert.equal(data!.website, null);
  assert.deepEqual([data!.contact_email, data!.description, data!.languages, data!.name], ["a@example.org", { es: "uno", en: "one" }, ["es"], record.name]);
  const cleared = await as.coordinator.PATCH("/v1/organizations/{id}", { params: { path: { id: record.id }, header: { "If-Match": "*" } }, body: { description: null } });
  assert.equal(cleared.data!.description, null);
});

test("a patch is merged before it is judged: half a description is refused where there is none", async () => {
  const { record } = await create();
  const response = await checkedFetch(`/v1/organizations/${record.id}`, {
    method: "PATCH", body: '{"description":{"es":"solo uno"}}',
    headers: { "content-type": "application/merge-patch+json", "if-match": "*", authorization: `Bearer ${token("coordinator")}` },
  });
  assert.equal(response.status, 422);
  const { errors } = (await response.json()) as { errors: { pointer: string; keyword: string }[] };
  assert.deepEqual(errors.map((e) => [e.pointer, e.keyword]), [["/description/en", "required"]]);
});

test("what the contract requires cannot be emptied", async () => {
  const { record } = await create();
  const { response } = await as.coordinator.PATCH("/v1/organizations/{id}", {
    params: { path: { id: record.id }, header: { "If-Match": "*" } }, body: { name: null } as never, headers: { "content-type": "application/merge-patch+json" },
  });
  assert.equal(response.status, 422);
});

test("retiring takes it out of the public list, and the way back is a transition too", async () => {
  const { record } = await create({ listed: true });
  const shown = async () => (await anybody.GET("/v1/published-organizations/{id}", { params: { path: { id: record.id } } })).response.status;
  const move = (to: string, reason?: string) =>
    as.coordinator.POST("/v1/organizations/{id}/transitions", { params: { path: { id: record.id } }, body: { to, ...(reason ? { reason } : {}) } as never });
  assert.equal(await shown(), 200);
  const noReason = await move("retired");
  assert.equal(noReason.response.status, 409);
  assert.equal((await move("retired", "closed")).data!.state, "retired");
  assert.equal(await shown(), 404);
  const illegal = await move("suspended", "x");
  assert.equal(illegal.response.status, 409);
  assert.equal(illegal.error!.type, "/problems/illegal-transition");
  assert.match((illegal.error as { detail: string }).detail, /active/);
  assert.equal((await move("active", "again")).data!.state, "active");
  const { data: history } = await as.coordinator.GET("/v1/organizations/{id}/transitions", { params: { path: { id: record.id } } });
  assert.deepEqual(history!.data.map((t) => [t.from, t.to, t.by_role]), [["active", "retired", "coordinator"], ["retired", "active", "coordinator"]]);
});

test("a reference that does not exist is 409 and stores nothing", async () => {
  const name = `Lost ${randomUUID()}`;
  const { response, error } = await as.coordinator.POST("/v1/organizations", { body: body({ name, neighborhood: "nowhere" }) });
  assert.equal(response.status, 409);
  assert.equal(error!.type, "/problems/missing-reference");
  const { data } = await as.coordinator.GET("/v1/organizations", { params: { query: { limit: 200 } } });
  assert.ok(!data!.data.some((o) => o.name === name));
});

test("a contact is never shown to the public", async () => {
  const email = `${randomUUID()}@example.org`;
  const { record } = await create({ listed: true, contact_email: email });
  for (const path of [`/v1/published-organizations/${record.id}`, "/v1/published-organizations?limit=200"])
    for (const accept of ["application/json", "text/csv", "application/x-ndjson"]) {
      const text = await (await checkedFetch(path, { headers: { accept: `${accept}, */*;q=0.1` } })).text();
      assert.ok(!text.includes(email) && !text.includes("contact_email"));
    }
});

test("paging gives every record once, in order, whatever the page size, with total beside it", async () => {
  await Promise.all(Array.from({ length: 12 }, () => create({ kind: "media" })));
  const all = (await as.coordinator.GET("/v1/organizations", { params: { query: { kind: "media", limit: 200, include: "total" } } })).data!;
  assert.equal(all.total, all.data.length);
  assert.equal(all.total_capped, false);
  for (const limit of [1, 5, 10, 11, 12]) {
    const ids: string[] = [];
    for (let path: string | null = `/v1/organizations?kind=media&limit=${limit}`; path; ) {
      const response: Response = await checkedFetch(path, { headers: { authorization: `Bearer ${token("coordinator")}` } });
      const page = (await response.json()) as { data: { id: string }[]; next: string | null };
      assert.ok(page.data.length <= limit && (page.next === null || page.data.length === limit));
      ids.push(...page.data.map((o) => o.id));
      const link = response.headers.get("link");
      assert.equal(link !== null, page.next !== null);
      path = link ? /^<([^>]+)>; rel="next"$/.exec(link)![1]! : null;
    }
    assert.deepEqual(ids, all.data.map((o) => o.id));
  }
});

test("a cursor is good for its list, filter and role only", async () => {
  const { data } = await as.coordinator.GET("/v1/organizations", { params: { query: { limit: 1 } } });
  const cursor = data!.next!;
  const status = async (path: string, role: string, c = cursor) =>
    (await checkedFetch(`${path}${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(c)}`, { headers: { authorization: `Bearer ${token(role)}` } })).status;
  assert.equal(await status("/v1/organizations", "coordinator"), 200);
  assert.equal(await status("/v1/organizations?kind=school", "coordinator"), 400);
  assert.equal(await status("/v1/organizations", "auditor"), 400);
  assert.equal(await status("/v1/published-organizations", "coordinator"), 400);
  for (const query of ["kind=school&cursor=" + cursor, "cursor=AAAA", "cursor=%C3%B1"]) {
    const { errors } = await (await checkedFetch(`/v1/organizations?${query}`, { headers: { authorization: `Bearer ${token("coordinator")}` } })).json();
    assert.deepEqual([errors.length, errors[0].in, errors[0].pointer, errors[0].keyword], [1, "query", "/cursor", query.includes("%") ? "pattern" : "cursor"]);
  }
  for (const forged of [cursor.slice(0, -1) + (cursor.endsWith("A") ? "B" : "A"), cursor + "A", "AAAA", "%", "ñ", "x".repeat(1024)])
    assert.equal(await status("/v1/organizations", "coordinator", forged), 400, forged);
});

test("the link to the next page takes the cursor's place, however its name was written", async () => {
  const { data } = await as.coordinator.GET("/v1/organizations", { params: { query: { limit: 1 } } });
  const get = (path: string) => checkedFetch(path, { headers: { authorization: `Bearer ${token("coordinator")}` } });
  const second = await get(`/v1/organizations?limit=1&c%75rsor=${data!.next}`);
  const link = /^<([^>]+)>; rel="next"$/.exec(second.headers.get("link")!)![1]!;
  assert.deepEqual([...new URL(link, url).searchParams.keys()].sort(), ["cursor", "limit"]);
  assert.equal((await get(link)).status, 200);
});

test("every time of RFC 3339 is understood, leap seconds too", async () => {
  const times = ["0000-01-01T00:00:00+23:59", "2016-12-31T23:59:60Z", "2016-12-31T23:59:60.999999Z", "2016-12-31T18:59:60.5-05:00", "2026-01-01t00:00:00.123456789z"];
  for (const updated_since of times)
    assert.equal((await as.coordinator.GET("/v1/organizations", { params: { query: { updated_since, limit: 1 } } })).response.status, 200, updated_since);
});

test("a mirror that asks for what changed since gets it", async () => {
  const { record, etag } = await create();
  const since = record.updated_at;
  const { data } = await as.coordinator.PATCH("/v1/organizations/{id}", { params: { path: { id: record.id }, header: { "If-Match": etag } }, body: { name: "mirrored" } });
  const { data: changes } = await as.coordinator.GET("/v1/organizations", { params: { query: { updated_since: since, limit: 200 } } });
  assert.ok(changes!.data.some((o) => o.id === record.id && o.name === "mirrored"));
  assert.ok(changes!.data.every((o) => Date.parse(o.updated_at) >= Date.parse(since)));
  const { data: later } = await as.coordinator.GET("/v1/organizations", { params: { query: { updated_since: "9999-12-31T23:59:59-23:59" } } });
  assert.deepEqual(later!.data, []);
  assert.ok(data);
});

test("spreadsheet formulas are disarmed in CSV", async () => {
  const { record } = await create({ name: "=HYPERLINK(1)", kind: "other" });
  const csv = await (await checkedFetch("/v1/organizations?kind=other", { headers: { accept: "text/csv", authorization: `Bearer ${token("coordinator")}` } })).text();
  assert.ok(csv.includes("'=HYPERLINK(1)"));
  const { data } = await as.coordinator.GET("/v1/organizations/{id}", { params: { path: { id: record.id } } });
  assert.equal(data!.name, "=HYPERLINK(1)");
});
