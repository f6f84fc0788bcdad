/* audit.test.ts: each change and each reading of what is private leaves a row that says who, and never what; a refused one leaves none.
 * An auditor reads them. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { coordinator, handled, somebody } from "./complaints.js";
import { as, checkedFetch, client, holder, token } from "./service.js";
import type { paths } from "../client/schema.js";

/** Who read one record: a row each. */
function rows(id: string): { by_subject: string; by_role: string; by_affiliation: string; action: string; record: string }[] {
  const text = execFileSync("psql", ["-XqAt", process.env["CPWG_TEST_DATABASE"]!, "-c", `select coalesce(json_agg(a order by id), '[]') from cpwg.audit a where record_id = '${id}' and action = 'read'`], { encoding: "utf8" });
  return JSON.parse(text);
}
const kept = (id: string) => rows(id).map((r) => [r.action, r.record, r.by_subject, r.by_role, r.by_affiliation]);

test("whoever reads what is private is kept, list or record, whatever the format", async () => {
  const one = await handled(), me = [one.subject, "case_handler", "city"];
  const { data: note } = await one.handler.POST("/v1/complaints/{id}/notes", { ...one.at, body: { text: "x" } });
  const { data: message } = await one.handler.POST("/v1/complaints/{id}/messages", { ...one.at, body: { language: "es", text: "x" } });
  assert.deepEqual(kept(one.id), [], "writing is no reading");
  await one.handler.GET("/v1/complaints/{id}/private", one.at);
  await one.handler.GET("/v1/complaints/{id}/notes", one.at);
  await one.handler.GET("/v1/complaints/{id}/messages", one.at);
  await one.handler.GET("/v1/complaints/{id}/resolution-answers", one.at);
  const bearer = token("case_handler", { subject: one.subject });
  await (await checkedFetch(`/v1/complaints/${one.id}/notes`, { headers: { accept: "text/csv", authorization: `Bearer ${bearer}` } })).text();
  assert.deepEqual(kept(one.id), ["complaint_private", "complaint_note", "complaint_message", "resolution_answer", "complaint_note"].map((record) => ["read", record, ...me]));
  await one.handler.GET("/v1/complaints/{id}/notes/{note_id}", { params: { path: { id: one.id, note_id: note!.id } } });
  assert.deepEqual(kept(note!.id), [["read", "complaint_note", ...me]]);
  await one.handler.GET("/v1/complaints/{id}/messages/{message_id}", { params: { path: { id: one.id, message_id: message!.id } } });
  assert.deepEqual(kept(message!.id), [["read", "complaint_message", ...me]]);
});

test("what is refused leaves no row, for nothing was read", async () => {
  const one = await handled();
  for (const bearer of [token("coordinator"), token("case_handler"), token("case_handler", { subject: one.subject, affiliation: "police" }), token("auditor")])
    for (const door of ["private", "notes", "messages", "resolution-answers"])
      assert.ok((await checkedFetch(`/v1/complaints/${one.id}/${door}`, { headers: { authorization: `Bearer ${bearer}` } })).status >= 403);
  assert.deepEqual(kept(one.id), []);
});

test("the record of a complaint is no secret among those who handle complaints, and leaves none either", async () => {
  const one = await handled();
  await one.handler.GET("/v1/complaints/{id}", one.at);
  await coordinator.GET("/v1/complaints/{id}", one.at);
  assert.deepEqual(kept(one.id), []);
});

test("both sides of a referral are kept when they read its copy", async () => {
  const one = await handled();
  const { data: organization } = await coordinator.POST("/v1/organizations", { body: { kind: "police_department", name: "Police", listed: false } });
  await holder(one.key).POST("/v1/case/consents", { body: { purpose: "referral" } });
  const { data: sent } = await one.handler.POST("/v1/complaints/{id}/referrals", { ...one.at, body: { organization: organization!.id, disclosed: ["narrative"], copy: { narrative: "x" } } });
  const subject = `staff ${randomUUID()}`, staff = somebody("police_staff", subject, { organization: organization!.id });
  const at = { params: { path: { id: sent!.id } } };
  await staff.GET("/v1/referrals");
  await somebody("police_staff", "another's").GET("/v1/referrals/{id}", at);
  assert.deepEqual(kept(sent!.id), [], "lists hold no copies, and others read nothing");
  await staff.GET("/v1/referrals/{id}", at);
  await one.handler.GET("/v1/complaints/{id}/referrals/{referral_id}", { params: { path: { id: one.id, referral_id: sent!.id } } });
  assert.deepEqual(kept(sent!.id), [["read", "referral", subject, "police_staff", "police"], ["read", "referral", one.subject, "case_handler", "city"]]);
});

type Query = NonNullable<paths["/v1/audit"]["get"]["parameters"]["query"]>;
type Row = { position: number; at: string; by_subject: string | null; by_role: string | null; action: string; record: string; record_id: string | null; complaint_id: string | null };

/** What an auditor reads, once so many rows are chained. */
async function audit(query: Query, atLeast: number, by = as.auditor): Promise<Row[]> {
  for (let tries = 0; ; tries++) {
    const { data, response } = await by.GET("/v1/audit", { params: { query } });
    assert.equal(response.status, 200);
    if (data!.data.length >= atLeast || tries > 100) return data!.data;
    await sleep(100);
  }
}
const told = (rows: Row[]) => rows.map((r) => `${r.action} ${r.record}`);

