/* police-member.test.ts: police sit in the group itself. Whatever role a token of a sergeant's names, nothing that is private in a
 * complaint comes out. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { checkedFetch, holder, token } from "./service.js";
import { assign, coordinator, handled, somebody } from "./complaints.js";

const marker = () => `secreto${randomUUID().replaceAll("-", "")}`;
const told = { narrative: marker(), place: marker(), officer_described: marker() };
const secrets = { ...told, contact: marker(), lawyer: marker(), note: marker(), message: marker(), written: marker(), answer: marker() };

const subject = `sergeant ${randomUUID()}`;
const one = await handled({ ...told, kind: "complaint", identity_to: "group_and_police", contact: { name: secrets.contact }, representative: { contact: { name: secrets.lawyer } }, complainants: [{ relation: "victim", race: ["pacific_islander"], sex: "nonbinary" }] });
await assign(one.id, subject);
await one.handler.POST("/v1/complaints/{id}/notes", { ...one.at, body: { text: secrets.note } });
await one.handler.POST("/v1/complaints/{id}/messages", { ...one.at, body: { language: "es", text: secrets.message } });
await holder(one.key).POST("/v1/case/messages", { body: { language: "es", text: secrets.written } });
const { data: note } = await one.handler.GET("/v1/complaints/{id}/notes", one.at);
const { data: messages } = await one.handler.GET("/v1/complaints/{id}/messages", one.at);

const below = [...["private", "notes", "messages", "resolution-answers"].map((door) => `/v1/complaints/${one.id}/${door}`), `/v1/complaints/${one.id}/notes/${note!.data[0]!.id}`, ...messages!.data.map((m) => `/v1/complaints/${one.id}/messages/${m.id}`)];
const everywhere = [...below, ...["", "/transitions", "/assignments", "/recusals", "/allegations", "/resolutions", "/links", "/referrals"].map((door) => `/v1/complaints/${one.id}${door}`), "/v1/complaints?limit=200", "/v1/referrals"];

test("whoever handles it reads what is private", async () => {
  const bearer = token("case_handler", { subject: one.subject });
  const texts = await Promise.all(below.map(async (path) => (await checkedFetch(path, { headers: { authorization: `Bearer ${bearer}` } })).text()));
  for (const secret of Object.entries(secrets).filter(([name]) => name !== "answer")) assert.ok(texts.join().includes(secret[1]), secret[0]);
  assert.ok(texts.join().includes("pacific_islander"));
});

for (const role of ["case_handler", "coordinator", "auditor"])
  test(`a sergeant with the role ${role}, assigned and all, reads nothing private`, async () => {
    const bearer = token(role, { subject, affiliation: "police" });
    for (const path of everywhere)
      for (const accept of ["application/json", "text/csv", "application/x-ndjson"]) {
        const answer = await checkedFetch(path, { headers: { accept: `${accept}, */*;q=0.1`, authorization: `Bearer ${bearer}` } });
        const text = await answer.text();
        for (const [name, secret] of Object.entries(secrets)) assert.ok(!text.includes(secret), `${path} shows ${name}`);
        assert.ok(!text.includes("pacific_islander"), `${path} shows who it happened to`);
        if (below.includes(path)) assert.equal(answer.status, 403, path);
      }
  });

test("a sergeant reads of a complaint how it is handled, not when and where it happened, nor to whom", async () => {
  const kept = { occurred: { from: "2026-01-02T03:04:00+00:00", to: "2026-01-02T03:05:00+00:00" }, neighborhood: "southeast", interpreter: "ase", under_18: true, pending_criminal_case: true, retaliation: true };
  const other = await handled({ kind: "complaint", ...kept, allegations: ["force"], representative: { contact: { name: "x" } } });
  await assign(other.id, subject);
  const { data: whole } = await other.handler.GET("/v1/complaints/{id}", other.at);
  const unsaid = { occurred: { from: null, to: null }, neighborhood: null, language: null, interpreter: null, through_representative: null, under_18: null, pending_criminal_case: null, retaliation: null, due_at: null, next: [] };
  for (const role of ["case_handler", "coordinator", "auditor"]) {
    const sergeant = somebody(role, subject, { affiliation: "police" });
    const { data: read } = await sergeant.GET("/v1/complaints/{id}", other.at);
    assert.deepEqual(read as object, { ...whole, updated_at: read!.updated_at, ...unsaid }, role);
    const bearer = token(role, { subject, affiliation: "police" }), list = async (query: string, accept = "application/json") =>
      (await checkedFetch(`/v1/complaints?limit=200&updated_since=${encodeURIComponent(read!.updated_at)}${query}`, { headers: { accept, authorization: `Bearer ${bearer}` } })).text();
    assert.ok((await list("")).includes(other.id), role);
    for (const [query, accept] of [["", "application/json"], ["", "text/csv"], ["", "application/x-ndjson"]] as const)
      for (const secret of ["2026-01-02", "southeast", '"ase"']) assert.ok(!(await list(query, accept)).includes(secret), `${role} ${accept} ${secret}`);
    for (const query of ["&neighborhood=southeast", "&overdue=true"]) assert.deepEqual(JSON.parse(await list(query)).data, [], `${role}: nobody finds by ${query} what they are not told`);
  }
  const late = (await coordinator.GET("/v1/complaints", { params: { query: { neighborhood: "southeast", updated_since: whole!.updated_at, limit: 200 } } })).data!.data;
  assert.ok(late.some((found) => found.id === other.id), "others find it");
});

test("what a sergeant may not read answers the same whether it exists, byte for byte", async () => {
  const headers = { authorization: `Bearer ${token("case_handler", { subject, affiliation: "police" })}`, traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` };
  const missing = randomUUID();
  for (const path of below) {
    const [refused, none] = await Promise.all([path, path.replace(one.id, missing)].map(async (p) => (await checkedFetch(p, { headers })).text()));
    assert.equal(refused!.replaceAll(one.id, missing), none);
  }
});

test("a sergeant decides nothing about who handles a complaint, whatever their role, but may recuse themself", async () => {
  const other = await handled(), assignment = (await coordinator.GET("/v1/complaints/{id}/assignments", other.at)).data!.data[0]!.id;
  for (const role of ["coordinator", "case_handler"]) {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token(role, { subject, affiliation: "police" })}` };
    const ask = async (method: string, path: string, body?: object) => (await checkedFetch(`/v1/complaints/${other.id}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })).status;
    const refused = role === "coordinator" ? 403 : 404;
    assert.equal(await ask("POST", "/recusals", { subject: other.subject, reason: "x" }), refused);
    for (const [method, path, body] of [["POST", "/assignments", { subject: "a friend" }], ["DELETE", `/assignments/${assignment}`]] as const) assert.equal(await ask(method, path, body), 403, path);
  }
  assert.equal((await other.handler.GET("/v1/complaints/{id}/private", other.at)).response.status, 200, "who handles it still does");
  assert.deepEqual((await coordinator.GET("/v1/complaints/{id}", other.at)).data!.assignees, [other.subject]);
  const sergeant = somebody("coordinator", subject, { affiliation: "police" });
  const { data: recusal } = await sergeant.POST("/v1/complaints/{id}/recusals", { ...other.at, body: { reason: "My partner's case." } });
  assert.deepEqual([recusal!.subject, recusal!.reason], [subject, null]);
  assert.equal((await coordinator.GET("/v1/complaints/{id}/recusals", other.at)).data!.data[0]!.reason, "My partner's case.");
  assert.equal((await sergeant.GET("/v1/complaints/{id}", other.at)).response.status, 404);
});

test("a sergeant writes neither notes nor messages, and refers nothing", async () => {
  for (const role of ["case_handler", "coordinator"]) {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token(role, { subject, affiliation: "police" })}` };
    for (const [door, body] of [["notes", { text: "x" }], ["messages", { language: "es", text: "x" }]] as const)
      assert.equal((await checkedFetch(`/v1/complaints/${one.id}/${door}`, { method: "POST", body: JSON.stringify(body), headers })).status, 403, `${role} ${door}`);
    const { data: organization } = await coordinator.POST("/v1/organizations", { body: { kind: "police_department", name: "Police", listed: false } });
    assert.equal((await checkedFetch(`/v1/complaints/${one.id}/referrals`, { method: "POST", body: JSON.stringify({ organization: organization!.id }), headers })).status, 403);
  }
});