test("an auditor follows a complaint: who did what, newest first, never what stands in it, nor who filed it", async () => {
  const rosario = client(token("resident", { subject: `resident ${randomUUID()}` }));
  const { data: filed } = await rosario.POST("/v1/complaints", { params: { header: { "Idempotency-Key": randomUUID() } },
    body: { kind: "complaint", language: "es", narrative: "canary-narrative", notice_version: "2026-01", contact: { name: "canary-name" } } });
  const id = filed!.id, subject = `case_handler ${randomUUID()}`, handler = somebody("case_handler", subject), at = { params: { path: { id } } };
  await coordinator.POST("/v1/complaints/{id}/assignments", { ...at, body: { subject } });
  await handler.GET("/v1/complaints/{id}/private", at);
  const { data: note } = await handler.POST("/v1/complaints/{id}/notes", { ...at, body: { text: "canary-note" } });
  await holder(filed!.case_key).POST("/v1/case/messages", { body: { language: "es", text: "canary-message" } });

  const rows = await audit({ complaint_id: id }, 6);
  assert.deepEqual(told(rows), ["create complaint_message", "create complaint_note", "read complaint_private", "change complaint", "create assignment", "create complaint"]);
  assert.ok(rows.every((r, i) => i === 0 || r.at <= rows[i - 1]!.at) && rows.every((r) => r.complaint_id === id && r.position > 0));
  assert.deepEqual([rows[0]!.by_subject, rows[0]!.by_role], [null, "case"], "whoever holds the key is nobody");
  assert.deepEqual([rows[1]!.by_subject, rows[1]!.by_role, rows[1]!.record_id], [subject, "case_handler", note!.id]);
  assert.deepEqual([rows[5]!.by_subject, rows[5]!.by_role], [null, null], "who files is told of nobody");
  assert.doesNotMatch(JSON.stringify(rows), /canary|resident/);

  const only = async (query: Query) => told(await audit({ complaint_id: id, ...query }, 0));
  assert.deepEqual(await only({ action: "read" }), ["read complaint_private"]);
  assert.deepEqual(await only({ record: "complaint_note" }), ["create complaint_note"]);
  assert.deepEqual(await only({ record_id: note!.id }), ["create complaint_note"]);
  assert.deepEqual(await only({ subject }), ["create complaint_note", "read complaint_private"]);
  assert.deepEqual(await only({ since: rows[1]!.at }), ["create complaint_message", "create complaint_note"]);
  assert.deepEqual(await only({ until: rows[4]!.at }), ["create complaint"]);

  const first = await as.auditor.GET("/v1/audit", { params: { query: { complaint_id: id, limit: 4 } } });
  const second = await as.auditor.GET("/v1/audit", { params: { query: { complaint_id: id, limit: 4, cursor: first.data!.next! } } });
  assert.deepEqual([...first.data!.data, ...second.data!.data], rows);
  for (const [accept, lines] of [["text/csv", 7], ["application/x-ndjson", 6]] as const) {
    const answer = await checkedFetch(`/v1/audit?complaint_id=${id}`, { headers: { accept, authorization: `Bearer ${token("auditor")}` } });
    assert.equal((await answer.text()).trim().split("\n").length, lines);
  }
});

test("an auditor of police affiliation reads nothing of complaints, one who is recused nothing of that complaint", async () => {
  const one = await handled(), subject = `auditor ${randomUUID()}`;
  await coordinator.POST("/v1/complaints/{id}/recusals", { ...one.at, body: { subject, reason: "A relative" } });
  assert.ok((await audit({ complaint_id: one.id }, 4)).length >= 4);
  const police = client(token("auditor", { affiliation: "police" })), recused = somebody("auditor", subject);
  for (const by of [police, recused]) {
    assert.deepEqual(await audit({ complaint_id: one.id }, 0, by), []);
    assert.deepEqual(await audit({ record_id: one.id }, 0, by), []);
    assert.ok((await audit({ record: "organization" }, 1, by)).length >= 1, "other records they do");
  }
  assert.deepEqual(await audit({ record: "case_key" }, 0, police), []);
  assert.ok((await audit({ record: "complaint" }, 0, recused)).length > 0);
});

test("reading the audit leaves a row in it; a change that is refused leaves none", async () => {
  const subject = `auditor ${randomUUID()}`, me = somebody("auditor", subject);
  await me.GET("/v1/audit");
  const [row] = await audit({ subject, action: "read" }, 1);
  assert.deepEqual([row!.record, row!.record_id, row!.by_role], ["audit", null, "auditor"]);
  const { data: organization } = await coordinator.POST("/v1/organizations", { body: { kind: "other", name: `audited ${randomUUID()}` } });
  const { response } = await coordinator.PATCH("/v1/organizations/{id}", { params: { path: { id: organization!.id }, header: { "If-Match": '"99-json-coordinator"' } }, body: { listed: true } });
  assert.equal(response.status, 412);
  await me.GET("/v1/audit");
  await audit({ subject, action: "read", record: "audit" }, 2);
  assert.deepEqual(told(await audit({ record_id: organization!.id }, 1)), ["create organization"]);
});
